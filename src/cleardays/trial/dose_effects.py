"""The side effects that were told at a dose, each once, with what was said of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from cleardays.diary.entries import SEVERITIES, Event
from cleardays.diary.records import Diary
from cleardays.texts import clean
from cleardays.trial.dose_levels import Stretch
from cleardays.trial.told_treatments import key

_EFFECT = "side_effect"
_LONGEST = 200


class Effect(NamedTuple):
    """One effect told within a level: how often, from which day on, how bad at worst, and since when where that is earlier.

    `attribution` is whose effect it was said to be; `ended` the day it ended, where that was told; None was not told.
    """

    term: str
    told: int
    on: date
    since: date | None
    severity: str | None
    serious: bool | None
    attribution: str | None
    ended: date | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        days = {name: None if (day := getattr(self, name)) is None else day.isoformat() for name in ("on", "since", "ended")}
        return {**self._asdict(), **days}


def effects_within(diary: Diary, treatment: str, of: Stretch, as_of: date) -> tuple[Effect, ...]:
    """What was told on the days of a level, of this treatment or of none in particular; the worst first."""
    events = [event for event in diary.beside.events if event.kind == _EFFECT and of.first <= event.date <= min(of.last, as_of)]
    own = [event for event in events if event.drug is None or key(event.drug) == key(treatment)]
    in_order = sorted(own, key=lambda event: (event.term.casefold(), event.date))
    found = [_effect(list(same), as_of) for _, same in groupby(in_order, key=lambda event: event.term.casefold())]
    return tuple(sorted(found, key=lambda each: (not each.serious, -_grade(each.severity), each.on, each.term)))


def _effect(same: Sequence[Event], as_of: date) -> Effect:
    ends = [event.until for event in same if event.until is not None and event.until <= as_of]
    begun = [event.since for event in same if event.since is not None]
    worst = max((event.severity for event in same), key=_grade)
    said = [event.attribution for event in same if event.attribution is not None]
    serious = [event.serious for event in same if event.serious is not None]
    return Effect(
        clean(same[0].term, _LONGEST),
        len(same),
        same[0].date,
        min(begun, default=None),
        worst,
        any(serious) if serious else None,
        said[-1] if said else None,
        max(ends, default=None) if same[-1].until is not None else None,
    )


def _grade(severity: str | None) -> int:
    return -1 if severity is None else SEVERITIES.index(severity)
