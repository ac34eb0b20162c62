"""Open lines of text as a table: header, rows, and the line each row began on."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cleardays.problems import BadInput, Problem, shown

_LONGEST_ABOUT = 200  # lines before the header row


class Row(NamedTuple):
    """One row with the line it stands on."""

    line: int
    cells: dict[str, str]


class Table(NamedTuple):
    """A table that was opened: what stands above it, its header, and its rows to come."""

    about: dict[str, str]
    header: list[str]
    rows: Iterator[Row]


def open_table(lines: Iterable[str], name: str) -> Table:
    """Read `#key=value` lines and the header row; the rows follow lazily.

    Args:
        lines: lines of text, with or without their ends.
        name: how to call this file in a problem.

    Raises:
        BadInput: empty, no header row, a column named twice, or (while the rows
            are read) a row of another width or broken quoting.
    """
    about: dict[str, str] = {}
    numbered = enumerate(lines, start=1)
    first = next(numbered, None)
    if first is not None:
        first = (1, first[1].removeprefix("\ufeff"))
    while first is not None and (first[1].startswith("#") or not first[1].strip()):
        if first[0] > _LONGEST_ABOUT:
            break
        key, equals, value = first[1].removeprefix("#").strip().partition("=")
        if equals:
            about[key.strip()] = value.strip()
        first = next(numbered, None)
    if first is None:
        raise BadInput(Problem(name, "the file holds no table.", "It needs a header row such as date,headache."))
    header_line, header_text = first

    def text_lines() -> Iterator[str]:
        yield header_text
        for _, line in numbered:
            yield line

    reader = csv.reader(text_lines(), strict=True)
    try:
        header = [cell.strip() for cell in next(reader)]
        header = [cell.lower() if cell.isascii() else cell for cell in header]
    except (csv.Error, StopIteration):
        raise BadInput(_unreadable(name, header_line, header_text)) from None
    repeated = sorted({column for column in header if column and header.count(column) > 1})
    if repeated:
        raise BadInput(
            Problem(f"{name}, line {header_line}", f"the column {shown(repeated[0])} stands there twice.", "Remove one.")
        )
    return Table(about, header, _rows(reader, header, name, header_line))


def _rows(reader: Iterator[list[str]], header: list[str], name: str, header_line: int) -> Iterator[Row]:
    line = header_line
    while True:
        line = header_line + reader.line_num  # type: ignore[attr-defined]  # csv readers count their lines
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(
                Problem(f"{name}, line {line}", f"the row cannot be read ({error}).", "Look for a stray quotation mark.")
            ) from None
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            raise BadInput(
                Problem(
                    f"{name}, line {line}",
                    f"the row has {len(cells)} cells, the header has {len(header)}.",
                    "Quote cells that hold a comma.",
                )
            )
        padded = [*cells, *[""] * (len(header) - len(cells))]
        yield Row(line, dict(zip(header, (cell.strip() for cell in padded), strict=True)))


def _unreadable(name: str, line: int, text: str) -> Problem:
    return Problem(
        f"{name}, line {line}", f"{shown(text.strip())} is not a header row.", "Give a comma-separated table, UTF-8."
    )
