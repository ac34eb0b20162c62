"""What is believed before the diary is read.

Every number here is a parameter of the statistical model, documented with its
origin in docs/explanation/response-model.md ("Priors"); none is a fact about a
medicine. The effect of a treatment is a normal mixture on the logit scale,
because each normal component keeps the inner problem Gaussian.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.compiled import Handed, kernel, structure
from cleardays.response.chain import level_for_rate, long_run_rate
from cleardays.sources import Reason

Array = NDArray[np.float64]
Normals = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]


LEVEL_MEAN, LEVEL_SD = -0.3, 1.0
# Of days with any craving, or any drink: who is asked about the amount may well have some every day.
AMOUNT_LEVEL_SD = 2.0
CARRY_MEAN, CARRY_SD = 0.7, 0.4
SPREAD_MEDIAN, SPREAD_LOG_SD = 0.6, 0.5
PERSISTENCE_MEDIAN, PERSISTENCE_LOGIT_SD = 0.85, 0.8
ONSET_MEDIAN_DAYS, ONSET_LOG_SD = 14.0, 0.6
# Of the days had, how many are still written as had from memory, and of the clear days how many as clear. Two trials
# compared both: 11.1 days recalled for 13.7 written daily in one, equal numbers in the other.
SENSITIVITY_MEDIAN, SENSITIVITY_LOGIT_SD = 0.85, 0.7
SPECIFICITY_MEDIAN, SPECIFICITY_LOGIT_SD = 0.97, 0.5
OTHER_MEAN, OTHER_SD = -0.3, 0.8
COVARIATE_SD = 0.3


class Parts(NamedTuple):
    """The two parts of theta = log(current / untreated) before the diary: (mean, variance) of each.

    `natural` is nu, what placebo brings too; `own` is gamma, what the treatment adds.
    """

    natural: tuple[float, float]
    own: tuple[float, float]


class EffectPrior(NamedTuple):
    """A normal mixture for the effect delta (logit scale), and what it implies on the rate scale.

    `log_rates` are equally likely values of log(current / untreated) under this
    prior at the person's own rate, in order. They say how likely a reduction was
    before the diary, and serve to split a change into its placebo-like and its
    drug part; `parts` says how the trials divide it, None where no trial compared anything.
    """

    weights: tuple[float, ...]
    means: tuple[float, ...]
    sds: tuple[float, ...]
    log_rates: Array
    reason: Reason
    parts: Parts | None = None

    @property
    def variance(self) -> float:
        """The variance of delta under the whole mixture."""
        w, m, s = (np.asarray(part) for part in (self.weights, self.means, self.sds))
        return float(w @ (s**2 + m**2) - (w @ m) ** 2)

    def chance_of(self, reduction: float) -> float:
        """P(R >= reduction) before the diary, R = 1 - current / untreated."""
        return float((self.log_rates <= np.log1p(-reduction)).mean())


class Priors(NamedTuple):
    """The priors of the single-diary model; the defaults are the reference configuration.

    level: mu, the person's usual level, logit scale. carry: rho, the pull of the
    day before. spread: s, the weekly level's standard deviation (log-normal).
    persistence: phi, its week-to-week correlation (logit-normal). onset: tau,
    days from taking to 63 % of the effect (log-normal). sensitivity and specificity:
    of memory, for days written down later (logit-normal). other: the effect of another
    treatment; covariate: of a weekend, a period, a rescue (mean 0), both logit scale.
    """

    effect: EffectPrior
    level_mean: float = LEVEL_MEAN
    level_sd: float = LEVEL_SD
    carry_mean: float = CARRY_MEAN
    carry_sd: float = CARRY_SD
    spread_median: float = SPREAD_MEDIAN
    spread_log_sd: float = SPREAD_LOG_SD
    persistence_median: float = PERSISTENCE_MEDIAN
    persistence_logit_sd: float = PERSISTENCE_LOGIT_SD
    onset_median_days: float = ONSET_MEDIAN_DAYS
    onset_log_sd: float = ONSET_LOG_SD
    sensitivity_median: float = SENSITIVITY_MEDIAN
    sensitivity_logit_sd: float = SENSITIVITY_LOGIT_SD
    specificity_median: float = SPECIFICITY_MEDIAN
    specificity_logit_sd: float = SPECIFICITY_LOGIT_SD
    other_mean: float = OTHER_MEAN
    other_sd: float = OTHER_SD
    covariate_sd: float = COVARIATE_SD


REFERENCE_MEAN, REFERENCE_SD = -0.3, 0.8
MULTIPLIER_MEAN, MULTIPLIER_SHAPE = 0.85, 3
COMPONENTS = 3
# Spread of the drug's own part of log(current / untreated) where only open-label
# experience exists: sceptical, centred on no effect.
SCEPTICAL_DRUG_LOG_RATE_SD = 0.35
_LEAST_VARIANCE = 1e-3  # of a component, so that none falls upon one point
_MOST_COMPONENTS = 8  # of the kernel
_MIXTURE = structure(
    "Mixture",
    count=ctypes.c_int64, components=ctypes.c_int64, rounds=ctypes.c_int64, least=ctypes.c_double,
    sample=np.ndarray, weight=np.ndarray, mean=np.ndarray, variance=np.ndarray,
)  # fmt: skip


class Curve(NamedTuple):
    """How the value that is judged follows from the effect, at the person's own level before the treatment.

    `value` maps effects delta (N,) and shifts of the second rows' own effect (N,) to values; `most` is the greatest
    there can be. Without second rows the value is the chance of the day.
    """

    value: Callable[[Array, Array], Array]
    most: float
    extra_sd: float


def reference_priors(rate: float, centre: float, curve: Curve | None = None) -> Priors:
    """The reference configuration: delta ~ N(-0.3, 0.8) on the logit scale.

    Args:
        rate: the person's pre-treatment rate, days per day, strictly inside (0, 1).
        centre: the centring constant of the previous-day term.
        curve: of the value that is judged, where that is not the rate itself.
    """
    delta = REFERENCE_MEAN + REFERENCE_SD * normal_quantiles(201)
    if curve is None:
        base = level_for_rate(np.asarray(rate), CARRY_MEAN, centre)
        log_rates = np.log(long_run_rate(base + delta, CARRY_MEAN, centre) / rate)
    else:
        log_rates = _log_ratios(curve, delta)
    reason = Reason(
        "prior.reference",
        "The reference prior was asked for: the effect on the logit scale is normal with mean -0.3 and "
        "standard deviation 0.8, whatever the treatment.",
        ("response-model",),
    )
    return Priors(EffectPrior((1.0,), (REFERENCE_MEAN,), (REFERENCE_SD,), np.sort(log_rates), reason))


def default_priors(rate: float, centre: float, treatment: str, curve: Curve | None = None) -> Priors:
    """The default where nothing is known of the treatment: stated on the rate, not on the logit.

    The multiplier G = current / untreated is gamma distributed with mean 0.85 and
    shape 3: P(reduction >= 50 %) = 0.26, P(>= 30 %) = 0.45, P(worse) = 0.32 at any
    pre-treatment rate. Growth is bounded by the days there are: from
    G = (1 - rate) / rate on, the clear days shrink by the factor G instead.

    Args:
        rate: the person's pre-treatment rate, days per day, strictly inside (0, 1).
        centre: the centring constant of the previous-day term.
        treatment: its name, for the reason.
        curve: of the value that is judged, where that is not the rate itself; G then multiplies that value.
    """
    multiplier = erlang_quantiles(MULTIPLIER_SHAPE, 201) * (MULTIPLIER_MEAN / MULTIPLIER_SHAPE)
    mixture, log_rates = mixture_of(multiplier, rate, centre, curve)
    half, third, worse = ((log_rates <= np.log(g)).mean() for g in (0.5, 0.7, 1.0))
    reason = Reason(
        "prior.default",
        f"No trial results are used for {treatment}, whether or not it is in the catalogue: it starts from the default, in "
        f"which, before the diary, a reduction of half or more has a probability of {half:.2f}, of "
        f"30\N{NO-BREAK SPACE}% or more {third:.2f}, and getting worse {1 - worse:.2f}.",
        ("response-model",),
    )
    return Priors(EffectPrior(*mixture, log_rates, reason))


def mixture_of(multiplier: Array, rate: float, centre: float, curve: Curve | None) -> tuple[Normals, Array]:
    """The effect (weights, means, SDs) under which the rate is multiplied so, and log(current / untreated), in order.

    Args:
        multiplier: equally likely values of G, in order.
        rate: the person's pre-treatment rate, days per day, strictly inside (0, 1).
        centre: the centring constant of the previous-day term.
        curve: of the value that is judged, where that is not the rate itself; G then multiplies that value.
    """
    if curve is None:
        base = level_for_rate(np.asarray(rate), CARRY_MEAN, centre)
        treated = _multiplied(rate, multiplier)
        delta = level_for_rate(treated, CARRY_MEAN, centre) - base
        log_rates = np.log(treated / rate)
    else:
        delta = _effects(curve, multiplier)
        log_rates = np.sort(_log_ratios(curve, delta))
    return fit_normal_mixture(delta, COMPONENTS), log_rates


def _multiplied(share: float, multiplier: Array) -> Array:
    """A share of what there can be, times G; above (1 - share) / share the rest shrinks instead."""
    treated = np.minimum(multiplier * share, 1.0 - (1.0 - share) / multiplier)
    return np.where(multiplier < 1.0, multiplier * share, treated)


def _effects(curve: Curve, multiplier: Array) -> Array:
    """The effects at which the value is multiplied so: the inverse of the curve, which rises, between many points of it."""
    grid = np.linspace(-9.0, 6.0, 601)
    values = curve.value(grid, np.zeros_like(grid))
    now = float(np.interp(0.0, grid, values))
    most = curve.most if np.isfinite(curve.most) else 1e9 * now
    return np.interp(most * _multiplied(now / most, multiplier), values, grid)


def _log_ratios(curve: Curve, delta: Array) -> Array:
    """log(value at each effect / value without), over the spread of the second rows' own effect."""
    extra = curve.extra_sd * normal_quantiles(9)
    effects, extras = (part.ravel() for part in np.meshgrid(delta, extra, indexing="ij"))
    nothing = curve.value(np.zeros(1), np.zeros(1))
    return np.log(curve.value(effects, extras) / nothing)


@cache
def normal_quantiles(count: int) -> Array:
    """The (i - 1/2)/count quantiles of the standard normal, i = 1..count."""
    from statistics import NormalDist

    return np.array([NormalDist().inv_cdf((i + 0.5) / count) for i in range(count)])


@cache
def erlang_quantiles(shape: int, count: int) -> Array:
    """The (i - 1/2)/count quantiles of a gamma variable with a whole-number shape and scale 1."""
    levels = (np.arange(count) + 0.5) / count
    grid = np.linspace(0.0, 40.0 + 4 * shape, 20_001)[1:]
    tail = np.zeros_like(grid)
    term = np.exp(-grid)
    for k in range(shape):  # P(X > x) = exp(-x) sum x^k / k!
        tail += term
        term = term * grid / (k + 1)
    return np.interp(levels, 1.0 - tail, grid)


def fit_normal_mixture(sample: Array, components: int, rounds: int = 60) -> Normals:
    """Weights, means and SDs of a normal mixture fitted to a sample by expectation-maximisation.

    Deterministic: starts from equal slices of the sorted sample.
    """
    ordered = np.sort(sample)
    slices = np.array_split(ordered, components)
    w = np.full(components, 1.0 / components)
    m = np.array([part.mean() for part in slices])
    v = np.array([part.var() for part in slices]) + _LEAST_VARIANCE
    library = kernel()
    if library is None or components > _MOST_COMPONENTS:
        w, m, v = _maximised(ordered, w, m, v, rounds)
    else:
        mixture = Handed(
            _MIXTURE, count=len(ordered), components=components, rounds=rounds, least=_LEAST_VARIANCE,
            sample=ordered, weight=w, mean=m, variance=v,
        )  # fmt: skip
        library.cleardays_mixture(mixture.pointer)
    return tuple(w.tolist()), tuple(m.tolist()), tuple(np.sqrt(v).tolist())


def _maximised(ordered: Array, w: Array, m: Array, v: Array, rounds: int) -> tuple[Array, Array, Array]:
    """Weights, means and variances after so many rounds; the kernel does the same."""
    powers = np.array([np.ones_like(ordered), ordered, ordered**2])  # the log density is linear in them, and they give moments
    for _ in range(rounds):
        share = np.array([np.log(w) - 0.5 * (np.log(v) + m**2 / v), m / v, -0.5 / v]).T @ powers
        share -= share.max(axis=0)
        np.exp(share, out=share)
        share /= share.sum(axis=0)
        mass, first, second = powers @ share.T
        w, m = mass / len(ordered), first / mass
        v = second / mass - m**2 + _LEAST_VARIANCE
    return w, m, v
