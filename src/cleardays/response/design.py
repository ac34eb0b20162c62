"""From a day series to the rows, runs, weeks and centring of the model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.quantities import DayCovariate, ExposureSeries
from cleardays.response.onset import delayed_exposure
from cleardays.response.runs import Runs, lay_runs

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

HORIZON_DAYS = 28
WEEK = 7
ALONE = -1
USUAL, CARRY, EFFECT, BESIDE = 0, 1, 2, 3  # the columns of mu, rho, delta, and the first of what else there is


class Circumstances(NamedTuple):
    """What else went on: other treatments, each with its own effect, and what differs from day to day.

    `onset_days` is the time constant of the other treatments, fixed: one diary cannot tell it.
    """

    others: tuple[ExposureSeries, ...] = ()
    covariates: tuple[DayCovariate, ...] = ()
    onset_days: float = 14.0


NOTHING_ELSE = Circumstances()


class Rows(NamedTuple):
    """Logistic rows: `yes` of `trials` answers, with covariates; the treatment's exposure of the day goes into one or two."""

    day: Whole  # (T,) offset of the row from the first day, in order
    yes: Array  # (T,)
    trials: Array  # (T,)
    x: Array  # (T, p), exposure apart
    exposed: Whole  # (T,) the column of the exposure
    also: Whole  # (T,) a second column of the exposure; ALONE where there is none
    single: bool  # all trials are 1


class Design(NamedTuple):
    """One diary as the model reads it.

    `row_of_day` covers every calendar day from the first day to the end of the
    forecast, without yesterday and without the treatment's exposure; `week_of_day`
    counts weeks from the start of treatment, so a week never straddles it.
    """

    rows: Rows
    runs: Runs
    known_days: Whole  # offsets of all known days
    last_had: bool  # the state written last
    recalled_last: bool  # and whether that was from memory
    row_of_day: Array  # (n_days + horizon, p)
    week_of_day: Whole  # (n_days + horizon,)
    n_weeks: int
    n_days: int
    centre: float  # c, the fixed centring constant of the previous-day term
    first_day: date
    recalled: bool  # whether some day was written down from memory


def centring_constant(days: DaySeries) -> float:
    """c, the shrunken share of days had: (number had + 2) / (number known + 4)."""
    return (days.had + 2.0) / (days.known + 4.0)


def lay_out(days: DaySeries, exposure: ExposureSeries, beside: Circumstances = NOTHING_ELSE) -> Design:
    """Arrange a day series for the model.

    Raises:
        ValueError: no day is known.
    """
    states = np.array(days.states, dtype=float)  # an unknown day is not a number
    known = np.flatnonzero(~np.isnan(states))
    if not len(known):
        raise ValueError(f"no day of {days.outcome} is known")
    centre = centring_constant(days)
    plain, runs = lay_runs(days.states, days.recalled)
    span = len(states) + HORIZON_DAYS
    weeks = (np.arange(span) - (exposure.start - days.first_day).days) // WEEK
    weeks = weeks - weeks[0]
    row_of_day = _rows(days.first_day, span, beside)
    return Design(
        rows=_certain(plain, states, row_of_day, centre),
        runs=runs,
        known_days=known,
        last_had=bool(states[known[-1]] == 1.0),
        recalled_last=days.recalled[int(known[-1])],
        row_of_day=row_of_day,
        week_of_day=weeks,
        n_weeks=int(weeks[-1]) + 1,
        n_days=len(states),
        centre=centre,
        first_day=days.first_day,
        recalled=any(days.recalled),
    )


def _certain(plain: Whole, states: Array, row_of_day: Array, centre: float) -> Rows:
    """The certain days after a certain day, one row each."""
    x = row_of_day[plain]
    x[:, CARRY] = states[plain - 1] - centre
    return Rows(
        plain, states[plain], np.ones(len(plain)), x, np.full(len(plain), EFFECT), np.full(len(plain), ALONE), single=True
    )


def _rows(first_day: date, span: int, beside: Circumstances) -> Array:
    """1 for the usual level, 0 for yesterday and for the treatment, then the other treatments and the covariates."""
    columns = [delayed_exposure(other, first_day, np.arange(span), beside.onset_days) for other in beside.others]
    columns += [_laid(covariate, first_day, span) for covariate in beside.covariates]
    rows = np.zeros((span, BESIDE + len(columns)))
    rows[:, USUAL] = 1.0
    for index, column in enumerate(columns):
        rows[:, BESIDE + index] = column
    return rows


def _laid(covariate: DayCovariate, first_day: date, span: int) -> Array:
    column = np.zeros(span)
    offset = (covariate.first_day - first_day).days
    values = np.asarray(covariate.values)[max(0, -offset) : max(0, span - offset)]
    begin = max(0, offset)
    column[begin : begin + len(values)] = values
    return column


def exposures_at(exposure: ExposureSeries, first_day: date, span: int, onsets: Sequence[float]) -> Array:
    """The delayed exposure of each calendar day at each time constant, shape (len(onsets), span)."""
    return delayed_exposure(exposure, first_day, np.arange(span), np.array(onsets)[:, None])
