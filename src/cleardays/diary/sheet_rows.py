"""Reading and writing the rows of one of our tables, every problem of every row at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from cleardays.diary.cells import Misread
from cleardays.diary.records import Lost
from cleardays.diary.sheets import Sheet
from cleardays.diary.tables import Row, Table
from cleardays.problems import BadInput, Problem, enough, shown

# Cells repeat: what one was read as is kept, for as many different ones as a diary has.
_KEPT_CELLS = 5000
_LONGEST_KEPT = 40
_NEW = object()
Contradictions = Callable[[Any], list[tuple[str, str, str]]]


class RowReader:
    """Reads rows of one table; keeps what cells were read as."""

    def __init__(self, sheet: Sheet, header: list[str], name: str, check: Contradictions | None = None) -> None:
        self.sheet, self.name, self.check = sheet, name, check
        known: dict[str, dict[str, Any]] = {column: {} for column in header if column in sheet.columns}
        self._cells = [
            (index, column, sheet.field(column), sheet.columns[column].read, known[column])
            for index, column in enumerate(header)
            if column in sheet.columns
        ]
        self._required = {sheet.field(column) for column in sheet.required}
        # a class without slots finds the defaults of its fields by itself
        self._plain = not hasattr(sheet.make, "__slots__")

    def read(self, row: Row, problems: list[Problem]) -> Any | None:  # noqa: ANN401  # a record of the sheet
        """The record of a row, or None with its problems added."""
        values: dict[str, Any] = {}
        before = len(problems)
        for index, column, attribute, read, known in self._cells:
            text = row.values[index]
            if text:
                value = known.get(text, _NEW)
                if value is _NEW:
                    try:
                        value = read(text)
                    except Misread as misread:
                        problems.append(Problem(f"{self.where(row)}, {column}", f"{shown(text)} cannot be read.", str(misread)))
                        continue
                    if len(known) < _KEPT_CELLS and len(text) <= _LONGEST_KEPT:
                        known[text] = value
                values[attribute] = value
        if len(problems) == before and not self._required <= values.keys():
            self._missing(row, values, problems)
        if len(problems) > before:
            return None
        record = self._make(values)
        if self.check is not None:
            for column, what, try_this in self.check(record):
                problems.append(Problem(f"{self.where(row)}, {column}", what, try_this))
        return record if len(problems) == before else None

    def _make(self, values: dict[str, Any]) -> Any:  # noqa: ANN401  # a record of the sheet
        """A record whose other fields keep their default, without running a constructor of fifty arguments."""
        if not self._plain:
            return self.sheet.make(**values)
        record = object.__new__(self.sheet.make)
        object.__setattr__(record, "__dict__", values)
        return record

    def where(self, row: Row) -> str:
        """The place of a row, for a problem."""
        return f"{self.name}, line {row.line}"

    def _missing(self, row: Row, values: dict[str, Any], problems: list[Problem]) -> None:
        for column in self.sheet.required:
            if self.sheet.field(column) not in values:
                what = "the day is missing." if column == "date" else f"{column} is missing."
                try_this = "Write it as year-month-day." if column in ("date", "from") else "Fill it in, or delete the row."
                problems.append(Problem(f"{self.where(row)}, {column}", what, try_this))


def foreign_columns(table: Table, sheet: Sheet, name: str) -> tuple[list[Lost], list[Problem]]:
    """Columns that are not of this table: left out, or a problem where one looks like a misspelling."""
    lost, problems = [], []
    for column in table.header:
        if not column or column in sheet.columns:
            continue
        near = _nearest(column, sheet)
        if near is not None:
            problems.append(Problem(name, f"the column {shown(column)} is not known.", f"Did you mean {near}? Rename it."))
        else:
            lost.append(Lost(f"column {column[:80]}", "is not a column of this format; left out."))
    return lost, problems


def _nearest(column: str, sheet: Sheet) -> str | None:
    import difflib  # few tables have a column that is not known

    return next(iter(difflib.get_close_matches(column.lower()[:80], sheet.columns, n=1, cutoff=0.8)), None)


def unnamed_columns(table: Table) -> list[Lost]:
    """Columns without a name that hold something; known only after the rows were read."""
    return [
        Lost(f"column {n}", f"has no name but a value, first in line {line}; left out.") for n, line in table.unnamed.items()
    ]


def read_rows(
    table: Table, sheet: Sheet, name: str, check: Contradictions | None = None
) -> tuple[tuple[Any, ...], tuple[Lost, ...]]:
    """All rows of one of our tables, in their order.

    Raises:
        BadInput: with every problem of every row.
    """
    lost, problems = foreign_columns(table, sheet, name)
    missing = [column for column in sheet.required if column not in table.header]
    problems += [Problem(name, f"there is no column {column}.", "Add it.") for column in missing]
    if problems:
        raise BadInput(problems)
    reader = RowReader(sheet, table.header, name, check)
    found = []
    for row in table.rows:
        record = reader.read(row, problems)
        if record is not None:
            found.append(record)
        enough(problems, reader.where(row))
    if problems:
        raise BadInput(problems)
    return tuple(found), (*lost, *unnamed_columns(table))


def write_rows(sheet: Sheet, records: Iterable[Any], *, always: tuple[str, ...] = ()) -> str:
    """The canonical text of a table: columns in order, unused columns left out."""
    records = tuple(records)
    used = [
        (column, sheet.field(column), spec.write)
        for column, spec in sheet.columns.items()
        if column in sheet.required or column in always or _is_used(records, sheet.field(column))
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column for column, _, _ in used])
    for record in records:
        values = ((write, getattr(record, attribute)) for _, attribute, write in used)
        writer.writerow(["" if value is None else write(value) for write, value in values])
    return out.getvalue()


def _is_used(records: tuple[Any, ...], attribute: str) -> bool:
    return next(islice((True for record in records if getattr(record, attribute) is not None), 1), False)
