"""The rows of a table of studies: read, named, and asked for their numbers."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cleardays.problems import BadInput, Problem, enough, shown

# Other names that a column goes by, in lower case.
_ALSO_CALLED = {
    "study": ("studlab", "study_id", "studyid"),
    "treatment": ("treat", "intervention", "agent"),
    "n": ("sample_size", "total"),
    "events": ("event", "responders", "r"),
    "exposure": ("time", "person_time"),
    "te": (),
    "sete": (),
    "treat1": (),
    "treat2": (),
    "mean": (),
    "sd": (),
    "unit": ("units",),
}
_OTHER_MARKS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_MOST_ROWS = 10_000
# Sizes between which squares and their ratios are exact enough; nothing that was measured lies beyond.
SMALLEST, LARGEST = 1e-12, 1e12


class Row(NamedTuple):
    """One line of the table: where it is, and its cells by our names."""

    line: int
    cells: Mapping[str, str]

    @property
    def where(self) -> str:
        """As it stands in a problem."""
        sides = ("treatment",) if "treatment" in self.cells else ("treat1", "treat2")
        arm = " against ".join(self.cells.get(side) or "?" for side in sides)
        return f"line {self.line}, study {self.cells.get('study', '?')}, {arm}"


def read_rows(lines: Iterable[str]) -> tuple[list[Row], set[str]]:
    """The rows of a comma-separated table with a header, and its columns by our names.

    Raises:
        BadInput: it is empty, its columns are separated otherwise or named twice, or a row has more cells than the header.
    """
    reader = csv.reader(lines)
    header = _header(reader)
    if not header or not any(name.strip() for name in header):
        raise BadInput(Problem("table", "it is empty.", "Give a header and one row for each arm."))
    for mark, called in _OTHER_MARKS.items():
        if len(header) == 1 and mark in header[0]:
            what = f"its columns are separated by {called}."
            raise BadInput(Problem("header", what, "Save the table with commas between columns and points in numbers."))
    names = [_named(name) for name in header]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise BadInput(Problem("header", f"the column {twice[0]} stands there twice.", "Keep one of them."))
    rows = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells[len(names) :]):
                what = f"it has {len(cells)} cells under {len(names)} columns."
                try_this = "Put cells that hold a comma in quotes, and points in numbers."
                raise BadInput(Problem(f"line {reader.line_num}", what, try_this))
            if any(cell.strip() for cell in cells):
                rows.append(Row(reader.line_num, dict(zip(names, (cell.strip() for cell in cells), strict=False))))
            if len(rows) > _MOST_ROWS:
                what = f"it has more than {_MOST_ROWS:,} rows."
                raise BadInput(Problem("table", what, "Check that it is a table of arms or pairs."))
    except csv.Error as error:
        raise BadInput(Problem(f"line {reader.line_num}", f"it is no row of a table ({error}).", "Check the quotes.")) from None
    if not rows:
        raise BadInput(Problem("table", "it has a header, but no rows.", "Give one row for each arm."))
    return rows, set(names)


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        return next(reader, [])
    except csv.Error as error:
        raise BadInput(Problem("header", f"it is no row of a table ({error}).", "Check the quotes.")) from None


def _named(name: str) -> str:
    plain = name.strip().lstrip("\N{BYTE ORDER MARK}").lower()
    return next((ours for ours, others in _ALSO_CALLED.items() if plain == ours or plain in others), plain)


def by_study(rows: Sequence[Row], problems: list[Problem]) -> dict[str, list[Row]]:
    """The rows of each study; a study without a name is a problem."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        name = row.cells.get("study", "")
        if not name:
            problems.append(Problem(f"line {row.line}, column study", "it is empty.", "Name the study."))
        found.setdefault(name, []).append(row)
    return found


def number(row: Row, column: str, problems: list[Problem], holds: Callable[[float], bool], must: str) -> float:
    """The number in a cell; NaN, and a problem, where there is none or it cannot be."""
    text = row.cells.get(column, "")
    where = f"{row.where}, column {column}"
    enough(problems, "table")
    try:
        value = float("" if "_" in text else text)
    except ValueError:
        said = "it is empty." if not text else f"{shown(text)} is no number."
        problems.append(Problem(where, said, "Give the number, or leave the study out."))
        return math.nan
    if math.isfinite(value) and abs(value) > LARGEST:
        problems.append(Problem(where, f"{shown(text)} is more than anything that was measured.", "Look it up in the source."))
        return math.nan
    if not math.isfinite(value) or not holds(value):
        problems.append(
            Problem(where, f"{shown(text)} {must if math.isfinite(value) else 'is no number'}.", "Look it up in the source.")
        )
        return math.nan
    return value
