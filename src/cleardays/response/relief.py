"""Is the outcome rarer in the first days after a session than the days before it let expect?

Each session j is compared with itself. On the logit scale of the single-diary model the days just before it have the
level a_j, and its first days n_j + d_j:

    (a_j, n_j) ~ N2(m_j, Sigma_j)      what the level does by itself
    d_j ~ N(d, t^2)                    what came with the session
    d ~ N(0, 1), t ~ |N(0, 0.5^2)|

m_j is what is expected at that session without its waves: the usual level, other treatments, and the slow effect of the
sessions before. Sigma_j is that of the wandering weekly level over the two windows, so that a session held in a bad
week is expected to be followed by better days anyway, and one session never says much. m, Sigma and the carry-over
come from the draws of a fit of the whole diary with the reference prior; that these days were in that fit too is
neglected. Every integral is a sum over a grid. Days that are not known are summed over, never taken as clear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.numerics import weighted
from cleardays.numerics.distinct import distinct
from cleardays.numerics.logistic import sigmoids
from cleardays.quantities import ExposureSeries
from cleardays.response.chain import long_run_rate
from cleardays.response.design import CARRY, EFFECT, NOTHING_ELSE, USUAL, Circumstances, centring_constant
from cleardays.response.fit import LEAST_SHARE, Fit, fit_checked, pretreatment_rate
from cleardays.response.priors import reference_priors
from cleardays.response.summary import Interval, chances, interval

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

# Statistical choices of ours, checked by simulation in docs/explanation/sessions-and-remission.md.
USUAL_SD = 1.0  # of d: in 95 % the odds are divided or multiplied by up to 7
BETWEEN_SD = 0.5  # of t
_DRAWS = 64
_STEP = 0.15
_LEVELS = np.arange(-8.1, 8.11, _STEP)  # of a and n
_SHIFTS = np.arange(-40, 41)  # of d, in steps
_LEAST_VARIANCE = 0.01  # so that no density falls between the points of the grid
_BETWEEN = BETWEEN_SD * np.array([0.06, 0.19, 0.32, 0.45, 0.60, 0.76, 0.93, 1.15, 1.44, 1.96])  # deciles' middles of |N(0, 1)|


class Pair(NamedTuple):
    """The days of one session that are compared, as offsets from the first day of the series; never the session's own."""

    before: tuple[int, ...]
    first: tuple[int, ...]


class Relief(NamedTuple):
    """By how many per cent the outcome is rarer in first days; of a usual session, and of each.

    d is found against the days before each session and told at m, the level without its waves: at the level of a bad
    week the same d is another share of days. `settled`: the fit passed its own check, else the figures are rough.
    `chance` is P(a usual session makes it rarer by the threshold or more); `probability` the same of 30, 50 and 75 %,
    and of `worse`.
    """

    reduction_pct: Interval
    chance: float
    probability: dict[str, float]
    sessions: tuple[Interval, ...]
    settled: bool


class _Own(NamedTuple):
    """Equally likely draws (K,) of what a diary does by itself; `expected` is m (J, K)."""

    expected: Array
    carry: Array
    spread: Array
    persistence: Array
    centre: float


def relief(
    days: DaySeries,
    pairs: Sequence[Pair],
    exposure: ExposureSeries,
    *,
    threshold: float,
    beside: Circumstances = NOTHING_ELSE,
    seed: int,
) -> Relief:
    """Compare the first days of sessions with the days before them.

    Args:
        days: the outcome day by day.
        pairs: at least one; of each window some day is known.
        exposure: to the sessions over time, for what they do slowly.
        threshold: the reduction asked for (share).
        beside: other treatments, and days that differ for other reasons.
        seed: fixes the draws.
    """
    priors = reference_priors(pretreatment_rate(days, exposure), centring_constant(days))
    fitted = fit_checked(days, exposure, priors, seed=seed, beside=beside)
    own = _own(fitted, pairs)
    shifted = np.array([_of_session(days, pair, own, j, fitted.design.week_of_day) for j, pair in enumerate(pairs)])
    posterior = _usual(shifted)  # (K, t, d)
    usual = posterior.sum(axis=1)
    reduction = _reduction(own.expected, own)
    sessions = tuple(_said(_reduction(own.expected[j : j + 1], own), each) for j, each in enumerate(_each(shifted, posterior)))
    return Relief(
        _said(reduction, usual),
        weighted.probability((reduction >= threshold).ravel(), usual.ravel()),
        chances(reduction.ravel(), usual.ravel()),
        sessions,
        fitted.settled and fitted.effective_share >= LEAST_SHARE,
    )


def _own(fitted: Fit, pairs: Sequence[Pair]) -> _Own:
    draws, nodes = fitted.draws, fitted.nodes
    take = np.searchsorted(np.cumsum(draws.weight), (np.arange(_DRAWS) + 0.5) / _DRAWS)
    take = np.minimum(take, len(draws.weight) - 1)
    at = np.array([pair.before[-1] for pair in pairs])
    b = draws.coefficients
    expected = b[USUAL] + b[EFFECT] * fitted.exposure_on(fitted.exposure, at) + fitted.beside_effect(at)
    node = draws.node[take]
    return _Own(expected[:, take], b[CARRY][take], nodes.spread[node], nodes.persistence[node], fitted.design.centre)


def _of_session(days: DaySeries, pair: Pair, own: _Own, j: int, week: Whole) -> Array:
    """p(what was written | d_j) for each draw and shift, up to a factor, (K, d)."""
    before, first = (_likelihood(days, window, own) for window in pair)
    known = [np.array([at for at in window if days.states[at] is not None]) for window in pair]
    variance, over, shared = (
        own.spread**2 * _correlation(week[one], week[other], own.persistence)
        for one, other in ((known[0], known[0]), (known[1], known[1]), (known[0], known[1]))
    )
    centre, pull = own.expected[j][:, None], (shared / variance)[:, None]
    left = np.sqrt(np.maximum(over - shared**2 / variance, _LEAST_VARIANCE))[:, None, None]  # of n given a
    weight = before * _density((_LEVELS - centre) / np.sqrt(variance)[:, None])
    natural = centre + pull * (_LEVELS - centre)  # (K, a), the mean of n
    spread_out = _density((_LEVELS[None, None, :] - natural[:, :, None]) / left)
    expected = (weight[:, None, :] @ spread_out)[:, 0, :]
    rooms = len(_SHIFTS) // 2
    padded = np.pad(first, ((0, 0), (rooms, rooms)), mode="edge")
    found = np.array([(expected * padded[:, rooms + s : rooms + s + len(_LEVELS)]).sum(axis=1) for s in _SHIFTS]).T
    return np.asarray(found / found.max(axis=1, keepdims=True))


def _likelihood(days: DaySeries, window: Sequence[int], own: _Own) -> Array:
    """p(the window's known days | level) at each draw and level, (K, a); days between that are none of it are summed over."""
    carry, asked = own.carry[:, None], frozenset(window)
    up, up_not = sigmoids(_LEVELS + carry * (1.0 - own.centre))
    down, down_not = sigmoids(_LEVELS - carry * own.centre)
    yesterday = days.states[window[0] - 1] if window[0] > 0 else None
    had = down / (up_not + down) if yesterday is None else np.full(up.shape, float(yesterday))
    clear = 1.0 - had
    for at in range(window[0], window[-1] + 1):
        had, clear = had * up + clear * down, had * up_not + clear * down_not
        state = days.states[at] if at in asked else None
        if state is not None:
            had, clear = had * state, clear * (not state)
    return np.asarray(had + clear)


def _correlation(one: Whole, other: Whole, persistence: Array) -> Array:
    """Mean correlation of the weekly level between the days of two windows, (K,)."""
    apart, counts = distinct(np.abs(one[:, None] - other[None, :]))
    return np.asarray((persistence[:, None] ** apart) @ counts / counts.sum())


def _density(away: Array) -> Array:
    return np.asarray(np.exp(-0.5 * away**2))


def _between(t: float) -> Array:
    """p(d_j | d) on the grid, rows d and columns d_j."""
    apart = _density(np.asarray(_STEP * (_SHIFTS[:, None] - _SHIFTS[None, :]) / t, dtype=np.float64))
    return np.asarray(apart / apart.sum(axis=1, keepdims=True))


def _usual(shifted: Array) -> Array:
    """The posterior of t and d, (K, t, d); every draw counts alike."""
    prior = -0.5 * (_STEP * _SHIFTS / USUAL_SD) ** 2
    log = np.array([np.log(np.maximum(shifted @ _between(t).T, 1e-300)).sum(axis=0) for t in _BETWEEN])
    log = log.swapaxes(0, 1) + prior
    found = np.exp(log - log.max(axis=(1, 2), keepdims=True))
    return np.asarray(found / found.sum(axis=(1, 2), keepdims=True) / len(found))


def _each(shifted: Array, posterior: Array) -> Array:
    """The posterior of each session's own d_j, (J, K, d)."""
    found = np.zeros_like(shifted)
    for at, t in enumerate(_BETWEEN):
        between = _between(t)
        for j, each in enumerate(shifted):
            given = posterior[:, at] / np.maximum(each @ between.T, 1e-300)
            found[j] += each * (given @ between)
    return found


def _reduction(expected: Array, own: _Own) -> Array:
    """1 - rate with each shift / rate without, at the usual level of the sessions given (J, K), as (K, d)."""
    carry = own.carry[:, None]
    without = long_run_rate(expected, own.carry, own.centre).mean(axis=0)[:, None]
    with_it = np.mean([long_run_rate(m[:, None] + _STEP * _SHIFTS, carry, own.centre) for m in expected], axis=0)
    return np.asarray(1.0 - with_it / without)


def _said(reduction: Array, weight: Array) -> Interval:
    return interval(100.0 * reduction.ravel(), weight.ravel())
