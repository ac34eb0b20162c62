"""The forms of a page as a browser reads them: what would be sent, what stands in the fields, which message is of which."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_NOT_SENT = ("submit", "button", "reset", "image", "file")
# What a browser shows of a field only where it is well written.
_SHAPES = {
    "date": re.compile(r"\d{4,}-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d(:\d\d)?"),
    "datetime-local": re.compile(r"\d{4,}-\d\d-\d\dT\d\d:\d\d(:\d\d)?"),
    "number": re.compile(r"-?\d+(\.\d+)?"),
}


@dataclass
class Field:
    """One field: its type ("select", "textarea", or that of the input), what stands in it, and what describes it."""

    name: str
    type: str
    value: str
    described_by: tuple[str, ...] = ()
    options: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        """Whether somebody writes into it, and sees it."""
        return self.type not in ("hidden", "checkbox", "radio", "select", "password", "file", "off", *_NOT_SENT)

    @property
    def seen(self) -> str:
        """What a browser shows of what stands in it."""
        shape = _SHAPES.get(self.type)
        return self.value if shape is None or shape.fullmatch(self.value) else ""


@dataclass
class PageForm:
    """One form: where it goes, its fields in order, its buttons."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    where: str = ""

    @property
    def names(self) -> list[str]:
        """The names of what it sends, each once."""
        return list(dict.fromkeys([*(each.name for each in self.fields), *(name for name, _ in self.buttons[:1])]))

    def pairs(self, button=None, good=None) -> list[tuple[str, str]]:
        """What a browser sends when a button is pressed; `good` is written into what is empty."""
        sent = [each for each in self.fields if each.type not in ("file", "off")]
        found = [(each.name, each.value or (good or {}).get(each.name, "")) for each in sent]
        there = {name for name, _ in found}
        found += [(each.name, each.value) for each in self.fields if each.type == "off" and each.name not in there
                  and (good or {}).get(each.name) == each.value]  # fmt: skip
        return [*found, *([button] if button is not None else [])]


class Page(HTMLParser):
    """Read once by `read_page`."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where, self.forms, self.links, self.messages = where, [], [], set()
        self._form, self._area, self._select, self._label, self._fieldset = None, None, None, "", ()

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        said = tuple((has.get("aria-describedby") or "").split())
        if "message" in (has.get("class") or "").split() and has.get("id"):
            self.messages.add(has["id"])
        if tag == "a" and (has.get("href") or "").startswith("/"):
            self.links.append(has["href"])
        elif tag == "form":
            self._form = PageForm(has.get("action") or self.where, has.get("method", "get"), where=self.where)
            self.forms.append(self._form)
        elif tag == "fieldset":
            self._fieldset = said
        elif self._form is None:
            return
        elif tag == "textarea" and has.get("name"):
            self._area = Field(has["name"], "textarea", "", said)
            self._form.fields.append(self._area)
        elif tag == "select" and has.get("name"):
            self._select = Field(has["name"], "select", "", said)
            self._form.fields.append(self._select)
        elif tag == "option" and self._select is not None:
            value = has.get("value") or ""
            if "selected" in has or not self._select.options:
                self._select.value = value
            self._select.options.append(value)
        elif tag == "button" and "hidden" not in has and "form" not in has:
            self._button(has)
        elif tag == "input" and has.get("name"):
            kind = has.get("type", "text")
            if kind in ("checkbox", "radio") and "checked" not in has:
                kind = "off"
            self._form.fields.append(Field(has["name"], kind, has.get("value") or "", (*said, *self._fieldset)))

    def _button(self, has):
        """A button sends the fields before it and after it; one that sends them elsewhere makes a form of its own."""
        of = self._form
        if has.get("formaction"):
            of = PageForm(has["formaction"], of.method, of.fields, where=self.where)
            self.forms.append(of)
        if has.get("name"):
            of.buttons.append((has["name"], has.get("value") or ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "fieldset":
            self._fieldset = ()

    def handle_data(self, data):
        if self._area is not None:
            self._area.value += data if self._area.value else data.removeprefix("\n")

    def message_of(self, name) -> bool:
        """Whether a message is tied to a field of this name."""
        fields = [each for form in self.forms for each in form.fields if each.name == name]
        return any(self.messages & set(each.described_by) for each in fields)


def read_page(text: str, where: str = "") -> Page:
    """The forms and links of a page."""
    found = Page(where)
    found.feed(text)
    found.close()
    return found
