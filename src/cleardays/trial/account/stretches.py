"""Stretches of days as they are counted on a page: which days had it, which are known, and what that is in 28.

Unknown days are neither. A rate is given only where enough days are known and the answered days are a fair sample of
the reported ones; a count always stands with the days it was counted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.rules import day_rules

States = NDArray[np.int8]  # 1 had, -1 not, 0 unknown; one a day
TAIL = 0.05  # of a central 90 % interval
_DRAWS = 4096
_MOST_ALIKE = 0.9  # correlation of one day with the next


class Stretch(NamedTuple):
    """Some days in a row: those that had it, those of which nobody knows, and the rate in 28 days where one is given.

    `amount` is the sum over the known days of what comes in amounts, None of what does not.
    """

    first: date
    last: date
    had: tuple[date, ...]
    unknown: tuple[date, ...]
    per_28: float | None
    amount: float | None = None

    @property
    def days(self) -> int:
        """From the first to the last, both included."""
        return (self.last - self.first).days + 1

    @property
    def known(self) -> int:
        """How many of them are known."""
        return self.days - len(self.unknown)

    @property
    def tally(self) -> int:
        """How many had it."""
        return len(self.had)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "days": self.days,
            "known": self.known,
            "had": self.tally,
            "per_28": self.per_28,
            "amount": self.amount,
            "days_had": [day.isoformat() for day in self.had],
            "days_unknown": [day.isoformat() for day in self.unknown],
        }


def stretch_of(states: States, first_day: date, first: date, last: date, *, reported: int | None = None) -> Stretch:
    """Count the days from `first` to `last`; days outside the states are unknown.

    Args:
        states: one answer a day, from `first_day` on.
        first_day: of the states.
        first: of the stretch.
        last: of the stretch, included.
        reported: days of the stretch of which the diary says anything; None, the known ones.
    """
    had, unknown = list[date](), list[date]()
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        at = (day - first_day).days
        state = int(states[at]) if 0 <= at < len(states) else 0
        if state == 1:
            had.append(day)
        elif not state:
            unknown.append(day)
    days = (last - first).days + 1
    return Stretch(first, last, tuple(had), tuple(unknown), _per_28(len(had), days - len(unknown), reported))


def _per_28(had: int, known: int, reported: int | None) -> float | None:
    rules = day_rules()
    asked = known if reported is None else reported
    fair = asked > 0 and known >= rules.complete_share * asked
    return rules.window_days * had / known if fair and known >= rules.least_logged_days else None


def change_between(before: Stretch, recent: Stretch, alike: float) -> tuple[float, tuple[float, float]] | None:
    """The change in days per 28 between two stretches, with its central 90 % interval; None where a rate is missing.

    Each rate is uncertain as a share of so many days is (a beta distribution, Jeffreys prior), of fewer days than were
    counted because neighbouring days resemble each other: n (1 - r) / (1 + r) of n.

    Args:
        before: the one.
        recent: the other.
        alike: correlation r of one day with the next.
    """
    if before.per_28 is None or recent.per_28 is None:
        return None
    month = day_rules().window_days
    random = np.random.default_rng([20260302, before.tally, recent.tally])
    drawn = [month * _shares(stretch, alike, random) for stretch in (before, recent)]
    lower, upper = np.quantile(drawn[1] - drawn[0], [TAIL, 1 - TAIL])
    return recent.per_28 - before.per_28, (float(lower), float(upper))


def _shares(stretch: Stretch, alike: float, random: np.random.Generator) -> NDArray[np.float64]:
    worth = (1 - alike) / (1 + alike)
    had, rest = worth * stretch.tally, worth * (stretch.known - stretch.tally)
    return random.beta(0.5 + had, 0.5 + rest, _DRAWS)


def likeness(parts: Sequence[States]) -> float:
    """Correlation of a known day with the known day after it, within each part; 0 where it is negative or cannot be told.

    >>> round(likeness([np.array([1, 1, 1, -1, -1, -1, 0, 1, 1], dtype=np.int8)]), 2)
    0.69
    """
    products, squares = 0.0, 0.0
    for part in parts:
        known = part[part != 0]
        if not len(known):
            continue
        centred = np.where(part == 0, 0.0, part - known.mean())
        both = (part[:-1] != 0) & (part[1:] != 0)
        if both.any():
            products += float((centred[:-1] * centred[1:])[both].mean()) * len(known)
            squares += float((centred[part != 0] ** 2).mean()) * len(known)
    return min(_MOST_ALIKE, max(0.0, products / squares)) if squares else 0.0
