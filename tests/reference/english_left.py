"""What is English on a page in another language, where the page does not say that it is."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

# Words that make sentences and are no German words.
OF_SENTENCES = re.compile(
    r"\b(?:[Tt]he|[Aa]nd|of|[Ii]s|are|were|[Ww]ith|[Yy]ou|[Yy]our|that|[Tt]his|these|those|[Ii]t|its|be|been|for|[Ff]rom|[Ii]f|[Nn]ot|"
    r"than|then|[Tt]here|they|their|[Ww]hat|[Ww]hen|[Ww]hich|[Ww]ho|would|should|can|could|may|have|does|did|[Aa]fter|[Bb]efore|"
    r"[Ee]ach|[Ee]very|[Aa]ny|one|other|[Oo]nly|out|down|days?|weeks?|months?)\b"
)
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SILENT = {"script", "style", "code"}
_PLACE = re.compile(r"%\(\w+\)s")
SPOKEN = ("alt", "aria-label", "placeholder", "title")


class _Texts(HTMLParser):
    """The texts of a page, each with whether it says of itself to be in another language or in somebody's own words."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.found, self.marked, self.own = [], [], [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        into = self.open[-1][1] if self.open else self.found
        if tag != "html" and "lang" in attrs:
            into = self.marked if attrs.get("dir") == "ltr" else self.own
        elif attrs.get("dir") == "auto" or tag in _SILENT:  # who wrote something in which language nobody knows
            into = self.own
        _keep(into, *(attrs.get(name) for name in SPOKEN))
        for value in (value for name, value in attrs.items() if name.startswith("data-") and " " in (value or "")):
            _keep(into, *(_said_in(json.loads(value)) if value.startswith("{") else (value,)))
        if tag not in _VOID:
            self.open.append((tag, into))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        _keep(self.open[-1][1] if self.open else self.found, data)


def _said_in(data, *, called=False):
    """Texts in what a page has for its script: those in rows are shown, single ones under a name are codes."""
    if isinstance(data, dict):
        return [text for value in data.values() for text in _said_in(value, called=called)]
    if isinstance(data, list):
        return [text for value in data for text in _said_in(value, called=True)]
    return [data] if called and isinstance(data, str) else []


def _keep(into, *texts):
    into += [" ".join(text.split()) for text in texts if text and text.strip()]


def texts_of(html):
    """The texts that are in the language of the page."""
    page = _Texts()
    page.feed(html)
    return page.found


def marked_of(html):
    """The texts that say to be in another."""
    page = _Texts()
    page.feed(html)
    return page.marked


def english_in(html):
    """The texts that read like English."""
    return [text for text in texts_of(html) if OF_SENTENCES.search(_PLACE.sub("", text))]
