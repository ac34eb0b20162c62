"""How much a monthly count fell, exactly, and which shares of response that reaches.

Source: the change of standards for preventive trials, 100 (baseline - current) / baseline
on the same unit, unrounded; from a baseline of nothing there is no reduction.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from cleardays.diary.fields import Fields, say
from cleardays.diary.rules import day_rules
from cleardays.diary.windows import INSUFFICIENT, USABLE, grade

UNITS = {"days": "days", "hd": "headache days", "md": "migraine days", "attacks": "attacks"}
_COUNTED = ("md", "hd")


class Figure(NamedTuple):
    """A count per 28 days, and what must be said of it; None with the reason why there is none."""

    value: Fraction | None
    note: str = ""


class Change(NamedTuple):
    """Baseline and current count of one metric. `metric` is None where none was told of both sides."""

    metric: str | None
    baseline: Figure
    current: Figure
    told_pct: Fraction | None = None  # the reduction itself, where only that was told

    @property
    def reduction_pct(self) -> Fraction | None:
        """Negative where it got worse; None where a side is not known, or the baseline is 0.

        >>> Change("hd", Figure(Fraction(16)), Figure(Fraction(112, 10))).reduction_pct
        Fraction(30, 1)
        """
        if self.told_pct is not None:
            return self.told_pct
        if not self.baseline.value or self.current.value is None:
            return None
        return 100 * (self.baseline.value - self.current.value) / self.baseline.value

    @property
    def why_not(self) -> str:
        """Why there is no reduction, in words."""
        if self.baseline.value == 0:
            return "The baseline is 0; from nothing there is no reduction."
        return " ".join(side.note for side in (self.baseline, self.current) if side.value is None and side.note)

    def said(self) -> str:
        """The change in words; empty where it is not known."""
        fall = self.reduction_pct
        if fall is None or self.metric is None:
            return ""
        name, less = UNITS[self.metric], f"{say_pct(abs(fall))} {'fewer' if fall >= 0 else 'more'}"
        if self.baseline.value is None or self.current.value is None:
            return f"{less} {name}, as told."
        moved = f"{name.capitalize()} went from {say(self.baseline.value)} to {say(self.current.value)} in 28 days: {less}."
        return " ".join([moved, *(side.note for side in (self.baseline, self.current) if side.note)])


class WindowCounts(NamedTuple):
    """Counts of one window of the diary; a count that was not told is absent."""

    n_days: int
    n_logged: int
    counts: dict[str, int]

    def per_28(self, metric: str, side: str) -> Figure:
        """28 x days / logged days; none where under half of the window was logged."""
        rules = day_rules()
        quality = grade(self.n_logged, self.n_days, rules)
        logged = f"{self.n_logged} of {self.n_days} days of the {side} window were logged"
        if quality == INSUFFICIENT:
            return Figure(None, f"Only {logged}; that is too few for a monthly figure.")
        note = f"Only {logged}, so the count is scaled up." if quality == USABLE else ""
        return Figure(Fraction(rules.window_days * self.counts[metric], self.n_logged), note)


def read_window(document: object, where: str) -> WindowCounts:
    """Read `{"n_days", "n_logged", "md", "hd"}`; raises `BadInput` with everything that cannot be read."""
    fields = Fields(document, where)
    fields.only(("n_days", "n_logged", *_COUNTED))
    n_days, n_logged = _days(fields, "n_days", 1), _days(fields, "n_logged", 0)
    counts = {metric: days for metric in _COUNTED if (days := _days(fields, metric, 0)) is not None}
    if n_days is None or n_logged is None:
        fields.add("n_days, n_logged", "one of the two is missing.", "Say how many days it has and how many were logged.")
    elif n_logged > n_days:
        fields.add("n_logged", f"{n_logged} days are more than the window has.", f"Use 0 to {n_days}.")
    for metric, days in counts.items():
        if n_logged is not None and days > n_logged:
            fields.add(metric, f"{days} days are more than were logged.", f"Use 0 to {n_logged}.")
    fields.done()
    return WindowCounts(n_days or 0, n_logged or 0, counts)


def _days(fields: Fields, key: str, least: int) -> int | None:
    number = fields.number(key, least)
    if number is None:
        return None
    if number.denominator != 1:
        fields.add(key, f"{say(number)} is no whole number of days.", "Count whole days.")
    return int(number)


def responders(reduction_pct: Fraction | None, shares: Sequence[int]) -> dict[str, bool | None]:
    """Which shares are reached, the share itself included.

    >>> responders(Fraction(50), [30, 50, 75])
    {'30': True, '50': True, '75': False}
    """
    return {str(share): None if reduction_pct is None else reduction_pct >= share for share in shares}


def say_pct(value: Fraction) -> str:
    """A percentage in words' company."""
    return f"{say(value)}\N{NO-BREAK SPACE}%"
