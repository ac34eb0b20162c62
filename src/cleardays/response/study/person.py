"""A simulated person: the diary as it was kept, and what was true all the while."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

MONTH = 28
START = date(2026, 3, 2)
OUTCOME = "headache_day"
TREATMENT = "the treatment"


class Truth(NamedTuple):
    """What is true of a person on the last day, in days per 28.

    `current` and `untreated` are long-run rates at the same level, that of the last four weeks, with today's
    effect and without it. `null`: the treatment does nothing to this person. `usual` is the own long-run rate
    before any treatment, `run_in` what was really had between the bad month and the start.
    """

    current: float
    untreated: float
    null: bool
    usual: float
    run_in: float

    @property
    def reduction(self) -> float:
        """R = 1 - current / untreated, the share that the treatment takes away."""
        return 1.0 - self.current / self.untreated


class Person(NamedTuple):
    """One enrolled person.

    `worst_month` is how many of the 28 days before the diary were had: the month that made the person seek help,
    and what is remembered as "before".
    """

    days: DaySeries
    exposure: ExposureSeries
    truth: Truth
    worst_month: float

    def seen(self, treated_days: int) -> DaySeries:
        """The diary as it was after so many days of treatment."""
        last = min(self.days.last_day, self.exposure.start + timedelta(days=treated_days - 1))
        return self.days.between(self.days.first_day, last)

    @property
    def treated_days(self) -> int:
        """How many days of treatment the diary covers."""
        return (self.days.last_day - self.exposure.start).days + 1


def is_bad_month(days_had: int, usual: float) -> bool:
    """Whether a month is at least 25 % worse than the own average; where that would pass 28 days, all of them."""
    return days_had >= min(1.25 * usual, MONTH)


def diary_of(states: tuple[bool | None, ...], recalled: tuple[bool, ...], before: int) -> DaySeries:
    """A day series whose treatment starts after `before` days."""
    return DaySeries(OUTCOME, START - timedelta(days=before), states, recalled)
