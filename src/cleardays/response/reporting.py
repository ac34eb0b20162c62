"""Was the diary kept alike on good and on bad days?

A person who writes only when it hurts, or stops writing when it hurts, leaves a
diary from which no model can read the number of days. The one trace of this in
the diary itself is that being logged depends on how the neighbouring day was.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from cleardays.diary.series import DaySeries

# Two looks (the day after, the day before), each wrong in about 1 % of honest diaries.
_CRITICAL_Z = 2.58


class NeighbourLogging(NamedTuple):
    """How often the day beside a day was logged, by how that day was."""

    beside: str  # "after" or "before"
    logged_beside_had: float
    logged_beside_clear: float
    z: float

    @property
    def differs(self) -> bool:
        """Whether being logged depends on the neighbouring day."""
        return abs(self.z) > _CRITICAL_Z


def neighbour_logging(days: DaySeries) -> tuple[NeighbourLogging, NeighbourLogging]:
    """Compare logging beside days had and days clear, in both directions.

    The log odds ratio of the 2x2 table with 1/2 in each cell (Haldane 1956) over
    its standard error.
    """
    pairs = list(zip(days.states, days.states[1:], strict=False))
    return (
        _compare("after", [(today, tomorrow) for today, tomorrow in pairs]),
        _compare("before", [(tomorrow, today) for today, tomorrow in pairs]),
    )


def _compare(beside: str, pairs: list[tuple[bool | None, bool | None]]) -> NeighbourLogging:
    counts = {(state, logged): 0.5 for state in (True, False) for logged in (True, False)}
    for state, neighbour in pairs:
        if state is not None:
            counts[state, neighbour is not None] += 1.0
    log_odds = {state: math.log(counts[state, True] / counts[state, False]) for state in (True, False)}
    error = math.sqrt(sum(1.0 / count for count in counts.values()))
    share = {state: counts[state, True] / (counts[state, True] + counts[state, False]) for state in (True, False)}
    return NeighbourLogging(beside, share[True], share[False], (log_odds[True] - log_odds[False]) / error)
