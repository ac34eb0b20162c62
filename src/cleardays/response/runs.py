"""Runs of days whose state is not known for certain.

A run begins after a day that is known for certain, or on a day from which the
past is forgotten, goes through days that are unknown or recalled, and ends on
the next day that is known for certain (or on the last recalled day). All its
paths are summed; docs/explanation/response-model.md, "Unknown and recalled days".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

# Gaps up to this many days are summed over; after a longer one the chain starts anew this many days before the next known day.
LONGEST_GAP = 6
STEADY = 2  # the first day of the run follows the chain's long-run law; 0 and 1: it follows a clear day, a day had


class Seen:
    """What was written about a day of a run."""

    NOTHING, CLEAR, HAD, RECALLED_CLEAR, RECALLED_HAD = range(5)


class Runs(NamedTuple):
    """All runs of a diary, position by position: first days of all runs, then the second days, and so on.

    The longest runs come first, so that the runs still going on at a position are the first ones.
    """

    day: Whole  # (C,) offset of each cell's day from the first day
    seen: Whole  # (C,) what was written about it
    at: tuple[slice, ...]  # the cells of each position
    before: Whole  # (R,) the day before each run: 0 clear, 1 had, 2 long-run law

    @property
    def observed(self) -> Whole:
        """The cells about which something was written, in the order of their days."""
        cells = np.flatnonzero(self.seen)
        return cells[np.argsort(self.day[cells])]


def lay_runs(states: tuple[bool | None, ...], recalled: tuple[bool, ...]) -> tuple[Whole, Runs]:
    """Split the days into days that follow a certain day and are certain themselves, and runs.

    Args:
        states: had, clear or unknown, a day each.
        recalled: which of the known days were written down from memory.

    Returns:
        The offsets of the certain days after a certain day, and the runs.
    """
    plain: list[int] = []
    runs: list[tuple[int, list[tuple[int, int]]]] = []
    open_run: list[tuple[int, int]] = []  # the run that a recalled day left open
    open_before = STEADY
    last = None  # the last day about which something was written
    for day, state in enumerate(states):
        if state is None:
            continue
        sure = not recalled[day]
        seen = (Seen.HAD if state else Seen.CLEAR) if sure else (Seen.RECALLED_HAD if state else Seen.RECALLED_CLEAR)
        if last is None or day - last - 1 > LONGEST_GAP:
            if open_run:
                runs.append((open_before, open_run))
            open_before, open_run = STEADY, [(d, Seen.NOTHING) for d in range(max(day - LONGEST_GAP, 0), day)]
        elif sure and not open_run and day == last + 1:
            plain.append(day)
            last = day
            continue
        else:
            if not open_run:
                open_before = int(states[last] is True)
            open_run += [(d, Seen.NOTHING) for d in range(last + 1, day)]
        open_run.append((day, seen))
        if sure:
            runs.append((open_before, open_run))
            open_run = []
        last = day
    if open_run:
        runs.append((open_before, open_run))
    return np.array(plain, dtype=np.int64), _by_position(runs)


def _by_position(runs: list[tuple[int, list[tuple[int, int]]]]) -> Runs:
    ordered = sorted(runs, key=lambda run: -len(run[1]))  # stable: in time within a length
    cells: list[tuple[int, int]] = []
    at = []
    for position in range(len(ordered[0][1]) if ordered else 0):
        begin = len(cells)
        cells += [run[position] for _, run in ordered if len(run) > position]
        at.append(slice(begin, len(cells)))
    table = np.array(cells, dtype=np.int64).reshape(-1, 2)
    return Runs(
        day=np.ascontiguousarray(table[:, 0]),
        seen=np.ascontiguousarray(table[:, 1]),
        at=tuple(at),
        before=np.array([before for before, _ in ordered], dtype=np.int64),
    )
