"""The Kostecki-Dillon layout: many people's days, relative to the start of a treatment.

Columns: id, time (day relative to the start of treatment), headache yes/no, and
others that are no part of a diary. Day 0 is the first day of treatment, so it
belongs to the treated side. A day without a row was not recorded. Layout as in
the data set KosteckiDillon of the R package carData.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from cleardays.diary.records import DayRecord, Diary, Lost, one_record_a_day, whole_diary_problems, without_contradictions
from cleardays.diary.tables import Row, Table
from cleardays.problems import BadInput, Problem, enough, shown

FORMAT = "kostecki-dillon"
_NEEDED = ("id", "time", "headache")
_LEFT_OUT = {
    "dos": "the study's own day count; days are counted from --day-zero instead.",
    "hatype": "the person's kind of headache is not a property of a day.",
    "age": "a property of the person, not of a day.",
    "row": "a line number of the source.",
    "sex": "a property of the person, not of a day.",
    "airq": "air quality is no part of a diary.",
}
# What the person did with the usual medicines during the programme.
_USUAL_MEDICINES = ("reduced", "continuing", "none")


def recognises(header: list[str]) -> bool:
    """Whether a header row has this layout."""
    return set(_NEEDED) <= set(header)


def read_table(
    table: Table, name: str, *, person: str | None, day_zero: date | None, refused: list[tuple[Row, Problem]] | None = None
) -> Diary:
    """Read one person out of an opened table.

    Args:
        table: the table, header already read.
        name: how to call the file in a problem.
        person: whose rows to take; may be None when the file holds one person.
        day_zero: the calendar day of the first day of treatment (time 0).
        refused: rows with problems are put here and the others taken; of a day that
            is told in two ways every row.

    Raises:
        BadInput: person or day zero is missing or unknown, or with every bad cell
            of the person's rows.
    """
    rows = list(table.rows)
    mine = _rows_of(rows, name, person)
    if day_zero is None:
        raise BadInput(
            Problem(
                name, "the days are numbered from the start of treatment and carry no dates.",
                "Say which day was day 0: --day-zero 2024-03-04.",
            )
        )  # fmt: skip
    problems: list[Problem] = []
    found = []
    skipped = []
    for row in mine:
        where = f"{name}, line {row.line}"
        before = len(problems)
        record = _record(row, where, day_zero, problems)
        if refused is not None and len(problems) > before:
            refused += [(row, problem) for problem in problems[before:]]
            del problems[before:]
        elif record is not None:
            found.append((row, record))
        elif not row.cells["headache"]:
            skipped.append(Lost(where, "headache is not answered; the day stays unknown."))
        enough(problems, where)
    records, repeats, conflicts = one_record_a_day(found, name)
    if refused is not None:
        records, both = without_contradictions(records, found, conflicts, name)
        refused += both
    else:
        problems += [problem for _, problem in conflicts]
    problems += whole_diary_problems(records, name) if not problems else []
    if problems:
        raise BadInput(problems)
    about = {"person": mine[0].cells["id"]}
    habits = sorted({row.cells.get("medication", "") for row in mine} & set(_USUAL_MEDICINES))
    if habits:
        about["usual_medicines"] = ", ".join(habits)
    if "reduced" in habits:
        about["co_intervention"] = "the usual medicines were reduced at the same time"
    unread = sorted({row.cells.get("medication", "") for row in mine} - {*_USUAL_MEDICINES, ""})
    values = [Lost("column medication", f"{shown(value)} is not a value that we know; left out.") for value in unread]
    columns = [
        Lost(f"column {c}", _LEFT_OUT.get(c, "is no part of a diary; left out."))
        for c in table.header
        if c and c not in (*_NEEDED, "medication")
    ]
    return Diary(records, about, (*columns, *values, *skipped, *repeats))


def _rows_of(rows: list[Row], name: str, person: str | None) -> list[Row]:
    people = list(dict.fromkeys(row.cells["id"] for row in rows))
    if not people:
        raise BadInput(Problem(name, "the table has no rows.", "Give a file with at least one person's days."))
    if person is None and len(people) > 1:
        raise BadInput(
            Problem(name, f"the file holds {len(people)} people.", f"Say whose diary: --person {people[0]} (or another id).")
        )
    wanted = people[0] if person is None else person
    if wanted not in people:
        raise BadInput(
            Problem(name, f"nobody in the file has the id {shown(wanted)}.", f"The ids begin {', '.join(people[:5])}.")
        )
    return [row for row in rows if row.cells["id"] == wanted]


def _record(row: Row, where: str, day_zero: date, problems: list[Problem]) -> DayRecord | None:
    time, headache = row.cells["time"], row.cells["headache"]
    good_time = re.fullmatch(r"-?\d{1,4}", time, re.ASCII) is not None
    if not good_time:
        problems.append(
            Problem(f"{where}, time", f"{shown(time)} is not a day count we can use.", "Write a whole number like 0, -3 or 17.")
        )
    if headache not in ("yes", "no", ""):
        problems.append(Problem(f"{where}, headache", f"{shown(headache)} cannot be read.", "Use yes or no."))
    elif good_time and headache:
        return DayRecord(
            date=day_zero + timedelta(days=int(time)),
            source=f"import:{FORMAT}",
            status="complete",
            headache="present" if headache == "yes" else "clear",
        )
    return None
