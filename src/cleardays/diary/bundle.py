"""A diary as a bundle of tables and back: days, attacks, auras, doses, events, scores, plan.

Writing a diary and reading it back gives the same diary; a table that this
program does not know is carried along unread.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace

from cleardays.clock import zone_named
from cleardays.diary.answers import day_state
from cleardays.diary.attack_times import ached, days_touched, localised
from cleardays.diary.beside import Beside
from cleardays.diary.entries import TAKEN, Attack, Event, PlanStep
from cleardays.diary.own_csv import read_days, write_days
from cleardays.diary.records import CLEAR, Diary, Lost
from cleardays.diary.sheet_rows import Contradictions, read_rows, write_rows
from cleardays.diary.sheets import DAYS
from cleardays.diary.sheets_beside import BESIDE
from cleardays.diary.tables import open_table
from cleardays.problems import BadInput, Problem, shown


def attack_contradictions(attack: Attack) -> list[tuple[str, str, str]]:
    """Answers of one attack that cannot all be true, as (column, what was seen, what to do)."""
    found = []
    start, end = attack.start, attack.end
    if start is not None and end is not None:
        if (start.tzinfo is None) != (end.tzinfo is None):
            found.append(("end", "one of start and end has an offset, the other has none.", "Give both, or none."))
        elif end < start:
            found.append(("end", f"it ends at {end}, before it starts at {start}.", "Correct one of the two."))
    if start is not None and start.date() != attack.date:
        found.append(("start", f"it starts on {start.date()}, but its day is {attack.date}.", "Correct one of the two."))
    if attack.headache == CLEAR and attack.pain_max:
        found.append(("pain_max", f"there is no headache but pain_max is {attack.pain_max}.", "Correct one of the two."))
    return found


def _event_contradictions(event: Event) -> list[tuple[str, str, str]]:
    found = []
    if event.since is not None and event.since > event.date:
        found.append(("since", f"it began on {event.since}, after {event.date}.", "Correct one of the two."))
    if event.until is not None and event.until < (event.since or event.date):
        found.append(("until", f"it ended on {event.until}, before it began.", "Correct one of the two."))
    return found


def _step_contradictions(step: PlanStep) -> list[tuple[str, str, str]]:
    if step.to is not None and step.to < step.from_day:
        return [("to", f"it ends on {step.to}, before it begins on {step.from_day}.", "Correct one of the two.")]
    if (step.confirmed_by is None) != (step.confirmed_at is None):
        return [("confirmed_by", "a confirmation has a name and a time, here is only one.", "Give both, or none.")]
    return []


CHECKS: dict[str, Contradictions] = {
    "attacks": attack_contradictions,
    "events": _event_contradictions,
    "plan": _step_contradictions,
}


def to_tables(diary: Diary) -> dict[str, str]:
    """Each table's file name and canonical text; a table without rows is left out."""
    tables = {DAYS.file: write_days(diary)}
    for attribute, sheet in BESIDE.items():
        records = getattr(diary.beside, attribute)
        if records:
            tables[sheet.file] = write_rows(sheet, records)
    return {**tables, **diary.beside.unread}


def from_tables(tables: Mapping[str, str], name: str) -> Diary:
    """Read a bundle.

    Args:
        tables: file names and texts; days.csv must be there.
        name: how to call the bundle in a problem.

    Raises:
        BadInput: with every problem of every table.
    """
    problems: list[Problem] = []
    diary, lost = Diary(()), []
    try:
        diary = read_days(_lines(tables[DAYS.file]), f"{name}/{DAYS.file}")
    except BadInput as bad:
        problems += bad.problems
    found = {}
    for attribute, sheet in BESIDE.items():
        if sheet.file not in tables:
            continue
        where = f"{name}/{sheet.file}"
        try:
            table = open_table(_lines(tables[sheet.file]), where)
            found[attribute], left = read_rows(table, sheet, where, CHECKS.get(attribute))
            lost += [Lost(f"{sheet.file}, {lost.where}", lost.what) for lost in left]
        except BadInput as bad:
            problems += bad.problems
    known = {DAYS.file, *(sheet.file for sheet in BESIDE.values())}
    beside = Beside(**found, unread={file: text for file, text in tables.items() if file not in known})
    problems += _loose_ends(beside, name)
    problems += _against_days(replace(diary, beside=beside), name) if not problems else []
    if problems:
        raise BadInput(problems)
    return replace(diary, beside=beside, lost=(*diary.lost, *lost))


def _loose_ends(beside: Beside, name: str) -> list[Problem]:
    """Attacks named twice, and auras and doses of attacks that are not there."""
    problems = []
    names = [attack.id for attack in beside.attacks if attack.id is not None]
    for twice in sorted({n for n in names if names.count(n) > 1}) if len(set(names)) < len(names) else ():
        problems.append(Problem(f"{name}/attacks.csv", f"the attack {shown(twice)} stands there twice.", "Remove one."))
    known = set(names)
    for file, told in (("auras.csv", beside.auras), ("doses.csv", beside.doses)):
        for loose in sorted({entry.attack for entry in told if entry.attack is not None} - known):
            problems.append(Problem(f"{name}/{file}", f"there is no attack {shown(loose)}.", "Correct the id."))
    return problems


def _against_days(diary: Diary, name: str) -> list[Problem]:
    """Days whose own record and whose attacks or medicines cannot both be true."""
    zone = zone_named(diary.about.get("zone", ""))
    record = {day.date: day for day in diary.records}
    problems = []
    for attack in (localised(attack, zone) for attack in diary.beside.attacks):
        for day in days_touched(attack, zone) if ached(attack) else ():
            if day in record and day_state(record[day], "headache_day") is False:
                what = f"{day} is free of headache, but an attack that began on {attack.date} runs over it."
                problems.append(Problem(f"{name}/{DAYS.file}", what, "Correct the day, or the end of the attack."))
    for dose in diary.beside.doses:
        told = record.get(dose.date)
        taken = dose.kind == "acute" and dose.state in TAKEN and dose.acute_class not in (None, "antiemetic")
        if taken and told is not None and told.acute_doses == 0:
            what = f"{dose.date} has no acute dose, but {dose.drug or dose.name or dose.acute_class} was taken."
            problems.append(Problem(f"{name}/{DAYS.file}", what, "Correct acute_doses, or the dose."))
    return problems


def _lines(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")
