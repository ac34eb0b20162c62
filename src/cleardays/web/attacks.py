"""An attack as the attack screen tells it: its beginning, how bad, what was taken, its end; and the last of it taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from uuid import uuid4

from cleardays.diary.records import HEADACHE_LEVELS
from cleardays.trial.story.diary_told import DAY_TOLD, Cells, Key
from cleardays.trial.story.events import Actor, Event
from cleardays.web.medicine_names import may_relieve, medicine_of

ATTACK, DOSE = "attack.told", "dose.told"
Entries = Mapping[Key, Cells]
LEVELS = ("mild", "moderate", "severe")
# An attack that nobody ended: after this it is asked about in the morning, and the screen begins anew.
GOES_ON = timedelta(hours=72)


class Running(NamedTuple):
    """An attack that goes on: its entry, when it began, how bad it is, and what was taken for it so far."""

    entry: str
    start: datetime
    level: str | None
    taken: tuple[str, ...]


class Teller(NamedTuple):
    """When, where on the clock, and by whom something is told."""

    at: datetime
    zone: tzinfo
    by: Actor

    @property
    def stamp(self) -> str:
        """The time on the person's clock, with its offset."""
        return self.at.astimezone(self.zone).isoformat(timespec="minutes")

    @property
    def day(self) -> str:
        """The person's calendar day."""
        return self.stamp[:10]


def running(entries: Entries, now: datetime) -> Running | None:
    """The attack that goes on, the one that began last; None where none does."""
    found = _last(entries, now)
    if found is None:
        return None
    name, told = found
    taken = [cells.cells for (kind, _), cells in entries.items() if kind == DOSE and cells.cells.get("attack") == name]
    drugs = tuple(dose.get("name") or dose.get("drug") or "" for dose in taken)
    return Running(name, datetime.fromisoformat(told.cells["start"]), told.cells.get("headache"), drugs)


def beginning(entries: Entries, level: str | None, teller: Teller) -> list[Event]:
    """An attack begins now: the attack, and its day as one with headache; one that goes on only gets worse or better."""
    known = running(entries, teller.at)
    if known is not None:
        return changing(entries, known.entry, {"headache": _level(level)}, teller)
    name = uuid4().hex[:24]
    cells = {"id": name, "date": teller.day, "start": teller.stamp, "headache": _level(level), "source": "patient"}
    return [_told(ATTACK, {"entry": name, "cells": cells}, teller), *day_with(entries, teller.day, _level(level), teller)]


def ending(entries: Entries, teller: Teller) -> list[Event]:
    """The attack is over now; nothing where none goes on."""
    known = running(entries, teller.at)
    return [] if known is None else changing(entries, known.entry, {"end": teller.stamp}, teller)


def taking(entries: Entries, dose: Mapping[str, str], teller: Teller) -> list[Event]:
    """A dose for the attack that goes on, or for none; the attack is not begun by it."""
    known = running(entries, teller.at)
    cells = {**dose, "date": teller.day, "time": teller.stamp[11:16], "kind": "acute", "state": "taken", "source": "patient"}
    if known is not None:
        cells["attack"] = known.entry
    return [_told(DOSE, {"entry": uuid4().hex[:24], "cells": cells}, teller)]


def last_taken(entries: Entries, most: int = 3) -> list[dict[str, str]]:
    """The acute medicines that were taken last, each once with its last amount, the latest first.

    What is taken to prevent attacks is never among them, however it was told.
    """
    found: dict[str, dict[str, str]] = {}
    doses = [told for (kind, _), told in entries.items() if kind == DOSE and told.cells.get("kind") == "acute"]
    for told in sorted(doses, key=lambda each: (each.cells["date"], each.cells.get("time", "")), reverse=True):
        name = told.cells.get("drug") or told.cells.get("name")
        if name and name not in found and may_relieve(medicine_of(told.cells)):
            kept = ("drug", "name", "acute_class", "amount", "unit", "route")
            found[name] = {key: told.cells[key] for key in kept if key in told.cells}
    return list(found.values())[:most]


def changing(entries: Entries, entry: str, more: Mapping[str, str], teller: Teller) -> list[Event]:
    """An attack with some cells anew, and its day where it says now how bad."""
    cells = {**entries[ATTACK, entry].cells, **more}
    told = [_told(ATTACK, {"entry": entry, "cells": cells}, teller)]
    return [*told, *day_with(entries, teller.day, more["headache"], teller)] if "headache" in more else told


def day_with(entries: Entries, day: str, level: str, teller: Teller) -> list[Event]:
    """A day as one with headache, at its worst; nothing where it says so already."""
    known = entries.get((DAY_TOLD, day))
    cells = dict(known.cells) if known is not None else {"date": day, "status": "partial", "source": "patient"}
    worst = max(_level(level), cells.get("headache", "clear"), key=HEADACHE_LEVELS.index)
    if cells.get("headache") == worst:
        return []
    cells["headache"] = worst
    for cell in ("reported_at", "backfilled_days"):  # of the version before
        cells.pop(cell, None)
    return [_told(DAY_TOLD, {"cells": cells}, teller)]


def _last(entries: Entries, now: datetime) -> tuple[str, Cells] | None:
    attacks = [(name, told) for (kind, name), told in entries.items() if kind == ATTACK and "start" in told.cells]
    going = [each for each in attacks if "end" not in each[1].cells and _recent(each[1].cells["start"], now)]
    return max(going, key=lambda each: each[1].cells["start"], default=None)


def _recent(start: str, now: datetime) -> bool:
    began = datetime.fromisoformat(start)
    return began.tzinfo is not None and timedelta(0) <= now - began + timedelta(minutes=1) <= GOES_ON


def _level(level: str | None) -> str:
    return level if level in LEVELS else "present"


def _told(kind: str, body: dict[str, Any], teller: Teller) -> Event:
    return Event(kind, teller.at, teller.by, body)
