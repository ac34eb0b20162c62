"""Recovery told in spells: since when without use, the longest such spell, and the time to the first use."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from cleardays.clock import parse_day
from cleardays.diary.classified import ClassifiedDays
from cleardays.diary.records import Diary
from cleardays.diary.window_extras import longest_run
from cleardays.diary.window_outcomes import outcome_columns

_USE = "use_day"


def use_spells(diary: Diary, found: ClassifiedDays, start: date | None = None) -> dict[str, object] | None:
    """The spells of a diary of recovery; None where its condition has no days of use.

    An unknown day ends no spell and lengthens none: `longest_without` counts days
    known to be without use in a row, `unknown_since` the unknown days since the
    last use. `days_to_first_use` runs from `start` (else the start that the diary names, else its first day)
    and is null while there was no use, or while an earlier day is unknown.
    """
    column = next((each for each in outcome_columns(diary, found) if each.outcome.id == _USE), None)
    if column is None:
        return None
    start = start or parse_day(diary.about.get("start", "")) or found.first_day
    used, clear = column.values == 1, column.values == 0
    last = _last(used)
    since = column.values[0 if last is None else last + 1 :]
    return {
        "last_use": None if last is None else _day(found, last),
        "without_since": int((since == 0).sum()),
        "unknown_since": int(np.isnan(since).sum()),
        "longest_without": longest_run(clear),
        **_first_use(found, used, np.isnan(column.values), start),
    }


def _first_use(found: ClassifiedDays, used: NDArray[np.bool_], unknown: NDArray[np.bool_], start: date) -> dict[str, object]:
    first = max(0, (start - found.first_day).days)
    at = np.flatnonzero(used[first:])
    if not len(at):
        return {"first_use": None, "days_to_first_use": None, "unknown_before_first_use": int(unknown[first:].sum())}
    open_days = int(unknown[first : first + at[0]].sum())
    return {
        "first_use": _day(found, first + int(at[0])),
        "days_to_first_use": None if open_days else first + int(at[0]) - (start - found.first_day).days,
        "unknown_before_first_use": open_days,
    }


def _last(days: NDArray[np.bool_]) -> int | None:
    at = np.flatnonzero(days)
    return int(at[-1]) if len(at) else None


def _day(found: ClassifiedDays, at: int) -> str:
    return (found.first_day + timedelta(days=at)).isoformat()
