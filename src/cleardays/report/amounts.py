"""What was counted of outcomes that come in amounts (craving, drinks), beside the days that had any."""

from __future__ import annotations

from datetime import date, timedelta

from cleardays.diary.rules import day_rules
from cleardays.diary.series import AmountSeries
from cleardays.diary.windows import Window
from cleardays.report import words

_MONTH = 28


class Told:
    """The known amounts of one stretch of days: `share` of its reported days, `numbered` of its days that had some.

    A day without any is always known, a day with some only where the number was told; a mean without the others is too low.
    """

    def __init__(self, amounts: AmountSeries, window: Window) -> None:
        self.known = [value for value in within(amounts, window.start, window.end) if value is not None]
        self.averaged = amounts.averaged
        self.share = len(self.known) / window.n_logged if window.n_logged else 0.0
        told = sum(value > 0 for value in self.known)
        untold = unnumbered_within(amounts, window.start, window.end)
        self.numbered = told / (told + untold) if told + untold else 1.0

    @property
    def fair(self) -> bool:
        """Whether enough days are told, and enough of those that were reported, to give a mean."""
        rules = day_rules()
        return len(self.known) >= rules.least_logged_days and min(self.share, self.numbered) >= rules.complete_share

    @property
    def mean(self) -> float:
        """Of a known day, days of 0 included."""
        return sum(self.known) / len(self.known)

    @property
    def per_month(self) -> float:
        """The mean of a day, or its 28-fold where amounts add up."""
        return self.mean * (1 if self.averaged else _MONTH)

    def cell(self, *, rates: bool) -> str:
        """As it stands in the table; without `rates` the sum alone."""
        if not self.known:
            return "not known"
        days = words.counted(len(self.known), "day")
        if self.averaged:
            return f"{self.mean:.1f} ({days})" if self.fair else f"{self.mean:.1f} on the {days} with an answer"
        total = f"{sum(self.known):,.1f}".removesuffix(".0")
        return f"{self.per_month:,.1f} per 28 ({total} on {days})" if self.fair and rates else f"{total} on {days}"


def within(amounts: AmountSeries, first: date, last: date) -> tuple[float | None, ...]:
    """The values from `first` to `last`; days outside the series are left out."""
    begin = (first - amounts.first_day) // timedelta(days=1)
    return amounts.values[max(0, begin) : max(0, begin + (last - first).days + 1)]


def unnumbered_within(amounts: AmountSeries, first: date, last: date) -> int:
    """Days from `first` to `last` that had some, nobody told how much."""
    begin = (first - amounts.first_day) // timedelta(days=1)
    return sum(begin <= at <= begin + (last - first).days for at in amounts.unnumbered)


def judged_amounts(amounts: tuple[AmountSeries, ...], outcome: str) -> AmountSeries | None:
    """Those of the judged outcome, where it comes in amounts."""
    return next((each for each in amounts if each.outcome == outcome), None)
