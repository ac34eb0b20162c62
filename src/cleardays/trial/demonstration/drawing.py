"""Random numbers of a simulated person: a stream of its own for each thing, the same whatever is asked for how long.

A longer simulation begins with the same days as a shorter one: what happens after a review does not change what came
before it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LONGEST_DAYS = 1_092
_WEEK = 7
_STREAMS = ("drift", "days", "amounts", "pain", "symptoms", "keeping", "doses", "care", "aura", "acute")


def uniform(seed: int, stream: str, columns: int) -> Array:
    """Uniform numbers, (days, columns)."""
    return _stream(seed, stream).random((LONGEST_DAYS, columns))


def drift(seed: int, spread: float, persistence: float, begins_at: float) -> Array:
    """The level of each day around the own one, in log odds: a first-order chain of weeks, constant within one."""
    steps = _stream(seed, "drift").standard_normal(LONGEST_DAYS // _WEEK)
    level, weeks = begins_at, [begins_at]
    for step in steps[1:].tolist():
        level = persistence * level + spread * float(np.sqrt(1 - persistence**2)) * step
        weeks.append(level)
    return np.repeat(np.array(weeks), _WEEK)


def _stream(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, _STREAMS.index(name)])
