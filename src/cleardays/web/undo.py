"""The last thing told on the attack screen, taken back: what stood before stands again, and both stay in the events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cleardays.trial.story.diary_told import DAY_TOLD, WITHDRAWN, Cells, Key
from cleardays.trial.story.events import Event
from cleardays.web.attacks import ATTACK, DOSE, Entries, Teller

OfPlace = Callable[[int], Event]


# In the body of an entry that stands again: the place of the version it is, so that the next undo goes on from there.
_AGAIN = "again"


def undoing(entries: Entries, of_place: OfPlace, teller: Teller) -> list[Event]:
    """Events that take back the last attack, change of one, or dose, with what it said of its day; nothing if none is there.

    Args:
        entries: as they stand.
        of_place: gives the event at a place of the story.
        teller: who takes it back, and when.
    """
    found = [(key, told) for key, told in entries.items() if key[0] in (ATTACK, DOSE)]
    if not found:
        return []
    return taking_back(entries, max(found, key=lambda each: _place(each[1]))[0], of_place, teller)


def taking_back(entries: Entries, key: Key, of_place: OfPlace, teller: Teller) -> list[Event]:
    """Events that take back one entry, with what it said of its day when it was told; nothing if it is not there."""
    told = entries.get(key)
    if told is None:
        return []
    at = _told_at(told, of_place)
    days = [(other, cells) for other, cells in entries.items() if other[0] == DAY_TOLD]
    together = [each for each in days if _told_at(each[1], of_place) == at]
    return [_back(each, cells, of_place, teller) for each, cells in ((key, told), *together)]


def withdrawing(entries: Entries, key: Key, of_place: OfPlace, teller: Teller) -> list[Event]:
    """Events that take back an entry with all its versions, and what its first one said of its day."""
    told = entries.get(key)
    if told is None:
        return []
    at = of_place(told.earlier[0]).at if told.earlier else told.event.at
    days = [(other, cells) for other, cells in entries.items() if other[0] == DAY_TOLD]
    together = [each for each in days if _told_at(each[1], of_place) == at]
    withdrawn = Event(WITHDRAWN, teller.at, teller.by, {"of": key[0], "entry": key[1]})
    return [withdrawn, *(_back(each, cells, of_place, teller) for each, cells in together)]


def _place(told: Cells) -> int:
    """The place of the version that stands."""
    place = told.event.body.get(_AGAIN)
    return place if isinstance(place, int) else told.seq


def _told_at(told: Cells, of_place: OfPlace) -> datetime:
    place = _place(told)
    return told.event.at if place == told.seq else of_place(place).at


def _back(key: Key, told: Cells, of_place: OfPlace, teller: Teller) -> Event:
    """What stood before, told again; where nothing did, the entry is withdrawn."""
    kind, name = key
    before = [place for place in told.earlier if place < _place(told)]
    if not before:
        return Event(WITHDRAWN, teller.at, teller.by, {"of": kind, "entry": name})
    earlier = of_place(before[-1])
    return Event(kind, teller.at, teller.by, {**earlier.body, _AGAIN: _place(Cells({}, before[-1], earlier))})
