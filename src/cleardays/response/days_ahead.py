"""The days to come, over all draws: the chance of each of them, and how many there will be. The kernel does the same."""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.compiled import Handed, kernel, structure
from cleardays.quantities import ExposureSeries
from cleardays.response.chain import count_distribution, daily_probabilities, transitions
from cleardays.response.design import CARRY, EFFECT, USUAL
from cleardays.response.fit import Fit

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_COUNTED_DRAWS = 512  # each gives a whole distribution of counts, so that fewer will do

_COUNT = ctypes.c_int64
_DAYS = structure(
    "Days",
    draws=_COUNT, days=_COUNT, every=_COUNT, centre=ctypes.c_double,
    coefficients=np.ndarray, levels=np.ndarray, week=np.ndarray, exposure=np.ndarray, onset=np.ndarray,
    beside=np.ndarray, share=np.ndarray, today=np.ndarray, weight=np.ndarray, daily=np.ndarray, counts=np.ndarray,
)  # fmt: skip


class DaysAhead(NamedTuple):
    """Of H days: the chance of each (H,), and that of 0, 1, ..., H of them (H + 1,)."""

    daily: Array
    counts: Array


def days_ahead(fit: Fit, exposure: ExposureSeries, days: Whole, today: Array, share: Array | None = None) -> DaysAhead:
    """Days with the outcome among these.

    Args:
        fit: the fit.
        exposure: to the treatment, as it goes on.
        days: offsets from the first day, one after the other from tomorrow on.
        today: P(had) of today in each draw (N,).
        share: of a day with it, how much counts (H, N), where that is not all.
    """
    library = kernel()
    if library is None:
        return in_numpy(fit, exposure, days, today, share)
    return compiled(fit, exposure, days, today, share, library)


def in_numpy(fit: Fit, exposure: ExposureSeries, days: Whole, today: Array, share: Array | None) -> DaysAhead:
    """`days_ahead`, readable."""
    weight = fit.draws.weight
    a = predictor(fit, fit.exposure_on(exposure, days), days)
    up, down = transitions(a, fit.draws.coefficients[CARRY], fit.design.centre)
    daily = daily_probabilities(today, up, down)
    some = slice(None, None, _every(fit))  # of every node its share
    few = None if share is None else share[:, some]
    counts = weight[some] @ count_distribution(today[some], up[:, some], down[:, some], few)
    return DaysAhead((daily if share is None else daily * share) @ weight, counts / counts.sum())


def compiled(
    fit: Fit, exposure: ExposureSeries, days: Whole, today: Array, share: Array | None, library: ctypes.CDLL
) -> DaysAhead:
    """`days_ahead` in the kernel."""
    draws, found = fit.draws, DaysAhead(np.empty(len(days)), np.empty(len(days) + 1))
    ahead = Handed(
        _DAYS,
        draws=len(today), days=len(days), every=_every(fit), centre=fit.design.centre,
        coefficients=draws.coefficients, levels=draws.levels,
        week=np.searchsorted(draws.kept_weeks, fit.design.week_of_day[days]),
        exposure=fit.exposure_at(exposure, days), onset=fit.nodes.onset_index[draws.node],
        beside=fit.beside_effect(days) if fit.beside.others else 0, share=0 if share is None else share,
        today=today, weight=draws.weight, **found._asdict(),
    )  # fmt: skip
    if library.cleardays_days(ahead.pointer) < 0:
        raise MemoryError("no room for the days to come")
    return found._replace(counts=found.counts / found.counts.sum())


def predictor(fit: Fit, exposed: Array, days: Whole) -> Array:
    """a of each day and draw, shape (len(days), N); to come, all days are ordinary ones."""
    usual, effect = fit.draws.coefficients[USUAL], fit.draws.coefficients[EFFECT]
    level = fit.draws.level(fit.design.week_of_day[days])
    return np.asarray(usual + level + effect * exposed + fit.beside_effect(days))


def _every(fit: Fit) -> int:
    return max(1, len(fit.draws.weight) // _COUNTED_DRAWS)
