"""How a person's level moves from week to week, on the logit scale and around 0.

A `Level` draws how it moves in one person; the `Path` that it gives then draws the level of each of a number of
days (a multiple of 7), as often as one likes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cleardays.response.study.person import Array

Path = Callable[[np.random.Generator, int], Array]
Level = Callable[[np.random.Generator], Path]

_WEEK, _YEAR = 7, 365.0
# The base world: spread with median 0.5 (the engine's prior has 0.6), persistence with median 0.85.
_SPREAD_MEDIAN, _SPREAD_LOG_SD = 0.5, 0.5
_PERSISTENCE_MEDIAN, _PERSISTENCE_LOGIT_SD = 0.85, 0.8
_WALK_MEDIAN = 0.3  # of a random walk's weekly step: after 20 weeks it has gone about 1.3
_SEASON = 1.2  # half the height of a year's wave
_STEP_SD = 1.0


def drift(random: np.random.Generator) -> Path:
    """A stationary weekly level: what the model assumes. A bad month tends to be followed by a better one."""
    spread = _SPREAD_MEDIAN * np.exp(_SPREAD_LOG_SD * random.normal())
    logit = np.log(_PERSISTENCE_MEDIAN / (1 - _PERSISTENCE_MEDIAN)) + _PERSISTENCE_LOGIT_SD * random.normal()
    return weekly(spread, 1 / (1 + np.exp(-logit)))


def weekly(spread: float, persistence: float) -> Path:
    """A stationary first-order weekly level of given spread and persistence."""

    def path(random: np.random.Generator, days: int) -> Array:
        noise = random.normal(size=days // _WEEK)
        weeks = [spread * noise[0]]
        for shock in noise[1:]:
            weeks.append(persistence * weeks[-1] + spread * np.sqrt(1 - persistence**2) * shock)
        return np.repeat(weeks, _WEEK)

    return path


def random_walk(random: np.random.Generator) -> Path:
    """A level that wanders off and never comes back by itself; it starts at the person's usual one."""
    size = _WALK_MEDIAN * np.exp(_SPREAD_LOG_SD * random.normal())
    return lambda random, days: np.repeat(np.cumsum(size * random.normal(size=days // _WEEK)), _WEEK)


def season(random: np.random.Generator) -> Path:
    """A year's wave beside the usual drift; the diary begins at any time of it."""
    usual = drift(random)

    def path(random: np.random.Generator, days: int) -> Array:
        wave = _SEASON * np.sin(2 * np.pi * (np.arange(days) / _YEAR + random.random()))
        return np.asarray(usual(random, days) + wave)

    return path


def step(random: np.random.Generator) -> Path:
    """One sudden lasting change on any day, beside the usual drift."""
    usual = drift(random)

    def path(random: np.random.Generator, days: int) -> Array:
        at, size = random.integers(0, days), random.normal(0, _STEP_SD)
        return usual(random, days) + np.where(np.arange(days) >= at, size, 0.0)

    return path
