"""What was counted of outcomes that come in amounts (craving, drinks), beside the days that had any."""

from __future__ import annotations

from datetime import date, timedelta

from cleardays.diary.rules import day_rules
from cleardays.diary.series import AmountSeries
from cleardays.diary.windows import Window
from cleardays.report import words

_MONTH = 28


class Told:
    """The known amounts of one stretch of days; `share` of its reported days they are."""

    def __init__(self, amounts: AmountSeries, window: Window) -> None:
        self.known = [value for value in within(amounts, window.start, window.end) if value is not None]
        self.averaged = amounts.averaged
        self.share = len(self.known) / window.n_logged if window.n_logged else 0.0

    @property
    def fair(self) -> bool:
        """Whether enough days are told, and enough of those that were reported, to give a mean."""
        rules = day_rules()
        return len(self.known) >= rules.least_logged_days and self.share >= rules.complete_share

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


def judged_amounts(amounts: tuple[AmountSeries, ...], outcome: str) -> AmountSeries | None:
    """Those of the judged outcome, where it comes in amounts."""
    return next((each for each in amounts if each.outcome == outcome), None)
