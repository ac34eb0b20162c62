"""Our canonical days.csv: one row per reported day; a day without a row is unknown.

The format is described in docs/reference/days-csv.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cleardays.clock import zone_named
from cleardays.diary.conditions import contradictions_of, standard_drink_g
from cleardays.diary.records import Diary, Lost, contradictions, one_record_a_day, whole_diary_problems, without_contradictions
from cleardays.diary.sheet_rows import Contradictions, RowReader, foreign_columns, unnamed_columns, write_rows
from cleardays.diary.sheets import DAYS
from cleardays.diary.tables import Row, Table, open_table, quoted
from cleardays.problems import BadInput, Problem, enough, shown

VERSION = "1"
MAGIC = b"PK\x03\x04"  # of a zip, which may hold a diary with all that stands beside its days
FORMAT = "cleardays"
_BRING_IN = "Name the columns date,headache, or bring the file in with cleardays diary import."


def recognises(header: list[str]) -> bool:
    """Whether a header row looks like ours."""
    return {"date", "headache"} <= set(header) or ("date" in header and set(header) <= set(DAYS.columns))


def read_days(lines: Iterable[str], name: str) -> Diary:
    """Read a whole days.csv.

    Args:
        lines: its lines, decoded.
        name: how to call the file in a problem.

    Raises:
        BadInput: with every problem of every row; nothing is taken from a file with one.
    """
    return read_table(open_table(lines, name), name)


def read_table(table: Table, name: str, refused: list[tuple[Row, Problem]] | None = None) -> Diary:
    """Read the rows of an opened table; see `read_days`.

    With `refused`, rows that have problems are put there and the others taken; of a
    day that is told in two ways every row is refused, so that it stays unknown.
    """
    foreign = _refuse_foreign(table, name)
    problems: list[Problem] = []
    found = []
    reader = RowReader(DAYS, table.header, name, _checks(table.about))
    for row in table.rows:
        before = len(problems)
        record = reader.read(row, problems)
        if record is not None:
            found.append((row, record))
        elif refused is not None:
            refused += [(row, problem) for problem in problems[before:]]
            del problems[before:]
        enough(problems, name)
    records, repeats, conflicts = one_record_a_day(found, name)
    if refused is not None:
        records, both = without_contradictions(records, found, conflicts, name)
        refused += both
    else:
        problems += [problem for _, problem in conflicts]
    problems += whole_diary_problems(records, name) if not problems else []
    if problems:
        raise BadInput(problems)
    about = {k: v for k, v in table.about.items() if k != "version"}
    return Diary(records, about, (*foreign, *unnamed_columns(table), *repeats))


def _checks(about: dict[str, str]) -> Contradictions:
    """What a day must not say, in any condition and in the one that the file names."""
    drink_g = standard_drink_g(about)
    return lambda record: [*contradictions(record), *contradictions_of(about, record, drink_g)]


def _refuse_foreign(table: Table, name: str) -> list[Lost]:
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
    lost, misspelt = foreign_columns(table, DAYS, name)
    if problems or misspelt:
        raise BadInput(problems + misspelt)
    return lost


def header_hint(header: list[str], otherwise: str) -> str:
    """What most probably happened to a header that has no date, and its cure; `otherwise` where that is unclear."""
    for separator, said in ((";", "semicolons"), ("\t", "tabs")):
        if separator in header[0]:
            return f"The cells are separated by {said}: save the table as CSV separated by commas, in UTF-8."
    if re.match(r"\d+[-./]\d+[-./]\d+", header[0]):
        return "The first line looks like a day: put a line date,headache above it."
    return otherwise


def write_days(diary: Diary) -> str:
    """The canonical text of a diary: sorted by day, columns in order, unused columns left out.

    Reading it back gives the same records; writing those again gives the same text.
    """
    about = "".join(f"#{key}={quoted(' '.join(value.split()))}\n" for key, value in sorted(diary.about.items()))
    return f"#version={VERSION}\n{about}{write_rows(DAYS, diary.records, always=('headache',))}"
