"""People are let into a trial because they had many days, or within limits: what that does to what the trial prints.

Somebody with a true rate L is counted as Y0 at baseline and let in if Y0 lies within the entry limits. Those let in had,
on average, a true rate below their count (regression to the mean), and noise and rate are no longer independent. The law
of L is taken as log-normal, fitted so that those let in have the printed baseline; then the moments of those let in stand
in for the closed forms of somebody let in whatever they had.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.evidence.prior.multiplier import Family, family_of
from cleardays.evidence.prior.spread import Printed, Spread
from cleardays.numerics.distributions import normal_cdf

Array = NDArray[np.float64]

# Of true rates among those who might take part, where no trial figure tells it: with an entry limit, and with none.
LOG_SD_BEFORE_ENTRY, LOG_SD_LET_IN = 0.6, 0.35
_RATES, _COUNTS, _NOISE = 61, 41, 9
_MOST_DAYS = 28.0
_BISECTIONS = 26
_LEAST_C2, _MOST_C2 = 0.01, 6.0
_THRESHOLDS = (0.5, 0.25)  # of the baseline, for reductions of 50 and 75 %


class Limits(NamedTuple):
    """How many days at baseline let somebody in, days per 28 days."""

    least: float = 0.0
    most: float = _MOST_DAYS


class LetIn(NamedTuple):
    """Those let in: equally likely pairs of true rate and count at baseline, with weights, and k0 and phi."""

    rate: Array
    counted: Array
    weight: Array

    def mean(self, value: Array) -> float:
        """The mean over those let in."""
        return float(self.weight @ value)

    @property
    def regression_to_the_mean(self) -> float:
        """E L / E Y0: by this factor the mean falls although nothing happens."""
        return self.mean(self.rate) / self.mean(self.counted)


@lru_cache(maxsize=256)
def let_in(m0: float, s0: float | None, k0: float, phi: float, limits: Limits) -> LetIn:
    """Those let in, so that their mean count is `m0`, and the SD of their counts `s0` where that is known."""
    if s0 is None:
        restricted = limits != Limits()
        return _with_mean(m0, LOG_SD_BEFORE_ENTRY if restricted else LOG_SD_LET_IN, k0, phi, limits)
    lower, upper = 0.02, 1.5
    found = _with_mean(m0, lower, k0, phi, limits)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (lower + upper)
        found = _with_mean(m0, middle, k0, phi, limits)
        sd = np.sqrt(found.mean(found.counted**2) - found.mean(found.counted) ** 2)
        lower, upper = (middle, upper) if sd < s0 else (lower, middle)
    return found


def _with_mean(m0: float, log_sd: float, k0: float, phi: float, limits: Limits) -> LetIn:
    lower, upper = np.log(0.05), np.log(60.0)
    found = _people(np.exp(0.5 * (lower + upper)), log_sd, k0, phi, limits)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (lower + upper)
        found = _people(float(np.exp(middle)), log_sd, k0, phi, limits)
        lower, upper = (middle, upper) if found.mean(found.counted) < m0 else (lower, middle)
    return found


@lru_cache(maxsize=4)
def _normal(count: int) -> Array:
    from scipy.special import ndtri

    return np.asarray(ndtri((np.arange(count) + 0.5) / count))


def _people(median: float, log_sd: float, k0: float, phi: float, limits: Limits) -> LetIn:
    """Rates and counts; near a limit a count is let in with the chance that its own cell of noise lies inside."""
    rate = np.minimum(median * np.exp(log_sd * _normal(_RATES)), _MOST_DAYS)[:, None]
    noise = np.sqrt(phi * rate * np.maximum(1.0 - rate / _MOST_DAYS, 0.0) / k0)  # nobody is counted above every day
    count = np.clip(rate + noise * _normal(_COUNTS), 1e-3, _MOST_DAYS)
    cell = np.maximum(noise * 3.0 / _COUNTS, 1e-6)  # softens the limits, so that means change smoothly with the median
    inside = normal_cdf((count - limits.least) / cell) * normal_cdf((limits.most - count) / cell)
    weight = np.maximum(inside, 1e-12)
    rates = np.broadcast_to(rate, count.shape)
    return LetIn(rates.ravel(), count.ravel(), (weight / weight.sum()).ravel())


def true_ratio(printed: Printed, people: LetIn) -> float:
    """R without regression to the mean: m1 / E L instead of m1 / m0."""
    return printed.m1 / people.mean(people.rate)


def by_followup_sd(printed: Printed, people: LetIn, phi: float) -> Spread | None:
    """c^2 from the SD at follow-up among those let in."""
    if printed.s1 is None:
        return None
    second = people.mean(people.rate**2) * true_ratio(printed, people) ** 2
    return _within((printed.s1**2 + printed.m1**2 - phi * printed.m1 / printed.k1) / second - 1.0, "followup-sd")


def by_change_sd(printed: Printed, people: LetIn, phi: float) -> Spread | None:
    """c^2 from the SD of change among those let in."""
    if printed.sd is None:
        return None
    r = true_ratio(printed, people)
    change = printed.m1 - people.mean(people.counted)
    square = printed.sd**2 + change**2 - phi * printed.m1 / printed.k1
    square += 2.0 * r * people.mean(people.rate * people.counted) - people.mean(people.counted**2)
    return _within(square / (people.mean(people.rate**2) * r**2) - 1.0, "change-sd")


def by_responders(
    printed: Printed, people: LetIn, phi: float, shares: tuple[float | None, ...], family: str = "gamma"
) -> Spread | None:
    """The c^2 with which the shares with reductions of 50 and 75 % are nearest to what is printed; None without any share."""
    wanted = [(threshold, share) for threshold, share in zip(_THRESHOLDS, shares, strict=True) if share is not None]
    if not wanted:
        return None

    def off(log_c2: float) -> float:
        law = family_of(family, true_ratio(printed, people), float(np.exp(log_c2)))
        return sum((responding(law, people, printed.k1, phi, threshold) - share) ** 2 for threshold, share in wanted)

    grid = np.linspace(np.log(_LEAST_C2), np.log(_MOST_C2), 25)
    heights = [off(float(at)) for at in grid]
    best = int(np.argmin(heights))
    lower, upper = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)])
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    for _ in range(30):
        one, other = upper - golden * (upper - lower), lower + golden * (upper - lower)
        lower, upper = (lower, other) if off(one) < off(other) else (one, upper)
    return _within(float(np.exp(0.5 * (lower + upper))), "responders")


def responding(law: Family, people: LetIn, k1: float, phi: float, threshold: float) -> float:
    """The share of those let in who are seen at `threshold` times their baseline count or less.

    The noise of the follow-up is log-normal with the variance phi / (k1 R L) of its logarithm; mean 1, as counting has.
    """
    rate, count, weight = _thinned(people)
    variance = phi / (k1 * np.maximum(law.mean * rate, 0.1))
    total = np.zeros_like(rate)
    for z in _normal(_NOISE):
        total += law.below(threshold * count / rate * np.exp(0.5 * variance - np.sqrt(variance) * z))
    return float(weight @ total) / _NOISE


def _thinned(people: LetIn) -> tuple[Array, Array, Array]:
    """Every third of those let in: enough for a share, and a third of the time."""
    kept = slice(None, None, 3)
    weight = people.weight[kept]
    return people.rate[kept], people.counted[kept], weight / weight.sum()


def _within(c2: float, route: str) -> Spread:
    return Spread(min(max(c2, _LEAST_C2), _MOST_C2), route)
