"""Three futures in words: it stays as it was, it goes as in the trials, and as this diary has it; what the fan is drawn from.

All three are levels in the long run, in the unit of the outcome, with what 9 of 10 chances hold; one month by itself may
hold more or less. Nothing is worked out here but the trials' ratio times this person's level before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from cleardays.diary.rules import day_rules
from cleardays.diary.windows import count_window
from cleardays.report import wording, words
from cleardays.report.page import Scale, scale_of
from cleardays.response.fit import BASELINE_DAYS
from cleardays.response.summary import LEVEL, Interval
from cleardays.response.verdict import TOO_EARLY
from cleardays.trial.account.standing import is_silent, is_thin
from cleardays.trial.review import Review

SAME, TRIALS, PERSON = "same", "trials", "person"


class Arm(NamedTuple):
    """One future: which, its level with what it may be, and in words."""

    kind: str
    level: Interval
    name: str
    figures: str

    @property
    def says(self) -> str:
        """The whole in a line."""
        return f"{self.name}: {self.figures}."


class Counted(NamedTuple):
    """28 days that were counted: the day in their middle, the rate, and whether every day of them is known."""

    middle: date
    rate: float
    whole: bool


class Fan(NamedTuple):
    """Everything the picture shows. `why_none` says why there is none; `early`, that it may still change."""

    title: str
    name: str
    arms: tuple[Arm, ...] = ()
    counted: tuple[Counted, ...] = ()
    days: tuple[date, date, date, date] | None = None  # first drawn, start, last read, last drawn
    scale: Scale | None = None
    early: bool = False
    notes: tuple[str, ...] = ()
    why_none: str = ""

    @property
    def says(self) -> tuple[str, ...]:
        """The picture in words, line by line."""
        return (self.why_none,) if self.why_none else (*(arm.says for arm in self.arms), *self.notes)


def fan_of(review: Review) -> Fan:
    """The three futures of a review, or why there are none."""
    outcome, name = wording.spoken(review), wording.name_of(review)
    title = f"Three futures: {outcome.line or f'{outcome.many} in {day_rules().window_days}'}"
    baseline, why = review.response.baseline, _why_none(review)
    if why or baseline is None:
        return Fan(title, name, why_none=why or _NOTHING_BEFORE)
    arms = tuple(_arms(review, baseline, outcome))
    start, last = review.exposure.start, review.series.last_day
    first = max(review.series.first_day, start - timedelta(days=BASELINE_DAYS))
    days = (first, start, last, last + timedelta(days=day_rules().window_days))
    counted = () if outcome.amount else tuple(_counted(review, first))
    shown = [*(arm.level.upper for arm in arms), *(each.rate for each in counted)]
    early = review.response.verdict == TOO_EARLY
    return Fan(
        title, name, arms, counted, days, _shorter(scale_of(outcome, shown), shown), early, _notes(review, counted, early=early)
    )


_NOTHING_BEFORE = "There is no picture of futures: too little is known of the time before to begin it from."


def _why_none(review: Review) -> str:
    if wording.treated_days(review) <= 0:
        return "There is no picture of futures yet: it begins with the first day of treatment."
    if is_silent(review):
        return "There is no picture of futures: the days in the diary may not stand for those that are missing."
    return _NOTHING_BEFORE if is_thin(review) else ""


def _arms(review: Review, baseline: Interval, outcome: words.Outcome) -> Iterator[Arm]:
    def arm(kind: str, level: Interval, name: str, spread: str) -> Arm:
        said = words.figure(level.estimate, outcome.decimals)
        return Arm(kind, level, name, f"about {said} ({spread} {words.figure_range(level, outcome.decimals)})")

    yield arm(SAME, baseline, "If it stays as it was before", wording.INTERVAL)
    if review.expected is not None:
        most = float(day_rules().window_days)
        tail = (1.0 - LEVEL) / 2.0
        low, middle, high = (
            min(float(ratio) * baseline.estimate, most)
            for ratio in np.quantile(review.expected.multiplier, (tail, 0.5, 1.0 - tail))
        )
        yield arm(TRIALS, Interval(middle, low, high), "If it goes as for people in the trials", "9 of 10 of them")
    yield arm(PERSON, review.response.current, "As your diary has it now", wording.INTERVAL)


def _notes(review: Review, counted: tuple[Counted, ...], *, early: bool) -> tuple[str, ...]:
    notes = [
        "These are levels over a long time; one month by itself may hold more or less.",
        "Lines are drawn straight between what is known.",
    ]
    if early:
        notes.insert(0, f"It is too early: until {words.day(review.response.question.judge_on)} this may still change.")
    if counted:
        notes.append("A dot is what was counted in 28 days; a hollow one where some of them are not known.")
    if review.expected is None:
        notes.append("No trial that we know says what people like you may expect here.")
    return tuple(notes)


def _counted(review: Review, first: date) -> Iterator[Counted]:
    """Stretches of 28 days, counted from the start of treatment both ways; those of which enough is known."""
    length, start, last = timedelta(days=day_rules().window_days), review.exposure.start, review.series.last_day
    begin = start + -((start - first) // length) * length
    while begin + length - timedelta(days=1) <= last:
        window = count_window(review.series.between(begin, begin + length - timedelta(days=1)))
        if window.hd28 is not None and window.n_logged >= day_rules().least_logged_days:
            yield Counted(begin + length / 2, window.hd28, window.n_logged == window.n_days)
        begin += length


def _shorter(scale: Scale, shown: list[float]) -> Scale:
    """The scale up to its first tick that nothing is above."""
    greatest = max(shown)
    ticks = tuple(tick for at, tick in enumerate(scale.ticks) if not at or scale.ticks[at - 1] < greatest)
    return scale._replace(ticks=ticks, end=f"{ticks[-1]:,}{scale.end.removeprefix(f'{scale.ticks[-1]:,}')}")
