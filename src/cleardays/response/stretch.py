"""How likely is a stretch without the outcome, or months with few, if all had gone on as in the days before the treatment?

Only those days are fitted, so that nothing of what came later makes it look likelier or less likely. From the last of
them on each posterior draw goes on by itself: its weekly level wanders on as the model lets it (autoregressive of order
one), days follow each other as in the chain of the model. The chance that none of the known days of a stretch
has the outcome is worked out exactly for each draw and averaged; an unknown day may have had it, and counts as such. That
of months with few is the share of the draws whose simulated months are so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.numerics import weighted
from cleardays.quantities import ExposureSeries
from cleardays.response.chain import long_run_rate, transitions
from cleardays.response.design import CARRY, HORIZON_DAYS, USUAL, WEEK, centring_constant
from cleardays.response.fit import LEAST_SHARE, Fit, fit_checked, pretreatment_rate, recent_weeks
from cleardays.response.priors import reference_priors

Array = NDArray[np.float64]


class Chances(NamedTuple):
    """One chance for each thing that was asked; `settled`: the fit passed its own check, else they are rough."""

    each: tuple[float, ...]
    settled: bool


def chances_of_none(before: DaySeries, stretches: Sequence[DaySeries], *, seed: int) -> Chances:
    """The chance of each stretch that all its known days are without the outcome, at the level of the days before.

    Args:
        before: the days before the treatment; some day of them is known.
        stretches: later ones, each after the last day of `before`; whether their days are known is all that is read.
        seed: fixes the draws.
    """
    fitted = _as_before(before, seed)
    levels = _levels_ahead(fitted, max((each.last_day - before.last_day).days for each in stretches), seed)
    found = (_chance(fitted, levels, each, (each.first_day - before.last_day).days - 1) for each in stretches)
    return Chances(tuple(found), _settled(fitted))


def chance_of_fewer(before: DaySeries, first: date, months: int, length: int, limit: int, *, seed: int) -> Chances:
    """The one chance that each of so many stretches in a row has fewer days with the outcome, at the level of the days before.

    Args:
        before: the days before the treatment; some day of them is known.
        first: the first day of the first stretch, after the last day of `before`.
        months: how many stretches there are.
        length: days of each of them.
        limit: each has fewer days with the outcome than that.
        seed: fixes the draws.
    """
    fitted, since = _as_before(before, seed), (first - before.last_day).days - 1
    levels = _levels_ahead(fitted, since + months * length, seed)
    b, centre = fitted.draws.coefficients, fitted.design.centre
    random = np.random.default_rng([seed, months])
    count, fewer = np.zeros(len(b[USUAL])), np.ones(len(b[USUAL]), dtype=bool)
    had = random.random(len(count)) < long_run_rate(b[USUAL] + levels[since // WEEK], b[CARRY], centre)
    for at in range(months * length):
        up, down = transitions(b[USUAL] + levels[(since + at) // WEEK], b[CARRY], centre)
        had = random.random(len(count)) < np.where(had, up, down)
        count += had
        if (at + 1) % length == 0:
            fewer &= count < limit
            count[:] = 0.0
    return Chances((weighted.probability(fewer, fitted.draws.weight),), _settled(fitted))


def _settled(fitted: Fit) -> bool:
    return fitted.settled and fitted.effective_share >= LEAST_SHARE


def _as_before(before: DaySeries, seed: int) -> Fit:
    """The days before alone, with nothing begun."""
    nothing = ExposureSeries.started("nothing", before.last_day + timedelta(days=HORIZON_DAYS + 1))
    priors = reference_priors(pretreatment_rate(before, nothing), centring_constant(before))
    return fit_checked(before, nothing, priors, seed=seed)


def _levels_ahead(fitted: Fit, days: int, seed: int) -> Array:
    """The weekly level of each draw as it may go on after the last day for so many days, (weeks, N)."""
    weeks = (days - 1) // WEEK + 1
    nodes, node = fitted.nodes, fitted.draws.node
    spread, persistence = nodes.spread[node], nodes.persistence[node]
    fresh = spread * np.sqrt(1.0 - persistence**2)
    noise = np.random.default_rng([seed, weeks]).standard_normal((weeks, len(node)))
    level, found = fitted.draws.level(recent_weeks(fitted.design)[-1:])[0], np.empty_like(noise)
    for week in range(weeks):
        level = persistence * level + fresh * noise[week]
        found[week] = level
    return found


def _chance(fitted: Fit, levels: Array, stretch: DaySeries, since: int) -> float:
    """Mean over the draws of P(no known day has it); `since` is how many days after the fitted ones it begins."""
    b, centre = fitted.draws.coefficients, fitted.design.centre
    usual, carry = b[USUAL], b[CARRY]
    week, up, down = -1, usual, usual
    had = long_run_rate(usual + levels[since // WEEK], carry, centre)  # and none so far; of the day before the first
    clear = 1.0 - had
    for at, state in enumerate(stretch.states):
        if (since + at) // WEEK != week:
            week = (since + at) // WEEK
            up, down = transitions(usual + levels[week], carry, centre)
        had, clear = had * up + clear * down, had * (1.0 - up) + clear * (1.0 - down)
        if state is not None:
            had = np.zeros_like(had)
    return min(max(float(fitted.draws.weight @ (had + clear)), 0.0), 1.0)
