"""The three-way verdict: responding, not responding, or an honest "not known"."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cleardays.clock import say_day
from cleardays.diary.series import DaySeries
from cleardays.quantities import percent
from cleardays.response.reporting import neighbour_logging
from cleardays.sources import Reason

UNDECIDED = "undecided"
RESPONDING, NOT_RESPONDING, TOO_EARLY, CANNOT_TELL = "responding", "not_responding", "too_early", "cannot_tell"


class JudgingRules(NamedTuple):
    """When and against what a treatment is judged; the numbers come from a sourced rule file."""

    threshold: float  # reduction asked for, share of the untreated rate
    threshold_frequent: float  # the same where the baseline is frequent
    frequent_from_days: float  # headache days per 28 from which it is
    near_daily_from_days: float  # from here on headache days alone can hardly show a response
    judge_after_days: int  # no verdict before this many days of treatment
    responding_from: float  # probability
    not_responding_up_to: float  # probability
    least_known_share: float
    least_baseline_days: int
    source: dict[str, tuple[str, ...]]  # rule name -> source keys

    def because(self, rule: str, text: str) -> Reason:
        """A reason that points to this rule's sources."""
        return Reason(f"judge.{rule}", text, self.source.get(rule, ()))


class Question(NamedTuple):
    """What is asked of the fit: which reduction counts, and from which day on to judge."""

    threshold: float
    judge_on: date
    reason: Reason
    asked: bool = False  # the threshold was given by the caller


def ask(rules: JudgingRules, start: date, headache_days: float | None, threshold: float | None) -> Question:
    """Fix threshold and judge date.

    Args:
        rules: the judging rules.
        start: first day of treatment.
        headache_days: baseline headache days per 28, None when there is no baseline.
        threshold: asked for by the caller; overrides the rules.
    """
    judge_on = start + timedelta(days=rules.judge_after_days)
    if threshold is not None:
        reason = rules.because("threshold-asked", f"The question asked is a reduction of at least {percent(threshold)}.")
        return Question(threshold, judge_on, reason, asked=True)
    if headache_days is not None and headache_days >= rules.frequent_from_days:
        text = (
            f"The baseline holds {headache_days:.1f} headache days per 28, {rules.frequent_from_days:g} or more, "
            f"so a reduction of at least {percent(rules.threshold_frequent)} counts as a response."
        )
        return Question(rules.threshold_frequent, judge_on, rules.because("threshold-frequent", text))
    text = f"A reduction of at least {percent(rules.threshold)} counts as a response."
    return Question(rules.threshold, judge_on, rules.because("threshold", text))


def reasons_to_decline(rules: JudgingRules, days: DaySeries, baseline_known: int) -> list[Reason]:
    """Why this diary cannot carry a verdict, however narrow its intervals; empty when it can."""
    found = []
    share = days.known / len(days.states)
    if share < rules.least_known_share:
        text = (
            f"Only {days.known} of {len(days.states)} days are known ({percent(share)}). "
            f"Below {percent(rules.least_known_share)} it cannot be seen whether clear days were simply left out."
        )
        found.append(rules.because("few-known-days", text))
    for look in neighbour_logging(days):
        if look.differs:
            text = (
                f"Days {look.beside} a day with it were logged in {percent(look.logged_beside_had)}, days {look.beside} "
                f"a clear day in {percent(look.logged_beside_clear)}. So being logged depends on how the days were, and "
                "the days in the diary do not stand for those that are missing."
            )
            found.append(rules.because("selective-logging", text))
    if baseline_known == 0:
        text = "No day before the start of treatment is known, so the change since the start cannot be seen at all."
        found.append(rules.because("no-baseline", text))
    return found


def judge(
    question: Question, rules: JudgingRules, *, as_of: date, start: date, probability: float, decline: list[Reason]
) -> tuple[str, list[Reason]]:
    """The verdict on P(reduction >= threshold), with its reasons.

    Too early comes before everything else; declining comes before the probability.
    """
    if as_of < question.judge_on:
        if as_of < start:
            text = (
                f"The treatment starts on {say_day(start)}, after the last day that was read, {say_day(as_of)}: there is "
                "nothing to judge."
            )
        else:
            text = (
                f"The treatment is judged from {say_day(question.judge_on)} on, {rules.judge_after_days} days after its first "
                f"day (a slow titration needs longer); the diary was read up to {say_day(as_of)}."
            )
        return TOO_EARLY, [rules.because("too-early", text), *decline]
    if decline:
        return CANNOT_TELL, decline
    verdict = settle(rules, probability)
    low, high = f"{rules.not_responding_up_to:.2f}", f"{rules.responding_from:.2f}"
    needed = {
        RESPONDING: f"{high} or more settles it",
        NOT_RESPONDING: f"{low} or less settles it",
        CANNOT_TELL: f"it would take {high} or more, or {low} or less, to settle it",
    }[verdict]
    rule = {RESPONDING: "responding", NOT_RESPONDING: "not-responding", CANNOT_TELL: UNDECIDED}[verdict]
    text = f"The probability of a reduction of at least {percent(question.threshold)} is {probability:.2f}; {needed}."
    return verdict, [rules.because(rule, text)]


def settle(rules: JudgingRules, probability: float) -> str:
    """The verdict that a probability alone gives."""
    if probability >= rules.responding_from:
        return RESPONDING
    return NOT_RESPONDING if probability <= rules.not_responding_up_to else CANNOT_TELL
