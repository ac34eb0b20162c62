"""The real diaries, and the questions that are asked of every forecaster."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

HORIZON = 28
FEWEST_KNOWN = 7  # days that must be known before a forecast is asked for
EVERY = 7  # days between two forecasts of the coming month


class PersonDays(NamedTuple):
    """One person's days in order: 1 had, 0 clear, NaN unknown; the first stands `start` days before the first day of treatment.

    `start` is negative where the diary begins after the treatment.
    """

    person: str
    states: np.ndarray
    start: int

    @property
    def after(self) -> np.ndarray:
        """1 from the first day of treatment on, for the diary's days and the horizon after it."""
        return (np.arange(len(self.states) + HORIZON) >= self.start).astype(float)


class Questions(NamedTuple):
    """The days on which a person's forecast is issued (the last day it may read), and what then happened."""

    on: np.ndarray  # (Q,) offsets
    came: np.ndarray  # (Q, HORIZON) states of the days ahead; NaN where unknown or not asked


def read_kostecki_dillon(path: Path) -> list[PersonDays]:
    """The diaries of a file of the KosteckiDillon layout, in the order of their first row; a day stands in it once."""
    days: dict[str, dict[int, float]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            mine = days.setdefault(row["id"], {})
            day = int(row["time"])
            if day in mine:
                raise SystemExit(f"{path}: person {row['id']} has day {day} twice")
            mine[day] = float({"yes": 1, "no": 0}[row["headache"]])
    return [_laid_out(person, mine) for person, mine in days.items()]


def _laid_out(person: str, mine: dict[int, float]) -> PersonDays:
    first, last = min(mine), max(mine)
    return PersonDays(person, np.array([mine.get(day, np.nan) for day in range(first, last + 1)]), -first)


def ahead(diary: PersonDays, on: np.ndarray, horizon: int) -> Questions:
    """What came in the `horizon` days after each of these days; later ones are not asked."""
    padded = np.concatenate([diary.states, np.full(HORIZON, np.nan)])
    came = padded[on[:, None] + 1 + np.arange(HORIZON)]
    came[:, horizon:] = np.nan
    return Questions(on, came)


def tomorrow(diary: PersonDays) -> Questions:
    """One day ahead, for every known day with enough known days before it."""
    known = ~np.isnan(diary.states)
    before = np.cumsum(known) - known
    return ahead(diary, np.flatnonzero(known & (before >= FEWEST_KNOWN)) - 1, 1)


def coming_month(diary: PersonDays) -> Questions:
    """1 to 28 days ahead, issued every seventh day from the first day with enough known days."""
    enough = np.flatnonzero(np.cumsum(~np.isnan(diary.states)) >= FEWEST_KNOWN)
    on = np.arange(enough[0], len(diary.states) - 1, EVERY) if len(enough) else np.zeros(0, dtype=int)
    return ahead(diary, on, HORIZON)


def folds(people: Sequence[PersonDays], count: int) -> list[tuple[list[PersonDays], list[PersonDays]]]:
    """Splits into (learned from, forecast): each person is forecast once and never learned from at the same time."""
    parts = [[diary for i, diary in enumerate(people) if i % count == fold] for fold in range(count)]
    return [([diary for other in parts if other is not part for diary in other], part) for part in parts]
