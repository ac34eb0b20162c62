"""The two-state chain of days: tomorrow depends on today.

With linear predictor a and carry-over rho, a day follows a day *with* the
outcome with probability sigmoid(a + rho (1 - c)) and a day *without* it with
sigmoid(a - rho c); c is the fixed centring constant of the previous-day term.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Precision = TypeVar("Precision", np.float32, np.float64)

MOST, MOST_SINGLE = 250.0, 40.0  # on the logit; the square of such odds is still a number, in single precision for the second


def transitions(a: Array, rho: Array | float, centre: float) -> tuple[Array, Array]:
    """P(had | had yesterday) and P(had | clear yesterday)."""
    against = _odds_against(a)
    return 1.0 / (1.0 + against * np.exp(rho * (centre - 1.0))), 1.0 / (1.0 + against * np.exp(rho * centre))


def long_run_rate(a: NDArray[Precision], rho: NDArray[Precision] | float, centre: float) -> NDArray[Precision]:
    """The stationary probability of a day with the outcome, strictly inside (0, 1)."""
    # down / (up_not + down) in odds against a day: after one that had it, and after a clear one; keeps its digits near 0 and 1
    against = _odds_against(a)
    after_had = against * np.exp(rho * (centre - 1.0))
    return np.asarray((1.0 + after_had) / (1.0 + after_had * (2.0 + against * np.exp(rho * centre))))


def _odds_against(a: NDArray[Precision]) -> NDArray[Precision]:
    """exp(-a): one exponential serves the day after one that had it and the day after a clear one."""
    most = MOST if a.dtype == np.float64 else MOST_SINGLE
    return np.asarray(np.exp(np.clip(-a, -most, most)))


def level_for_rate(rate: Array, rho: float, centre: float) -> Array:
    """The linear predictor whose long-run rate is `rate`: the inverse of `long_run_rate`.

    Writing x for the odds exp(a), the stationary equation is a quadratic in x
    with one positive root.
    """
    up, down = np.exp(rho * (1.0 - centre)), np.exp(-rho * centre)
    odds = rate / (1.0 - rate)
    # odds = x down (1 + x up) / (1 + x down)  <=>  up down x^2 + down (1 - odds) x - odds = 0
    half = 0.5 * down * (1.0 - odds)
    root = np.sqrt(half**2 + up * down * odds)
    # the form without cancellation, whichever sign `half` has
    x = np.where(half > 0, odds / (half + root), (root - half) / (up * down))
    return np.asarray(np.log(x))


def daily_probabilities(first: Array, after_had: Array, after_clear: Array) -> Array:
    """P(had) on each of H days, shape (H, N), from the probability on day 0 and (H, N) transitions."""
    days = np.empty_like(after_had)
    today = first
    for h in range(len(days)):
        today = today * after_had[h] + (1.0 - today) * after_clear[h]
        days[h] = today
    return days


def count_distribution(first: Array, after_had: Array, after_clear: Array, share: Array | None = None) -> Array:
    """The distribution of the number of days had in H days, shape (N, H + 1), exactly.

    A forward pass over the days that carries, for each draw, the joint
    distribution of (count so far, state of the last day). Where only a share
    (H, N) of the days had is counted, each counts with that chance.
    """
    horizon, draws = after_had.shape
    had = np.zeros((horizon + 1, draws))
    clear = np.zeros((horizon + 1, draws))
    had[0], clear[0] = first, 1.0 - first
    for h in range(horizon):
        was_had, was_clear = had[: h + 1], clear[: h + 1]
        to_had = was_had * after_had[h]
        to_had += was_clear * after_clear[h]
        was_clear += was_had
        was_clear -= to_had
        had[: h + 2] = 0.0
        had[1 : h + 2] = to_had if share is None else to_had * share[h]
        if share is not None:
            had[: h + 1] += to_had * (1.0 - share[h])
    had += clear
    return np.asarray(had.T)
