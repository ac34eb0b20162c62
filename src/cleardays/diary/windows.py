"""Windows of 28 days or calendar months: counts, completeness, thresholds.

A raw count always stands beside the number of days it was counted on. A
prorated number never decides a threshold: unknown days could go either way, so
the answer is yes, no or indeterminate.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from cleardays.diary.kleene import reaches
from cleardays.diary.rules import DayRules, day_rules
from cleardays.diary.series import DaySeries

WINDOWS = ("w28", "cal")

WORDS = {True: "yes", False: "no", None: "indeterminate"}
COMPLETE, USABLE, INSUFFICIENT = "complete", "usable", "insufficient"


class Window(NamedTuple):
    """A stretch of days counted for headache days.

    `hd` is the raw count of days had among `n_logged` known days. `hd28` and
    `hd30` are prorated to 28 and 30 days, unrounded, None when insufficient.
    """

    start: date
    end: date
    n_days: int
    n_logged: int
    hd: int
    quality: str
    hd28: float | None
    hd30: float | None
    ge15_headache: str
    window_sensitive: bool


def threshold(had: int, unknown: int, at_least: int) -> str:
    """yes if enough days are known to have it, no if even the unknown ones would not do, else indeterminate.

    >>> threshold(15, 0, 15), threshold(10, 4, 15), threshold(10, 5, 15)
    ('yes', 'no', 'indeterminate')
    """
    return WORDS[reaches(had, unknown, at_least)]


def count_window(days: DaySeries) -> Window:
    """Count one stretch of days by itself; a short one too, so read `hd28` beside `n_days`."""
    rules = day_rules()
    n_days, n_logged, had = len(days.states), days.known, days.had
    quality = grade(n_logged, n_days, rules)
    usable = quality != INSUFFICIENT
    raw_rate = had / n_logged if usable else None
    chronic = rules.chronic_headache_days
    sensitive = False
    if raw_rate is not None and n_logged == n_days:
        tests = {had >= chronic, raw_rate * rules.window_days >= chronic, raw_rate * rules.month_days >= chronic}
        sensitive = len(tests) > 1
    return Window(
        start=days.first_day,
        end=days.last_day,
        n_days=n_days,
        n_logged=n_logged,
        hd=had,
        quality=quality,
        hd28=None if raw_rate is None else rules.window_days * had / n_logged,
        hd30=None if raw_rate is None else rules.month_days * had / n_logged,
        ge15_headache=threshold(had, n_days - n_logged, chronic),
        window_sensitive=sensitive,
    )


def grade(n_logged: int, n_days: int, rules: DayRules) -> str:
    """complete, usable (prorated and flagged) or insufficient (no monthly figure)."""
    if n_logged == 0 or n_logged < rules.usable_share * n_days:
        return INSUFFICIENT
    return COMPLETE if n_logged >= rules.complete_share * n_days else USABLE


def windows(days: DaySeries, *, kind: str = "w28", anchor: date | None = None) -> list[Window]:
    """All windows of a diary in order.

    Args:
        days: headache days, day by day.
        kind: "w28" for 28-day windows, "cal" for calendar months.
        anchor: the first day of a 28-day window, from which windows run both ways;
            without it the last window ends on the diary's last day.
    """
    bounds = window_bounds(days.first_day, days.last_day, kind, anchor)
    return [count_window(days.between(max(first, days.first_day), min(last, days.last_day))) for first, last in bounds]


def window_bounds(first_day: date, last_day: date, kind: str, anchor: date | None) -> Iterator[tuple[date, date]]:
    """First and last day of each window that a diary touches; see `windows`."""
    return _months(first_day, last_day) if kind == "cal" else _stretches(first_day, last_day, anchor)


def _stretches(first_day: date, last_day: date, anchor: date | None) -> Iterator[tuple[date, date]]:
    length = timedelta(days=day_rules().window_days)
    anchor = anchor or last_day + timedelta(days=1)
    first = anchor + ((first_day - anchor) // length) * length
    while first <= last_day:
        yield first, first + length - timedelta(days=1)
        first += length


def _months(first_day: date, last_day: date) -> Iterator[tuple[date, date]]:
    first = first_day.replace(day=1)
    while first <= last_day:
        following = (first + timedelta(days=31)).replace(day=1)
        yield first, following - timedelta(days=1)
        first = following
