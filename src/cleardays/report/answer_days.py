"""The days of an answer as a list: what the strip chart shows, for whoever reads it and does not see it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cleardays.diary.rules import day_rules
from cleardays.report import wording, words
from cleardays.trial.review import Review

SHOWN_DAYS = 6 * 28  # of the strip, whole rows


class DaysSaid(NamedTuple):
    """A stretch of days: from when to when, whether on treatment, and what was counted."""

    first: date
    last: date
    treated: bool
    says: str


class DaySaid(NamedTuple):
    """One day in a word."""

    day: date
    says: str


def stretches(review: Review, longest: int = SHOWN_DAYS) -> tuple[DaysSaid, ...]:
    """28 days each, counted from the start of treatment both ways, the last ones first."""
    series, start = review.series, review.exposure.start
    first = max(series.first_day, series.last_day - timedelta(days=longest - 1))
    length, found = timedelta(days=day_rules().window_days), list[DaysSaid]()
    begin = start + ((first - start) // length) * length
    while begin <= series.last_day:
        a, b = max(begin, first), min(begin + length - timedelta(days=1), series.last_day)
        found.append(DaysSaid(a, b, begin >= start, _counted(review, a, b)))
        begin += length
    return tuple(reversed(found))


def last_days(review: Review) -> tuple[DaySaid, ...]:
    """Each of the last 28 days, the last one first."""
    series = review.series
    first = max(series.first_day, series.last_day - timedelta(days=day_rules().window_days - 1))
    days = series.between(first, series.last_day).states
    said = [DaySaid(first + timedelta(days=at), _word(review, first + timedelta(days=at), had)) for at, had in enumerate(days)]
    return tuple(reversed(said))


def _counted(review: Review, first: date, last: date) -> str:
    part, outcome = review.series.between(first, last), wording.spoken(review)
    unknown = len(part.states) - part.known
    said = f"{part.had} with {outcome.has}, {part.known - part.had} without"
    return f"{said}, {unknown} not known" if unknown else said


def _word(review: Review, day: date, had: bool | None) -> str:
    outcome = wording.spoken(review)
    if had is None:
        return "not known"
    if not had:
        return outcome.without[0]
    level = review.severity.get(day, "") if review.series.outcome == "headache_day" else ""
    return f"{outcome.one}, {level}" if level in ("mild", "moderate", "severe") else outcome.one


def span_said(said: DaysSaid) -> str:
    """The stretch in words."""
    return f"{words.day(said.first)} to {words.day(said.last)}{', on treatment' if said.treated else ', before'}"
