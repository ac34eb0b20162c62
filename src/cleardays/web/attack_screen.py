"""What the attack screen shows: how it stands, and at most four things to do. js/attack_model.js says the same on the phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from cleardays.trial.story.diary_told import Cells
from cleardays.web.attacks import ATTACK, DOSE, GOES_ON, LEVELS, Entries, last_taken, running

IDLE, GOING, ENDED = "idle", "going", "ended"
HELP = "help"
# An attack is hardly over when it has just begun: for so long the place of "over" is free for the colours.
_YOUNG = timedelta(minutes=15)
# What ended shortly ago can be taken back from here; later the diary is the place to correct it.
_JUST_ENDED = timedelta(hours=12)
# The same medicine is not offered again at once: a second tap would be a second dose.
_JUST_TAKEN = timedelta(hours=2)
_TIMES = {"young": _YOUNG, "ended": _JUST_ENDED, "taken": _JUST_TAKEN, "going": GOES_ON}
_MINUTE = timedelta(minutes=1)
Told = tuple[str, Cells]


class Screen(NamedTuple):
    """How it stands: the attack with what was taken for it, the medicine that is offered, and the buttons from the top."""

    state: str
    attack: Told | None
    doses: tuple[Told, ...]
    offered: Mapping[str, str] | None
    buttons: tuple[str, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The attack and its doses for the script of the screen."""
        return {
            "attack": None if self.attack is None else {"entry": self.attack[0], "cells": dict(self.attack[1].cells)},
            "doses": [{"entry": name, "cells": dict(told.cells), "at": told.event.at.isoformat()} for name, told in self.doses],
            "minutes": {name: each // _MINUTE for name, each in _TIMES.items()},
        }


def screen_of(entries: Entries, now: datetime, *, reads: bool = True) -> Screen:
    """The screen for a diary.

    Args:
        entries: as they stand.
        now: the instant.
        reads: whether the viewer may read the diary; a device that may only add sees no medicine of before.
    """
    going = running(entries, now)
    attack = (going.entry, entries[ATTACK, going.entry]) if going is not None else _just_ended(entries, now)
    if attack is None:
        return Screen(IDLE, None, (), None, (*LEVELS, HELP))
    doses = _doses_for(entries, attack[0])
    if going is None:
        return Screen(ENDED, attack, doses, None, ("again", "undo", "colour", HELP))
    offered = next((each for each in last_taken(entries) if not _taken_just_now(each, doses, now)), None) if reads else None
    return Screen(GOING, attack, doses, offered, _buttons(offered is not None, now - going.start))


def _buttons(offered: bool, since: timedelta) -> tuple[str, ...]:
    if not offered:
        return ("over", "undo", "colour", HELP)
    return ("took", "undo", "colour", HELP) if since < _YOUNG else ("took", "over", "undo", HELP)


def _just_ended(entries: Entries, now: datetime) -> Told | None:
    found = [(name, told) for (kind, name), told in entries.items() if kind == ATTACK and "end" in told.cells]
    last = max(found, key=lambda each: each[1].seq, default=None)
    if last is None:
        return None
    end = datetime.fromisoformat(last[1].cells["end"])
    return last if end.tzinfo is not None and now - end <= _JUST_ENDED else None


def _doses_for(entries: Entries, attack: str) -> tuple[Told, ...]:
    found = [(name, told) for (kind, name), told in entries.items() if kind == DOSE and told.cells.get("attack") == attack]
    return tuple(sorted(found, key=lambda each: each[1].seq))


def _taken_just_now(medicine: Mapping[str, str], doses: Sequence[Told], now: datetime) -> bool:
    return any(name_of(told.cells) == name_of(medicine) and now - told.event.at < _JUST_TAKEN for _, told in doses)


def name_of(medicine: Mapping[str, str]) -> str:
    """How a medicine is called: as the person called it, or by its name in the catalogue."""
    return medicine.get("name") or medicine.get("drug") or ""
