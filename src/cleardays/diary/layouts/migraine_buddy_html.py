"""The report that Migraine Buddy writes as a web page: one row of a table for each attack, newest first.

Cells: number; Started, Location, Lasted; kind; pain; when it began; triggers;
symptoms; aura; positions left; positions right; medicines in groups; notes. Days
are day/month/year by the report's own layout.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from cleardays.diary.entries import Attack, DoseEntry
from cleardays.diary.layouts.collected import Asked, Collected, Finding
from cleardays.diary.layouts.html_rows import table_rows
from cleardays.diary.layouts.intake import Occasion, dose, read_list, says_none
from cleardays.diary.layouts.row_times import Cells, TimeReader, Unfit
from cleardays.diary.layouts.values import read_grade
from cleardays.diary.layouts.words import (
    as_note,
    fold,
    listed,
    not_known,
    read_sides,
    read_symptoms,
    read_triggers,
    vocabulary,
    yes_or_no,
)  # fmt: skip
from cleardays.diary.records import DayRecord
from cleardays.problems import BadInput, Problem

LAYOUT = "migraine_buddy_report"
_SOURCE = f"import:{LAYOUT}"
_ORDER = "dmy"
_STARTED = re.compile(r"Started\s*:\s*(.+)", re.IGNORECASE)
_LASTED = re.compile(r"Lasted\s*:\s*(.+)", re.IGNORECASE)
_NOTES = re.compile(r"Notes\s*:", re.IGNORECASE)
_GROUP = re.compile(r"\s*(?P<helped>[^-–]{1,40}?)\s+[-–]\s+(?P<names>.*)", re.DOTALL)
_PERIOD = re.compile(r"period\s*:\s*(.*)", re.IGNORECASE)
_KIND, _PAIN, _BEGAN, _TRIGGERS, _SYMPTOMS, _AURA, _LEFT, _RIGHT, _MEDICINES = 2, 3, 4, 5, 6, 7, 8, 9, 10
_LEAST_CELLS = 11


def looks_like(text: str) -> bool:
    """Whether a page has rows such as this report's."""
    return "Started" in text and "Lasted" in text


def read_report(text: str, name: str, asked: Asked) -> Collected:
    """Read the page.

    Raises:
        BadInput: it has no row of an attack.
    """
    found = Collected(LAYOUT, name, asked.home)
    times = TimeReader(name, asked.home, asked.date_order or _ORDER, None, None, found.lost)
    others = 0
    for row in table_rows(text):
        if len(row.cells) < _LEAST_CELLS or not _STARTED.search(_line(row.cells[1])):
            others += bool(row.cells)
            continue
        where = f"{name}, line {row.line}"
        cells = Cells({}, {"start": "Started", "duration": "Lasted", "pain": "pain", "aura": "aura"}, where)
        try:
            finding = _attack(row.cells, cells, times, asked, found)
        except Unfit:
            found.refuse(where, " | ".join(row.cells), cells.problems)
            continue
        found.findings.append(replace(finding, where=where, text=" | ".join(row.cells)))
    if not found.findings and not found.refused:
        what = "no row of a table on this page tells an attack (Started, Lasted, ...)."
        raise BadInput(Problem(name, what, "Save the whole report of Migraine Buddy as a page, in English."))
    if others:
        found.lost.count("other rows of tables", "they tell no attack (no Started in the second cell)", others)
    return found


def _line(text: str) -> str:
    return " ".join(text.split())


def _attack(row: list[str], cells: Cells, times: TimeReader, asked: Asked, found: Collected) -> Finding:
    lines = [_line(line) for line in row[1].split("\n")]
    for target, pattern in (("start", _STARTED), ("duration", _LASTED)):
        # the label and its value may stand on lines of their own
        match = next((m for m in map(pattern.fullmatch, lines) if m), None) or pattern.search(_line(row[1]))
        said = match[1] if match else ""
        said = re.split(r"\s*(?:Location|Lasted|Started)\s*:", said, flags=re.IGNORECASE)[0].strip()
        if said and not (target == "duration" and (not_known(said) or fold(said) in vocabulary().ongoing)):
            cells.told[target] = said
    when = times.when(cells)
    if when.start is None:
        cells.add("start", "the time of day is missing.", "Write it as 26/02/26 09:40.")
    cells.told |= {"pain": _line(row[_PAIN])} if row[_PAIN].strip() else {}
    grade = cells.read("pain", read_grade)
    aura = _aura(cells, row[_AURA])
    cells.done()
    symptoms = read_symptoms(listed(row[_SYMPTOMS]))
    sides = read_sides(f"{'left' if row[_LEFT].strip() else ''} {'right' if row[_RIGHT].strip() else ''}")
    triggers, menses = _triggers(row[_TRIGGERS], found)
    doses, none_taken = _doses(row[_MEDICINES], when.day, asked, found, cells.where)
    last = _NOTES.split(row[-1], maxsplit=1)
    note, changed = as_note(last[-1] if len(last) > 1 else "")
    if changed:
        found.lost.add("note", cells.where, "the note was too long, or held characters that no table can hold; cut.")
    if when.end is None:
        found.lost.count("end of the attack", "it is not told, so days after the first cannot be known")
    _count_left_out(row, found)
    columns: dict[str, Any] = {**symptoms.columns, **sides, **({} if aura is None else {"aura": aura})}
    attack = Attack(
        date=when.day, start=when.start, end=when.end,
        headache="present" if grade is None else grade.headache,
        pain_max=None if grade is None else grade.pain_max,
        other_symptoms=symptoms.others, triggers=triggers, source=_SOURCE, note=note,
        **columns,
    )  # fmt: skip
    day = None if menses is None else DayRecord(date=when.day, menses=menses)
    return Finding(where="", attack=attack, doses=doses, day=day, no_medicine=none_taken)


def _aura(cells: Cells, text: str) -> bool | None:
    said = _line(text)
    answer = yes_or_no(said)
    if said and answer is None and not not_known(said):
        cells.add("aura", f"{said[:40]!r} cannot be read.", "Use Yes or No.")
    return answer


def _triggers(text: str, found: Collected) -> tuple[tuple[str, ...] | None, bool | None]:
    """Triggers, and whether it was a day of the period."""
    names, menses = [], None
    for name in listed(text):
        period = _PERIOD.fullmatch(name)
        if period is None:
            names.append(name)
            continue
        menses = yes_or_no(period[1])
        if menses is None:
            found.lost.count("Period: Soon", "only yes and no are kept")
    return read_triggers(names), menses


def _doses(text: str, day: date, asked: Asked, found: Collected, where: str) -> tuple[tuple[DoseEntry, ...], bool]:
    """The medicines of all groups (helpful, unhelpful, unsure ...); and whether it says that there were none."""
    groups = [line.strip() for line in text.split("\n") if line.strip()]
    entries: list[DoseEntry] = []
    none_taken = False
    for group in groups:
        if says_none(group):
            none_taken = True
            continue
        match = _GROUP.fullmatch(group)
        if match is not None:
            found.lost.count("how well medicines worked", "this is not relief at two hours; left out")
        for written in read_list(match["names"] if match else group, asked.naming, found.lost, where):
            entry = dose(written, Occasion(day, attack=True), asked.naming, found.lost, where)
            entries.append(replace(entry, source=_SOURCE))
    return tuple(entries), none_taken and not entries


def _count_left_out(row: list[str], found: Collected) -> None:
    if "Location" in row[1]:
        found.lost.count("Location", "where the person was is private; left out")
    for place, what in ((_KIND, "kind of attack"), (_BEGAN, "awake or asleep when it began")):
        if row[place].strip():
            found.lost.count(what, "is not kept")
    if row[_LEFT].strip() or row[_RIGHT].strip():
        found.lost.count("positions of the pain", "which side or spot hurt is not kept, only whether it was one side")
