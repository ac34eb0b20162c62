"""The numbers of the page: each item before the treatment and in the last 28 days, the change, and how sure that is."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cleardays.diary.conditions import declared
from cleardays.diary.rules import day_rules
from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.sources import Reason
from cleardays.trial.account.read import FIVE, Read, states_of
from cleardays.trial.account.stretches import States, Stretch, change_between, likeness, stretch_of
from cleardays.trial.review import Review

_NAMES = {
    "headache_day": "Headache days",
    "migraine_day": "Migraine days",
    "moderate_or_severe": "Moderate or severe days",
    "acute_med_day": "Acute-medicine days",
    "lost_function": "Days of lost function",
    "aura_day": "Aura days",
}
# Ids of the counted items that an outcome goes by, where the two differ.
_AS = {"moderate_or_severe": "mod_sev_headache_day"}
_AMOUNTS = {"craving": ("Mean craving, 0 to 10", "a day"), "drinks": ("Standard drinks", "drinks")}
_FORMULA = Reason(
    "page.count",
    "Known days that had it, times 28, divided by known days; unknown days are on neither side. No rate from fewer than 14 "
    "known days, or where under 80\N{NO-BREAK SPACE}% of the reported days answer it. Change: the later rate minus the "
    "earlier one. Its 90\N{NO-BREAK SPACE}% interval takes each count as so many independent days as are left when "
    "neighbouring days resemble each other (n (1 - r) / (1 + r), r from these days), with a beta distribution for each share.",
    ("page-policy", "counting-policy"),
)
_OF_AMOUNTS = Reason(
    "page.amount",
    "Mean of the known days, days of 0 included; what adds up is told for 28 days. No figure from fewer than 14 known days, "
    "or where under 80\N{NO-BREAK SPACE}% of the days that had some say how much.",
    ("page-policy", "counting-policy"),
)


class Span(NamedTuple):
    """The two windows that are compared: before the treatment (None without a known day), and lately."""

    before: tuple[date, date] | None
    recent: tuple[date, date]


class Fixed(NamedTuple):
    """What a baseline had counted when it was fixed; it stands, whatever is told of these days later."""

    had: int
    known: int
    on: date


class Number(NamedTuple):
    """One item. `change` and `interval` are days in 28, None where either side has no rate; `judged` marks the outcome.

    `recorded` is False where the diary never answers the item. `fixed` is what the baseline had counted where that is
    no longer what the diary says. `unit` is "days" or, of what comes in amounts, its own word.
    """

    item: str
    label: str
    before: Stretch | None
    recent: Stretch
    change: float | None
    interval: tuple[float, float] | None
    recorded: bool
    judged: bool
    formula: Reason
    fixed: Fixed | None = None
    unit: str = "days"

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "item": self.item,
            "label": self.label,
            "unit": self.unit,
            "recorded": self.recorded,
            "judged": self.judged,
            "before": None if self.before is None else self.before.document(),
            "recent": self.recent.document(),
            "change_per_28": self.change,
            "interval_90": None if self.interval is None else list(self.interval),
            "fixed": None if self.fixed is None else {**self.fixed._asdict(), "on": self.fixed.on.isoformat()},
            "formula": self.formula.document(),
        }


def numbers_of(found: Read, review: Review | None, span: Span, *, rates: bool) -> tuple[Number, ...]:
    """Every number of the page, the five of a headache diary or those that its condition counts.

    Args:
        found: the diary.
        review: its answer, None where no day is known.
        span: the windows that are compared.
        rates: False where the known days do not stand for the others: counts only.
    """
    if found.headache or review is None:
        numbers = [_five(found, item, review, span, rates=rates) for item in FIVE]
        outcome = None if review is None else review.series.outcome
        if review is not None and outcome not in (*FIVE, "mod_sev_headache_day"):
            numbers.insert(0, _of_series(review.series, review, span, rates=rates))
        return tuple(numbers)
    days = [_of_series(review.series, review, span, rates=rates)]
    amounts = [_of_amount(each, review, span, rates=rates) for each in review.amounts]
    own = [each for each in amounts if each.judged]
    other = [_five(found, item, review, span, rates=rates) for item in FIVE if found.is_recorded(item)]
    return (*own, *days, *(each for each in amounts if not each.judged), *other)


def _five(found: Read, item: str, review: Review | None, span: Span, *, rates: bool) -> Number:
    def stretch(window: tuple[date, date]) -> Stretch:
        return found.stretch(item, *window)

    judged = review is not None and review.series.outcome in (item, _AS.get(item))
    bare = Number(item, _NAMES[item], None, stretch(span.recent), None, None, found.is_recorded(item), judged, _FORMULA)
    before = None if span.before is None else stretch(span.before)
    return _compared(bare, before, found.items[item], found.first_day, span, rates=rates)


def _of_series(series: DaySeries, review: Review, span: Span, *, rates: bool) -> Number:
    states = states_of(series)
    recent, before = (
        None if each is None else stretch_of(states, series.first_day, *each) for each in (span.recent, span.before)
    )
    assert recent is not None  # there always is one
    said = declared(review.about, series.outcome).had[1]
    label = _NAMES.get(series.outcome) or said[:1].upper() + said[1:]
    judged = not any(each.outcome == series.outcome for each in review.amounts)
    item = series.outcome if judged else f"{series.outcome}.days"
    bare = Number(item, label, None, recent, None, None, series.known > 0, judged, _FORMULA)
    return _compared(bare, before, states, series.first_day, span, rates=rates)


def _compared(bare: Number, before: Stretch | None, states: States, first_day: date, span: Span, *, rates: bool) -> Number:
    recent = bare.recent
    if not rates:
        without = None if before is None else before._replace(per_28=None)
        return bare._replace(before=without, recent=recent._replace(per_28=None))
    parts = [_part(states, first_day, *window) for window in (span.before, span.recent) if window is not None]
    found = None if before is None else change_between(before, recent, likeness(parts))
    change, interval = (None, None) if found is None else found
    return bare._replace(before=before, change=change, interval=interval)


def _part(states: States, first_day: date, first: date, last: date) -> States:
    begin, end = max(0, (first - first_day).days), max(0, (last - first_day).days + 1)
    return states[begin:end]


def _of_amount(amounts: AmountSeries, review: Review, span: Span, *, rates: bool) -> Number:
    """What comes in amounts: the mean of a known day, or the sum in 28 days; no interval is worked out for it."""
    before, recent = (None if each is None else _amounts_in(amounts, *each, rates=rates) for each in (span.before, span.recent))
    assert recent is not None  # there always is one
    per = [None if each is None else each.per_28 for each in (before, recent)]
    change = None if None in per or per[0] is None or per[1] is None else per[1] - per[0]
    label, unit = _AMOUNTS[amounts.outcome]
    judged = amounts.outcome == review.series.outcome
    return Number(amounts.outcome, label, before, recent, change, None, True, judged, _OF_AMOUNTS, None, unit)


def _amounts_in(amounts: AmountSeries, first: date, last: date, *, rates: bool) -> Stretch:
    """`had` are the days with some; `per_28` is the mean of a day where amounts are averaged."""
    counted = stretch_of(states_of(amounts.days), amounts.first_day, first, last)
    begin = (first - amounts.first_day).days
    inside = range(max(0, begin), max(0, min(begin + counted.days, len(amounts.values))))
    told = [value for value in (amounts.values[at] for at in inside) if value is not None]
    known, rules = len(told), day_rules()
    unnumbered = counted.known - known
    fair = rates and known >= rules.least_logged_days and known >= rules.complete_share * (known + unnumbered)
    per = sum(told) / known * (1 if amounts.averaged else rules.window_days) if fair else None
    return counted._replace(per_28=per, amount=sum(told) if told else None)
