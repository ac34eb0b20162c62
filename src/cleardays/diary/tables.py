"""Open lines of text as a table: header, rows, and the line each row began on."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cleardays.problems import BadInput, Problem, shown
from cleardays.texts import clean

_LONGEST_ABOUT = 200  # lines before the header row
_LONGEST_VALUE = 500  # characters of a value in them
_MOST_COLUMNS = 1000


class Row(NamedTuple):
    """One row with the line it stands on; its values are stripped, one for each column of the header."""

    line: int
    header: list[str]
    values: list[str]

    @property
    def cells(self) -> dict[str, str]:
        """The values by column."""
        return dict(zip(self.header, self.values, strict=True))


class Table(NamedTuple):
    """A table that was opened: what stands above it, its header, and its rows to come."""

    about: dict[str, str]
    header: list[str]
    rows: Iterator[Row]
    unnamed: dict[int, int]  # columns without a name that hold something: number, first line (filled while reading)


def open_table(
    lines: Iterable[str],
    name: str,
    *,
    separator: str = ",",
    skipped: int = 0,
    bad: list[tuple[Row, Problem]] | None = None,
) -> Table:
    """Read `#key=value` lines and the header row; the rows follow lazily.

    Args:
        lines: lines of text, with or without their ends.
        name: how to call this file in a problem.
        separator: what stands between the cells.
        skipped: how many lines were read before these.
        bad: rows of another width are put here instead of raising.

    Raises:
        BadInput: empty, no header row, a column named twice, or (while the rows
            are read) a row of another width or broken quoting.
    """
    about: dict[str, str] = {}
    numbered = enumerate(lines, start=1 + skipped)
    first = next(numbered, None)
    if first is not None:
        first = (first[0], first[1].removeprefix("\ufeff"))
    while first is not None and (first[1].startswith("#") or not first[1].strip()):
        if first[0] > _LONGEST_ABOUT:
            break
        # a spreadsheet pads these lines with commas
        key, equals, value = first[1].removeprefix("#").strip().rstrip(",").partition("=")
        if equals:
            about[key.strip()] = clean(unquoted(value.strip()), _LONGEST_VALUE)
        first = next(numbered, None)
    if first is None:
        raise BadInput(Problem(name, "the file holds no table.", "It needs a header row such as date,headache."))
    header_line, header_text = first

    def text_lines() -> Iterator[str]:
        yield header_text
        for _, line in numbered:
            yield line

    reader = csv.reader(text_lines(), strict=True, delimiter=separator)
    try:
        header = [cell.strip() for cell in next(reader)]
        header = [cell.lower() if cell.isascii() else cell for cell in header]
    except (csv.Error, StopIteration):
        raise BadInput(_unreadable(name, header_line, header_text)) from None
    if len(header) > _MOST_COLUMNS:
        what = f"the header has {len(header):,} cells; no diary has so many columns."
        raise BadInput(Problem(f"{name}, line {header_line}", what, "Check that this is the right file."))
    repeated = sorted(column for column, count in Counter(header).items() if column and count > 1)
    if repeated:
        raise BadInput(
            Problem(f"{name}, line {header_line}", f"the column {shown(repeated[0])} stands there twice.", "Remove one.")
        )
    unnamed: dict[int, int] = {}
    return Table(about, header, _rows(reader, header, name, header_line, unnamed, bad), unnamed)


def quoted(value: str) -> str:
    """A value of a `#key=value` line, quoted where its end would be taken for padding or for a quote."""
    return f'"{value}"' if value.endswith(",") or (value.startswith('"') and value.endswith('"')) else value


def unquoted(value: str) -> str:
    """The value that `quoted` wrote."""
    return value[1:-1] if len(value) > 1 and value.startswith('"') and value.endswith('"') else value


def _rows(
    reader: Iterator[list[str]],
    header: list[str],
    name: str,
    header_line: int,
    unnamed: dict[int, int],
    bad: list[tuple[Row, Problem]] | None,
) -> Iterator[Row]:
    line = header_line
    nameless = [index for index, column in enumerate(header) if not column]
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
        values = [cell.strip() for cell in cells]
        if not any(values):
            continue
        while len(values) > len(header) and not values[-1]:
            values.pop()  # a separator too many at the end says nothing
        if len(values) > len(header):
            what = f"the row has {len(values)} cells, the header has {len(header)}."
            problem = Problem(f"{name}, line {line}", what, "Quote cells that hold a comma.")
            if bad is None:
                raise BadInput(problem)
            bad.append((Row(line, header, values), problem))
            continue
        for index in nameless:
            if index < len(values) and values[index]:
                unnamed.setdefault(index + 1, line)
        if len(values) < len(header):
            values += [""] * (len(header) - len(values))
        yield Row(line, header, values)


def _unreadable(name: str, line: int, text: str) -> Problem:
    return Problem(
        f"{name}, line {line}", f"{shown(text.strip())} is not a header row.", "Give a comma-separated table, UTF-8."
    )
