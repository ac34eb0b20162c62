"""The Daylio layout: a line a day with activities, of which headache may be one.

A line without it says that the day was headache-free, if the file uses such an
activity at all, and not long before its first use; a day without a line stays
unknown.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from cleardays.diary.layouts.collected import Asked, Collected, Finding
from cleardays.diary.layouts.dates import DatedRow, decide_order, read_date
from cleardays.diary.layouts.foreign_tables import row_text
from cleardays.diary.layouts.intake import Occasion, dose, read_written
from cleardays.diary.layouts.row_times import Cells, Unfit
from cleardays.diary.layouts.words import as_note, fold, vocabulary
from cleardays.diary.records import CLEAR, DayRecord
from cleardays.diary.rules import read_rules
from cleardays.diary.tables import Table
from cleardays.problems import BadInput, Problem
from cleardays.texts import clean

LAYOUT = "daylio"
_SOURCE = f"import:{LAYOUT}"
_NEEDED = frozenset(("full_date", "mood", "activities"))


def recognises(header: list[str]) -> bool:
    """Whether a header row has this layout."""
    return set(header) >= _NEEDED


def read_daylio(table: Table, name: str, asked: Asked) -> Collected:
    """Read the table.

    Raises:
        BadInput: no activity in it is a headache, so that its lines say nothing about headaches.
    """
    found = Collected(LAYOUT, name, asked.home, has_attacks=False, daily=True)
    rows = list(table.rows)
    place = {column: index for index, column in enumerate(table.header)}
    headaches = vocabulary().headaches
    used = {fold(part) for row in rows for part in row.values[place["activities"]].split("|")}
    if not any(headaches.get(word) in ("headache", "migraine") for word in used):
        what = "none of its activities is a headache or a migraine, so its lines say nothing about headaches."
        raise BadInput(Problem(name, what, "Call the activity Headache or Migraine, and export again."))
    dated = [
        DatedRow(
            f"{name}, line {row.line}",
            row.values[place["full_date"]],
            row.values[place["weekday"]] if "weekday" in place else "",
        )
        for row in rows
    ]
    order, why = decide_order([one for one in dated if one.text], name, asked=asked.date_order)
    if why:
        found.lost.count("order of the dates", why, len(dated))
    for row in rows:
        told = {column: row.values[index] for column, index in place.items() if row.values[index]}
        cells = Cells(told, {column: column for column in place}, f"{name}, line {row.line}")
        try:
            finding = _line(cells, order, asked, found)
        except Unfit:
            found.refuse(cells.where, row_text(row), cells.problems)
            continue
        found.findings.append(replace(finding, where=cells.where, text=row_text(row)))
    found.findings = _since_it_counts(found)
    # of several lines of one day those without a headache say nothing against the one with it
    had = {f.day.date for f in found.findings if f.day is not None and f.day.headache != CLEAR}
    found.findings = [_silent(f) if f.day is not None and f.day.date in had else f for f in found.findings]
    _count_left_out(table.header, rows, found)
    return found


def _since_it_counts(found: Collected) -> list[Finding]:
    """Lines from long before the first headache say nothing: nobody knows whether headaches were written down then."""
    told = [f.day for f in found.findings if f.day is not None]
    first = min((day.date for day in told if day.headache != CLEAR), default=None)
    if first is None:  # every line with a headache was refused
        return [_silent(finding) for finding in found.findings]
    since = first - timedelta(days=read_rules("csv_layouts")[LAYOUT]["clear_from_days_before"])
    older = {day.date for day in told if day.date < since}
    if older:
        why = f"no headache is named before {first}; days before {since} are no clear days but unknown"
        found.lost.count("lines before headaches were written down", why, sum(day.date in older for day in told))
    return [_silent(f) if f.day is not None and f.day.date in older else f for f in found.findings]


def _silent(finding: Finding) -> Finding:
    day = finding.day
    return finding if day is None or day.headache != CLEAR else replace(finding, day=replace(day, headache=None))


def _line(cells: Cells, order: str | None, asked: Asked, found: Collected) -> Finding:
    day = read_date(cells.get("full_date"), order)
    if day is None:
        cells.add("full_date", f"{cells.get('full_date')[:40]!r} is no day that can be read.", "Write it as year-month-day.")
        raise Unfit(cells.problems)
    words = vocabulary()
    answers: dict[str, Any] = {"headache": CLEAR}
    doses = []
    for activity in (part.strip() for part in cells.get("activities").split("|")):
        kind = words.headaches.get(fold(activity))
        medicine = asked.naming.find(activity) if activity else None
        if kind in ("headache", "migraine"):
            answers["headache"] = "present"
            if kind == "migraine":
                answers["migraine"] = "yes"
        elif kind == "menses":
            answers["menses"] = True
        elif fold(activity) in words.symptoms:
            answers[words.symptoms[fold(activity)]] = True
        elif medicine is not None and {"acute", "preventive", "antiemetic"} & medicine.uses:
            written = read_written(activity, asked.naming)
            doses.append(replace(dose(written, Occasion(day), asked.naming, found.lost, cells.where), source=_SOURCE))
        elif activity:
            found.lost.count(f"activity {clean(activity, 60)}", "is not kept")
    if answers["headache"] == CLEAR:
        answers.pop("migraine", None)
    note, changed = as_note("\n".join(filter(None, (cells.get("note_title"), cells.get("note")))))
    if changed:
        found.lost.add("note", cells.where, "the note was too long, or held characters that no table can hold; cut.")
    return Finding(where="", day=DayRecord(date=day, source=_SOURCE, note=note, **answers), doses=tuple(doses))


_LEFT_OUT = {
    "mood": "words for a mood are no grade from 0 to 10; left out",
    "time": "the time of the entry is not kept",
    "date": "the same day in other words",
    "weekday": "the same day in other words",
}
_READ = ("full_date", "activities", "note_title", "note")


def _count_left_out(header: list[str], rows: list[Any], found: Collected) -> None:
    for index, column in enumerate(header):
        filled = sum(1 for row in rows if row.values[index])
        if column not in _READ and filled:
            found.lost.count(f"column {clean(column, 60)}", _LEFT_OUT.get(column, "is not kept"), filled)
