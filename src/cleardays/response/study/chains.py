"""People whose days follow a logistic chain: tomorrow depends on today, on a moving level, and on the treatment."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from cleardays.quantities import ExposureSeries, ExposureStep
from cleardays.response.chain import level_for_rate, long_run_rate
from cleardays.response.study.effects import CENTRE, Course, Effect, in_full, lagged, lasting, usual_effect
from cleardays.response.study.keeping import Keep, most_days
from cleardays.response.study.levels import Level, drift
from cleardays.response.study.person import (
    MONTH,
    START,
    TREATMENT,
    Array,
    Mask,
    Person,
    Truth,
    diary_of,
    is_bad_month,
)

_CARRY_MEAN, _CARRY_SD = 0.9, 0.5
_ONSET_LOG_SD = 0.6
_MOST_MONTHS = 2000  # that a person waits for a bad one; then somebody else comes
# The days around the start of a period: five of each cycle, with a rise on the logit scale.
_CYCLE_DAYS, _WINDOW_DAYS, _RISE_MEAN, _RISE_SD = (25, 32), 5, 1.6, 0.5
_BISECTIONS = 40
_LONGEST_LEVEL = 12.0


class Setting(NamedTuple):
    """How the people of a world come about.

    `usual`: bounds of the own long-run days per 28. `onset`: the median of tau in days. `lasts`: the share of the
    effect that is left on each day of treatment.
    """

    before: int = 28
    after: int = 84
    usual: tuple[float, float] = (4.0, 20.0)
    effect: Effect = usual_effect
    level: Level = drift
    onset: float = 14.0
    lasts: Callable[[int], Array] = lasting
    course: Callable[[np.random.Generator, int], Course] = in_full
    keep: Keep = most_days
    cyclic: bool = False


class Habit(NamedTuple):
    """A person before any treatment: own rate (share of days), level, carry-over, and the tide of one cycle."""

    rate: float
    level: float
    carry: float
    tide: Array


def chain_person(random: np.random.Generator, setting: Setting) -> Person:
    """One person, enrolled after a month that was at least 25 % worse than the own average.

    The person is drawn once and waits for such a month. Truth: the stationary rate of the chain at the mean level
    of the last four weeks, with today's effect and without it; where there is a cycle, the mean over one.
    """
    while True:
        habit = _habit(random, setting)
        tau = setting.onset * math.exp(_ONSET_LOG_SD * random.normal())
        full = setting.effect(random, habit.rate, habit.carry)
        course = setting.course(random, setting.after)
        effect = full * lagged(course.aimed, tau) * setting.lasts(setting.after)
        lived = _live(random, setting, habit, effect[: course.days])
        if lived is not None:
            break
    states, levels = lived
    at, now = levels[-MONTH:].mean(), float(effect[course.days - 1])
    untreated, current = _rate(habit, at), _rate(habit, at + now)
    truth = Truth(MONTH * current, MONTH * untreated, full == 0.0, MONTH * habit.rate, _run_in(states, setting.before))
    kept, recalled = setting.keep(random, states[MONTH:], setting.before)
    steps = tuple(ExposureStep(START + timedelta(days=day), level) for day, level in course.told if day < course.days)
    exposure = ExposureSeries(TREATMENT, steps)
    return Person(diary_of(kept, recalled, setting.before), exposure, truth, float(states[:MONTH].sum()))


def _habit(random: np.random.Generator, setting: Setting) -> Habit:
    rate, carry = random.uniform(*setting.usual) / MONTH, random.normal(_CARRY_MEAN, _CARRY_SD)
    if not setting.cyclic:
        return Habit(rate, float(level_for_rate(np.asarray(rate), carry, CENTRE)), carry, np.zeros(1))
    tide = np.zeros(int(random.integers(_CYCLE_DAYS[0], _CYCLE_DAYS[1] + 1)))
    tide[:_WINDOW_DAYS] = max(0.0, random.normal(_RISE_MEAN, _RISE_SD))
    low, high = -_LONGEST_LEVEL, _LONGEST_LEVEL
    for _ in range(_BISECTIONS):  # the level at which the mean over a cycle is the own rate
        middle = 0.5 * (low + high)
        low, high = (middle, high) if cycle_rate(middle, carry, tide) < rate else (low, middle)
    return Habit(rate, 0.5 * (low + high), carry, tide)


def _rate(habit: Habit, away: float) -> float:
    """The long-run share of days at a distance from the own level."""
    if len(habit.tide) == 1:
        return float(long_run_rate(np.asarray(habit.level + away), habit.carry, CENTRE))
    return cycle_rate(habit.level + away, habit.carry, habit.tide)


def cycle_rate(level: float, carry: float, tide: Array) -> float:
    """The long-run share of days when the level rises and falls in a cycle, by the chain's forward recursion."""
    chance, total = 0.5, 0.0
    for _ in range(3):  # two cycles forget where it began
        total = 0.0
        for rise in tide.tolist():
            at = level + rise
            after_had, after_clear = _logistic(at + carry * (1 - CENTRE)), _logistic(at - carry * CENTRE)
            chance = chance * after_had + (1 - chance) * after_clear
            total += chance
    return total / len(tide)


def _live(random: np.random.Generator, setting: Setting, habit: Habit, effect: Array) -> tuple[Mask, Array] | None:
    """The days of one person from the bad month on, and their levels; None where no month is ever bad enough."""
    span, path = MONTH + setting.before + len(effect), setting.level(random)
    whole_weeks = MONTH + setting.before + setting.after
    for _ in range(_MOST_MONTHS):
        levels = path(random, whole_weeks)[:span]
        eta = habit.level + levels
        eta[span - len(effect) :] += effect
        if setting.cyclic:
            eta += habit.tide[(np.arange(span) + random.integers(len(habit.tide))) % len(habit.tide)]
        had = bool(random.random() < habit.rate)
        month = _walk(random, eta[:MONTH], habit.carry, had)
        if is_bad_month(sum(month), MONTH * habit.rate):
            rest = _walk(random, eta[MONTH:], habit.carry, month[-1])
            return np.array([*month, *rest]), levels
    return None


def _walk(random: np.random.Generator, eta: Array, carry: float, had: bool) -> list[bool]:
    states = []
    for at, chance in zip(eta.tolist(), random.random(len(eta)).tolist(), strict=True):
        had = chance < _logistic(at + carry * (had - CENTRE))
        states.append(had)
    return states


def _logistic(x: float) -> float:
    return 0.5 * (1.0 + math.tanh(0.5 * x))


def _run_in(states: Mask, before: int) -> float:
    return MONTH * float(states[MONTH : MONTH + before].mean())
