"""From a day series to the rows, weeks and centring of the model."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

HORIZON_DAYS = 28
WEEK = 7


class Design(NamedTuple):
    """One diary as the model reads it. Rows are the T known days, in order.

    `week_of_day` covers every calendar day from the first day to the end of the
    forecast; weeks are counted from the start of treatment, so a week never
    straddles it.
    """

    had: Array  # (T,) 1.0 had, 0.0 clear
    day: Whole  # (T,) offset of the row from the first day
    previous: Array  # (T,) yesterday centred; 0 where yesterday is unknown
    week: Whole  # (T,) index of the row's week
    week_of_day: Whole  # (n_days + horizon,)
    n_weeks: int
    n_days: int
    centre: float  # c, the fixed centring constant of the previous-day term
    first_day: date
    last_had: bool | None  # the state of the last day, None when unknown


def centring_constant(days: DaySeries) -> float:
    """c, the shrunken share of days had: (number had + 2) / (number known + 4)."""
    return (days.had + 2.0) / (days.known + 4.0)


def lay_out(days: DaySeries, exposure: ExposureSeries) -> Design:
    """Arrange a day series for the model.

    The previous-day term is y(t-1) - c after a known day and 0 after an unknown
    one, with c the centring constant. Raises `ValueError` when no day is known.
    """
    states = np.array([np.nan if state is None else float(state) for state in days.states])
    known = np.flatnonzero(~np.isnan(states))
    if not len(known):
        raise ValueError(f"no day of {days.outcome} is known")
    centre = centring_constant(days)
    centred = np.where(np.isnan(states), 0.0, states - centre)
    previous = np.concatenate(([0.0], centred[:-1]))[known]
    since_start = np.arange(len(states) + HORIZON_DAYS) - (exposure.start - days.first_day).days
    weeks = since_start // WEEK
    weeks = weeks - weeks[0]
    return Design(
        had=states[known],
        day=known.astype(np.int64),
        previous=previous,
        week=weeks[known],
        week_of_day=weeks,
        n_weeks=int(weeks[-1]) + 1,
        n_days=len(states),
        centre=centre,
        first_day=days.first_day,
        last_had=days.states[-1],
    )
