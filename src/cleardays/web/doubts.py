"""Days that two devices told in two ways: every version of them, and what is told when somebody says which is right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from cleardays.trial.story.diary_told import ALSO_TOLD, DAY_TOLD, Cells, Key
from cleardays.trial.story.events import Event
from cleardays.web.attacks import Teller
from cleardays.web.undo import OfPlace

# Not of what happened: when and by what it was written down.
_NOT_SHOWN = ("date", "source", "status", "reported_at", "backfilled_days", "tz")


class Version(NamedTuple):
    """One way in which a day was told: its place in the story, its cells, and when it was written down."""

    place: int
    cells: Mapping[str, str]
    at: datetime

    @property
    def shown(self) -> dict[str, str]:
        """What it says of the day."""
        return {name: value for name, value in self.cells.items() if name not in _NOT_SHOWN}


class Doubt(NamedTuple):
    """A day with its versions, the one that stands first; `differing` are the cells that they tell otherwise."""

    day: str
    versions: tuple[Version, ...]

    @property
    def differing(self) -> tuple[str, ...]:
        """The names of those cells, in the order in which they are told."""
        names = dict.fromkeys(name for each in self.versions for name in each.shown)
        return tuple(name for name in names if len({each.shown.get(name) for each in self.versions}) > 1)


def doubts_of(entries: Mapping[Key, Cells], of_place: OfPlace) -> list[Doubt]:
    """The days that wait for somebody to say which is right, the latest first."""
    days = sorted((name for kind, name in entries if kind == ALSO_TOLD), reverse=True)
    return [doubt for day in days if (doubt := _doubt(entries, day, of_place)) is not None]


def _doubt(entries: Mapping[Key, Cells], day: str, of_place: OfPlace) -> Doubt | None:
    stands, also = entries.get((DAY_TOLD, day)), entries[ALSO_TOLD, day]
    versions = [Version(also.seq, also.cells, also.event.at)]
    for place in reversed(also.earlier):
        event = of_place(place)
        versions.append(Version(place, event.body["cells"], event.at))
    if stands is not None:
        versions.insert(0, Version(stands.seq, stands.cells, stands.event.at))
    return Doubt(day, tuple(versions))


def settling(doubt: Doubt, place: int, teller: Teller) -> Event | None:
    """The event that says which version is right; None where it is none of them.

    It was written down when it was written down: that it is confirmed later does not make it one that was recalled later.
    """
    chosen = next((each for each in doubt.versions if each.place == place), None)
    if chosen is None:
        return None
    cells = {"reported_at": chosen.at.isoformat(timespec="seconds"), **chosen.cells}
    return Event(DAY_TOLD, teller.at, teller.by, {"cells": cells})
