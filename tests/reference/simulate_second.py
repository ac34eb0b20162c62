"""People simulated with second rows: migraine days among headache days, cravings, drinks. The truth is known exactly.

Written from the module description of `cleardays.response.second`, day by day and
step by step, without its functions. The long-run amount of a day is the stationary
mean of the whole chain from value to value, yesterday's carry-over included; it is
no mean-field value.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.priors import (
    CARRY_MEAN,
    CARRY_SD,
    LEVEL_MEAN,
    LEVEL_SD,
    ONSET_LOG_SD,
    ONSET_MEDIAN_DAYS,
    PERSISTENCE_LOGIT_SD,
    PERSISTENCE_MEDIAN,
    REFERENCE_MEAN,
    REFERENCE_SD,
    SPREAD_LOG_SD,
    SPREAD_MEDIAN,
)
from reference.simulate import AFTER, BEFORE, MISSING, START, Truth

Array = NDArray[np.float64]

# What the second rows believe beforehand, as (mean, SD): of the first intercept, of what each further one adds, and so
# on; where the segments of an amount begin; and the least spread that yesterday is told in.
STEP, RISE, EXTRA, CARRY_OVER = (0.0, 1.5), (0.0, 1.5), (0.0, 0.5), (0.3, 0.3)
SEGMENTS = {"part": (1,), "craving": (1, 3, 5, 7, 9), "drinks": (1, 3, 6)}
GREATEST = {"part": 1, "craving": 10, "drinks": 250}
FARTHEST = 3.0  # standard deviations
CENTRE = 0.5  # of the truth; the engine's differs a little, which only moves mu


class Law(NamedTuple):
    """How the value of a day follows from the level, the exposure and the value of the day before.

    `steps[k - 1]` is the intercept of "more than k?"; a part has one step, and none of it carries over.
    """

    usual: float
    carry: float
    effect: float
    steps: Array
    extra: float
    carry_over: float
    mean: float = 0.0  # yesterday is standardised by this mean and spread
    spread: float = 1.0

    def had(self, yesterday: bool, level: float, exposure: float) -> float:
        """P(the day has it)."""
        return _logistic(self.usual + level + self.effect * exposure + self.carry * (yesterday - CENTRE))

    def going_on(self, yesterday: float, level: float, exposure: float) -> Array:
        """P(more than k | k or more) for each k."""
        away = min(max((yesterday - self.mean) / self.spread, -FARTHEST), FARTHEST)
        return _logistic(self.steps + level + (self.effect + self.extra) * exposure + self.carry_over * away)


class Person(NamedTuple):
    """A simulated person as the engine is asked about one, and what it should find."""

    whole: DaySeries | None  # headache days, where a part of them is judged
    days: DaySeries
    amounts: AmountSeries | None
    exposure: ExposureSeries
    truth: Truth


def simulate(kind: str, random: np.random.Generator) -> Person:
    """One person of a kind ("part", "craving", "drinks"), drawn from the engine's reference priors.

    28 days before and 84 after the start, a fifth of the days unknown. Yesterday is
    standardised by what the known days turn out to be, as the engine does it.
    """
    law, levels, tau = _draw_law(kind, random)
    span = BEFORE + AFTER
    exposures = [0.0 if day < BEFORE else 1 - np.exp(-(day - BEFORE) / tau) for day in range(span)]
    known = random.random(span) >= MISSING
    dice = random.random((span, 1 + len(law.steps)))
    for _ in range(8):
        values = _live(kind, law, levels, exposures, dice)
        seen = values[known] if known.any() else np.zeros(1)
        told = law._replace(mean=float(seen.mean()), spread=max(float(seen.std()), least_spread(kind, float(seen.mean()))))
        if kind == "part" or abs(told.mean - law.mean) < 0.02 * law.spread:
            break
        law = told
    level, now = float(levels[-4:].mean()), exposures[-1]
    current, untreated = (long_run(kind, law, level, exposure) for exposure in (now, 0.0))
    per = 1 if kind == "craving" else 28
    return _told(kind, values, known, Truth(per * current, 1 - current / untreated))


def least_spread(kind: str, mean: float) -> float:
    """Days that are all alike have no spread to tell yesterday in."""
    return 1.0 if kind == "craving" else max(0.5, 0.5 * mean)


def long_run(kind: str, law: Law, level: float, exposure: float) -> float:
    """The value of a day in the long run at one level: the share of part days, or the mean amount."""
    if kind == "part":
        up, down = (law.had(yesterday, level, exposure) for yesterday in (True, False))
        return float(down / (1 - up + down) * law.going_on(0.0, level, exposure)[0])
    return float(_stationary(kind, law, level, exposure) @ np.arange(GREATEST[kind] + 1))


def steady(kind: str, law: Law) -> Law:
    """The law with yesterday standardised by its own untreated days at the usual level."""
    if kind == "part":
        return law
    values = np.arange(GREATEST[kind] + 1)
    for _ in range(60):
        share = _stationary(kind, law, 0.0, 0.0)
        mean = float(share @ values)
        spread = max(float(np.sqrt(share @ (values - mean) ** 2)), least_spread(kind, mean))
        law = law._replace(mean=(law.mean + mean) / 2, spread=(law.spread + spread) / 2)
    return law


def _stationary(kind: str, law: Law, level: float, exposure: float) -> Array:
    """The share of days of each amount, 0 to the greatest: p (moves - 1) = 0, adding up to 1."""
    amounts = np.arange(GREATEST[kind] + 1)
    moves = np.array([_next_day(law, float(amount), level, exposure) for amount in amounts])
    system = np.vstack([moves.T - np.eye(len(amounts)), np.ones(len(amounts))])
    return np.linalg.lstsq(system, np.append(np.zeros(len(amounts)), 1.0), rcond=None)[0]


def _next_day(law: Law, yesterday: float, level: float, exposure: float) -> Array:
    """The distribution of a day's amount after a day of `yesterday`."""
    had = law.had(yesterday > 0, level, exposure)
    reached = np.concatenate([[1.0], np.cumprod(law.going_on(yesterday, level, exposure))])
    return np.concatenate([[1 - had], had * (reached - np.append(reached[1:], 0.0))])


def live(kind: str, law: Law, level: float, exposure: float, days: int, random: np.random.Generator) -> Array:
    """Day after day at one level, one amount each."""
    dice = random.random((days, 1 + len(law.steps)))
    return _live(kind, law, np.full(days // 7 + 1, level), [exposure] * days, dice)


def _live(kind: str, law: Law, levels: Array, exposures: list[float], dice: Array) -> Array:
    """The value of each day: an amount, or for a part 0 clear, 1 had, 2 had and the part too."""
    values, yesterday = np.zeros(len(exposures)), 0.0
    for day, exposure in enumerate(exposures):
        level = float(levels[day // 7])
        had = dice[day, 0] < law.had(yesterday > 0, level, exposure)
        on = dice[day, 1:] < law.going_on(0.0 if kind == "part" else yesterday, level, exposure)
        amount = 1 + (len(on) if on.all() else int(np.argmin(on)))
        yesterday = values[day] = float(amount if had else 0)
    return values


def _draw_law(kind: str, random: np.random.Generator) -> tuple[Law, Array, float]:
    """A person's law, the level of each week, and the time constant of the onset in days."""
    spread = SPREAD_MEDIAN * np.exp(SPREAD_LOG_SD * random.normal())
    logit = np.log(PERSISTENCE_MEDIAN / (1 - PERSISTENCE_MEDIAN)) + PERSISTENCE_LOGIT_SD * random.normal()
    persistence = _logistic(logit)
    tau = ONSET_MEDIAN_DAYS * np.exp(ONSET_LOG_SD * random.normal())
    levels = np.empty((BEFORE + AFTER) // 7)
    levels[0] = spread * random.normal()
    for week in range(1, len(levels)):
        levels[week] = persistence * levels[week - 1] + spread * np.sqrt(1 - persistence**2) * random.normal()
    starts, end = SEGMENTS[kind], max(GREATEST[kind], 2)
    lengths = np.diff([*starts, end])
    law = Law(
        usual=random.normal(LEVEL_MEAN, LEVEL_SD),
        carry=random.normal(CARRY_MEAN, CARRY_SD),
        effect=random.normal(REFERENCE_MEAN, REFERENCE_SD),
        steps=np.repeat(np.cumsum([random.normal(*STEP), *random.normal(*RISE, size=len(starts) - 1)]), lengths),
        extra=random.normal(*EXTRA),
        carry_over=0.0 if kind == "part" else random.normal(*CARRY_OVER),
        mean=2.0,
        spread=2.0,
    )
    return law, levels, float(tau)


def _told(kind: str, values: Array, known: NDArray[np.bool_], truth: Truth) -> Person:
    first, on_time = START - timedelta(days=BEFORE), (False,) * len(values)
    exposure = ExposureSeries.started("x", START)

    def days(outcome: str, at_least: int) -> DaySeries:
        states = tuple(bool(v >= at_least) if k else None for v, k in zip(values, known, strict=True))
        return DaySeries(outcome, first, states, on_time)

    if kind == "part":
        return Person(days("headache_day", 1), days("migraine_day", 2), None, exposure, truth)
    told = tuple(float(v) if k else None for v, k in zip(values, known, strict=True))
    most = GREATEST[kind] if kind == "craving" else None
    amounts = AmountSeries(kind, first, told, on_time, most, kind == "craving")
    return Person(None, amounts.days, amounts, exposure, truth)


def _logistic(x):
    return 1 / (1 + np.exp(-x))
