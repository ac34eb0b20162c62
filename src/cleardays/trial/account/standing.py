"""On what a verdict rests: which rates and chances may be told beside it."""

from __future__ import annotations

from cleardays.response.verdict import NOT_RESPONDING, RESPONDING, TOO_EARLY, UNDECIDED
from cleardays.trial.review import Review

# The known days do not stand for the others: no rate at all.
SELECTIVE = frozenset({"judge.few-known-days", "judge.selective-logging", "judge.no-clear-days"})
# Too little is known of the time before: nothing to compare with.
THIN = frozenset({"judge.no-baseline", "judge.short-baseline", "judge.rare-before"})
_MIXED_UP = "attribution.cannot-separate"


def _rules(review: Review) -> set[str]:
    return {reason.rule for reason in review.response.reasons}


def is_silent(review: Review) -> bool:
    """Whether too little is known, or known too selectively, to give any rate."""
    return bool(SELECTIVE & _rules(review))


def is_thin(review: Review) -> bool:
    """Whether too little is known of the time before the start to compare with it."""
    return bool(THIN & _rules(review))


def is_judged(review: Review) -> bool:
    """Whether the verdict rests on the probability of a response."""
    response = review.response
    return response.verdict in (RESPONDING, NOT_RESPONDING) or response.reasons[0].rule == f"judge.{UNDECIDED}"


def may_tell_chances(review: Review) -> bool:
    """Whether the probabilities may be told: judged, or only too early and nothing else in the way."""
    if is_judged(review):
        return True
    begun = review.exposure.start <= review.series.last_day
    in_the_way = is_silent(review) or is_thin(review) or _MIXED_UP in _rules(review)
    return review.response.verdict == TOO_EARLY and begun and not in_the_way
