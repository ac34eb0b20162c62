"""The clinician's verdict: one line and a few words, no more certain than the answer."""

from __future__ import annotations

from cleardays.report import wording, words
from cleardays.report.sheet_words import name_of
from cleardays.response.verdict import CANNOT_TELL, NOT_RESPONDING, RESPONDING, TOO_EARLY
from cleardays.trial.account.account import Account
from cleardays.trial.account.standing import is_silent, is_thin, may_tell_chances
from cleardays.trial.review import Review

_INTERVAL = "90\N{NO-BREAK SPACE}% interval"
_AT_LEAST = "\N{GREATER-THAN OR EQUAL TO}"
_NOTHING = "Nothing to judge yet"
_DECIDE = {
    RESPONDING: "decide on going on, and until when",
    NOT_RESPONDING: "decide on stopping or changing",
    CANNOT_TELL: "see what keeps the diary from telling, in the questions below",
}
SAFETY_FIRST = "Safety comes first: an open finding"


def verdict_of(account: Account) -> str:
    """The verdict's id, for its sign."""
    return CANNOT_TELL if account.review is None else account.review.response.verdict


def headline(account: Account) -> str:
    """The verdict in a few words; while a finding is open, that comes first and nothing is said to work."""
    if account.safety.in_the_way:
        return SAFETY_FIRST
    if account.review is None:
        return _NOTHING
    return wording.headline(account.review)


def verdict_line(account: Account) -> str:
    """What since when, at which dose; before and now with an interval; the chances; when it is decided."""
    review = account.review
    if account.start is None:
        return f"{_treatment(account)} has not begun. {words.known_of(account.coverage.known, account.coverage.days)}."
    since = f"{_treatment(account)} since {words.day(account.start)}{_how_long(account)}."
    if review is None:
        why = "" if account.nothing_known is None else f" {words.sentence(account.nothing_known.what)}"
        return f"{since} No rate and no chance is given.{why}"
    if wording.treated_days(review) <= 0:
        return wording.verdict_line(review)
    said = f"{since} {_rate(review)}{_chances(review)}{_ending(account, review)}"
    return said if account.nothing_known is None else f"{said} {_by_what(account, review)}"


def _by_what(account: Account, review: Review) -> str:
    """Where the diary tells nothing of what the plan is judged by first."""
    rule = None if account.plan is None else account.plan.plan.stop_rule
    asked = "what it is judged by first" if rule is None else words.outcome_words(account.about, rule.outcomes[0]).many
    return f"Of {asked} the diary tells nothing: judged by {wording.spoken(review).many}."


def _treatment(account: Account) -> str:
    dose = account.course.now
    return f"{name_of(account.treatment)} {dose}" if dose is not None else name_of(account.treatment)


def _how_long(account: Account) -> str:
    assert account.start is not None  # asked before
    weeks = account.course.weeks_at_target(account.as_of)
    if weeks is not None:
        return f" (at target {words.counted(weeks, 'week')})"
    if account.course.target is not None and account.course.target != account.course.now:
        return f" (target {account.course.target})"
    return f" ({_days((account.as_of - account.start).days + 1)})"


def _days(count: int) -> str:
    return words.counted(count, "day")


def _rate(review: Review) -> str:
    if is_silent(review):
        return "No rate is given: the days in the diary may not stand for those that are missing."
    response, outcome = review.response, wording.spoken(review)
    rate, decimals = f"{words.sentence(outcome.line or outcome.many)} ", outcome.decimals
    if response.baseline is not None and not is_thin(review):
        rate += f"{words.figure(response.baseline.estimate, decimals)} \N{RIGHTWARDS ARROW} "
    rate += f"{words.figure(response.current.estimate, decimals)}{outcome.per}"
    return f"{rate} ({_INTERVAL} {words.figure_range(response.current, decimals)})."


def _chances(review: Review) -> str:
    if not may_tell_chances(review):
        return ""
    outcome, chance = wording.spoken(review), review.response.probability
    told = [
        f"P({_AT_LEAST}{size}\N{NO-BREAK SPACE}% {outcome.less}) {_say(chance[f'reduction_ge_{size}'])}" for size in (30, 50)
    ]
    return f" {', '.join(told)}, P({outcome.more}) {_say(chance['worse'])}."


def _say(value: float | None) -> str:
    return words.probability(value or 0.0)


def _ending(account: Account, review: Review) -> str:
    if account.safety.in_the_way:
        return " Whether it works is not said while the finding is open."
    if review.response.verdict == TOO_EARLY:
        return f" Too early to call; decision date {words.day(review.response.question.judge_on)}."
    return ""


def next_step(account: Account) -> str:
    """What comes next, and when."""
    review, again = account.review, account.course.review_on
    if account.safety.in_the_way:
        return "Next: look at the open finding."
    if account.start is None:
        return "Next: a confirmed plan, and the first dose by it."
    if review is None:
        return "Next: a diary, daily or once a week, so that it can be judged at all."
    if review.response.verdict == TOO_EARLY:
        return f"Next: decide on {words.day(review.response.question.judge_on)}; until then keep writing."
    agreed = f" Review agreed for {words.day(again)}." if again is not None and again > account.as_of else ""
    wait = review.response.wait
    if review.response.verdict == CANNOT_TELL and wait is not None:
        chance = words.probability(wait.probability)
        if wait.on is None:
            weeks = words.counted(wait.weeks, "week")
            return f"Next: decide with what is known; {weeks} more would settle it with probability {chance} only.{agreed}"
        return f"Next: more days will probably settle it by {words.day(wait.on)}.{agreed}"
    return f"Next: {_DECIDE[review.response.verdict]}.{agreed}"
