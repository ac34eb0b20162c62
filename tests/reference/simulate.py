"""People simulated from the single-diary model, with the truth known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.chain import long_run_rate
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

START = date(2026, 3, 2)
BEFORE, AFTER, MISSING = 28, 84, 0.2


class Truth(NamedTuple):
    """What the engine should find: days per 28 now, and the reduction because of the treatment."""

    current: float
    reduction: float


def simulate_person(random: np.random.Generator) -> tuple[DaySeries, ExposureSeries, Truth]:
    """One person: 28 days before, 84 after the start, a fifth of the days unknown."""
    spread = SPREAD_MEDIAN * np.exp(SPREAD_LOG_SD * random.normal())
    logit = np.log(PERSISTENCE_MEDIAN / (1 - PERSISTENCE_MEDIAN)) + PERSISTENCE_LOGIT_SD * random.normal()
    persistence = 1 / (1 + np.exp(-logit))
    tau = ONSET_MEDIAN_DAYS * np.exp(ONSET_LOG_SD * random.normal())
    usual, carry = random.normal(LEVEL_MEAN, LEVEL_SD), random.normal(CARRY_MEAN, CARRY_SD)
    effect = random.normal(REFERENCE_MEAN, REFERENCE_SD)
    weeks = (BEFORE + AFTER) // 7
    level = np.empty(weeks)
    level[0] = spread * random.normal()
    for week in range(1, weeks):
        level[week] = persistence * level[week - 1] + spread * np.sqrt(1 - persistence**2) * random.normal()
    centre = 0.5  # the truth's own centring; the engine's differs a little, which only moves mu
    states, had = [], random.random() < 0.5
    for day in range(BEFORE + AFTER):
        exposure = 0.0 if day < BEFORE else 1 - np.exp(-(day - BEFORE) / tau)
        eta = usual + carry * (had - centre) + effect * exposure + level[day // 7]
        had = bool(random.random() < 1 / (1 + np.exp(-eta)))
        states.append(had if random.random() > MISSING else None)
    now, a = 1 - np.exp(-(AFTER - 1) / tau), usual + level[-4:].mean()
    current, untreated = (float(long_run_rate(np.asarray(x), carry, centre)) for x in (a + effect * now, a))
    days = DaySeries("headache_day", START - timedelta(days=BEFORE), tuple(states), (False,) * len(states))
    return days, ExposureSeries.started("x", START), Truth(28 * current, 1 - current / untreated)
