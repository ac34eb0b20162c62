"""What the draws say: rates now and before, the reduction, and its parts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics import weighted
from cleardays.numerics.distinct import distinct
from cleardays.response.design import EFFECT
from cleardays.response.fit import Fit, baseline_days, recent_weeks
from cleardays.response.priors import SCEPTICAL_DRUG_LOG_RATE_SD

Array = NDArray[np.float64]

LEVEL = 0.90
REDUCTIONS = (0.30, 0.50, 0.75)


class Interval(NamedTuple):
    """A posterior median with a central credible interval."""

    estimate: float
    lower: float
    upper: float
    level: float = LEVEL

    def document(self) -> dict[str, float]:
        """As it stands in JSON output."""
        return {"estimate": self.estimate, "lower": self.lower, "upper": self.upper, "level": self.level}


class Rates(NamedTuple):
    """Per draw, in days per 28 days (or drinks, or the mean craving of a day), each of shape (N,).

    `baseline` is None without a known day before the start of treatment.
    `expected` is the level without the drug's own part, placebo-like part included.
    `exposure_now` is the posterior mean of today's delayed exposure: the share of
    the full effect that would be there by now.
    """

    baseline: Array | None
    current: Array
    untreated: Array
    expected: Array
    exposure_now: float

    @property
    def reduction(self) -> Array:
        """R = 1 - current / untreated: the contrast of exposure at the same level."""
        return 1.0 - self.current / self.untreated

    @property
    def visible_change(self) -> Array | None:
        """(current - baseline) / baseline, what the person sees in the diary."""
        return None if self.baseline is None else self.current / self.baseline - 1.0

    @property
    def natural_change(self) -> Array | None:
        """Change without the drug: drift, regression to the mean, placebo-like part."""
        return None if self.baseline is None else self.expected - self.baseline

    @property
    def treatment_effect(self) -> Array:
        """The drug part of the change; with `natural_change` it adds up to current - baseline."""
        return self.current - self.expected


def rates(fit: Fit, *, seed: int) -> Rates:
    """The long-run rates of each draw.

    current = 28 pi(mu + L + delta e_now) and untreated = 28 pi(mu + L), with L the
    mean weekly level of the last four weeks and e_now today's delayed exposure.
    baseline averages 28 pi(mu + u) over the baseline's known days. Other treatments
    stay as they are on each day, so that R contrasts the judged one alone; what
    differs from day to day is taken as on an ordinary day.
    """
    today = np.array([fit.design.n_days - 1])
    now = fit.exposure_on(fit.exposure, today)[0]
    level, beside = fit.draws.level(recent_weeks(fit.design)).mean(axis=0), fit.beside_effect(today)[0]
    untreated = fit.per * fit.value(level, np.zeros_like(now), beside)
    current = fit.per * fit.value(level, now, beside)
    expected = _without_drug(fit, untreated, current, now, seed=seed)
    return Rates(_baseline(fit), current, untreated, expected, min(1.0, float(fit.draws.weight @ now)))


def _baseline(fit: Fit) -> Array | None:
    days = baseline_days(fit.design, fit.exposure)
    if not len(days):
        return None
    weeks, beside = fit.design.week_of_day[days], fit.beside_effect(days)
    if fit.beside.others:
        each = fit.value(fit.draws.level(weeks), np.zeros((len(weeks), 1)), beside)
        return np.asarray(fit.per * each.mean(axis=0))
    weeks, counts = distinct(weeks)  # all days of a week have the same rate
    each = fit.value(fit.draws.level(weeks), np.zeros((len(weeks), 1)))
    return np.asarray(fit.per * (counts @ each) / len(days))


def _without_drug(fit: Fit, untreated: Array, current: Array, now: Array, *, seed: int) -> Array:
    """The rate with the placebo-like part of the effect but without the drug's own part.

    One start of treatment shows only the sum theta = nu + gamma of the two (on
    the log-rate scale). Given the sum, gamma is drawn from its conditional law:
    under what trials against placebo found where there are some, else under
    gamma ~ N(0, 0.35^2), the sceptical prior of open-label experience.
    """
    before, parts = fit.priors.effect.log_rates, fit.priors.effect.parts
    theta = np.log(current / untreated)
    if parts is None:
        # neither part may be more certain than the other, however narrow the prior of the sum is
        share = min(SCEPTICAL_DRUG_LOG_RATE_SD**2 / float(before.var()), 0.5)
        drug_mean, drug_variance = 0.0, share * float(before.var())
    else:
        drug_mean, drug_variance = parts.own
        share = drug_variance / (drug_variance + parts.natural[1])
    noise = np.random.default_rng([seed, 1]).standard_normal(len(theta))
    spread = np.sqrt(drug_variance * (1.0 - share))
    gamma = now * drug_mean + share * (theta - now * float(before.mean())) + now * spread * noise
    # the placebo-like level stays a rate: never more days than there are
    return np.asarray(np.minimum(untreated * np.exp(theta - gamma), fit.ceiling))


def interval(values: Array, weights: Array) -> Interval:
    """Median and central 90 % interval of weighted draws."""
    tail = (1.0 - LEVEL) / 2.0
    lower, middle, upper = weighted.quantiles(values, weights, (tail, 0.5, 1.0 - tail))
    return Interval(middle, lower, upper)


def chances(reduction: Array, weights: Array) -> dict[str, float]:
    """P(reduction >= 30, 50, 75 %) and P(worse)."""
    found = {f"reduction_ge_{round(100 * r)}": weighted.probability(reduction >= r, weights) for r in REDUCTIONS}
    return {**found, "worse": weighted.probability(reduction < 0.0, weights)}


def prior_share(fit: Fit) -> float:
    """How much of the effect's uncertainty the diary left as it was: posterior / prior variance, at most 1."""
    effect, weight = fit.draws.coefficients[EFFECT], fit.draws.weight
    mean = float(weight @ effect)
    variance = float(weight @ (effect - mean) ** 2)
    return min(1.0, variance / fit.priors.effect.variance)
