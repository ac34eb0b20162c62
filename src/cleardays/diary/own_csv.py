"""Our canonical days.csv: one row per reported day; a day without a row is unknown.

The format is described in docs/reference/days-csv.md.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable
from typing import Any

from cleardays.clock import zone_named
from cleardays.diary.cells import COLUMNS, Misread
from cleardays.diary.records import DayRecord, Diary, Lost, contradictions, one_record_a_day, whole_diary_problems
from cleardays.diary.tables import Row, Table, open_table
from cleardays.problems import BadInput, Problem, enough, shown

VERSION = "1"
FORMAT = "cleardays"
_BRING_IN = "Name the columns date,headache, or bring the file in with cleardays diary import."


def recognises(header: list[str]) -> bool:
    """Whether a header row looks like ours."""
    return {"date", "headache"} <= set(header) or ("date" in header and set(header) <= set(COLUMNS))


def read_days(lines: Iterable[str], name: str) -> Diary:
    """Read a whole days.csv.

    Args:
        lines: its lines, decoded.
        name: how to call the file in a problem.

    Raises:
        BadInput: with every problem of every row; nothing is taken from a file with one.
    """
    return read_table(open_table(lines, name), name)


def read_table(table: Table, name: str) -> Diary:
    """Read the rows of an opened table; see `read_days`."""
    _refuse_foreign(table, name)
    problems: list[Problem] = []
    found = []
    for row in table.rows:
        where = f"{name}, line {row.line}"
        record = _read_row(row, where, problems)
        if record is not None:
            found.append((where, record))
        enough(problems, where)
    records, lost = one_record_a_day(found, problems)
    problems += whole_diary_problems(records, name) if not problems else []
    if problems:
        raise BadInput(problems)
    foreign = [Lost(f"column {column}", "is not a column of this format; left out.") for column in _foreign(table)]
    foreign += [
        Lost(f"column {n}", f"has no name but a value, first in line {line}; left out.") for n, line in table.unnamed.items()
    ]
    return Diary(records, {k: v for k, v in table.about.items() if k != "version"}, (*foreign, *lost))


def _foreign(table: Table) -> list[str]:
    return [column for column in table.header if column and column not in COLUMNS]


def _refuse_foreign(table: Table, name: str) -> None:
    problems = []
    version = table.about.get("version", VERSION)
    if version != VERSION:
        problems.append(
            Problem(name, f"the file has version {shown(version)}, this program reads version {VERSION}.", "Update it.")
        )
    zone = table.about.get("zone")
    if zone is not None and zone_named(zone) is None:
        problems.append(
            Problem(f"{name}, #zone", f"{shown(zone)} is no time zone that we know.", "Use one like Europe/Berlin.")
        )
    if "date" not in table.header:
        seen = shown(", ".join(table.header), 80)
        problems.append(
            Problem(name, f"there is no column date; the header reads {seen}.", header_hint(table.header, _BRING_IN))
        )
    for column in _foreign(table):
        near = difflib.get_close_matches(column.lower(), COLUMNS, n=1, cutoff=0.8)
        if near:
            problems.append(Problem(name, f"the column {shown(column)} is not known.", f"Did you mean {near[0]}? Rename it."))
    if problems:
        raise BadInput(problems)


def header_hint(header: list[str], otherwise: str) -> str:
    """What most probably happened to a header that has no date, and its cure; `otherwise` where that is unclear."""
    for separator, said in ((";", "semicolons"), ("\t", "tabs")):
        if separator in header[0]:
            return f"The cells are separated by {said}: save the table as CSV separated by commas, in UTF-8."
    if re.match(r"\d+[-./]\d+[-./]\d+", header[0]):
        return "The first line looks like a day: put a line date,headache above it."
    return otherwise


def _read_row(row: Row, where: str, problems: list[Problem]) -> DayRecord | None:
    values: dict[str, Any] = {}
    before = len(problems)
    for column, text in row.cells.items():
        if not text or column not in COLUMNS:
            continue
        try:
            values[column] = COLUMNS[column].read(text)
        except Misread as misread:
            problems.append(Problem(f"{where}, {column}", f"{shown(text)} cannot be read.", str(misread)))
    if "date" not in values and len(problems) == before:
        problems.append(Problem(f"{where}, date", "the day is missing.", "Write it as year-month-day."))
    if len(problems) > before:
        return None
    record = DayRecord(**values)
    for column, what, try_this in contradictions(record):
        problems.append(Problem(f"{where}, {column}", what, try_this))
    return record


def write_days(diary: Diary) -> str:
    """The canonical text of a diary: sorted by day, columns in order, unused columns left out.

    Reading it back gives the same records; writing those again gives the same text.
    """
    out = io.StringIO()
    out.write(f"#version={VERSION}\n")
    for key, value in sorted(diary.about.items()):
        out.write(f"#{key}={' '.join(value.split())}\n")
    used = [c for c in COLUMNS if c in ("date", "headache") or any(getattr(r, c) is not None for r in diary.records)]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(used)
    for record in diary.records:
        values = ((COLUMNS[column], getattr(record, column)) for column in used)
        writer.writerow(["" if value is None else column.write(value) for column, value in values])
    return out.getvalue()
