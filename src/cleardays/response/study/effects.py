"""What a treatment does to a person, and how it comes on and goes, on the logit scale.

An `Effect` takes a generator, the own rate (share of days) and the carry-over, and gives the full effect; 40 %
of people have none at all unless said otherwise. A `Course` gives what is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from cleardays.response.chain import level_for_rate, long_run_rate
from cleardays.response.study.person import Array

Effect = Callable[[np.random.Generator, float, float], float]

CENTRE = 0.5  # of the previous-day term in a world's truth
_NULL_SHARE, _EFFECT_MEAN, _EFFECT_SD = 0.4, -1.1, 0.6
_TYPICAL_RATE = 12.0 / 28.0
_SUPER_SHARE, _SUPER_MEAN, _SUPER_SD = 0.3, -3.0, 0.6

_STEP_DAYS, _STEP_LEVELS = 14, (0.25, 0.5, 0.75, 1.0)
_HALF_EFFECT_DOSE = 0.5  # share of the full dose that has half of the greatest effect
_SIDE_EFFECT_MEDIAN, _SIDE_EFFECT_LOG_SD = 0.2, 0.8  # chance of one at the step to the full dose
_LEAVES_SHARE = 0.5  # of those with a side effect


def usual_effect(random: np.random.Generator, rate: float, carry: float) -> float:
    """None in 40 %, else normal with mean -1.1 and SD 0.6, whatever the rate."""
    del rate, carry
    return 0.0 if random.random() < _NULL_SHARE else random.normal(_EFFECT_MEAN, _EFFECT_SD)


def effect_on_rate(random: np.random.Generator, rate: float, carry: float) -> float:
    """As many parts in a hundred as `usual_effect` takes from 12 days in 28, at any rate.

    On the logit, halving 27 days takes an effect of about -3, so a world in which the logit's effect is the same
    at every rate has no responders among near-daily headaches, while trials of chronic migraine have many. Where
    the effect makes things worse, the clear days shrink by the same factor.
    """
    delta = usual_effect(random, rate, carry)
    if delta == 0.0:
        return 0.0
    typical = float(level_for_rate(np.asarray(_TYPICAL_RATE), carry, CENTRE))
    left = float(long_run_rate(np.asarray(typical + delta), carry, CENTRE)) / _TYPICAL_RATE
    to = rate * left if left < 1 else 1 - (1 - rate) / left
    return float(level_for_rate(np.asarray(to), carry, CENTRE) - level_for_rate(np.asarray(rate), carry, CENTRE))


def as_in_trials(multipliers: Sequence[float]) -> Effect:
    """The rate times G, drawn from equally likely values; above (1 - rate) / rate the clear days shrink instead."""

    def effect(random: np.random.Generator, rate: float, carry: float) -> float:
        left = multipliers[int(random.integers(len(multipliers)))]
        to = min(rate * left, 1 - (1 - rate) / left) if left > 1 else rate * left
        return float(level_for_rate(np.asarray(to), carry, CENTRE) - level_for_rate(np.asarray(rate), carry, CENTRE))

    return effect


def two_populations(random: np.random.Generator, rate: float, carry: float) -> float:
    """A very large effect in 30 %, none in everybody else."""
    del rate, carry
    return random.normal(_SUPER_MEAN, _SUPER_SD) if random.random() < _SUPER_SHARE else 0.0


class Course(NamedTuple):
    """What is taken: the share of the full effect aimed at on each treated day, and what the diary tells of it.

    `told` holds steps as (day of treatment from 0, level); the diary covers `days` days of treatment.
    """

    aimed: Array
    told: tuple[tuple[int, float], ...]
    days: int


def in_full(random: np.random.Generator, days: int) -> Course:
    """The full dose from the first day to the last."""
    del random
    return Course(np.ones(days), ((0, 1.0),), days)


def by_steps(random: np.random.Generator, days: int) -> Course:
    """A quarter more every two weeks; the effect follows the dose with a bend; side effects grow with the dose.

    At a side effect one half goes a step back and stays there; the other half, and whoever has no step to go back to,
    leaves, and the diary ends.
    """
    sensitive = _SIDE_EFFECT_MEDIAN * np.exp(_SIDE_EFFECT_LOG_SD * random.normal())
    levels, told = np.zeros(days), list[tuple[int, float]]()
    for index, dose in enumerate(_STEP_LEVELS):
        first = index * _STEP_DAYS
        levels[first:] = dose
        told.append((first, dose))
        if random.random() < sensitive * dose:
            on = first + int(random.integers(3, _STEP_DAYS))
            if index == 0 or random.random() < _LEAVES_SHARE:
                return Course(_bend(levels), tuple(told), on)
            back = _STEP_LEVELS[index - 1]
            levels[on:] = back
            told.append((on, back))
            break
    return Course(_bend(levels), tuple(told), days)


def by_steps_untold(random: np.random.Generator, days: int) -> Course:
    """The same, but the diary tells only the first day."""
    return by_steps(random, days)._replace(told=((0, 1.0),))


def _bend(doses: Array) -> Array:
    """From dose to effect, 1 at the full dose (Emax)."""
    return doses * (1 + _HALF_EFFECT_DOSE) / (doses + _HALF_EFFECT_DOSE)


def lagged(aimed: Array, tau: float) -> Array:
    """A first-order lag: 1 - exp(-t / tau) on day t of a full dose."""
    share, reached, found = 1 - np.exp(-1 / tau), 0.0, np.empty(len(aimed))
    for day, target in enumerate(aimed):
        found[day] = reached
        reached += (target - reached) * share
    return found


def lasting(days: int) -> Array:
    """An effect that lasts."""
    return np.ones(days)


def waning(days: int) -> Array:
    """Full for eight weeks, then fading with a time constant of four."""
    return np.exp(-np.maximum(np.arange(days) - 56, 0) / 28)
