"""A page of sections as HTML, as a tagged PDF, as text and as JSON."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from cleardays import __version__
from cleardays.report.plan_doses import NO_BREAK
from cleardays.report.sections import ISOLATES, Block, Fill, Lines, Notice, Picture, Rows, SectionsPage, Table
from cleardays.report.sheet import FONT, PAPERS, typeset
from cleardays.report.simulated import KEY, label_html, label_json, label_text
from cleardays.report.strip import PAPER, SCREEN

_SCREEN_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"
_WIDTH = 78
_BLANK = "_" * 24
# Letters in a row after which a word may be broken on paper, and in a column of a table.
_TOO_LONG, _TOO_LONG_IN_A_CELL = re.compile(r"[^\s\u200b]{26}"), re.compile(r"[^\s\u200b]{14}")
_BREAK = "\N{ZERO WIDTH SPACE}"


def sections_html(page: SectionsPage) -> str:
    """A self-contained HTML document: no network, no script; light or dark as the reader has set it."""
    import jinja2
    from markupsafe import Markup

    source = resources.files("cleardays.report").joinpath("templates", "sections.html.j2").read_text(encoding="utf-8")
    # Everything is escaped but the pictures that we draw ourselves (their labels are escaped there).
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)
    drawn = {
        (at, number): Markup(block.draw(SCREEN, _SCREEN_FONT, f"picture-{at}-{number}"))
        for at, section in enumerate(page.sections)
        for number, block in enumerate(section.blocks)
        if isinstance(block, Picture)
    }
    found = template.render(page=page, drawn=drawn)
    return label_html(found) if page.simulated else found


def sections_pdf(page: SectionsPage, *, paper: str = "a4") -> bytes:
    """A tagged PDF (PDF/UA-1); `paper` is "a4" or "letter"."""
    data = {
        "paper": PAPERS[paper],
        "version": f"cleardays {__version__}",
        "title": page.title,
        "about": page.about,
        KEY: page.simulated,
        "sections": [{"head": each.head, "blocks": [_as_data(block) for block in each.blocks]} for each in page.sections],
        "sources": [{"key": key, "citation": citation} for key, citation in page.sources],
    }
    return typeset("sections.typ", _on_paper(data), [_on_paper(line) for line in page.small_print])


def _as_data(block: Block) -> dict[str, Any]:
    if isinstance(block, Picture):
        return {"kind": block.kind, "svg": block.draw(PAPER, FONT, "picture"), "alt": block.alt}
    found: dict[str, Any] = block._asdict()
    return {**found, "rows": [row._asdict() for row in block.rows]} if isinstance(block, Rows) else found


def _on_paper(value: Any, too_long: re.Pattern[str] = _TOO_LONG) -> Any:  # noqa: ANN401  # JSON in, the same JSON out
    """Texts in which a word that is wider than a line can be broken; pictures stay as they are."""
    if isinstance(value, str):
        plain = "".join(letter for letter in value if letter not in ISOLATES)
        return too_long.sub(lambda run: f"{run.group()}{_BREAK}", plain)
    if isinstance(value, Mapping):
        too_long = _TOO_LONG_IN_A_CELL if value.get("kind") == "table" else too_long
        return {key: each if key == "svg" else _on_paper(each, too_long) for key, each in value.items()}
    return [_on_paper(each, too_long) for each in value] if isinstance(value, list | tuple) else value


def sections_text(page: SectionsPage) -> str:
    """The page as text, at most 78 columns wide but for words that are longer."""
    lines = [*_wrap(page.title.upper()), *(line for text in page.about for line in _wrap(text))]
    for section in page.sections:
        lines += ["", section.head.upper()]
        for block in section.blocks:
            lines += _block(block)
    lines += ["", "SMALL PRINT", *(line for text in page.small_print for line in _wrap(text))]
    if page.sources:
        lines += ["", "SOURCES", *(line for key, citation in page.sources for line in _wrap(f"[{key}] {citation}", "    "))]
    found = "\n".join(lines).replace(NO_BREAK, " ") + "\n"
    return label_text(found) if page.simulated else found


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Rows):
        for row in block.rows:
            yield from _wrap(" ".join(each for each in (f"{row.lead}:", row.main, row.beside) if each), "    ")
    elif isinstance(block, Lines):
        for line in block.lines:
            yield from _wrap(f"- {line}" if block.listed else line, "  " if block.listed else "")
    elif isinstance(block, Notice):
        yield from _wrap(f"! {block.what}", "  ")
        for line in block.lines:
            yield from _wrap(f"  {line}", "  ")
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Fill):
        yield from _wrap("  ".join(f"{label} {_BLANK}" for label in block.labels))
    else:
        yield from _wrap(block.alt)


def _table(table: Table) -> Iterator[str]:
    """Each row with its heads: columns would not fit."""
    for row in table.rows:
        yield from _wrap(row[0])
        for head, cell in zip(table.heads[1:], row[1:], strict=True):
            if cell:
                yield from _wrap(f"    {head}: {cell}", "        ")


def _wrap(said: str, hang: str = "") -> list[str]:
    return textwrap.wrap(said, _WIDTH, subsequent_indent=hang, break_on_hyphens=False, break_long_words=False)


def sections_json(page: SectionsPage, document: Mapping[str, Any]) -> str:
    """One JSON document: the words of the page, and the whole answer behind them."""
    words = [{"head": each.head, "blocks": [_in_json(block) for block in each.blocks]} for each in page.sections]
    whole: dict[str, object] = {
        "title": page.title,
        "about": list(page.about),
        "sections": words,
        "small_print": list(page.small_print),
        "sources": dict(page.sources),
        "document": dict(document),
    }
    whole = label_json(whole) if page.simulated else whole
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _in_json(block: Block) -> dict[str, Any]:
    return {"kind": block.kind, "alt": block.alt} if isinstance(block, Picture) else _as_data(block)
