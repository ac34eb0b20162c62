"""How a diary is kept: which days are written down, and what is remembered of others.

Each function takes a generator, the true states and the number of days before the start, and gives what stands
in the diary, with a mark on each day that was written down from memory.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cleardays.response.study.person import MONTH, Mask

Kept = tuple[tuple[bool | None, ...], tuple[bool, ...]]
Keep = Callable[[np.random.Generator, Mask, int], Kept]

_WEEK = 7
_MISSING = 0.2
_MISSING_CLEAR, _MISSING_HAD = 0.14, 0.28
_MOSTLY_HAD, _MOSTLY_CLEAR = 0.95, 0.4
_STOPS_A_WEEK = 0.35
_BETTER, _WORSE = 0.5, 1.25  # this week's share over that of the run-in
# In a published comparison 11.1 days per 28 were recalled for 13.7 in the diary.
_REMEMBERED = 11.1 / 13.7
_RECALLED_WEEKS = 0.5
_ROUNDED = 0.6
_ROUND_TO_WEEK, _ROUND_TO_MONTH = (0, 2, 5, 7), 5


def most_days(random: np.random.Generator, states: Mask, before: int) -> Kept:
    """A fifth of the days are missing, whatever happened on them."""
    del before
    return _logged(random, states, np.full(len(states), 1 - _MISSING))


def fewer_bad_days(random: np.random.Generator, states: Mask, before: int) -> Kept:
    """Days with it are missing twice as often as clear ones."""
    del before
    return _logged(random, states, np.where(states, 1 - _MISSING_HAD, 1 - _MISSING_CLEAR))


def bad_days_only(random: np.random.Generator, states: Mask, before: int) -> Kept:
    """As usual before the start; afterwards every day with it, and never a clear one."""
    treated = np.arange(len(states)) >= before
    return _logged(random, states, np.where(treated, states.astype(float), 1 - _MISSING))


def bad_days_mostly(random: np.random.Generator, states: Mask, before: int) -> Kept:
    """All along, nearly every day with it and four clear ones in ten."""
    del before
    return _logged(random, states, np.where(states, _MOSTLY_HAD, _MOSTLY_CLEAR))


def until_better(random: np.random.Generator, states: Mask, before: int) -> Kept:
    """Stops for good, sooner or later, once weeks are half as bad as before."""
    return _stopping(random, states, before, lambda ratio: ratio <= _BETTER)


def until_worse(random: np.random.Generator, states: Mask, before: int) -> Kept:
    """Stops for good, sooner or later, once weeks are a quarter worse than before."""
    return _stopping(random, states, before, lambda ratio: ratio >= _WORSE)


def weeks_from_memory(random: np.random.Generator, states: Mask, before: int) -> Kept:
    """Every other week, on average, is filled in at its end: some days are forgotten, and the sum is rounded."""
    kept, recalled = most_days(random, states, before)
    told, marks = list(kept), list(recalled)
    for first in range(0, len(states) - _WEEK + 1, _WEEK):
        if random.random() < _RECALLED_WEEKS:
            told[first : first + _WEEK] = _remembered(random, states[first : first + _WEEK], _round_week)
            marks[first : first + _WEEK] = [True] * _WEEK
    return tuple(told), tuple(marks)


def baseline_from_memory(random: np.random.Generator, states: Mask, before: int) -> Kept:
    """The days before the start are filled in at one sitting; those after it as usual."""
    kept, _ = most_days(random, states, before)
    told = [*_remembered(random, states[:before], _round_month), *kept[before:]]
    return tuple(told), tuple(day < before for day in range(len(states)))


def _logged(random: np.random.Generator, states: Mask, chance: np.ndarray) -> Kept:
    logged = random.random(len(states)) < chance
    kept = tuple(bool(state) if known else None for state, known in zip(states, logged, strict=True))
    return kept, (False,) * len(states)


def _stopping(random: np.random.Generator, states: Mask, before: int, gives_up: Callable[[float], bool]) -> Kept:
    kept, recalled = most_days(random, states, before)
    usual = max(float(states[:before].mean()), 1 / MONTH)
    for first in range(before + 2 * _WEEK, len(states) - _WEEK, _WEEK):
        week = float(states[first : first + _WEEK].mean())
        if gives_up(week / usual) and random.random() < _STOPS_A_WEEK:
            end = first + _WEEK
            return (*kept[:end], *(None,) * (len(states) - end)), recalled
    return kept, recalled


def _remembered(random: np.random.Generator, states: Mask, rounded: Callable[[int, int], int]) -> list[bool]:
    """Days as they are remembered: each one had is forgotten now and then, and the sum may be rounded."""
    found = states & (random.random(len(states)) < _REMEMBERED)
    wanted = int(found.sum())
    if random.random() < _ROUNDED:
        wanted = rounded(wanted, len(states))
    order = random.permutation(len(states))
    had = np.zeros(len(states), dtype=bool)
    had[[*order[found[order]], *order[~found[order]]][:wanted]] = True  # remembered ones first, then any others
    return [bool(day) for day in had]


def _round_week(count: int, days: int) -> int:
    del days
    return min(_ROUND_TO_WEEK, key=lambda known: abs(known - count))


def _round_month(count: int, days: int) -> int:
    return min(days, _ROUND_TO_MONTH * round(count / _ROUND_TO_MONTH))
