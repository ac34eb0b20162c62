"""Simulated people with sessions, or with months without, whose truth is known. Nothing here uses the model.

Run as a module it prints the table of docs/explanation/sessions-and-remission.md.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from cleardays.diary.conditions import declared
from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries, ExposureStep
from cleardays.response.answer import respond
from cleardays.response.design import NOTHING_ELSE
from cleardays.trial.remission import remission
from cleardays.trial.review import judging_rules
from cleardays.trial.session_relief import Judged, sessions_of
from cleardays.trial.sessions_held import Held

START = date(2026, 3, 2)
MISSING = 0.1
HEADACHE = declared({}, "headache_day")


class World(NamedTuple):
    """How people of a world live: log odds in the seven days after a session, and what comes on slowly (or falls at once)."""

    sessions: int = 0
    apart: int = 42
    relief: float = 0.0
    slow: float = 0.0
    at_once: float = 0.0  # from two weeks after the start
    back_after: int | None = None  # days after the start from which on `at_once` is over
    when_bad: bool = False
    mean: tuple[float, float] = (-0.3, 0.8)  # mean and SD of the usual level, log odds
    before: int = 84
    after: int = 112


WORLDS = {
    "nothing, 1 session": World(1),
    "nothing, 3 sessions": World(3),
    "nothing, 6 sessions": World(6),
    "nothing, bad weeks, 3 sessions": World(3, when_bad=True),
    "nothing, bad weeks, 6 sessions": World(6, when_bad=True),
    "relief, 3 sessions": World(3, relief=-1.5),
    "relief, 6 sessions": World(6, relief=-1.5),
    "great relief, 3 sessions": World(3, relief=-3.0),
    "prevention alone, 6 sessions": World(6, slow=-1.5),
}
LASTING = {
    "no change, few days": World(mean=(-2.0, 0.4)),
    "no change": World(),
    "gone": World(mean=(-1.0, 0.5), at_once=-9.0),
    "gone, few days": World(mean=(-2.0, 0.4), at_once=-9.0),
    "gone and back": World(mean=(-0.5, 0.4), at_once=-9.0, back_after=112, after=140),
    "often, no change": World(mean=(0.6, 0.3)),
    "often, halved": World(mean=(0.6, 0.3), at_once=-1.6),
}


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def live(random: np.random.Generator, world: World) -> tuple[DaySeries, list[date]]:
    """One person: the days that were written down, and the days of the sessions."""
    spread, usual = 0.6 * np.exp(0.4 * random.normal()), random.normal(*world.mean)
    after = world.sessions * world.apart or world.after
    level, had, held, lived = spread * random.normal(), False, list[int](), list[bool]()
    for day in range(world.before + after):
        if day % 7 == 0:
            level = 0.85 * level + spread * np.sqrt(1 - 0.85**2) * random.normal()
        since = day - world.before
        if len(held) < world.sessions and _held_now(lived, since - world.apart * len(held), world):
            held.append(since)
        eta = usual + level + 0.7 * (had - 0.5) + _treated(since, held, world)
        had = bool(random.random() < logistic(eta))
        lived.append(had)
    known = random.random(len(lived)) >= MISSING
    states = tuple(state if kept else None for state, kept in zip(lived, known, strict=True))
    days = DaySeries("headache_day", START - timedelta(days=world.before), states, (False,) * len(states))
    return days, [START + timedelta(days=n) for n in held]


def _held_now(lived, overdue, world) -> bool:
    """A session is due on its day; held in bad weeks, it is brought forward or put off to a week that is worse than usual."""
    if not world.when_bad:
        return overdue >= 0
    worse = sum(lived[-7:]) >= 1.4 * 7 * np.mean(lived) if lived else False
    return overdue >= 10 or (overdue >= 0 and worse)


def _treated(since, held, world) -> float:
    found = world.relief if any(1 <= since - on <= 7 for on in held) else 0.0
    if held and since >= held[0]:
        found += world.slow * (1 - np.exp(-(since - held[0]) / 14))
    if since >= 14 and (world.back_after is None or since < world.back_after):
        found += world.at_once
    return found


def reliefs(name: str, people: int, seed: int = 7):
    """The answer on relief of each person."""
    world, found, verdict = WORLDS[name], [], None
    for person in range(people):
        days, held = live(np.random.default_rng([seed, person]), world)
        if verdict is None:  # the answer on relief asks of it only whether days were left out selectively
            verdict = respond(days, ExposureSeries.started("x", START), judging_rules())._replace(reasons=())
        exposure = ExposureSeries("x", (ExposureStep(held[0], 1.0),))
        judged = Judged(days, exposure, verdict, HEADACHE, None, NOTHING_ELSE, 1)
        found.append(sessions_of([Held(on, on, told=True) for on in held], judged).relief)
    return found


def lasting(name: str, people: int, seed: int = 11):
    """What is said of remission of each person."""
    found = []
    for person in range(people):
        days, _ = live(np.random.default_rng([seed, person]), LASTING[name])
        found.append(remission(days, START, HEADACHE, headache=days, verdict=(), seed=1))
    return found


def share(found, answer: str, of=lambda each: each.answer) -> float:
    return sum(of(each) == answer for each in found) / len(found)


def _print(people: int) -> None:
    for name in WORLDS:
        found = reliefs(name, people)
        print(name, {answer: round(share(found, answer), 2) for answer in ("likely", "unlikely", "cannot_tell")}, flush=True)
    for name in LASTING:
        looked = lasting(name, people)
        told = {
            each: share(looked, each, lambda one: one.stretch.answer) for each in ("remission", "long_stretch", "as_before")
        }
        months = [each.months for each in looked if each.months is not None]
        row = {each: share(months, each) for each in ("episodic", "not_yet", "frequent", "back")} if months else {}
        ended = [each.ended.answer for each in looked if each.ended is not None]
        print(name, told, len(months), row, len(ended) / people, {each: ended.count(each) for each in set(ended)}, flush=True)


if __name__ == "__main__":
    _print(100)
