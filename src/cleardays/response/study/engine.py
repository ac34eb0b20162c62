"""The one place where the study touches the engine."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.evidence.prior.stored import Expected
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import respond
from cleardays.response.design import centring_constant
from cleardays.response.fit import fit, pretreatment_rate, recent_weeks
from cleardays.response.onset import delayed_exposure
from cleardays.response.priors import ONSET_MEDIAN_DAYS, Priors, reference_priors
from cleardays.response.study.answers import Answer
from cleardays.response.study.person import Array
from cleardays.response.summary import rates
from cleardays.response.verdict import JudgingRules

_SEED = 1


def centre_of(days: DaySeries) -> float:
    """The constant on which the engine centres the day before."""
    return centring_constant(days)


class Posterior(NamedTuple):
    """Weighted draws of what is ranked, each of shape (N,), and the centring constant that the levels refer to."""

    level: Array  # usual level plus the mean weekly level of the last four weeks
    carry: Array
    effect: Array
    current: Array
    untreated: Array
    reduction: Array
    weight: Array
    centre: float


def answer(
    days: DaySeries,
    exposure: ExposureSeries,
    rules: JudgingRules,
    threshold: float,
    *,
    evidence: bool,
    expected: Expected | None = None,
) -> Answer:
    """What cleardays says of a diary; with `expected` it starts from these trials."""
    said = respond(days, exposure, rules, threshold=threshold, evidence=evidence, expected=expected, seed=_SEED)
    reduction, current = said.reduction_pct, said.current
    return Answer(
        half=_chance(said.probability["reduction_ge_50"]),
        third=_chance(said.probability["reduction_ge_30"]),
        verdict=said.verdict,
        reduction=(reduction.lower / 100, reduction.upper / 100),
        current=(current.lower, current.upper),
    )


def _chance(value: float | None) -> float:
    if value is None:
        raise ValueError("the engine gave no probability of a reduction")
    return value


def study_priors() -> Priors:
    """The reference priors, from which people are drawn for the ranks; they are the same at every rate."""
    return reference_priors(0.5, 0.5)


def posterior(days: DaySeries, exposure: ExposureSeries, seed: int) -> Posterior:
    """Draws of a diary fitted with the reference priors."""
    centre = centring_constant(days)
    fitted = fit(days, exposure, reference_priors(pretreatment_rate(days, exposure), centre), seed=seed)
    found = rates(fitted, seed=seed)
    usual, carry, effect = fitted.draws.coefficients
    level = usual + fitted.draws.level(recent_weeks(fitted.design)).mean(axis=0)
    return Posterior(level, carry, effect, found.current, found.untreated, found.reduction, fitted.draws.weight, centre)


def typical_exposure(exposure: ExposureSeries, first_day: date, days: NDArray[np.int64]) -> Array:
    """The exposure of each day when the effect comes on as fast as in most people."""
    return delayed_exposure(exposure, first_day, days, ONSET_MEDIAN_DAYS)
