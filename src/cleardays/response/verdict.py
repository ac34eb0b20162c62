"""The three-way verdict: responding, not responding, or an honest "not known"."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cleardays.clock import say_day
from cleardays.diary.conditions import Outcome, declared
from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.quantities import percent, say_probability
from cleardays.response.reporting import above_usual, neighbour_logging
from cleardays.sources import Reason

MONTH = 28
UNDECIDED = "undecided"
RESPONDING, NOT_RESPONDING, TOO_EARLY, CANNOT_TELL = "responding", "not_responding", "too_early", "cannot_tell"


class JudgingRules(NamedTuple):
    """When and against what a treatment is judged; the numbers come from a sourced rule file."""

    version: str
    threshold: float  # reduction asked for, share of the untreated rate
    threshold_frequent: float  # the same where the baseline is frequent
    frequent_from_days: float  # headache days per 28 from which it is
    near_daily_from_days: float  # from here on such days alone can hardly show a response
    judge_after_days: int  # no verdict before this many days of treatment
    judge_after_says: str  # what these days rest on, in a sentence
    responding_from: float  # probability
    not_responding_up_to: float  # probability
    least_known_share: float
    unknown_without_clear_share: float  # unknown days that make "never a clear day" doubtful
    least_baseline_days: int
    least_baseline_had: int
    source: dict[str, tuple[str, ...]]  # rule name -> source keys

    def because(self, rule: str, text: str) -> Reason:
        """A reason that points to this rule's sources."""
        return Reason(f"judge.{rule}", text, self.source.get(rule, ()))


class Agreed(NamedTuple):
    """What was fixed before the first day: from when on it is judged, and the reduction that counts, each with its reason."""

    judge_on: date
    why_then: Reason
    threshold: float
    why_so_much: Reason


class Question(NamedTuple):
    """What is asked of the fit: which reduction counts, and from which day on to judge."""

    threshold: float
    judge_on: date
    reason: Reason
    asked: bool = False  # the threshold was given by the caller
    agreed: Agreed | None = None  # what a plan had fixed


def ask(
    rules: JudgingRules,
    start: date,
    before: DaySeries | None,
    baseline_rate: float | None,
    threshold: float | None,
    agreed: Agreed | None = None,
    *,
    said: Outcome | None = None,
) -> Question:
    """Fix threshold and judge date.

    The lower threshold holds for outcomes of a headache condition where the
    baseline is frequent. That is decided by the count of headache days (yes, no,
    or undecided because of unknown days), and by the estimated rate only where
    the count leaves it open.

    Args:
        rules: the judging rules.
        start: first day of treatment.
        before: headache days of the baseline, None without a known one.
        baseline_rate: their estimated rate per 28 days, where there is one.
        threshold: asked for by the caller; overrides the plan and the rules.
        agreed: what a plan had fixed; overrides the rules.
        said: what is judged, and what is published of it; None, headache days.
    """
    said = said or declared({}, "headache_day")
    judge_on = start + timedelta(days=rules.judge_after_days) if agreed is None else agreed.judge_on
    if threshold is not None:
        reason = rules.because("threshold-asked", f"The question asked is a reduction of at least {percent(threshold)}.")
        return Question(threshold, judge_on, reason, asked=True, agreed=agreed)
    if agreed is not None:
        return Question(agreed.threshold, judge_on, agreed.why_so_much, asked=True, agreed=agreed)
    if not said.headache:
        text = f"A reduction of at least {percent(rules.threshold)} counts as a response."
        return Question(rules.threshold, judge_on, _own_choice(rules, said, text))
    frequent, because = _is_frequent(rules, before, baseline_rate)
    asked, rule = (rules.threshold_frequent, "threshold-frequent") if frequent else (rules.threshold, "threshold")
    text = f"{because}, so a reduction of at least {percent(asked)} counts as a response."
    return Question(asked, judge_on, rules.because(rule, text) if said.response.shares else _own_choice(rules, said, text))


def _own_choice(rules: JudgingRules, said: Outcome, text: str) -> Reason:
    """The threshold where no source states one for this outcome; what sources say instead stands beside it."""
    published = f" {said.response.says}" if said.response.says else ""
    own = rules.because(
        "threshold-own", f"{text} That share is our own choice; we know of no source that states one for {said.words[1]}."
    )
    return own._replace(because=own.because + published, source=(*own.source, *said.response.source))


def _is_frequent(rules: JudgingRules, before: DaySeries | None, rate: float | None) -> tuple[bool, str]:
    limit = f"{rules.frequent_from_days:g} in {MONTH}"
    if before is None:
        return False, "Headache days before the start are not known"
    length = len(before.states)
    of = f"the {length} days" if before.known == length else f"{before.known} known days of {length}"
    counted = f"{before.had} headache days on {of} before the start"
    asked = rules.frequent_from_days * len(before.states) / MONTH
    if before.had >= asked:
        return True, f"{counted} are at the rate of {limit} or more"
    if before.had + len(before.states) - before.known < asked:
        return False, f"{counted} are fewer than {limit}"
    if rate is None:
        return False, f"{counted} leave open whether there were {limit}"
    frequent = rate >= rules.frequent_from_days
    return (
        frequent,
        f"{counted} leave it open, the estimate is {rate:.1f} in {MONTH}, {'' if frequent else 'not '}{limit} or more",
    )


def reasons_to_decline(
    rules: JudgingRules,
    days: DaySeries,
    start: date,
    before: DaySeries | None,
    *,
    said: Outcome | None = None,
    amounts: AmountSeries | None = None,
) -> list[Reason]:
    """Why this diary cannot carry a verdict, however narrow its intervals; empty when it can.

    Args:
        rules: the judging rules.
        days: the outcome, day by day; of an amount, whether there was any.
        start: first day of treatment.
        before: the baseline, None without a known day.
        said: what is judged; None, headache days.
        amounts: the amounts, where it comes in them. A rating of the day (a craving) may well be above 0 on every day, so a
            stretch without a day of 0 is no sign; which days were written is seen from the stronger and the weaker ones.
    """
    said = said or declared({}, "headache_day")
    rated = None if amounts is None or not amounts.averaged else amounts
    treated = days.between(start, days.last_day) if start <= days.last_day else None
    better = said.without[1] if rated is None else "the better days"
    found = _few_known(rules, ((days, "of the diary"), (before, "before the start"), (treated, "since the start")), better)
    if rated is None and treated is not None and _may_lack_the_clear(rules, treated):
        text = f"Since the start no {said.without[0]} was written down, and {len(treated.states) - treated.known} days are"
        found.append(rules.because("no-clear-days", f"{text} unknown. The unknown days may be {said.without[1]}."))
    kinds = ("a day with it", f"a {said.without[0]}") if rated is None else ("a day above the usual", "another day")
    found += _selective(rules, days if rated is None else above_usual(rated, start), start, kinds)
    return [*found, *_thin_baseline(rules, before, said)]


def _few_known(rules: JudgingRules, stretches: tuple[tuple[DaySeries | None, str], ...], better: str) -> list[Reason]:
    for stretch, where in stretches:
        if stretch is not None and stretch.known < rules.least_known_share * len(stretch.states):
            text = (
                f"Only {stretch.known} of {len(stretch.states)} days {where} are known "
                f"({percent(stretch.known / len(stretch.states))}). Below {percent(rules.least_known_share)} it cannot be "
                f"seen whether {better} were simply left out."
            )
            return [rules.because("few-known-days", text)]
    return []


def _selective(rules: JudgingRules, days: DaySeries, start: date, kinds: tuple[str, str]) -> list[Reason]:
    """Whether being logged depends on the neighbouring day; `kinds` name a bad and a good one."""
    bad, good = kinds
    found = []
    for look in neighbour_logging(days, start):
        if look.differs:
            text = (
                f"Days {look.beside} {bad} were logged {look.logged_beside_had} times of {look.beside_had}, days "
                f"{look.beside} {good} {look.logged_beside_clear} times of {look.beside_clear}. So being logged depends "
                "on how the days were, and the days in the diary do not stand for those that are missing."
            )
            found.append(rules.because("selective-logging", text))
    return found


def _may_lack_the_clear(rules: JudgingRules, treated: DaySeries) -> bool:
    """Whether every known day since the start had it, while a share of the days is unknown."""
    return treated.had == treated.known < (1 - rules.unknown_without_clear_share) * len(treated.states)


def _thin_baseline(rules: JudgingRules, before: DaySeries | None, said: Outcome) -> list[Reason]:
    """No verdict on a reduction of what was hardly seen: standards grade such a month insufficient."""
    if before is None:
        text = "No day before the start of treatment is known, so the change since the start cannot be seen at all."
        return [rules.because("no-baseline", text)]
    if before.known < rules.least_baseline_days:
        known = f"{before.known} day before the start of treatment is known"
        if before.known > 1:
            known = f"{before.known} days before the start of treatment are known"
        text = f"Only {known}; it takes {rules.least_baseline_days} to judge a change."
        return [rules.because("short-baseline", text)]
    if before.had < rules.least_baseline_had:
        had = {0: f"No {said.had[0]} was", 1: f"Only one {said.had[0]} was"}.get(
            before.had, f"Only {before.had} {said.had[1]} were"
        )
        text = f"{had} written down before the start of treatment, so there is nothing whose reduction could be seen."
        return [rules.because("rare-before", text)]
    return []


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
                "nothing to judge. If that is not meant, correct the start."
            )
        elif question.agreed is not None:
            then = question.agreed.why_then
            text = (
                f"The plan is judged from {say_day(question.judge_on)} on. {then.because} The diary was read up to "
                f"{say_day(as_of)}."
            )
            return TOO_EARLY, [Reason("judge.too-early", text, then.source), *decline]
        else:
            text = (
                f"The treatment is judged from {say_day(question.judge_on)} at the earliest, {rules.judge_after_days} days "
                f"after its first day. {rules.judge_after_says} The diary was read up to {say_day(as_of)}."
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
    text = (
        f"The probability of a reduction of at least {percent(question.threshold)} is {say_probability(probability)}; {needed}."
    )
    return verdict, [rules.because(rule, text)]


def settle(rules: JudgingRules, probability: float) -> str:
    """The verdict that a probability alone gives."""
    if probability >= rules.responding_from:
        return RESPONDING
    return NOT_RESPONDING if probability <= rules.not_responding_up_to else CANNOT_TELL
