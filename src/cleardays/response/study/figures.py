"""Scores with their Monte-Carlo errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cleardays.response.study.person import Array, Mask

_BINS = 10


class Figure(NamedTuple):
    """A mean over people with its Monte-Carlo standard error; `people` is how many it rests on."""

    value: float
    error: float
    people: int

    def document(self) -> dict[str, float | int]:
        """As it stands in JSON output."""
        return {"value": self.value, "se": self.error, "people": self.people}


class Bin(NamedTuple):
    """One bin of a reliability diagram: the mean probability given, and the share that came true."""

    first: float
    last: float
    people: int
    forecast: float | None
    observed: Figure | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        seen = None if self.observed is None else {"value": self.observed.value, "se": self.observed.error}
        return {"from": self.first, "to": self.last, "people": self.people, "forecast": self.forecast, "observed": seen}


def share(true: Mask, among: Mask | None = None) -> Figure | None:
    """The share for whom something is true, among some; None where there is nobody.

    The error is that of a binomial share drawn half a person towards the middle, (k + 1/2) / (n + 1), so that
    nobody of sixty is not taken for never.
    """
    kept = true if among is None else true[among]
    people, hits = len(kept), int(kept.sum())
    if not people:
        return None
    towards = (hits + 0.5) / (people + 1)
    return Figure(hits / people, math.sqrt(towards * (1 - towards) / people), people)


def mean(values: Array) -> Figure | None:
    """The mean of a quantity with its standard error; None where there is nobody, no error known for one person."""
    if not len(values):
        return None
    error = float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return Figure(float(values.mean()), error, len(values))


def average(figures: Sequence[Figure | None]) -> Figure | None:
    """The mean over worlds, each counted once; those without the figure are left out."""
    told = [figure for figure in figures if figure is not None]
    if not told:
        return None
    error = math.sqrt(sum(figure.error**2 for figure in told)) / len(told)
    return Figure(sum(figure.value for figure in told) / len(told), error, sum(figure.people for figure in told))


def reliability(forecast: Array, happened: Mask) -> tuple[Bin, ...]:
    """Ten bins of equal width; a probability of 1 belongs to the last."""
    which = np.minimum((forecast * _BINS).astype(int), _BINS - 1)
    found = []
    for index in range(_BINS):
        inside = which == index
        people = int(inside.sum())
        middle = float(forecast[inside].mean()) if people else None
        found.append(Bin(index / _BINS, (index + 1) / _BINS, people, middle, share(happened, inside)))
    return tuple(found)


def pooled(diagrams: Sequence[tuple[Bin, ...]]) -> tuple[Bin, ...]:
    """The bins of several worlds taken together."""
    found = []
    for bins in zip(*diagrams, strict=True):
        told = [
            (each.people, each.forecast, each.observed.value) for each in bins if each.forecast is not None and each.observed
        ]
        people = sum(count for count, _, _ in told)
        if not people:
            found.append(bins[0])
            continue
        forecast = sum(count * value for count, value, _ in told) / people
        happened = np.arange(people) < round(sum(count * value for count, _, value in told))
        found.append(Bin(bins[0].first, bins[0].last, people, forecast, share(happened)))
    return tuple(found)
