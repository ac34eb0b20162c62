"""Counting the same days over many windows: sums up to each day, so that a window is a difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DECIMALS = 9  # differences of sums of decimals carry the dust of binary fractions


class Tally:
    """Sums of one column up to each day.

    >>> Tally(np.array([True, False, True])).of(slice(1, 3))
    1
    """

    __slots__ = ("_sums", "_whole")

    def __init__(self, column: NDArray[Any]) -> None:
        self._whole = column.dtype.kind in "bi"
        self._sums: list[Any] = [0, *np.cumsum(column, dtype=int if self._whole else float).tolist()]

    def of(self, part: slice) -> Any:  # noqa: ANN401  # a whole number of a column of answers or counts, else a float
        """The sum over a stretch of days; its ends lie within the column."""
        total = self._sums[part.stop] - self._sums[part.start]
        return total if self._whole else round(total, _DECIMALS)


class Tallies:
    """Tallies by name, each made when it is first asked for."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], Tally] = {}

    def of(self, name: tuple[Any, ...], part: slice, column: Callable[[], NDArray[Any]]) -> Any:  # noqa: ANN401  # as Tally.of
        """The sum over a stretch of the column of this name."""
        tally = self._made.get(name)
        if tally is None:
            tally = self._made[name] = Tally(column())
        return tally.of(part)
