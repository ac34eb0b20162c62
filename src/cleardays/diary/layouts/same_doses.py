"""Doses that two programs tell: one dose where nothing that they say of it differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from cleardays.diary.entries import DoseEntry
from cleardays.diary.layouts.intake import DOSES
from cleardays.diary.layouts.words import fold

PATIENT = "patient"  # who tells what has no source
_CLOSE = timedelta(hours=3)  # two programs seldom note the same minute
_COMPARED = ("kind", "acute_class", "route", "state", "reason", "relief_2h")
_FILLED = (*_COMPARED, "time", "drug", "name", "attack", "plan_step")
_MOST_TRIED = 200  # nobody takes more in a day
_Fits = Callable[[DoseEntry, DoseEntry], bool]


def both_sources(old: str | None, new: str | None) -> str | None:
    """Everybody who told something; what has no source was told by the person."""
    if old == new or (new or PATIENT) in (old or PATIENT).split("; "):
        return old
    return f"{old or PATIENT}; {new or PATIENT}"


def added_doses(old: Sequence[DoseEntry], new: Sequence[DoseEntry]) -> tuple[DoseEntry, ...]:
    """The doses of both, each once.

    Told in the very same words they are as many as in the diary that tells more of
    them. Those of two programs are one where what they say agrees; what only one
    of them says is filled in.
    """
    found = list(old)
    free, left = set(range(len(old))), list(range(len(new)))
    for stage in _STAGES:
        pairs = stage(found, free, new, left)
        for place, number in pairs.items():
            found[place] = _one(found[place], new[number])
        free -= pairs.keys()
        left = [number for number in left if number not in pairs.values()]
    return (*found, *(new[number] for number in left))


def _alike(
    old: Sequence[DoseEntry], free: set[int], new: Sequence[DoseEntry], left: list[int], *, source: bool
) -> dict[int, int]:
    """Pairs that are told in the very same words, by the same tellers or by any."""

    def content(dose: DoseEntry) -> DoseEntry:
        return dose if source else replace(dose, source=None)

    places: dict[DoseEntry, list[int]] = defaultdict(list)
    for place in sorted(free, reverse=True):
        places[content(old[place])].append(place)
    return {there.pop(): number for number in left if (there := places.get(content(new[number])))}


def _paired(
    old: Sequence[DoseEntry], free: set[int], new: Sequence[DoseEntry], left: Sequence[int], fits: _Fits
) -> dict[int, int]:
    """As many pairs as there can be: place of the old dose -> number of the new one."""
    pairs: dict[int, int] = {}
    by_day: dict[date, list[int]] = defaultdict(list)
    for place in sorted(free):
        by_day[old[place].date].append(place)

    def pair(number: int, tried: set[int]) -> bool:
        if len(tried) > _MOST_TRIED:
            return False
        places = [place for place in by_day.get(new[number].date, ()) if place not in tried and fits(old[place], new[number])]
        for place in sorted(places, key=lambda place: (place in pairs, _apart(old[place], new[number]), place)):
            if place in tried:
                continue
            tried.add(place)
            if place not in pairs or pair(pairs[place], tried):
                pairs[place] = number
                return True
        return False

    for number in left:
        pair(number, set())
    return pairs


def _adds_nothing(old: DoseEntry, new: DoseEntry) -> bool:
    """A dose that this program told before, and another with it, and of which it says nothing new."""
    return _known_already(old, new) and _one(old, new) == old


def _known_already(old: DoseEntry, new: DoseEntry) -> bool:
    """The same, perhaps with something new."""
    told = (old.source or PATIENT).split("; ")
    return len(told) > 1 and (new.source or PATIENT) in told and same_dose(old, new)


def _of_another(old: DoseEntry, new: DoseEntry) -> bool:
    told = {*(old.source or PATIENT).split("; ")}
    return told.isdisjoint((new.source or PATIENT).split("; ")) and same_dose(old, new)


def same_dose(old: DoseEntry, new: DoseEntry) -> bool:
    """Whether two tellings can be of one dose: the same medicine on one day, and nothing told differently."""
    if old.date != new.date or not _one_medicine(old, new):
        return False
    agree = all(None in (one, other) or one == other for one, other in ((getattr(old, n), getattr(new, n)) for n in _COMPARED))
    one, other = _amount(old), _amount(new)
    return agree and (None in (one, other) or one == other) and _apart(old, new) <= _CLOSE


def _one_medicine(old: DoseEntry, new: DoseEntry) -> bool:
    if old.drug is not None or new.drug is not None:
        return old.drug == new.drug
    return bool(old.name and new.name) and fold(old.name or "") == fold(new.name or "")


def _amount(dose: DoseEntry) -> tuple[Any, str | None] | None:
    """Its strength; that it was one dose says nothing of that."""
    if dose.amount is None or (dose.unit == DOSES and dose.amount == 1):
        return None
    return dose.amount, dose.unit


def _apart(old: DoseEntry, new: DoseEntry) -> timedelta:
    if old.time is None or new.time is None:
        return _CLOSE  # it may be the same; one that is told with its time is nearer
    one, other = (datetime.strptime(time, "%H:%M") for time in (old.time, new.time))
    return abs(one - other)


def _one(old: DoseEntry, new: DoseEntry) -> DoseEntry:
    filled = {name: getattr(new, name) for name in _FILLED if getattr(old, name) is None}
    if _amount(old) is None and (_amount(new) is not None or old.amount is None):
        filled |= {"amount": new.amount, "unit": new.unit}
    return replace(old, **filled, source=both_sources(old.source, new.source))


_STAGES = (
    partial(_alike, source=True),
    partial(_paired, fits=_adds_nothing),
    partial(_alike, source=False),
    partial(_paired, fits=_known_already),
    partial(_paired, fits=_of_another),
)
