"""The rows of the tables of a web page, however untidy it is, in one pass.

The standard library's parser stops at some malformed pages and takes quadratic
time on others, so the few tags that matter are looked for here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9]*")
# A tag of one of these begins a new line within a cell.
_BLOCKS = frozenset(("div", "p", "br", "li", "ul", "ol"))
_CELLS, _ENDS = ("td", "th"), ("/td", "/th", "/tr", "/table")
# What these hold is no text of the page.
_UNREAD_ENDS = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in ("script", "style")}
_MOST_CELLS = 200


@dataclass
class TableRow:
    """One row of a table: the line it begins on, and the text of its cells."""

    line: int
    cells: list[str] = field(default_factory=list)


class _Piece(NamedTuple):
    at: int
    tag: str  # with a stroke in front where it ends; empty for text
    text: str


def table_rows(page: str) -> list[TableRow]:
    """Every row of every table, in order."""
    rows: list[TableRow] = []
    cell: list[str] | None = None
    line, counted = 1, 0

    def close() -> None:
        if cell is not None and rows and len(rows[-1].cells) < _MOST_CELLS:
            rows[-1].cells.append(html.unescape("".join(cell)).strip())

    for piece in _pieces(page):
        if not piece.tag:
            if cell is not None:
                cell.append(piece.text)
        elif piece.tag == "tr":
            close()
            cell = None
            line, counted = line + page.count("\n", counted, piece.at), piece.at
            rows.append(TableRow(line))
        elif piece.tag in _CELLS:
            close()
            cell = []
        elif piece.tag in _ENDS:
            close()
            cell = None
        elif cell is not None and piece.tag.lstrip("/") in _BLOCKS:
            cell.append("\n")
    close()
    return rows


def _pieces(page: str) -> Iterator[_Piece]:
    """Tags and the text between them; what is never closed ends the page."""
    at = 0
    while at < len(page):
        mark = page.find("<", at)
        if mark < 0:
            yield _Piece(at, "", page[at:])
            return
        if mark > at:
            yield _Piece(at, "", page[at:mark])
        if page.startswith("<!--", mark):
            end = page.find("-->", mark + 4)
            at = end + 3 if end >= 0 else len(page)
            continue
        name = _NAME.match(page, mark + 1)
        if name is None and not page.startswith(("<!", "<?"), mark):
            yield _Piece(mark, "", "<")
            at = mark + 1
            continue
        end = page.find(">", mark)
        if end < 0:
            return
        at = end + 1
        tag = name[0].lower() if name else ""
        if tag in _UNREAD_ENDS:
            closed = _UNREAD_ENDS[tag].search(page, at)
            at = closed.start() if closed else len(page)
        elif tag:
            yield _Piece(mark, tag, "")
