"""One outcome of one diary, day by day, with nothing filled in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple


class DaySeries(NamedTuple):
    """An outcome on consecutive local calendar days: True had, False clear, None unknown.

    `recalled` marks the known days that were written down later than the end of
    the next day. Both tuples have one entry for each day from `first_day` on.
    """

    outcome: str
    first_day: date
    states: tuple[bool | None, ...]
    recalled: tuple[bool, ...]

    @property
    def last_day(self) -> date:
        """The last day of the series, included."""
        return self.first_day + timedelta(days=len(self.states) - 1)

    @property
    def known(self) -> int:
        """How many days are known."""
        return sum(state is not None for state in self.states)

    @property
    def had(self) -> int:
        """How many days had the outcome."""
        return sum(state is True for state in self.states)

    def before(self, start: date, most: int) -> DaySeries | None:
        """The stretch before `start` that holds the last known days, at most `most`; None without any."""
        known = [i for i in range(min(len(self.states), (start - self.first_day).days)) if self.states[i] is not None]
        if not known:
            return None
        return self.between(self.first_day + timedelta(days=known[-most:][0]), start - timedelta(days=1))

    def between(self, first: date, last: date) -> DaySeries:
        """The days from `first` to `last`; days outside the series are unknown."""
        states: list[bool | None] = []
        recalled: list[bool] = []
        for offset in range((first - self.first_day).days, (last - self.first_day).days + 1):
            inside = 0 <= offset < len(self.states)
            states.append(self.states[offset] if inside else None)
            recalled.append(self.recalled[offset] if inside else False)
        return DaySeries(self.outcome, first, tuple(states), tuple(recalled))


class AmountSeries(NamedTuple):
    """An outcome that comes in amounts, on consecutive local calendar days: None is unknown, 0 a day without any.

    `most` is the greatest amount there can be, None where there is none; `averaged` says that it is told as a mean
    per day (a craving from 0 to 10) and not added up (drinks). `unnumbered` are the offsets of days that had some,
    nobody knows how much; their value is None.
    """

    outcome: str
    first_day: date
    values: tuple[float | None, ...]
    recalled: tuple[bool, ...]
    most: int | None
    averaged: bool
    unnumbered: frozenset[int] = frozenset()

    @property
    def days(self) -> DaySeries:
        """Whether there was any, day by day."""
        told = enumerate(self.values)
        states = tuple(at in self.unnumbered or None if value is None else value > 0 for at, value in told)
        return DaySeries(self.outcome, self.first_day, states, self.recalled)
