"""For who began with 15 or more headache days a month: are the months now below that, since when, and did it come back?

The months are windows of 28 days from the first day of treatment, counted as everywhere (`diary.windows`): yes, no, or
open because of unknown days. One month on either side of the line proves nothing, and several in a row only where the
level of before would hardly bring them about; that they are back is said only after such a row. It is a pattern of
days, never a diagnosis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby, takewhile
from typing import Any, NamedTuple

from cleardays.clock import say_day
from cleardays.diary.rules import day_rules
from cleardays.diary.series import DaySeries
from cleardays.diary.windows import WORDS, Window, windows
from cleardays.quantities import say_probability
from cleardays.response.fit import BASELINE_DAYS
from cleardays.response.stretch import chance_of_fewer
from cleardays.sources import Reason
from cleardays.trial.remission_words import rough_fit

EPISODIC, NOT_YET, FREQUENT = "episodic", "not_yet", "frequent"
BACK, ONE_BACK, CANNOT_TELL, TOO_EARLY = "back", "one_month_back", "cannot_tell", "too_early"
_YES, _NO = WORDS[True], WORDS[False]
_DAY = timedelta(days=1)
_BY_CHANCE = {EPISODIC: NOT_YET, BACK: FREQUENT, ONE_BACK: FREQUENT}  # what is said where the months with fewer may be a wave


class Fewer(NamedTuple):
    """Months in a row with fewer: the number of the first since the start, and how many."""

    first: int
    months: int


class Months(NamedTuple):
    """The whole months since the start, in order; `since` is the first day of those that the answer is about.

    `chance`: of so many with fewer in a row at the level of before, of the earlier ones where they may be back; None where
    there are not enough of them.
    """

    answer: str
    began: Window
    months: tuple[Window, ...]
    in_a_row: int
    since: date | None
    chance: float | None
    reasons: tuple[Reason, ...]

    @property
    def is_news(self) -> bool:
        """Whether they differ now from what they were."""
        return self.answer in (EPISODIC, BACK, ONE_BACK)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "answer": self.answer,
            "began": _document(self.began),
            "months": [_document(month) for month in self.months],
            "in_a_row": self.in_a_row,
            "since": None if self.since is None else self.since.isoformat(),
            "chance_as_before": self.chance,
            "reasons": [reason.document() for reason in self.reasons],
        }


def _document(month: Window) -> dict[str, object]:
    return {
        "start": month.start.isoformat(),
        "end": month.end.isoformat(),
        "n_days": month.n_days,
        "n_logged": month.n_logged,
        "hd": month.hd,
        "ge15_headache": month.ge15_headache,
    }


def chronic_months(headache: DaySeries, start: date, rules: Mapping[str, Any], *, seed: int) -> Months | None:
    """The months since the start of somebody whose last month before it surely had 15 headache days or more; else None.

    Args:
        headache: headache days; its last day is the last one read.
        start: the first day of treatment.
        rules: of `sessions_and_remission.toml`.
        seed: fixes the draws.
    """
    counted = windows(headache, anchor=start)
    before = [month for month in counted if month.end == start - _DAY]
    if not before or before[0].ge15_headache != _YES:
        return None
    months = [month for month in counted if month.start >= start and month.n_days == day_rules().window_days]
    often = [month.ge15_headache for month in months]
    answer, row, since = _answer(often, rules)
    first = None if since is None else months[since].start
    fewer = Fewer(0, 0) if since is None else Fewer(since, row) if answer == EPISODIC else _longest(often[:since])
    chance, rough = None, list[Reason]()
    earlier = headache.before(start, BASELINE_DAYS)
    if answer in _BY_CHANCE and earlier is not None:
        length, limit = day_rules().window_days, day_rules().chronic_headache_days
        found = chance_of_fewer(earlier, months[fewer.first].start, fewer.months, length, limit, seed=seed)
        chance = found.each[0]
        answer = answer if chance <= rules["months-fewer"]["chance"] else _BY_CHANCE[answer]
        rough = [] if found.settled else [rough_fit(rules["months-fewer"])]
    reasons = (_said(answer, before[0], row, first, chance, fewer, rules), *rough)
    return Months(answer, before[0], tuple(months), row, first, chance, reasons)


def _answer(often: Sequence[str], rules: Mapping[str, Any]) -> tuple[str, int, int | None]:
    """The answer, how many months in a row it rests on, and the number of the first of them."""
    needed, back = int(rules["months"]["in_a_row"]), int(rules["months-back"]["in_a_row"])
    if not often:
        return TOO_EARLY, 0, None
    row = sum(1 for _ in takewhile(lambda each: each == often[-1], reversed(often)))
    first = len(often) - row
    if often[-1] == _NO:
        return (EPISODIC if row >= needed else NOT_YET), row, first
    if often[-1] != _YES:
        return CANNOT_TELL, row, None
    if _longest(often[:first]).months < needed:
        return FREQUENT, row, first
    return (BACK if row >= back else ONE_BACK), row, first


def _longest(often: Sequence[str]) -> Fewer:
    """The longest row of months with fewer, the last of several; of none where there is no such month."""
    found, at = Fewer(0, 0), 0
    for each, group in groupby(often):
        months = sum(1 for _ in group)
        if each == _NO and months >= found.months:
            found = Fewer(at, months)
        at += months
    return found


def _said(
    answer: str, began: Window, row: int, since: date | None, chance: float | None, fewer: Fewer, rules: Mapping[str, Any]
) -> Reason:
    limit, needed = day_rules().chronic_headache_days, rules["months"]["in_a_row"]
    start = f"The month before the start had {began.hd} headache days, at the chronic rate ({limit} or more)."
    row_of = "The last month" if row == 1 else f"The last {row} months"
    last = "" if since is None else f"{row_of} of {day_rules().window_days} days, from {say_day(since)} on,"
    again = f"Before, {fewer.months} months in a row had fewer. {last} had so many again."
    often = (
        "" if chance is None else f"At the level of before, so many in a row have a probability of {say_probability(chance)}"
    )
    text = {
        EPISODIC: f"{last} had fewer: episodic since then. {often}.",
        NOT_YET: f"{last} had fewer. {f'{often}: it may be a wave.' if often else f'It takes {needed} in a row.'} "
        f"{rules['months']['says']}",
        FREQUENT: f"{again} {often}: the fewer may have been a wave." if often else f"{last} still had so many.",
        BACK: f"{again} It is a reason to look at the plan together with the clinician.",
        ONE_BACK: f"{again} One month proves nothing.",
        CANNOT_TELL: "Whether the last month had fewer is open, because too many of its days are unknown.",
        TOO_EARLY: "No whole month has passed since.",
    }[answer]
    other = "months-back" if answer in (BACK, ONE_BACK) else "months-fewer"
    return Reason(
        f"months.{answer.replace('_', '-')}", f"{start} {text}", (*rules["months"]["source"], *rules[other]["source"])
    )
