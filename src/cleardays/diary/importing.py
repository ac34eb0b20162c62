"""Take in a diary from any layout that we know, and say what could not be taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from cleardays.diary import kostecki_dillon, own_csv
from cleardays.diary.outcomes import day_state
from cleardays.diary.records import Diary
from cleardays.diary.tables import open_table
from cleardays.problems import BadInput, Problem, shown

AUTO = "auto"
FORMATS = (own_csv.FORMAT, kostecki_dillon.FORMAT)


def import_diary(
    lines: Iterable[str],
    name: str,
    *,
    layout: str = AUTO,
    zone: str | None = None,
    person: str | None = None,
    day_zero: date | None = None,
) -> tuple[str, Diary]:
    """Read a diary in a known layout.

    Args:
        lines: the file's lines, decoded.
        name: how to call the file in a problem.
        layout: one of FORMATS, or "auto" to decide by the header.
        zone: IANA name of the person's home zone, kept with the diary.
        person: whose rows to take from a file with several people.
        day_zero: the calendar day of relative day 0.

    Returns:
        The layout that was read, and the diary with its list of losses.

    Raises:
        BadInput: with every problem found; nothing is taken from such a file.
    """
    table = open_table(lines, name)
    if layout == AUTO:
        layout = _decide(table.header, name)
    if layout == own_csv.FORMAT:
        diary = own_csv.read_table(table, name)
        _agree("--person", person, diary.about.get("person"))
        _agree("--zone", zone, diary.about.get("zone"))
        if day_zero is not None:
            raise BadInput(Problem("--day-zero", "the file has dates, so no day counts as zero.", "Leave it out."))
    elif not kostecki_dillon.recognises(table.header):
        raise BadInput(_unknown(table.header, name))
    else:
        diary = kostecki_dillon.read_table(table, name, person=person, day_zero=day_zero)
    said = {key: value for key, value in (("person", person), ("zone", zone)) if value is not None}
    diary = replace(diary, about={**diary.about, **said})
    return layout, diary


def _agree(option: str, asked: str | None, found: str | None) -> None:
    """An option may fill in what the file does not say, never overrule it."""
    if asked is not None and found is not None and asked != found:
        raise BadInput(Problem(option, f"{shown(asked)} was asked for, the file says {shown(found)}.", "Correct one of them."))


def _decide(header: list[str], name: str) -> str:
    if kostecki_dillon.recognises(header):
        return kostecki_dillon.FORMAT
    if own_csv.recognises(header):
        return own_csv.FORMAT
    raise BadInput(_unknown(header, name))


def _unknown(header: list[str], name: str) -> Problem:
    return Problem(
        name,
        f"the columns {shown(', '.join(header), 80)} match no layout that is known here.",
        own_csv.header_hint(header, f"Known are {' and '.join(FORMATS)}; or name the columns date,headache."),
    )


def import_document(layout: str, diary: Diary) -> dict[str, object]:
    """What was taken in, as JSON: counts, the days by state, and what was lost."""

    def days(outcome: str, state: bool) -> list[str]:
        return [r.date.isoformat() for r in diary.records if day_state(r, outcome) is state]

    return {
        "format": layout,
        "days": len(diary.records),
        "attacks": None,  # no layout known so far has them
        "headache_days": days("headache_day", True),
        "clear_days": days("headache_day", False),
        "acute_medication_days": days("acute_med_day", True),
        "lost": [{"where": lost.where, "what": lost.what} for lost in diary.lost],
    }
