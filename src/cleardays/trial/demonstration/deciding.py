"""What a simulated clinician decides of an answer: by a table that was declared beforehand, never by what is true."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cleardays.clock import say_day
from cleardays.quantities import percent, say_probability
from cleardays.response.verdict import CANNOT_TELL, TOO_EARLY
from cleardays.trial.demonstration.truth import Case
from cleardays.trial.review import Review
from cleardays.trial.story.phases import CONTINUE, STOP, WAIT

LAST = "at-the-last-look"


class Decided(NamedTuple):
    """A decision with its reasons, and when it is looked at again."""

    decision: str
    reasons: tuple[str, ...]
    again: date | None = None


def decide(case: Case, review: Review, *, looks_left: int) -> Decided:
    """What is done of an answer.

    Args:
        case: its table says what follows from which verdict.
        review: what the diary says.
        looks_left: how often it will be looked at again; without any, what cannot be told is decided all the same.
    """
    verdict = review.response.verdict
    open_ = verdict in (CANNOT_TELL, TOO_EARLY)
    row = case.decisions[verdict if looks_left or not open_ else LAST]
    return Decided(row["decision"], (answered(review), row["why"]))


def answered(review: Review) -> str:
    """The answer in one sentence, as it stands among the reasons."""
    response = review.response
    found = response.reduction_pct
    return (
        f"The answer of {say_day(review.series.last_day)} is {response.verdict.replace('_', ' ')}: a fall of "
        f"{found.estimate:.0f}\N{NO-BREAK SPACE}% ({percent(found.level)} interval {found.lower:.0f} to {found.upper:.0f}), "
        f"at least {percent(response.question.threshold)} with probability {say_probability(response.chance)}."
    )


__all__ = ["CONTINUE", "STOP", "WAIT", "Decided", "answered", "decide"]
