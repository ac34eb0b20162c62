"""Priors learned from other people's diaries.

People are independent given the population, so the log evidence of a population
is the sum of the log evidences of its diaries. It is maximised over the prior
means and standard deviations of the usual level, the carry-over and the effect,
and over the prior medians of the weekly level's spread and persistence. Each
look fits every diary once. By Fisher's identity the slope of a diary's log
evidence is the posterior mean of the slope of the log prior density, and its
curvature follows from the posterior variance of that slope (Louis 1982, JRSS B
44:226); the draws of the fit give both, so the steps are Newton's, held between
those and the steps of the EM gradient algorithm (Lange 1995, JRSS B 57:425).

The starting priors count as a few people whose parameters were known exactly and
lay as those priors say, so that a few diaries do not carry everything away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.numerics.logistic import logit, sigmoid
from cleardays.quantities import ExposureSeries
from cleardays.response.chain import long_run_rate
from cleardays.response.design import BESIDE, NOTHING_ELSE, Circumstances, centring_constant
from cleardays.response.fit import Fit, fit
from cleardays.response.priors import EffectPrior, Priors, normal_quantiles
from cleardays.sources import Reason

Array = NDArray[np.float64]

# Exactly known people that the starting priors count as. In simulated populations, two to fifteen diaries then taught much
# where the population was unlike the starting priors, and did little harm where it was like them; beyond, it hardly matters.
START_WORTH = 4.0
DRAWS = 1024  # fewer leave noise in the SD of the effect
_MOST_ROUNDS = 40
_SETTLED = 0.02  # log evidence that the next step would gain, all people together
_LONGEST = 0.7  # of a step: in SDs for a mean, on the log for an SD
_MOST_HALVINGS = 6
# In no direction are the diaries taken to know less than this share of what exactly known people would tell: the observed
# information of few diaries is noisy there, and need not even be positive.
_LEAST_SHARE = 0.1

# The ways in which people differ: level, carry-over and effect (as in a fit's coefficients), log s, logit phi.
_AXES = 5
_EFFECT_AXIS = 2
_SDS = 3  # the SDs of the first three are learned, those of log s and logit phi are kept


class Person(NamedTuple):
    """One diary to learn from."""

    days: DaySeries
    exposure: ExposureSeries
    beside: Circumstances = NOTHING_ELSE


class Learned(NamedTuple):
    """Priors learned from many diaries, and how the learning went.

    `log_evidence` is summed over the diaries, and `log_evidence_before` is that
    under the starting priors (their effect taken as one normal where it is learned).
    """

    priors: Priors
    people: int
    log_evidence: float
    log_evidence_before: float
    rounds: int
    settled: bool


class _Population(NamedTuple):
    """Where people lie on each axis: means (5,) and logs of standard deviations (5,)."""

    mean: Array
    log_sd: Array

    @property
    def sd(self) -> Array:
        return np.asarray(np.exp(self.log_sd))


class _View(NamedTuple):
    """What all diaries and the starting priors say about one population."""

    log_evidence: float
    objective: float  # with what the starting priors count
    gradient: Array  # (10,) with respect to the means, then to the log SDs
    observed: Array  # (10, 10) information
    complete: Array  # (10,) its diagonal if every person's parameters were known


class _Search(NamedTuple):
    """What stays the same while the population moves."""

    people: Sequence[Person]
    start: Priors
    origin: _Population
    effect: bool
    worth: float
    draws: int
    seed: int


def learn_priors(
    people: Sequence[Person],
    start: Priors,
    *,
    effect: bool = True,
    worth: float = START_WORTH,
    draws: int = DRAWS,
    seed: int = 1,
) -> Learned:
    """The priors under which these diaries are most probable, held a little by the starting ones.

    Args:
        people: one diary each; at least one day of each is known.
        start: where to start, and what holds the answer.
        effect: learn the effect too, as one normal on the logit scale; only sensible where
            everybody began the same treatment. False keeps the effect of `start`.
        worth: how many exactly known people `start` counts as, above 0.
        draws: posterior draws of each diary.
        seed: fixes the draws; same diaries and seed, same priors.

    Returns:
        The learned priors. The SDs of log s, logit phi and log tau, the median of tau, and all that
        concerns memory, other treatments and covariates stay as in `start`.

    Raises:
        ValueError: nobody to learn from, or `worth` is not above 0.
    """
    if not people:
        raise ValueError("there is no diary to learn priors from: give at least one person")
    if not worth > 0.0:
        raise ValueError(f"the starting priors are to count as {worth} people: give a number above 0")
    search = _Search(people, start, _population(start), effect, worth, draws, seed)
    here = search.origin
    view = first = _look(search, here)
    for rounds in range(1, _MOST_ROUNDS + 1):
        step, gain = _step(view, here, effect=effect)
        if gain < _SETTLED:
            return _learned(search, here, view, first, rounds, settled=True)
        here, view, moved = _climb(search, here, view, step)
        if not moved:
            break
    return _learned(search, here, view, first, rounds, settled=False)


def _learned(search: _Search, here: _Population, view: _View, first: _View, rounds: int, *, settled: bool) -> Learned:
    priors = _priors(search, here)
    return Learned(priors, len(search.people), view.log_evidence, first.log_evidence, rounds, settled)


def _climb(search: _Search, here: _Population, view: _View, step: Array) -> tuple[_Population, _View, bool]:
    """Take the step, halved until it goes uphill; stay where none does."""
    for _ in range(_MOST_HALVINGS):
        there = _Population(here.mean + step[:_AXES], here.log_sd + step[_AXES:])
        seen = _look(search, there)
        if seen.objective > view.objective:
            return there, seen, True
        step = 0.5 * step
    return here, view, False


def _step(view: _View, here: _Population, *, effect: bool) -> tuple[Array, float]:
    """Newton's step on the free coordinates, not too long, and the gain that it promises."""
    free = np.arange(2 * _AXES) < _AXES + _SDS
    free[[_EFFECT_AXIS, _AXES + _EFFECT_AXIS]] = effect
    half = 1.0 / np.sqrt(view.complete[free])
    relative = view.observed[np.ix_(free, free)] * half[:, None] * half
    share, direction = np.linalg.eigh(relative)
    uphill = direction.T @ (half * view.gradient[free])
    reach = uphill / np.maximum(share, _LEAST_SHARE)
    step = np.zeros(2 * _AXES)
    step[free] = half * (direction @ reach)
    length = np.abs(step / np.concatenate([here.sd, np.ones(_AXES)])).max()
    return step * min(1.0, _LONGEST / max(length, _LONGEST)), 0.5 * float(uphill @ reach)


def _look(search: _Search, here: _Population) -> _View:
    """Fit everybody once under this population, and add it all up."""
    priors = _priors(search, here)
    parts = [_held_by_start(search.origin, here, search.worth)]
    for person in search.people:
        fitted = fit(person.days, person.exposure, priors, seed=search.seed, beside=person.beside, draws=search.draws)
        parts.append(_of_one(fitted, here))
    totals = [sum(column[1:], column[0]) for column in zip(*parts, strict=True)]
    objective, gradient, observed, complete = totals
    return _View(objective - parts[0][0], objective, gradient, observed, complete)


def _of_one(fitted: Fit, here: _Population) -> tuple[float, Array, Array, Array]:
    """Log evidence of one diary, its slope, its information, and the diagonal of the complete one."""
    weight, nodes, node = fitted.draws.weight, fitted.nodes, fitted.draws.node
    hyper = np.array([np.log(nodes.spread), logit(nodes.persistence)])[:, node]
    away = (np.vstack([fitted.draws.coefficients[:BESIDE], hyper]) - here.mean[:, None]) / here.sd[:, None]
    slope = np.vstack([away / here.sd[:, None], away**2 - 1.0])
    mean = slope @ weight
    complete = _complete(away @ weight, away**2 @ weight, here.sd)
    missing = (slope * weight) @ slope.T - np.outer(mean, mean)
    return fitted.draws.log_evidence, mean, complete - missing, np.diag(complete)


def _complete(away: Array, squared: Array, sd: Array) -> Array:
    """Minus the second derivatives of the log normal density, expected: away and squared are moments of (x - mean) / sd."""
    mean, spread = np.diag(1.0 / sd**2), np.diag(2.0 * squared)
    both = np.diag(2.0 * away / sd)
    return np.block([[mean, both], [both, spread]])


def _held_by_start(origin: _Population, here: _Population, worth: float) -> tuple[float, Array, Array, Array]:
    """As `_of_one`, of `worth` people who lie exactly as the starting priors say."""
    away = (origin.mean - here.mean) / here.sd
    squared = (origin.sd / here.sd) ** 2 + away**2
    log_density = -float((here.log_sd + 0.5 * squared).sum())
    complete = worth * _complete(away, squared, here.sd)
    return worth * log_density, worth * np.concatenate([away / here.sd, squared - 1.0]), complete, np.diag(complete)


def _population(start: Priors) -> _Population:
    effect = start.effect
    mean = [start.level_mean, start.carry_mean, float(np.dot(effect.weights, effect.means))]
    mean += [float(np.log(start.spread_median)), float(logit(np.asarray(start.persistence_median)))]
    sd = [start.level_sd, start.carry_sd, effect.variance**0.5, start.spread_log_sd, start.persistence_logit_sd]
    return _Population(np.array(mean), np.log(sd))


def _priors(search: _Search, here: _Population) -> Priors:
    """The starting priors with this population's means and SDs."""
    level, carry, effect, log_spread, logit_persistence = here.mean.tolist()
    level_sd, carry_sd, effect_sd = here.sd[:_SDS].tolist()
    moved = search.start._replace(
        level_mean=level,
        level_sd=level_sd,
        carry_mean=carry,
        carry_sd=carry_sd,
        spread_median=float(np.exp(log_spread)),
        persistence_median=float(sigmoid(np.asarray(logit_persistence))),
    )
    if not search.effect:
        return moved
    centre = float(np.mean([centring_constant(person.days) for person in search.people]))
    return moved._replace(
        effect=normal_effect(effect, effect_sd, level=level, carry=carry, centre=centre, reason=_reason(search))
    )


def _reason(search: _Search) -> Reason:
    return Reason(
        "prior.population",
        f"The prior was learned from the diaries of {len(search.people)} other people who began the same treatment.",
        ("response-model",),
    )


def normal_effect(mean: float, sd: float, *, level: float, carry: float, centre: float, reason: Reason) -> EffectPrior:
    """A normal effect on the logit scale, with what it implies for the rate of a person of this level and carry-over."""
    delta = mean + sd * normal_quantiles(201)
    untreated = long_run_rate(np.asarray(level), carry, centre)
    log_rates = np.log(long_run_rate(level + delta, carry, centre) / untreated)
    return EffectPrior((1.0,), (mean,), (sd,), np.sort(log_rates), reason)
