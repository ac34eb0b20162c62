"""People whose cravings or drinks are made in another way than the model believes: their truth is exact.

Whether a day has any is a chain of two states. How much it is on such a day is a
rounded normal rating (narrow, or bell-shaped), or a number of drinks: nearly
always the same, Poisson, or with a heavy tail. The treatment multiplies the mean
amount; nothing of it is a sequence of steps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from math import erf, lgamma, sqrt

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import AmountSeries
from cleardays.quantities import ExposureSeries
from reference.simulate import AFTER, BEFORE, MISSING, START, Truth
from reference.simulate_second import Person

Array = NDArray[np.float64]

STYLES = {"craving": ("narrow", "bell-shaped"), "drinks": ("regular", "poisson", "heavy")}
MOST = {"craving": 10, "drinks": 200}


def simulate(kind: str, random: np.random.Generator) -> Person:
    """One person of a kind ("craving", "drinks"), as the engine is asked about one, and what it should find.

    28 days before and 84 after the start, a fifth of the days unknown; 30 % without any effect.
    """
    levels = _levels(random)
    usual, carry, tau = random.normal(1.5, 1.2), random.normal(0.7, 0.4), 14.0 * np.exp(0.6 * random.normal())
    gone = 1.0 if random.random() < 0.3 else min(random.gamma(3.0, 0.85 / 3.0), 1.4)
    spread_of = _law(kind, str(random.choice(STYLES[kind])), random.uniform(2.0, 10.0 if kind == "drinks" else 8.0))

    def had(yesterday: float, level: float, exposure: float) -> float:
        return float(1 / (1 + np.exp(-(usual + 0.5 * level + 0.7 * np.log(gone) * exposure + carry * (yesterday - 0.5)))))

    def long_run(level: float, exposure: float) -> float:
        stays, comes = had(1.0, level, exposure), had(0.0, level, exposure)
        chances = spread_of(level, gone**exposure)
        return comes / (1 - stays + comes) * float(np.arange(1, len(chances) + 1) @ chances)

    values: list[float] = []
    exposure = 0.0
    for day in range(BEFORE + AFTER):
        exposure = 0.0 if day < BEFORE else 1.0 - np.exp(-(day - BEFORE) / tau)
        level = float(levels[day // 7])
        any_at_all = random.random() < had(float(bool(values and values[-1])), level, exposure)
        chances = spread_of(level, gone**exposure)
        values.append(float(random.choice(len(chances), p=chances) + 1) if any_at_all else 0.0)
    known = random.random(len(values)) >= MISSING
    now = float(levels[-4:].mean())
    current, untreated = long_run(now, exposure), long_run(now, 0.0)
    told = tuple(value if seen else None for value, seen in zip(values, known, strict=True))
    most = 10 if kind == "craving" else None
    first = START - timedelta(days=BEFORE)
    amounts = AmountSeries(kind, first, told, (False,) * len(told), most, kind == "craving")
    truth = Truth((1 if kind == "craving" else 28) * current, 1 - current / untreated)
    return Person(None, amounts.days, amounts, ExposureSeries.started("x", START), truth)


def _levels(random: np.random.Generator) -> Array:
    spread, persistence = 0.6 * np.exp(0.5 * random.normal()), 1 / (1 + np.exp(-(1.73 + 0.8 * random.normal())))
    levels = [spread * random.normal()]
    for _ in range((BEFORE + AFTER) // 7 - 1):
        levels.append(persistence * levels[-1] + spread * np.sqrt(1 - persistence**2) * random.normal())
    return np.array(levels)


def _law(kind: str, style: str, usual: float) -> Callable[[float, float], Array]:
    """The chances of 1, 2, ... on a day that has any, by its level and by what the treatment leaves."""
    amounts = np.arange(1, MOST[kind] + 1)

    def rating(level: float, left: float) -> Array:
        middle, sd = (usual + level) * left, 0.5 if style == "narrow" else 1.5
        below = np.array([0.5 * (1 + erf((x + 0.5 - middle) / sd / sqrt(2))) for x in range(MOST[kind] + 1)])
        chances = np.diff(below)
        chances[0] += below[0]
        chances[-1] += 1 - below[-1]
        return chances

    def drinks(level: float, left: float) -> Array:
        mean = usual * np.exp(0.35 * level) * left
        if style == "regular":
            # now the one, now the next number, so that the mean is exact; one day in eight differs by one
            lower = max(1, int(mean))
            part = min(max(mean - lower, 0.0), 1.0)
            chances = np.zeros(len(amounts))
            for number, share in ((lower, 1 - part), (lower + 1, part)):
                for other, often in ((number, 0.88), (max(1, number - 1), 0.06), (number + 1, 0.06)):
                    chances[other - 1] += share * often
            return chances
        size = 2.0 if style == "heavy" else 1e6  # negative binomial: the larger, the more Poisson
        each = np.arange(MOST[kind] + 1)
        log = np.array([lgamma(n + size) - lgamma(size) - lgamma(n + 1) for n in each])
        chances = np.exp(log + size * np.log(size / (size + mean)) + each * np.log(mean / (size + mean)))
        kept = chances[1:].copy()
        kept[0] += chances[0]
        return np.asarray(kept / kept.sum())

    return rating if kind == "craving" else drinks
