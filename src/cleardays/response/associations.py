"""What goes along with the outcome: things that were there on some days and not on others, all compared at once.

Each is a column of the single-diary model, so yesterday's state, the wandering level, treatments and unknown days are
accounted for. The question about something told by the person is whether the outcome comes *the day after*: on the
day itself a beginning attack may have brought it about. A day before that already had the outcome counts half, and
may differ by itself, because an attack changes what a person does and what is written down; what is reported is the
odds ratio after a clear day. Method and checks: docs/explanation/triggers.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.numerics.logistic import sigmoid
from cleardays.quantities import DayCovariate, ExposureSeries
from cleardays.response.chain import long_run_rate
from cleardays.response.design import BESIDE, CARRY, EFFECT, HORIZON_DAYS, NOTHING_ELSE, USUAL, Circumstances, centring_constant
from cleardays.response.fit import Fit, fit_checked, pretreatment_rate, recent_weeks
from cleardays.response.priors import COVARIATE_SD, reference_priors
from cleardays.response.shrinking import shrink

Array = NDArray[np.float64]

WIDE_SD = 1.0  # prior SD of each log odds ratio in the fit; `shrink` puts its own prior in its place
# How far a factor of a day that had the outcome counts for the day after, and the SD of what it does otherwise. Of the ways
# that were tried this one finds real effects best that act on every day or on first days only, without being misled
# by attacks that change what a person does; see docs/explanation/triggers.md, "Which days are compared".
CONTINUED, CONTINUED_SD = 0.5, 0.5


class Factor(NamedTuple):
    """Something that was there on a day, was not, or is not known; one value for each day of the outcome's series.

    `day_before`: the question is the day after. Otherwise it is the day itself, which
    suits what no attack can bring about, such as a weekday.
    """

    name: str
    values: tuple[bool | None, ...]
    day_before: bool


class Tally(NamedTuple):
    """Counted, no model: days with and without the factor whose answer is known, and how many of them had the outcome.

    With `day_before`, only days after a clear day are counted.
    """

    days_with: int
    had_with: int
    days_without: int
    had_without: int


class Association(NamedTuple):
    """One factor: equally likely draws (N,) of its log odds ratio, and of the outcome's chance with and without it.

    The chances are those at the level of the last four weeks with treatments as they are now: with
    `day_before` those of the day after a clear day. `alone` is the log odds ratio as this
    diary tells it under the wide prior: mean and standard deviation.
    """

    name: str
    log_odds: Array
    chance_with: Array
    chance_without: Array
    alone: tuple[float, float]


class Compared(NamedTuple):
    """All factors of one fit, in the order they were given, and the health of the fit."""

    associations: tuple[Association, ...]
    engine: str
    effective_share: float
    settled: bool


class _Column(NamedTuple):
    """A covariate before centring: the mean over the days that count, and the values with 0 for every other day."""

    mean: float
    values: Array


def tally(days: DaySeries, factor: Factor) -> Tally:
    """Count the days that bear on a factor."""
    value, counted = _bearing(days, factor)
    if factor.day_before:
        counted &= _before(_states(days)) == 0.0
    had = _states(days) == 1.0
    with_it, without = counted & (value == 1.0), counted & (value == 0.0)
    return Tally(*(int(mask.sum()) for mask in (with_it, with_it & had, without, without & had)))


def associate(
    days: DaySeries,
    factors: Sequence[Factor],
    *,
    treatment: ExposureSeries | None = None,
    beside: Circumstances = NOTHING_ELSE,
    seed: int,
) -> Compared:
    """Fit all factors together.

    Args:
        days: the outcome day by day; some day is known.
        factors: at least one, each there on some of the days that count and not on others.
        treatment: what was started, if anything; it is in the model with the reference prior.
        beside: other treatments, and days that differ for reasons that are no factor.
        seed: fixes the draws.

    Raises:
        ValueError: no day is known.
    """
    columns = [_main(days, factor) for factor in factors]
    laid = [_covariate(days, column.values) for column in columns]
    laid += [_covariate(days, extra * CONTINUED_SD) for factor in factors if (extra := _continued(days, factor)).any()]
    laid += [c._replace(values=tuple(COVARIATE_SD / WIDE_SD * value for value in c.values)) for c in beside.covariates]
    exposure = treatment or ExposureSeries.started("nothing", days.last_day + timedelta(days=HORIZON_DAYS + 1))
    priors = reference_priors(pretreatment_rate(days, exposure), centring_constant(days))._replace(covariate_sd=WIDE_SD)
    fitted = fit_checked(days, exposure, priors, seed=seed, beside=beside._replace(covariates=tuple(laid)))
    first = BESIDE + len(beside.others)
    found, weight = fitted.draws.coefficients[first : first + len(factors)], fitted.draws.weight
    mean = found @ weight
    away = found - mean[:, None]
    covariance = (away * weight) @ away.T
    log_odds = shrink(mean, covariance, WIDE_SD, seed=seed)
    base = _Base.of(fitted, len(log_odds), seed)
    associations = tuple(
        Association(
            factor.name,
            log_odds[:, k],
            base.chance(factor, (1.0 - column.mean) * log_odds[:, k]),
            base.chance(factor, -column.mean * log_odds[:, k]),
            (float(mean[k]), float(np.sqrt(covariance[k, k]))),
        )
        for k, (factor, column) in enumerate(zip(factors, columns, strict=True))
    )
    return Compared(associations, fitted.engine, fitted.effective_share, fitted.settled)


class _Base(NamedTuple):
    """Draws of the linear predictor of an ordinary day now, yesterday left out, and of the pull of yesterday.

    They are taken as independent of the log odds ratios, which stand on centred columns.
    """

    level: Array
    carry: Array
    centre: float

    @classmethod
    def of(cls, fitted: Fit, count: int, seed: int) -> _Base:
        """`count` equally likely draws of a fit."""
        draws, design = fitted.draws, fitted.design
        now = np.array([design.n_days - 1])
        level = draws.coefficients[USUAL] + draws.level(recent_weeks(design)).mean(axis=0) + fitted.beside_effect(now)[0]
        level = level + draws.coefficients[EFFECT] * fitted.exposure_on(fitted.exposure, now)[0]
        random = np.random.default_rng([seed, count])
        take = np.searchsorted(np.cumsum(draws.weight), (random.permutation(count) + 0.5) / count)
        take = np.minimum(take, len(draws.weight) - 1)
        return cls(level[take], draws.coefficients[CARRY][take], design.centre)

    def chance(self, factor: Factor, added: Array) -> Array:
        """The outcome's chance with `added` on the linear predictor: after a clear day, or on any day."""
        after_clear = sigmoid(self.level + added - self.carry * self.centre)
        if factor.day_before:
            return after_clear
        had = long_run_rate(self.level, self.carry, self.centre)
        return had * sigmoid(self.level + added + self.carry * (1.0 - self.centre)) + (1.0 - had) * after_clear


def _states(days: DaySeries) -> Array:
    return np.array([np.nan if state is None else float(state) for state in days.states])


def _before(values: Array) -> Array:
    """What was known of the day before each day; nothing of the day before the first."""
    return np.concatenate([[np.nan], values[:-1]])


def _bearing(days: DaySeries, factor: Factor) -> tuple[Array, NDArray[np.bool_]]:
    """The factor's value that bears on each day, NaN where it is not known, and whether the day counts."""
    value = np.array([np.nan if value is None else float(value) for value in factor.values])
    value = _before(value) if factor.day_before else value
    return value, ~np.isnan(value) & ~np.isnan(_states(days))


def _main(days: DaySeries, factor: Factor) -> _Column:
    value, counted = _bearing(days, factor)
    if not factor.day_before:
        return _centred(value, counted)
    before = _before(_states(days))
    clear, had = (_centred(value, counted & (before == state)) for state in (0.0, 1.0))
    return _Column(clear.mean, clear.values + CONTINUED * had.values)


def _continued(days: DaySeries, factor: Factor) -> Array:
    """What a factor does otherwise on the day after one that had the outcome; all 0 for the day itself."""
    value, counted = _bearing(days, factor)
    before = _before(_states(days))
    return _centred(value, counted & (before == 1.0)).values if factor.day_before else np.zeros(len(value))


def _centred(value: Array, counted: NDArray[np.bool_]) -> _Column:
    """0 is the mean of the days that count, so that a day of which nothing is known is a mean day."""
    if not counted.any():
        return _Column(0.0, np.zeros(len(value)))
    mean = float(value[counted].mean())
    return _Column(mean, np.where(counted, value - mean, 0.0))


def _covariate(days: DaySeries, values: Array) -> DayCovariate:
    return DayCovariate("", days.first_day, tuple(values.tolist()))
