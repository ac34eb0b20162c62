"""A page of sections: what is composed once, and laid out as HTML, on paper, or as text.

A block is a list of rows, a table, a notice, lines to write on, or a picture. Words that somebody else wrote go through
`told`, so that their direction of writing stays their own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from cleardays.report.strip import Palette
from cleardays.sources import all_sources
from cleardays.texts import clean

LONGEST_TOLD = 10_000
_FROM_RIGHT = ("R", "AL", "AN")
_FIRST_STRONG, _POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
ISOLATES = (_FIRST_STRONG, _POP)


class Row(NamedTuple):
    """One line: what leads it (a day, a name), what is said, and what stands smaller beside it."""

    lead: str
    main: str
    beside: str = ""


class Rows(NamedTuple):
    """Lines with something that leads them."""

    rows: tuple[Row, ...]
    kind: str = "rows"


class Lines(NamedTuple):
    """Sentences, each by itself; `listed` as a list."""

    lines: tuple[str, ...]
    listed: bool = True
    kind: str = "lines"


class Table(NamedTuple):
    """A table with its heads; the first column names the row. `widths` are the columns' shares of a line on paper."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    kind: str = "table"


class Notice(NamedTuple):
    """Something that must be seen: what, and the sentences about it."""

    what: str
    lines: tuple[str, ...]
    kind: str = "notice"


class Fill(NamedTuple):
    """Labels with a line behind each, to write on."""

    labels: tuple[str, ...]
    kind: str = "fill"


class Picture(NamedTuple):
    """A picture that is drawn in the colours and the font of where it goes, and what it shows in words."""

    draw: Callable[[Palette, str, str], str]
    alt: str
    kind: str = "picture"


Block = Rows | Lines | Table | Notice | Fill | Picture


class Section(NamedTuple):
    """A heading and what stands below it."""

    head: str
    blocks: tuple[Block, ...]


class SectionsPage(NamedTuple):
    """The whole page, in reading order; `about` are the words below its title. `simulated`: nobody real is in it."""

    title: str
    about: tuple[str, ...]
    sections: tuple[Section, ...]
    small_print: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    simulated: bool = False


def told(text: str, longest: int = LONGEST_TOLD) -> str:
    """Words that somebody wrote, cleaned, and kept apart from ours where they are written from right to left."""
    said = clean(text, longest)
    if any(unicodedata.bidirectional(letter) in _FROM_RIGHT for letter in said):
        return f"{_FIRST_STRONG}{said}{_POP}"
    return said


def quoted(text: str) -> str:
    """Words of somebody as they said them."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{told(text)}\N{RIGHT DOUBLE QUOTATION MARK}"


def section(head: str, *blocks: Block | None) -> Section | None:
    """A section of those blocks that hold anything; None where none does."""
    kept = tuple(block for block in blocks if block is not None and not _is_empty(block))
    return Section(head, kept) if kept else None


def _is_empty(block: Block) -> bool:
    return (isinstance(block, Rows | Table) and not block.rows) or (isinstance(block, Lines) and not block.lines)


def sections(found: Iterable[Section | None]) -> tuple[Section, ...]:
    """Those that hold anything."""
    return tuple(each for each in found if each is not None)


def cited(keys: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The sources of these keys, each once."""
    known = all_sources()
    return tuple((key, known[key].citation) for key in sorted(set(keys)) if key in known)
