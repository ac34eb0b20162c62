"""Simulated people: headache days drawn from a stated truth, so that what an answer says can be held against it.

Only `random.Random.random` is drawn from, whose sequence is fixed across versions of Python; normal numbers come from it
through their inverse distribution.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from random import Random
from statistics import NormalDist
from typing import NamedTuple

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries

START = date(2026, 3, 2)  # a Monday; the first day of treatment in every diary
TREATMENT = "the preventive"  # no medicine by name, so the default prior
MONTH, WEEK = 28, 7
SIGNS = {True: "#", False: ".", None: "?"}

States = tuple[bool | None, ...]


class World(NamedTuple):
    """What is true of a person. Logits per day, unless said otherwise."""

    usual: float  # level of a usual day after a clear one
    carry: float  # added after a day with headache
    spread: float  # standard deviation of the weekly level
    persistence: float  # correlation of the level from week to week
    effect: float  # of the treatment in full
    onset_days: float  # time constant of its first-order delay
    logged_had: float = 1.0  # chance that a headache day is written down, from the start of treatment on
    logged_clear: float = 1.0  # the same for a clear day


def simulate(world: World, seed: int, before: int, after: int) -> States:
    """Days before and after the start: True headache, False clear, None not written down.

    The same seed and `before` with a greater `after` give the same days and what follows them.
    """
    random = Random(seed)

    def normal() -> float:
        return NormalDist().inv_cdf(1.0 - random.random())

    level, had = world.spread * normal(), random.random() < 0.5
    fresh = world.spread * math.sqrt(1.0 - world.persistence**2)
    states: list[bool | None] = []
    for day in range(-before, after):
        if day % WEEK == 0 and states:
            level = world.persistence * level + fresh * normal()
        exposure = 1.0 - math.exp(-day / world.onset_days) if day >= 0 else 0.0
        logit = world.usual + world.carry * had + level + world.effect * exposure
        had = random.random() < 1.0 / (1.0 + math.exp(-logit))
        logged = random.random() < (world.logged_had if had else world.logged_clear)
        states.append(had if day < 0 or logged else None)
    return tuple(states)


def long_run(world: World, exposure: float = 0.0) -> float:
    """Headache days per 28 in the long run at a steady exposure, by simulation of 20,000 days."""
    steady = world._replace(usual=world.usual + exposure * world.effect)
    return MONTH * had(simulate(steady, 0, 20_000, 0)) / 20_000


def had(states: States) -> int:
    """How many days are known to have had headache."""
    return sum(state is True for state in states)


def series(states: States, before: int) -> DaySeries:
    """The days as a diary whose treatment starts after `before` of them."""
    return DaySeries("headache_day", START - timedelta(days=before), states, (False,) * len(states))


def exposure() -> ExposureSeries:
    """The preventive, in full from the start on."""
    return ExposureSeries.started(TREATMENT, START)


def pattern(states: States) -> list[str]:
    """The days as signs, in lines of 28 days and groups of 7."""
    signs = "".join(SIGNS[state] for state in states)
    weeks = [signs[i : i + WEEK] for i in range(0, len(signs), WEEK)]
    month = MONTH // WEEK
    return [" ".join(weeks[i : i + month]) for i in range(0, len(weeks), month)]
