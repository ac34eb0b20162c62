"""A later export of the same program: within the days it covers, it tells its own entries anew.

What the diary holds solely from that program goes, so that a changed start makes
no second attack and a changed amount no second dose; what the person or another
program told stays. Each change is listed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import NamedTuple, TypeVar

from cleardays.diary.beside import Beside
from cleardays.diary.entries import Attack, AuraSymptom, DoseEntry, Event
from cleardays.diary.records import ITEMS, DayRecord, Diary, Lost

_MOST_LISTED = 40
_COMPARED = (*ITEMS, "status", "tz", "note")
_GONE = "no longer in the later export; left out."
_NOT_COMPARED = ("id", "source")
_LONGEST_SAID = 60

_T = TypeVar("_T")
_Tied = TypeVar("_Tied", AuraSymptom, DoseEntry)
_Dated = TypeVar("_Dated", AuraSymptom, DoseEntry, Event)
_Entry = DayRecord | Attack | DoseEntry | Event


class Anew(NamedTuple):
    """A diary without what is told anew, and what has changed."""

    diary: Diary
    lost: list[Lost]


def program_of(diary: Diary) -> str | None:
    """The one program that told everything in it; None where there are several, or the person."""
    told = {entry.source for entry in _entries(diary)}
    program = told.pop() if len(told) == 1 else None
    return program if program is not None and program.startswith("import:") and "; " not in program else None


def told_anew(old: Diary, new: Diary) -> Anew:
    """`old` without what its program tells anew in `new`, a later export."""
    program = program_of(new)
    days = _covered(new)
    if program is None or not days:
        return Anew(old, [])
    first, last = days
    names = {attack.id for attack in new.beside.attacks} - {None}

    def told(entry: _Entry) -> bool:
        return entry.source == program and first <= entry.date <= last

    records = {record.date: record for record in old.records if told(record)}
    attacks = [a for a in old.beside.attacks if told(a) or (a.source == program and a.id in names)]
    if not attacks and not any(map(told, _entries(old))):
        return Anew(old, [])
    pairs = _pairs(attacks, new.beside.attacks)
    beside = _kept(old.beside, new.beside, attacks, records, pairs, told)
    kept = tuple(record for record in old.records if record.date not in records)
    return Anew(replace(old, records=kept, beside=beside), _changes(old, new, records, attacks, pairs, beside))


def _entries(diary: Diary) -> list[_Entry]:
    """Everything that says who told it."""
    beside = diary.beside
    return [*diary.records, *beside.attacks, *beside.doses, *beside.events]


def _covered(new: Diary) -> tuple[date, date] | None:
    days = [entry.date for entry in _entries(new)]
    return (min(days), max(days)) if days else None


# ---- which attack is which

_Pairs = dict[int, Attack]  # by the identity of the old attack


def _pairs(old: Sequence[Attack], new: Sequence[Attack]) -> _Pairs:
    """What each old attack has become: the one of that content, name or start, else one of that day."""
    keys: tuple[Callable[[Attack], object], ...] = (_content, lambda a: a.id, lambda a: a.start, lambda a: a.date)
    found: _Pairs = {}
    free = list(new)
    for key in keys:
        there: dict[object, list[Attack]] = defaultdict(list)
        for attack in free:
            if key(attack) is not None:
                there[key(attack)].append(attack)
        for attack in old:
            if id(attack) not in found and there.get(key(attack)):
                found[id(attack)] = there[key(attack)].pop(0)
        taken = {id(attack) for attack in found.values()}
        free = [attack for attack in free if id(attack) not in taken]
    return found


def _content(attack: Attack) -> str:
    return repr(replace(attack, id=None, source=None))


# ---- what stays


def _kept(
    old: Beside,
    new: Beside,
    attacks: Sequence[Attack],
    records: dict[date, DayRecord],
    pairs: _Pairs,
    told: Callable[[DoseEntry | Event], bool],
) -> Beside:
    """Everything beside the days that is not told anew; what was tied to an attack stays tied to what it has become."""
    gone = {id(attack) for attack in attacks}
    names = {attack.id: pairs[id(attack)].id if id(attack) in pairs else None for attack in attacks if attack.id is not None}

    def tied(entry: _Tied) -> _Tied:
        return replace(entry, attack=names[entry.attack]) if entry.attack in names else entry

    def own(aura: AuraSymptom) -> bool:
        return aura.date in records if aura.attack is None else aura.attack in names

    return replace(
        old,
        attacks=tuple(attack for attack in old.attacks if id(attack) not in gone),
        auras=_still_told([(tied(aura), own(aura)) for aura in old.auras], new.auras),
        doses=_still_told([(tied(dose), told(dose)) for dose in old.doses], new.doses),
        events=_still_told([(event, told(event)) for event in old.events], new.events),
    )


def _still_told(old: Iterable[tuple[_T, bool]], new: Iterable[_T]) -> tuple[_T, ...]:
    """What is not the program's own, and of its own what it tells in the very same way, each in its place."""
    there = Counter(new)
    kept = []
    for entry, own in old:
        if own and not there[entry]:
            continue
        if own:
            there[entry] -= 1
        kept.append(entry)
    return tuple(kept)


# ---- what has changed


def _changes(
    old: Diary, new: Diary, records: dict[date, DayRecord], attacks: Sequence[Attack], pairs: _Pairs, kept: Beside
) -> list[Lost]:
    lost = _days(old, new, records, kept)
    for attack in attacks:
        where = f"--into, the attack of {attack.start.strftime('%Y-%m-%d %H:%M') if attack.start else attack.date}"
        now = pairs.get(id(attack))
        if now is None:
            lost.append(Lost(where, _GONE))
        elif changed := _differing(attack, now, [f.name for f in fields(Attack) if f.name not in _NOT_COMPARED]):
            lost.append(Lost(where, _anew(changed)))
    more = len(lost) - _MOST_LISTED
    return lost if more <= 0 else [*lost[:_MOST_LISTED], Lost("--into", f"and {more:,} more changes by the later export.")]


def _days(old: Diary, new: Diary, records: dict[date, DayRecord], kept: Beside) -> list[Lost]:
    changed: dict[date, list[str]] = defaultdict(list)
    now = {record.date: record for record in new.records}
    for day, record in records.items():
        if day in now:
            changed[day] += _differing(record, now[day], _COMPARED)
    for table, said in _TABLES.items():
        before, stays, after = (getattr(beside, table) for beside in (old.beside, kept, new.beside))
        for day, what in _entries_changed(before, stays, after, said).items():
            changed[day].append(f"{table}: {what}")
    vanished = records.keys() - now.keys()
    return [
        Lost(f"--into, {day}", _GONE if day in vanished else _anew(changed[day]))
        for day in sorted(vanished | {day for day, what in changed.items() if what})
    ]


def _entries_changed(
    old: Iterable[_Dated], kept: Iterable[_Dated], new: Iterable[_Dated], said: Callable[..., str]
) -> dict[date, str]:
    """By day: what was dropped and is not told in the same way again, and what is told now."""
    stays = Counter(map(_bare, kept))
    dropped, told = Counter(map(_bare, old)) - stays, Counter(map(_bare, new)) - stays
    gone, come = dropped - told, told - dropped
    by_day: dict[date, str] = {}
    for day in {entry.date for entry in gone}:
        before, after = ([said(e) for e in several.elements() if e.date == day] for several in (gone, come))
        by_day[day] = f"{', '.join(sorted(before))} -> {', '.join(sorted(after)) or 'nothing'}"
    return by_day


def _bare(entry: _Dated) -> _Dated:
    """An entry without who told it, and without its attack, whose name may have changed."""
    if isinstance(entry, AuraSymptom):
        return replace(entry, attack=None)
    if isinstance(entry, DoseEntry):
        return replace(entry, source=None, attack=None)
    return replace(entry, source=None)


def _dose_said(dose: DoseEntry) -> str:
    amount = "" if dose.amount is None else f" {dose.amount:f} {dose.unit or ''}".rstrip()
    return f"{dose.name or dose.drug or 'a dose'}{amount}"


_TABLES: dict[str, Callable[..., str]] = {
    "doses": _dose_said,
    "events": lambda event: event.term,
    "auras": lambda aura: aura.type or "an aura",
}


def _differing(old: object, new: object, names: Iterable[str]) -> list[str]:
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return [f"{name}: {_said(one)} -> {_said(other)}" for name, one, other in pairs if one != other]


def _said(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else "nothing" if value is None else str(value)
    return text if len(text) <= _LONGEST_SAID else f"{text[:_LONGEST_SAID]}..."


def _anew(changed: Sequence[str]) -> str:
    return f"told anew by the later export ({'; '.join(changed)})."
