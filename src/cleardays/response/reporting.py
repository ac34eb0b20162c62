"""Was the diary kept alike on good and on bad days?

A person who writes only when it hurts, or stops writing when it hurts, leaves a
diary from which no model can read the number of days. The one trace of this in
the diary itself is that being logged depends on how the neighbouring day was.
"""

from __future__ import annotations

import math
from datetime import date
from statistics import median
from typing import NamedTuple

from cleardays.diary.series import AmountSeries, DaySeries

# Two looks (the day after, the day before), each wrong in at most about 1 % of honest diaries.
CRITICAL_Z = 2.58
# Stretches within which logging and headaches may be taken as steady.
STRATUM_DAYS = 28


class NeighbourLogging(NamedTuple):
    """How often the day beside a day was logged, by how that day was: counts, and the test of a difference."""

    beside: str  # "after" or "before"
    logged_beside_had: int
    beside_had: int
    logged_beside_clear: int
    beside_clear: int
    z: float

    @property
    def differs(self) -> bool:
        """Whether being logged depends on the neighbouring day."""
        return abs(self.z) > CRITICAL_Z


def neighbour_logging(days: DaySeries, start: date) -> tuple[NeighbourLogging, NeighbourLogging]:
    """Compare logging beside days had and days clear, in both directions.

    The Cochran-Mantel-Haenszel test with continuity correction, stratified by
    28-day stretches counted from the start of treatment: writing tires and
    headaches change over months, and that alone must not look like selection.
    """
    first = (days.first_day - start).days
    pairs = list(zip(days.states, days.states[1:], strict=False))
    after = [((first + i) // STRATUM_DAYS, today, tomorrow) for i, (today, tomorrow) in enumerate(pairs)]
    before = [((first + i) // STRATUM_DAYS, tomorrow, today) for i, (today, tomorrow) in enumerate(pairs)]
    return _compare("after", after), _compare("before", before)


def above_usual(amounts: AmountSeries, start: date) -> DaySeries:
    """Days on which an amount was above the median of its 28-day stretch: of a rating, those are the bad days.

    A person who craves every day has no day without, and may still write on the bad ones only.
    """
    first = (amounts.first_day - start).days
    stretch = [(first + at) // STRATUM_DAYS for at in range(len(amounts.values))]
    known: dict[int, list[float]] = {}
    for at, value in zip(stretch, amounts.values, strict=True):
        if value is not None:
            known.setdefault(at, []).append(value)
    usual = {at: median(values) for at, values in known.items()}
    states = tuple(None if value is None else value > usual[at] for at, value in zip(stretch, amounts.values, strict=True))
    return DaySeries(amounts.outcome, amounts.first_day, states, amounts.recalled)


def _compare(beside: str, pairs: list[tuple[int, bool | None, bool | None]]) -> NeighbourLogging:
    tables: dict[int, dict[tuple[bool, bool], int]] = {}
    for stratum, state, neighbour in pairs:
        if state is not None:
            table = tables.setdefault(stratum, {})
            cell = (state, neighbour is not None)
            table[cell] = table.get(cell, 0) + 1
    excess = variance = 0.0
    total = {(state, logged): 0 for state in (True, False) for logged in (True, False)}
    for table in tables.values():
        a, b, c, d = (table.get(cell, 0) for cell in ((True, True), (True, False), (False, True), (False, False)))
        n = a + b + c + d
        if n > 1:
            excess += a - (a + b) * (a + c) / n
            variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
        for cell, count in table.items():
            total[cell] += count
    z = 0.0 if variance == 0 else math.copysign(max(0.0, abs(excess) - 0.5), excess) / math.sqrt(variance)
    return NeighbourLogging(
        beside,
        total[True, True],
        total[True, True] + total[True, False],
        total[False, True],
        total[False, True] + total[False, False],
        z,
    )
