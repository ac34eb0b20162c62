"""The last thing told on the attack screen, taken back: what stood before stands again, and both stay in the events."""

from __future__ import annotations

from collections.abc import Callable

from cleardays.trial.story.diary_told import DAY_TOLD, WITHDRAWN, Cells, Key
from cleardays.trial.story.events import Event
from cleardays.web.attacks import ATTACK, DOSE, Entries, Teller

OfPlace = Callable[[int], Event]


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
    key, told = max(found, key=lambda each: each[1].seq)
    at = told.event.at
    together = [(other, cells) for other, cells in entries.items() if other[0] == DAY_TOLD and cells.event.at == at]
    return [_back(each, cells, of_place, teller) for each, cells in ((key, told), *together)]


def _back(key: Key, told: Cells, of_place: OfPlace, teller: Teller) -> Event:
    """What stood before, told again; where nothing did, the entry is withdrawn."""
    kind, name = key
    if not told.earlier:
        return Event(WITHDRAWN, teller.at, teller.by, {"of": kind, "entry": name})
    return Event(kind, teller.at, teller.by, dict(of_place(told.earlier[-1]).body))
