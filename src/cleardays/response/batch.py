"""Many diaries at once, all with the same priors: arrays in, arrays out.

The compiled kernel takes them one after the other without leaving C; without it
each goes through `fit`. The answers are those of `fit` with as many draws.
"""

from __future__ import annotations

import ctypes
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.numerics.compiled import Handed, kernel, structure
from cleardays.numerics.quadrature import normal_nodes
from cleardays.quantities import ExposureSeries, ExposureStep
from cleardays.response.design import HORIZON_DAYS
from cleardays.response.draws import ENOUGH, HEAVIEST, white_noise
from cleardays.response.fit import LEAST_SHARE, fit_checked
from cleardays.response.forecast import going_on
from cleardays.response.nodes import GRID, LEAST_SCALE, NARROW, OFF
from cleardays.response.order import order_of
from cleardays.response.priors import Priors
from cleardays.response.summary import chances, interval, rates

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

DRAWS = 512
# A search for a summit ends with a step so short, in place of `inner.SETTLED`; what is left, its square, moves no answer by a
# thousandth of a day or of a percentage point.
_SETTLED = 5e-3
# Rows of draws stand so much farther apart than they are long: at a power of two they would crowd one another out of the cache.
_APART = 8
_EVERY = 8  # of the draws weighed, as long as they weigh alike
QUANTITIES = ("baseline", "current", "untreated", "reduction_pct", "change_pct")
CHANCES = ("reduction_ge_30", "reduction_ge_50", "reduction_ge_75", "worse")
_NUMBERS = 3 * len(QUANTITIES) + len(CHANCES) + 2
# What says nothing where no treatment began: the reduction and its chances.
_OF_TREATMENT = [*range(3 * QUANTITIES.index("reduction_pct"), 3 * len(QUANTITIES) + len(CHANCES)), _NUMBERS - 1]
NO_START = np.iinfo(np.int64).max
_ANSWERED, _EMPTY = 0, 1
_MOST_ON_AXIS = 16  # of the kernel
_ANY_DAY = date(2000, 1, 1)  # a calendar for those that need none

_AXIS = ctypes.c_double * 3
_PRIORS = structure(
    "Priors",
    counts=ctypes.c_int64 * 3, at=ctypes.c_double * (3 * _MOST_ON_AXIS), weight=ctypes.c_double * (3 * _MOST_ON_AXIS),
    middle=_AXIS, sd=_AXIS, memory_middle=ctypes.c_double * 2, memory_sd=ctypes.c_double * 2, mean=_AXIS, sds=_AXIS,
    off=ctypes.c_double, narrow=ctypes.c_double, least_scale=ctypes.c_double, settled=ctypes.c_double,
    spread_at=ctypes.c_void_p, persistence_at=ctypes.c_void_p, onset_at=ctypes.c_void_p, starts=ctypes.c_void_p,
)  # fmt: skip
_BATCH = structure(
    "Batch",
    diaries=ctypes.c_int64, first=np.ndarray, start=np.ndarray, state=np.ndarray, recalled=np.ndarray,
    exposure=np.ndarray, exposed_first=np.ndarray, beliefs=ctypes.c_void_p, draws=ctypes.c_int64, stride=ctypes.c_int64,
    white=np.ndarray, every=ctypes.c_int64, enough=ctypes.c_double, heaviest=ctypes.c_double,
    numbers=np.ndarray, daily=np.ndarray, status=np.ndarray,
)  # fmt: skip


class Diaries(NamedTuple):
    """B diaries laid end to end: diary i has the days first[i] to first[i + 1].

    `start` is the index of the first day of treatment in its diary; NO_START, there is none. Where `exposed[i]` is not
    -1, the levels taken each day begin there in `levels`; else the treatment is taken in full from its start on.
    """

    first: Whole  # (B + 1,)
    start: Whole  # (B,)
    state: NDArray[np.int8]  # 1 had, 0 clear, -1 unknown
    recalled: NDArray[np.bool_]
    levels: NDArray[np.float32]
    exposed: Whole  # (B,)

    def series(self, index: int) -> tuple[DaySeries, ExposureSeries]:
        """One of them, as `fit` takes it; on any calendar."""
        days = slice(int(self.first[index]), int(self.first[index + 1]))
        states = tuple(None if state < 0 else bool(state) for state in self.state[days].tolist())
        series = DaySeries("headache_day", _ANY_DAY, states, tuple(self.recalled[days].tolist()))
        start, at = int(self.start[index]), int(self.exposed[index])
        treated = start != NO_START
        begun = _ANY_DAY + timedelta(days=start if treated else 0)
        if at < 0:
            return series, ExposureSeries("treatment", (ExposureStep(begun, float(treated)),))
        levels = self.levels[at : at + len(states)].tolist()
        steps = (ExposureStep(_ANY_DAY + timedelta(days=day), level) for day, level in enumerate(levels))
        return series, ExposureSeries("treatment", tuple(steps), begun)


class Answers(NamedTuple):
    """What is known of each diary; NaN where it cannot be told.

    `numbers` has the middle, lower and upper of each of QUANTITIES, then CHANCES, then the effective share of the draws
    and today's exposure. Lower bound first, as in (lower, middle, upper).
    """

    numbers: Array  # (B, ...)
    daily: Array  # (B, 28) the chance of each day to come
    answered: NDArray[np.bool_]  # False: no day of it is known

    def of(self, quantity: str) -> tuple[Array, Array, Array]:
        """Lower bound, middle and upper bound of a quantity."""
        at = 3 * QUANTITIES.index(quantity)
        return self.numbers[:, at], self.numbers[:, at + 1], self.numbers[:, at + 2]

    def chance(self, name: str) -> Array:
        """One of CHANCES."""
        return np.asarray(self.numbers[:, 3 * len(QUANTITIES) + CHANCES.index(name)])

    @property
    def effective_share(self) -> Array:
        """Of the draws."""
        return np.asarray(self.numbers[:, -2])


def answer_all(diaries: Diaries, priors: Priors, *, seed: int, draws: int = DRAWS) -> Answers:
    """Answer every diary; one without a known day is not answered.

    Args:
        diaries: the diaries.
        priors: for all of them; their effect is one normal.
        seed: fixes the draws, the same for all.
        draws: how many.
    """
    library, count = kernel(), len(diaries.start)
    numbers, daily = np.full((count, _NUMBERS), np.nan), np.full((count, HORIZON_DAYS), np.nan)
    status = np.full(count, -1, dtype=np.int64)
    if library is not None and count and len(priors.effect.means) == 1:
        _compiled(library, diaries, priors, seed, draws, numbers, daily, status)
    doubtful = (status == _ANSWERED) & ~(numbers[:, -2] >= LEAST_SHARE)
    for index in np.flatnonzero(doubtful | ((status != _ANSWERED) & (status != _EMPTY))):
        status[index] = _alone(diaries, int(index), priors, seed, draws, numbers, daily)
    untreated = diaries.start == NO_START
    numbers[np.ix_(untreated, _OF_TREATMENT)] = np.nan
    return Answers(numbers, daily, status == _ANSWERED)


def _compiled(
    library: ctypes.CDLL,
    diaries: Diaries,
    priors: Priors,
    seed: int,
    draws: int,
    numbers: Array,
    daily: Array,
    status: Whole,
) -> None:
    lengths = np.diff(diaries.first)
    weeks = (int(lengths.max()) + HORIZON_DAYS) // 7 + 3
    beliefs = _beliefs(priors)
    white = np.zeros((weeks + 3, draws + _APART))
    white[:, :draws] = white_noise(weeks + 3, draws, seed)
    handed = Handed(
        _BATCH, diaries=len(diaries.start), first=diaries.first, start=diaries.start, draws=draws,
        stride=white.shape[1], white=white, every=_EVERY, enough=ENOUGH, heaviest=HEAVIEST,
        exposed_first=diaries.exposed,
        numbers=numbers, daily=daily, status=status,
    )  # fmt: skip
    # bytes and single precision are handed over as they are
    narrow = (np.ascontiguousarray(diaries.state), diaries.recalled.astype(np.uint8), np.ascontiguousarray(diaries.levels))
    handed.structure.state, handed.structure.recalled, handed.structure.exposure = (each.ctypes.data for each in narrow)
    handed.structure.beliefs = ctypes.addressof(beliefs)
    if library.cleardays_batch(handed.pointer) < 0:
        raise MemoryError("no room for the diaries of this batch")
    numbers[status == _EMPTY] = np.nan
    daily[status == _EMPTY] = np.nan


def _beliefs(priors: Priors) -> ctypes.Structure:
    order = order_of(4, GRID)  # memory's four blocks; kept, and so in its place, by its own cache
    at, weight = np.zeros((3, _MOST_ON_AXIS)), np.zeros((3, _MOST_ON_AXIS))
    for axis, count in enumerate(GRID):
        at[axis, :count], weight[axis, :count] = normal_nodes(count)
    q, se, sp = priors.persistence_median, priors.sensitivity_median, priors.specificity_median
    return _PRIORS(
        (ctypes.c_int64 * 3)(*GRID),
        (ctypes.c_double * at.size)(*at.ravel()),
        (ctypes.c_double * weight.size)(*weight.ravel()),
        _AXIS(np.log(priors.spread_median), np.log(q / (1 - q)), np.log(priors.onset_median_days)),
        _AXIS(priors.spread_log_sd, priors.persistence_logit_sd, priors.onset_log_sd),
        (ctypes.c_double * 2)(np.log(se / (1 - se)), np.log(sp / (1 - sp))),
        (ctypes.c_double * 2)(priors.sensitivity_logit_sd, priors.specificity_logit_sd),
        _AXIS(priors.level_mean, priors.carry_mean, priors.effect.means[0]),
        _AXIS(priors.level_sd, priors.carry_sd, priors.effect.sds[0]),
        OFF,
        NARROW,
        LEAST_SCALE,
        _SETTLED,
        *(each.ctypes.data for each in (order.spread, order.persistence, order.onset, order.starts)),
    )


def _alone(diaries: Diaries, index: int, priors: Priors, seed: int, draws: int, numbers: Array, daily: Array) -> int:
    """One diary through `fit`."""
    days, exposure = diaries.series(index)
    if not days.known:
        return _EMPTY
    fitted = fit_checked(days, exposure, priors, seed=seed, draws=draws, every=_EVERY)
    found, weight = rates(fitted, seed=seed), fitted.draws.weight
    visible = found.visible_change
    for at, values in enumerate(
        (found.baseline, found.current, found.untreated, 100.0 * found.reduction, None if visible is None else 100.0 * visible)
    ):
        if values is not None:
            middle = interval(values, weight)
            numbers[index, 3 * at : 3 * at + 3] = middle.lower, middle.estimate, middle.upper
    numbers[index, 15:19] = [chances(found.reduction, weight)[name] for name in CHANCES]
    numbers[index, 19:] = fitted.effective_share, found.exposure_now
    daily[index] = going_on(fitted).daily_probability
    return _ANSWERED
