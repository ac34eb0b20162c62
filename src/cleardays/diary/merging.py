"""Add one diary to another: the same thing told twice is one thing, and two different tellings are a problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from cleardays.diary.beside import Beside
from cleardays.diary.entries import Attack, AuraSymptom, DoseEntry
from cleardays.diary.layouts.later_export import told_anew
from cleardays.diary.layouts.same_doses import added_doses, both_sources
from cleardays.diary.records import CLEAR, ITEMS, DayRecord, Diary, Lost, contradictions
from cleardays.problems import BadInput, Problem, shown

_T = TypeVar("_T")
_OfAttack = TypeVar("_OfAttack", AuraSymptom, DoseEntry)
# What somebody ticked in one program adds to what was ticked in another.
_ADDED_UP = ("triggers", "other_symptoms", "other_use")
_ABOUT_THE_TELLING = ("id", "source", "note")
_LONGEST_NOTE = 100_000  # a reader of CSV takes cells up to 131,072
_CURE = "Correct one of the two, or import into a diary without that day."


def merge(old: Diary, new: Diary, *, whole: bool = True) -> Diary:
    """`old` with everything of `new` that it does not tell yet.

    Where one program told all of `new`, it is a later export: within its days, what
    `old` holds solely from that program is replaced by it, and each change is
    listed. Otherwise an answer that only one of them gives is taken from it, and
    answers that differ are a problem. Merging the same diary again adds nothing.

    Args:
        old: the diary.
        new: what is added to it.
        whole: whether `new` tells all that its program knows of its days; if not
            (rows were refused), nothing of `old` vanishes.

    Raises:
        BadInput: with every day, attack and header line that is told in two ways.
    """
    problems: list[Problem] = []
    lost: list[Lost] = list(new.lost)
    about = {**new.about, **old.about}
    for key in ("person", "zone"):
        if key in old.about and key in new.about and old.about[key] != new.about[key]:
            what = f"the diary says {shown(old.about[key])}, the file {shown(new.about[key])}."
            problems.append(Problem(f"--into, {key}", what, "Import into the diary of that person and zone."))
    if whole and not problems:
        old, changes = told_anew(old, new)
        lost += changes
    records = {record.date: record for record in old.records}
    for record in new.records:
        before = records.get(record.date)
        records[record.date] = record if before is None else _one_day(before, record, problems, lost)
    beside = _beside(old.beside, new.beside, problems, lost)
    if problems:
        raise BadInput(problems)
    return Diary(tuple(records[day] for day in sorted(records)), about, tuple(lost), beside)


def same_program(old: str | None, new: str | None) -> bool:
    """Whether both were brought in from the same program: the file at hand is then its later export."""
    return old is not None and old == new and old.startswith("import:")


def _one_day(old: DayRecord, new: DayRecord, problems: list[Problem], lost: list[Lost]) -> DayRecord:
    found: dict[str, Any] = {}
    differing = []
    for name in ITEMS:
        one, other = getattr(old, name), getattr(new, name)
        if other is None or one == other:
            continue
        if one is None:
            found[name] = other
        elif name in _ADDED_UP:
            both = (*one, *(word for word in other if word not in one))
            found |= {name: both} if both != one else {}
        elif name == "headache" and "present" in (one, other) and CLEAR not in (one, other):
            found |= {name: other} if one == "present" else {}
        else:
            differing.append(f"{name}: {_said(one)} and {_said(other)}")
    where = f"--into, {old.date}"
    if differing and same_program(old.source, new.source):
        lost.append(Lost(where, f"told anew by the later export ({'; '.join(differing)})."))
        return new
    if differing:
        what = f"{old.source or 'the diary'} and {new.source or 'the file'} tell it differently ({'; '.join(differing)})."
        problems.append(Problem(where, what, _CURE))
        return old
    note = _both_notes(old.note, new.note)
    if not found and note == old.note:
        return replace(old, source=both_sources(old.source, new.source))
    merged = replace(
        old,
        **found,
        note=note,
        status=new.status if old.status in (None, "declined") else old.status,
        source=both_sources(old.source, new.source),
        reported_at=_later(old.reported_at, new.reported_at) if found else old.reported_at,
    )
    problems += [Problem(f"{where}, {column}", what, cure) for column, what, cure in contradictions(merged)]
    return merged


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _both_notes(old: str | None, new: str | None) -> str | None:
    if new is None or (old is not None and (new in old or len(old) + len(new) > _LONGEST_NOTE)):
        return old
    return new if old is None else f"{old}\n{new}"


def _later(old: datetime | None, new: datetime | None) -> datetime | None:
    """The day is not known as it now stands before the later of two reports."""
    return max(old, new) if old is not None and new is not None else old or new


# ---- attacks and what belongs to them


def _beside(old: Beside, new: Beside, problems: list[Problem], lost: list[Lost]) -> Beside:
    attacks, known_as = _attacks(old.attacks, new.attacks, problems, lost)

    def renamed(entry: _OfAttack) -> _OfAttack:
        return replace(entry, attack=known_as[entry.attack]) if entry.attack in known_as else entry

    unread = dict(old.unread)
    for file, text in new.unread.items():
        if unread.setdefault(file, text) != text:
            problems.append(Problem(f"--into, {file}", "both diaries have this table, and they differ.", _CURE))
    return Beside(
        attacks=attacks,
        auras=_added(old.auras, [renamed(aura) for aura in new.auras], lambda aura: aura),
        doses=added_doses(old.doses, [renamed(dose) for dose in new.doses]),
        events=_added(old.events, new.events, lambda event: replace(event, source=None)),
        scores=_added(old.scores, new.scores, lambda score: score),
        plan=_added(old.plan, new.plan, lambda step: step),
        unread=unread,
    )


def _added(old: Sequence[_T], new: Sequence[_T], content: Callable[[_T], object]) -> tuple[_T, ...]:
    """Entries of both, as often as the one that tells them more often."""
    places: dict[str, list[int]] = defaultdict(list)
    for place in reversed(range(len(old))):
        places[repr(content(old[place]))].append(place)
    found = list(old)
    for entry in new:
        there = places[repr(content(entry))]
        if not there:
            found.append(entry)
        elif hasattr(entry, "source"):
            place = there.pop()
            found[place] = replace(entry, source=both_sources(getattr(found[place], "source", None), entry.source))  # type: ignore[type-var]
        else:
            there.pop()
    return tuple(found)


def _attacks(
    old: Sequence[Attack], new: Sequence[Attack], problems: list[Problem], lost: list[Lost]
) -> tuple[tuple[Attack, ...], dict[str | None, str | None]]:
    """The attacks of both, and under which name each of the new ones is known."""
    found = list(old)
    by_name = {attack.id: place for place, attack in enumerate(old) if attack.id is not None}
    by_start: dict[datetime, int] = {}
    for place, attack in enumerate(old):
        if attack.start is not None:
            by_start.setdefault(attack.start, place)
    by_content = {_content(attack): place for place, attack in enumerate(old)}
    known_as: dict[str | None, str | None] = {}
    for attack in new:
        same = by_name.get(attack.id) if attack.id is not None else by_content.get(_content(attack))
        if same is None and attack.start is not None:
            same = by_start.get(attack.start)
        if same is None:
            found.append(attack)
            continue
        found[same] = _one_attack(found[same], attack, problems, lost)
        known_as[attack.id] = found[same].id
    known_as.pop(None, None)
    return tuple(sorted(found, key=lambda a: (a.date, str(a.start), a.id or ""))), known_as


def _content(attack: Attack) -> str:
    return repr(replace(attack, id=None, source=None))


def _one_attack(old: Attack, new: Attack, problems: list[Problem], lost: list[Lost]) -> Attack:
    found: dict[str, Any] = {}
    differing = []
    for name in Attack.__dataclass_fields__:
        one, other = getattr(old, name), getattr(new, name)
        if name in _ABOUT_THE_TELLING or other is None or one == other:
            continue
        if one is None:
            found[name] = other
        elif name in _ADDED_UP:
            found[name] = (*one, *(word for word in other if word not in one))
        elif name == "headache" and "present" in (one, other) and CLEAR not in (one, other):
            found[name] = other if one == "present" else one
        else:
            differing.append(f"{name}: {_said(one)} and {_said(other)}")
    if differing and same_program(old.source, new.source):
        lost.append(Lost(f"--into, {old.id or old.date}", f"told anew by the later export ({'; '.join(differing)})."))
        return replace(new, id=old.id)
    if differing:
        said: datetime | date = old.start or old.date
        what = f"the attack of {said} is told differently ({'; '.join(differing)})."
        problems.append(Problem(f"--into, {old.id or old.date}", what, _CURE))
        return old
    return replace(old, **found, note=_both_notes(old.note, new.note), source=both_sources(old.source, new.source))
