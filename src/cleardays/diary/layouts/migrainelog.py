"""The Migraine Log layout: a JSON list of episodes, times in UTC."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

from cleardays.diary.entries import Attack, DoseEntry
from cleardays.diary.layouts.clocks import LONGEST_ATTACK
from cleardays.diary.layouts.collected import Asked, Collected, Finding, attack_name
from cleardays.diary.layouts.intake import Occasion, dose, read_written, says_none
from cleardays.diary.layouts.json_values import Fields
from cleardays.diary.layouts.values import grade_word
from cleardays.diary.layouts.words import as_note, read_sides, read_symptoms, read_triggers
from cleardays.problems import BadInput, Problem, shown
from cleardays.texts import clean

LAYOUT = "migrainelog"
_SOURCE = f"import:{LAYOUT}"
_READ = (
    "id", "user_id", "start_time", "end_time", "severity", "pain_location", "symptoms", "triggers", "medications", "notes",
    "created_at", "updated_at",
)  # fmt: skip
_MEDICINE_READ = ("id", "name", "dosage", "time_taken", "effectiveness")


def looks_like(document: object) -> bool:
    """Whether a document is a list of such episodes."""
    episodes = document.get("episodes") if isinstance(document, dict) else document
    if not isinstance(episodes, list) or not episodes:
        return False
    first = episodes[0]
    return isinstance(first, dict) and "start_time" in first and bool({"severity", "medications", "symptoms"} & first.keys())


def read_episodes(document: object, name: str, asked: Asked) -> Collected:
    """Read the list.

    Raises:
        BadInput: it is no list of episodes, holds several people, or needs the home zone.
    """
    episodes = document.get("episodes") if isinstance(document, dict) else document
    if not isinstance(episodes, list):
        raise BadInput(Problem(name, "this is no list of episodes.", "Export the episodes of Migraine Log as JSON."))
    found = Collected(LAYOUT, name, asked.home)
    for number, value in _of_one_person(episodes, name, asked, found):
        fields = Fields(value, f"{name}[{number}]", asked.home, name)
        finding = _episode(fields, asked, found)
        text = json.dumps(value, ensure_ascii=False)[:2000]
        if fields.problems or finding is None:
            found.refuse(fields.where, text, fields.problems)
        else:
            found.findings.append(replace(finding, where=fields.where, text=text))
    return found


def _of_one_person(episodes: list[object], name: str, asked: Asked, found: Collected) -> list[tuple[int, object]]:
    people = list(dict.fromkeys(str(e["user_id"]) for e in episodes if isinstance(e, dict) and e.get("user_id") is not None))
    numbered = list(enumerate(episodes))
    if len(people) < 2:
        return numbered
    if asked.person is None:
        cure = f"Say whose diary: --person {clean(people[0], 60)} (or another id)."
        raise BadInput(Problem(name, f"the file holds {len(people)} people.", cure))
    if asked.person not in people:
        what = f"nobody in the file has the id {shown(asked.person)}."
        raise BadInput(Problem(name, what, f"The ids begin {', '.join(clean(one, 60) for one in people[:3])}."))
    found.about["person"] = clean(asked.person, 80)
    return [(n, e) for n, e in numbered if not isinstance(e, dict) or str(e.get("user_id")) == asked.person]


def _episode(fields: Fields, asked: Asked, found: Collected) -> Finding | None:
    start, end = fields.stamp("start_time"), fields.stamp("end_time")
    if start is None:
        if not fields.has("start_time"):
            fields.add("start_time", "the start is missing.", "Add it, or delete the episode.")
        return None
    check_end(fields, "end_time", start, end)
    severity = fields.number("severity", 0, 10)
    symptoms = read_symptoms(fields.texts("symptoms"))
    places = fields.texts("pain_location")
    if places:
        found.lost.count("pain_location", "which side or spot hurt is not kept, only whether it was one side")
    note, changed = as_note(fields.text("notes") or "")
    if changed:
        found.lost.add("note", fields.where, "the note was too long, or held characters that no table can hold; cut.")
    if end is None and not fields.has("end_time"):
        found.lost.count("end_time", "the attack has no end, so days after the first cannot be known")
    count_unread(fields, _READ, found, "episodes")
    name = fields.id()
    attack = Attack(
        date=start.date(),
        id=attack_name(LAYOUT, name),
        start=start,
        end=end,
        headache="present" if severity is None else grade_word(_exact(severity)),
        pain_max=severity if isinstance(severity, int) else None,
        other_symptoms=symptoms.others,
        triggers=read_triggers(fields.texts("triggers")),
        source=_SOURCE,
        note=note,
        **{**symptoms.columns, **read_sides(" ".join(places))},
    )
    doses = tuple(
        entry for n, m in enumerate(fields.items("medications")) if (entry := _dose(fields, n, m, start, asked, found))
    )
    reported = fields.stamp("created_at")
    placed = reported if reported is not None and reported.tzinfo is not None else None
    return Finding(where="", key=attack.id, attack=attack, doses=doses, reported_at=placed)


def _exact(number: int | float) -> int:
    """A grade for its word: 3.5 is above 3."""
    return number if isinstance(number, int) else int(number) + 1


def check_end(fields: Fields, key: str, start: datetime, end: datetime | None) -> None:
    """An end before the start, or a year later, is a slip."""
    if end is None:
        return
    if (end.tzinfo is None) != (start.tzinfo is None):
        fields.add(key, "one of start and end has an offset, the other has none.", "Give both, or none.")
    elif end < start:
        what = f"it ends at {end:%Y-%m-%d %H:%M}, before it starts at {start:%Y-%m-%d %H:%M}."
        fields.add(key, what, "Correct one of the two.")
    elif end - start > LONGEST_ATTACK:
        fields.add(key, f"the attack lasts until {end:%Y-%m-%d}, longer than a year.", "Correct one of the two.")


def count_unread(fields: Fields, read: tuple[str, ...], found: Collected, kind: str) -> None:
    """Keys that are not read, where they hold something."""
    for key, value in fields.value.items():
        if key not in read and value not in (None, "", [], {}):
            found.lost.count(f"{kind}: {clean(key, 60)}", "is not kept")


def _dose(fields: Fields, number: int, value: object, start: datetime, asked: Asked, found: Collected) -> DoseEntry | None:
    told = Fields(value, f"{fields.where}.medications[{number}]", asked.home, fields.name)
    name, amount, taken = told.text("name"), told.text("dosage"), told.stamp("time_taken")
    if name is None and not told.problems:
        told.add("name", "the medicine has no name.", "Add it, or delete the medicine.")
    if told.has("effectiveness"):
        found.lost.count("medications: effectiveness", "how well a medicine worked is not relief at two hours; left out")
    count_unread(told, _MEDICINE_READ, found, "medications")
    fields.problems += told.problems
    if told.problems or name is None or says_none(name):
        return None
    written = read_written(name, asked.naming)
    if amount is not None:
        _, number_of, unit = asked.naming.amount(f"x {amount}")
        if number_of is None:
            found.lost.add("amounts", told.where, f"the amount {clean(amount, 40)!r} cannot be read; left out.")
        else:
            written = written._replace(amount=number_of, unit=unit)
    on = Occasion(_day(taken, start), at=taken, attack=True)
    return replace(dose(written, on, asked.naming, found.lost, told.where), source=_SOURCE)


def _day(taken: datetime | None, start: datetime) -> date:
    """The day of intake; where that is not told, the day the attack began."""
    return start.date() if taken is None else taken.date()
