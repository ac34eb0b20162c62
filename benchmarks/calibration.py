"""How right the answers are on simulated people, in worlds that the model assumes and in worlds that it does not.

    python benchmarks/calibration.py [people per world]

Everybody is enrolled only when the month before the diary was at least 25 %
worse than the own average (people seek help when it is bad), keeps 28 days
before and 84 after the start, and leaves a fifth of the days unknown. 40 % have
no effect at all. "Effective" means a true reduction of at least half, at the
person's own level of the last four weeks. The default prior is used, which is
not what the effects are drawn from. The table is published in
docs/explanation/response-model.md.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import respond
from cleardays.response.chain import level_for_rate, long_run_rate
from cleardays.trial.review import judging_rules

START = date(2026, 3, 2)
RUN_IN, BEFORE, AFTER = 28, 28, 84
DAYS = RUN_IN + BEFORE + AFTER
CENTRE = 0.5


class World(NamedTuple):
    """How people differ from the model's own world."""

    name: str
    lowest: float = 4.0  # own average, days per 28
    highest: float = 20.0
    level: Callable[[np.random.Generator], np.ndarray] | None = None  # extra daily level, logit
    waning: bool = False  # the effect fades after 8 weeks
    late: bool = False  # comes on twice as slowly
    bad_days_only: bool = False  # after the start only headache days are written down


def season(random: np.random.Generator) -> np.ndarray:
    """A year's wave of the level."""
    return 1.2 * np.sin(2 * np.pi * (np.arange(DAYS) / 365.0 + random.random()))


def step(random: np.random.Generator) -> np.ndarray:
    """One sudden change of the level, at any time."""
    return np.where(np.arange(DAYS) >= random.integers(0, DAYS), random.normal(0, 1.0), 0.0)


WORLDS = (
    World("the model's own"),
    World("rare attacks, 1-3 in 28", 1, 3),
    World("frequent, 15-22 in 28", 15, 22),
    World("near daily, 23-27 in 28", 23, 27),
    World("a season", level=season),
    World("a sudden step", level=step),
    World("an effect that wanes", waning=True),
    World("onset twice as slow", late=True),
    World("only bad days logged after the start", bad_days_only=True),
)


class Person(NamedTuple):
    """A diary with its truth."""

    days: DaySeries
    reduction: float
    current: float


def simulate(random: np.random.Generator, world: World) -> Person:
    """One enrolled person of a world."""
    while True:
        own = random.uniform(world.lowest, world.highest) / 28
        carry, tau = random.normal(0.9, 0.5), 14 * np.exp(0.6 * random.normal()) * (2 if world.late else 1)
        effect = 0.0 if random.random() < 0.4 else random.normal(-1.1, 0.6)
        level = float(level_for_rate(np.asarray(own), carry, CENTRE)) + _drift(random)
        if world.level is not None:
            level = level + world.level(random)
        since = np.arange(DAYS) - RUN_IN - BEFORE
        exposure = np.where(since >= 0, 1 - np.exp(-np.maximum(since, 0) / tau), 0.0)
        if world.waning:
            exposure = exposure * np.exp(-np.maximum(since - 56, 0) / 28)
        states, had = [], random.random() < own
        for day in range(DAYS):
            eta = level[day] + carry * (had - CENTRE) + effect * exposure[day]
            had = bool(random.random() < 1 / (1 + np.exp(-eta)))
            states.append(had)
        if sum(states[:RUN_IN]) >= min(1.25 * 28 * own, 28):
            break
    at = level[-28:].mean()
    current, untreated = (float(long_run_rate(np.asarray(a), carry, CENTRE)) for a in (at + effect * exposure[-1], at))
    kept = [_logged(random, world, i - BEFORE, state) for i, state in enumerate(states[RUN_IN:])]
    days = DaySeries("headache_day", START - timedelta(days=BEFORE), tuple(kept), (False,) * len(kept))
    return Person(days, 1 - current / untreated, 28 * current)


def _drift(random: np.random.Generator) -> np.ndarray:
    spread = 0.5 * np.exp(0.5 * random.normal())
    persistence = 1 / (1 + np.exp(-(np.log(0.85 / 0.15) + 0.8 * random.normal())))
    weeks = [spread * random.normal()]
    for _ in range(DAYS // 7):
        weeks.append(persistence * weeks[-1] + spread * np.sqrt(1 - persistence**2) * random.normal())
    return np.repeat(weeks, 7)[:DAYS]


def _logged(random: np.random.Generator, world: World, since: int, state: bool) -> bool | None:
    if world.bad_days_only and since >= 0:
        return True if state else None
    return state if random.random() > 0.2 else None


def study(world: World, people: int, seed: int) -> dict[str, float]:
    """The figures of one world."""
    random = np.random.default_rng(seed)
    exposure, rules = ExposureSeries.started("the treatment", START), judging_rules()
    rows = []
    for _ in range(people):
        person = simulate(random, world)
        got = respond(person.days, exposure, rules, threshold=0.5)
        effective, p = person.reduction >= 0.5, got.probability["reduction_ge_50"] or 0.0
        low, high = got.reduction_pct.lower / 100, got.reduction_pct.upper / 100
        rows.append(
            (
                (p - effective) ** 2,
                (p >= 0.5) != effective,
                low <= person.reduction <= high,
                got.current.lower <= person.current <= got.current.upper,
                got.verdict in ("responding", "not_responding"),
                (got.verdict == "responding" and not effective) or (got.verdict == "not_responding" and effective),
            )
        )
    brier, wrong, cover, cover_days, decided, wrong_decided = np.mean(rows, axis=0)
    return {
        "Brier": brier,
        "wrong": wrong,
        "cover R": cover,
        "cover days": cover_days,
        "decided": decided,
        "wrong of decided": wrong_decided / decided if decided else float("nan"),
    }


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    print(f"{people} people a world")
    print("| world | Brier | wrong | cover R | cover days | decided | wrong of decided |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for seed, world in enumerate(WORLDS, start=1):
        figures = study(world, people, seed)
        print(f"| {world.name} | " + " | ".join(f"{value:.2f}" for value in figures.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
