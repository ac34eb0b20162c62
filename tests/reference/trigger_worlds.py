"""Simulated people who write down every day what may go along with their headaches, and whose truth is known.

Nothing here uses the model. In `chain` worlds a factor acts on every day after it; in `attack` worlds headaches come
in attacks of one to four days, and a factor acts on the day one begins.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from cleardays.diary.records import DayRecord, Diary
from cleardays.trial.triggers import Triggers, triggers

FIRST = date(2026, 1, 5)
NAMES = ("noise", "walk", "cheese", "travel", "screen", "wine", "coffee", "chocolate")
# How often each is there; every second one sticks to the day before.
PRESENCE = (0.3, 0.15, 0.5, 0.1, 0.4, 0.2, 0.3, 0.25)


class Person(NamedTuple):
    """What happened: headache by day (n,), and each factor by day (n, k)."""

    headache: np.ndarray
    there: np.ndarray


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def levels(random: np.random.Generator, days: int) -> np.ndarray:
    """Weeks that wander: SD 0.6, correlation 0.85 from week to week."""
    found = [0.6 * random.normal()]
    while 7 * len(found) < days:
        found.append(0.85 * found[-1] + 0.6 * np.sqrt(1 - 0.85**2) * random.normal())
    return np.repeat(found, 7)[:days]


def present(random: np.random.Generator, days: int, factors: int = len(NAMES)) -> np.ndarray:
    found = np.zeros((days, factors))
    for k in range(factors):
        sticks = 0.4 if k % 2 else 0.0
        for day in range(days):
            before = found[day - 1, k] if day else PRESENCE[k]
            found[day, k] = random.random() < sticks * before + (1 - sticks) * PRESENCE[k]
    return found


def chain(random, days: int, *, log_odds=(0.0,), factors: int = len(NAMES), mean: float = -0.9) -> Person:
    """Each day depends on the day before; `log_odds` of the first factors act on the day after."""
    there, level, usual = present(random, days, factors), levels(random, days), random.normal(mean, 0.3)
    effect = np.zeros(factors)
    effect[: len(log_odds)] = log_odds
    headache = np.zeros(days, bool)
    for day in range(days):
        before = headache[day - 1] if day else False
        eta = usual + level[day] + 0.7 * (before - 0.3) + (there[day - 1] @ effect if day else 0.0)
        headache[day] = random.random() < logistic(eta)
    return Person(headache, there)


def attacks(random, days: int, *, log_odds: float = 0.0, begins: float = 0.15) -> tuple[Person, np.ndarray]:
    """Attacks of 1 to 4 days with a clear day after each; the first factor acts on the day an attack begins."""
    there, level = present(random, days), levels(random, days)
    headache, first, left, rest = np.zeros(days, bool), np.zeros(days, bool), 0, False
    for day in range(days):
        if left:
            headache[day], left, rest = True, left - 1, True
        elif rest:
            rest = False
        else:
            eta = np.log(begins / (1 - begins)) + level[day] + (log_odds * (there[day - 1, 0] - 0.3) if day else 0.0)
            if random.random() < logistic(eta):
                headache[day] = first[day] = rest = True
                left = int(random.choice(4, p=(0.3, 0.35, 0.25, 0.1)))
    return Person(headache, there), first


def early_sign(random, days: int) -> Person:
    """Nothing sets an attack off; on the day it begins the first factor is there four times as often (a craving)."""
    person, first = attacks(random, days)
    person.there[:, 0] = random.random(days) < np.where(first, 0.6, 0.15)
    return person


def bad_days(random, days: int) -> Person:
    """Bad headaches last longer, and on them the first factor is there more and the second less; neither does anything."""
    there, level = present(random, days), levels(random, days)
    headache, bad = np.zeros(days, bool), np.zeros(days, bool)
    for day in range(days):
        before, was_bad = (headache[day - 1], bad[day - 1]) if day else (False, False)
        headache[day] = random.random() < logistic(-1.2 + level[day] + (0.2 + 1.6 * was_bad) * before)
        bad[day] = headache[day] and random.random() < (0.8 if before and was_bad else 0.4)
    there[:, 0] = random.random(days) < np.where(bad, 0.7, 0.2)
    there[:, 1] = random.random(days) < np.where(bad, 0.05, 0.3)
    return Person(headache, there)


def bad_weeks(random, days: int) -> Person:
    """In weeks with more headaches the first factor is there more too; from day to day it does nothing."""
    there, level = present(random, days), levels(random, days)
    headache = np.zeros(days, bool)
    for day in range(days):
        before = headache[day - 1] if day else False
        headache[day] = random.random() < logistic(-0.9 + level[day] + 0.7 * (before - 0.3))
    there[:, 0] = random.random(days) < logistic(-0.85 + 1.0 * level)
    return Person(headache, there)


LOG_3 = float(np.log(3.0))
WORLDS: dict[str, Callable[[np.random.Generator], Person]] = {
    "nothing, 120 days": lambda random: chain(random, 120),
    "nothing, a year": lambda random: chain(random, 365),
    "nothing, attacks, 180 days": lambda random: attacks(random, 180)[0],
    "one of eight, 180 days": lambda random: chain(random, 180, log_odds=(LOG_3,)),
    "one alone, 180 days": lambda random: chain(random, 180, log_odds=(LOG_3,), factors=1),
    "one of eight, a year": lambda random: chain(random, 365, log_odds=(LOG_3,)),
    "one protects, a year": lambda random: chain(random, 365, log_odds=(-LOG_3,)),
    "one of eight, attacks, 180 days": lambda random: attacks(random, 180, log_odds=LOG_3)[0],
    "one of eight, attacks, a year": lambda random: attacks(random, 365, log_odds=LOG_3)[0],
    "early sign, 180 days": lambda random: early_sign(random, 180),
    "bad days, 180 days": lambda random: bad_days(random, 180),
    "bad weeks, 180 days": lambda random: bad_weeks(random, 180),
}


def written_down(person: Person, random: np.random.Generator | None = None, missing: float = 0.0) -> Diary:
    """Every day, or all but a share of them, with the list of what was there."""
    records = []
    for day, (headache, there) in enumerate(zip(person.headache, person.there, strict=True)):
        if random is None or random.random() >= missing:
            words = tuple(name for name, was in zip(NAMES, there, strict=False) if was)
            on = FIRST + timedelta(days=day)
            records.append(DayRecord(date=on, headache="present" if headache else "clear", triggers=words))
    return Diary(tuple(records))


def answers(world: str, people: int, missing: float = 0.1) -> list[Triggers]:
    """What is said to so many people of a world, a tenth of whose days are missing."""
    found = []
    for seed in range(people):
        random = np.random.default_rng([seed, list(WORLDS).index(world)])
        person = WORLDS[world](random)
        found.append(triggers(written_down(person, random, missing)))
    return found


def share(found: list[Triggers], verdict: str, *, first: bool) -> float:
    """People to whom this is said of the first factor, or of any other one."""
    said = [{t.logged.name for t in each.triggers if t.verdict == verdict} for each in found]
    return float(np.mean([NAMES[0] in names if first else bool(names - {NAMES[0]}) for names in said]))
