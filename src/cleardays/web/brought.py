"""What a file tells that somebody brings: held for a while between being shown and being kept, and what of it is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from threading import Lock
from typing import Any, NamedTuple

from cleardays.diary.records import CLEAR
from cleardays.trial.story.diary_told import ALSO_TOLD, DAY_TOLD, DIARY_KINDS, Cells, Key

_LASTS = timedelta(minutes=30)
_MOST = 20  # of one process; each is a diary
Told = tuple[str, Mapping[str, Any]]


class Brought(NamedTuple):
    """What a file tells.

    `told` are kinds and bodies of what is new; `had`, `clear` and `open` count its days with headache, without, and with
    no word about it, `beside` what else there is by its kind, `there` the days of which the diary tells something already.
    """

    layout: str
    told: tuple[Told, ...]
    first: date | None
    last: date | None
    had: int
    clear: int
    open: int
    beside: Mapping[str, int]
    there: int
    refused: tuple[tuple[str, str], ...]
    refused_count: int
    lost: tuple[tuple[str, str], ...]
    lost_count: int


def brought(found: Mapping[str, Any], entries: Mapping[Key, Cells]) -> Brought:
    """What is new in what was read: the days of which the diary tells nothing yet, with all that belongs to them.

    Args:
        found: as `apart` gives it.
        entries: of the diary as they stand.
    """
    known = {name for kind, name in entries if kind in (DAY_TOLD, ALSO_TOLD)}
    known |= {str(told.cells.get("date")) for told in entries.values()}
    told = [(str(kind), body) for kind, body in found["told"] if kind in DIARY_KINDS and "cells" in body]
    new = tuple((kind, body) for kind, body in told if _day(body) not in known)
    days = sorted(_day(body) for _, body in new)
    said = Counter(_state(body) for kind, body in new if kind == DAY_TOLD)
    return Brought(
        str(found["layout"]),
        new,
        date.fromisoformat(days[0]) if days else None,
        date.fromisoformat(days[-1]) if days else None,
        said["had"],
        said["clear"],
        said["open"],
        Counter(kind for kind, _ in new if kind != DAY_TOLD),
        len({_day(body) for _, body in told} & known),
        tuple((where, what) for where, what in found["refused"]),
        found["refused_count"],
        tuple((where, what) for where, what in found["lost"]),
        found["lost_count"],
    )


def _day(body: Mapping[str, Any]) -> str:
    return str(body["cells"].get("date", ""))


def _state(body: Mapping[str, Any]) -> str:
    headache = body["cells"].get("headache")
    return "open" if headache is None else "clear" if headache == CLEAR else "had"


class Waiting:
    """What was shown and waits to be kept: one of each person, in memory alone."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock, self._lock = clock, Lock()
        self._of: dict[str, tuple[str, datetime, Sequence[Told]]] = {}

    def put(self, person: str, told: Sequence[Told]) -> str:
        """Hold it; returns the word by which it is kept."""
        word, now = token_urlsafe(16), self._clock()
        with self._lock:
            self._of = {who: each for who, each in self._of.items() if each[1] > now and who != person}
            while len(self._of) >= _MOST:
                self._of.pop(next(iter(self._of)))
            self._of[person] = (word, now + _LASTS, told)
        return word

    def take(self, person: str, word: str) -> Sequence[Told] | None:
        """It, once; None where it is not there any more."""
        with self._lock:
            held = self._of.get(person)
            if held is None or held[0] != word or held[1] <= self._clock():
                return None
            del self._of[person]
        return held[2]

    def forget(self, person: str) -> None:
        """Hold nothing of somebody who is erased."""
        with self._lock:
            self._of.pop(person, None)
