"""The treatment pages for the app: the same text as in the reference, laid out as HTML, with its pictures and its sources.

The pages are written in a small part of Markdown (`treatment_page`). What is laid out here is that part and no more:
headings, paragraphs, lists in two depths, tables, folded parts, pictures, and in a line bold, italic, code, links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import NamedTuple

from cleardays.catalogue.treatments import catalogue_version, load_treatment, treatment_ids
from cleardays.plan.results import with_results
from cleardays.report.in_page import in_page
from cleardays.report.sections import cited
from cleardays.report.treatment_page import index_page, side_effect_page
from cleardays.report.treatment_page_clinician import clinician_part
from cleardays.report.treatment_page_expected import pictures_of
from cleardays.report.treatment_page_plain import plain_part
from cleardays.report.treatment_page_words import own_words
from cleardays.sources import MARKS

SIDE_EFFECTS = "side-effects"
# What the words in brackets mean.
MARKS_SAID = (
    (MARKS["secondary"], "read in a page that quotes the source"),
    (MARKS["derived"], "worked out from confirmed figures"),
    (MARKS["unconfirmed"], "from memory, not seen in a source"),
    (MARKS["design"], "a choice of this project"),
)
_CODE = re.compile(r"`([^`]+)`")
_LINE = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*|\[([^\]]*)\]\(([^)]*)\)")
_HEADING = re.compile(r"(#{1,5}) (.*)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)$")
_ITEM = re.compile(r"( *)- (.*)")
_ID = re.compile(r"\b(?:people|trials|assumed|network)-(title|desc)\b")
_BARE = "\x00"  # holds the place of what is no markup


class TreatmentHtml(NamedTuple):
    """A page: its name, its body as HTML, what it cites, and when its facts were checked last (empty where it is of many)."""

    name: str
    body: str
    sources: tuple[tuple[str, str], ...]
    checked: str
    version: str


@lru_cache(maxsize=64)
def treatment_html(treatment_id: str, base: str) -> TreatmentHtml:
    """The part of a treatment page that is for everybody.

    Args:
        treatment_id: of the catalogue.
        base: the address below which the treatment pages are.

    Raises:
        BadInput: there is no such treatment in the catalogue.
    """
    treatment = with_results(load_treatment(treatment_id))
    return _page(
        own_words(treatment.id)["name"], plain_part(treatment), base, lambda: pictures_of(treatment), treatment.checked
    )


@lru_cache(maxsize=64)
def facts_html(treatment_id: str, base: str) -> TreatmentHtml:
    """The part that is for clinicians: every table of the catalogue. Arguments and refusals as of `treatment_html`."""
    treatment = with_results(load_treatment(treatment_id))
    name = own_words(treatment.id)["name"]
    # on a page of its own it is not folded, and its headings are one step higher
    inside = [line.removeprefix("#") if line.startswith("###") else line for line in clinician_part(treatment).splitlines()]
    text = "\n".join([f"# {name}: for clinicians", "", *inside[2:-1]])
    return _page(name, text, base, lambda: pictures_of(treatment), treatment.checked)


@lru_cache(maxsize=8)
def index_html(base: str) -> TreatmentHtml:
    """All treatments, for whom they are, and what one may hope for."""
    return _page("Treatments", index_page().partition("\n---\n")[0], base, dict, "")


@lru_cache(maxsize=8)
def side_effects_html(base: str) -> TreatmentHtml:
    """The side effects of all treatments side by side."""
    return _page("Side effects side by side", side_effect_page().partition("\n---\n")[0], base, dict, "")


def _page(name: str, text: str, base: str, pictures: Callable[[], Mapping[str, str]], checked: object) -> TreatmentHtml:
    writer = _Writer(base, pictures() if "](pictures/" in text else {})
    body = "\n".join(writer.blocks(text.splitlines()))
    return TreatmentHtml(name, body, cited(_CODE.findall(text)), str(checked), catalogue_version())


class _Writer:
    """Lays out one page; `head` is the last heading, by which a wide table is named."""

    def __init__(self, base: str, pictures: Mapping[str, str]) -> None:
        self.base, self.pictures, self.head, self.drawn = base, pictures, "", 0
        self.tables: list[str] = []

    def blocks(self, lines: list[str]) -> Iterator[str]:
        """Block by block; a kind of line that the pages do not have is shown as a paragraph."""
        at = 0
        while at < len(lines):
            line, end = lines[at], at + 1
            if found := _HEADING.fullmatch(line):
                self.head = found.group(2)
                yield f"<h{len(found.group(1))}>{self.inline(found.group(2))}</h{len(found.group(1))}>"
            elif line.startswith("| "):
                end = _while(lines, at, lambda each: each.startswith("| "))
                yield self.table(lines[at:end])
            elif _ITEM.fullmatch(line):
                end = _while(lines, at, lambda each: _ITEM.fullmatch(each) is not None)
                yield self.items(lines[at:end])
            elif found := _PICTURE.fullmatch(line):
                yield self.picture(found.group(1), found.group(2))
            elif line.startswith("<details"):
                yield "<details>"
            elif line == "</details>":
                yield line
            elif line.startswith("<summary>"):
                yield f"<summary>{self.inline(line.removeprefix('<summary>').removesuffix('</summary>'))}</summary>"
            elif line.strip() and line != "---":
                end = _while(lines, at, lambda each: each.strip() != "" and not _begins(each))
                yield f"<p>{self.inline(' '.join(lines[at : max(end, at + 1)]))}</p>"
                end = max(end, at + 1)
            at = end

    def table(self, lines: list[str]) -> str:
        head, _, *rows = ([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]] for line in lines)
        titles = "".join(f'<th scope="col">{self.inline(cell)}</th>' for cell in head)
        body = "".join(
            f"<tr>{''.join(self.cell(cell, title) for cell, title in zip(row, head, strict=True))}</tr>" for row in rows
        )
        self.tables.append(self.head)
        nth = self.tables.count(self.head)  # each table has a name of its own, also the second one under a heading
        named = escape(f"{self.head}: table" if nth == 1 else f"{self.head}: table {nth}")
        table = f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{named}">{table}</div>'

    def cell(self, text: str, title: str) -> str:
        return f'<td data-name="{escape(title)}">{"<br>".join(self.inline(part) for part in text.split("<br>"))}</td>'

    def items(self, lines: list[str]) -> str:
        """A list in two depths."""
        parts, open_, inner = ["<ul>"], False, False
        for line in lines:
            found = _ITEM.fullmatch(line)
            assert found is not None  # only such lines come here
            deep, said = bool(found.group(1)), self.inline(found.group(2))
            if deep and not inner and open_:
                parts.append("<ul>")
                inner = True
            elif not deep:
                parts += (["</ul>"] if inner else []) + (["</li>"] if open_ else [])
                inner = False
            parts.append(f"<li>{said}" + ("</li>" if deep and inner else ""))
            open_ = open_ or not deep
        return "".join([*parts, *(["</ul>"] if inner else []), *(["</li>"] if open_ else []), "</ul>"])

    def picture(self, said: str, file: str) -> str:
        """The picture itself, in the colours of the page; its ids are numbered, so that two on a page keep apart."""
        drawn = self.pictures.get(file)
        if drawn is None:
            return f"<p>{escape(said)}</p>"
        self.drawn += 1
        named = _ID.sub(lambda found: f"picture-{self.drawn}-{found.group(1)}", in_page(drawn))
        return f'<figure class="picture">{named.strip()}</figure>'

    def inline(self, text: str) -> str:
        """What may stand in a line; everything else in it is plain text."""
        kept: list[str] = []

        def keep(html: str) -> str:
            kept.append(html)
            return f"{_BARE}{len(kept) - 1}{_BARE}"

        text = text.replace(_BARE, "")
        text = _CODE.sub(lambda found: keep(f"<code>{escape(found.group(1))}</code>"), text)
        text = re.sub(r"\\([_*|<>\[\]`\\#])", lambda found: keep(escape(found.group(1))), text)
        text = escape(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), quote=False)
        text = _LINE.sub(lambda found: self._marked(found, keep), text)
        while _BARE in text:  # what is kept may itself hold a place
            text = re.sub(f"{_BARE}(\\d+){_BARE}", lambda found: kept[int(found.group(1))], text)
        return text

    def _marked(self, found: re.Match[str], keep: Callable[[str], str]) -> str:
        bold, italic, said, where = found.groups()
        if bold is not None:
            return f"<strong>{_LINE.sub(lambda inner: self._marked(inner, keep), bold)}</strong>"
        if italic is not None:
            return f"<em>{italic}</em>"
        return f'<a href="{escape(self._address(where))}">{said}</a>'

    def _address(self, where: str) -> str:
        page = where.removesuffix(".md")
        if page == "index":
            return self.base
        return f"{self.base}/{page}" if page in (*treatment_ids(), SIDE_EFFECTS) else "#marks"


def _begins(line: str) -> bool:
    """Whether another block begins with a line."""
    return bool(
        line.startswith(("| ", "<details", "</details", "<summary")) or _HEADING.fullmatch(line) or _ITEM.fullmatch(line)
        or _PICTURE.fullmatch(line) or line == "---"
    )  # fmt: skip


def _while(lines: list[str], at: int, holds: Callable[[str], object]) -> int:
    """The first line from `at` on for which it does not hold."""
    return next((place for place in range(at, len(lines)) if not holds(lines[place])), len(lines))
