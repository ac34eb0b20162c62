"""What a simulated clinician decides of an answer: by a table that was declared beforehand, never by what is true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cleardays.clock import say_day
from cleardays.diary.conditions import declared
from cleardays.quantities import percent, say_probability
from cleardays.response.verdict import CANNOT_TELL, NOT_RESPONDING, RESPONDING, TOO_EARLY
from cleardays.trial.demonstration.truth import Case
from cleardays.trial.review import Review
from cleardays.trial.story.phases import CONTINUE, STOP, WAIT

LAST = "at-the-last-look"


class Decided(NamedTuple):
    """A decision with its reasons, and when it is looked at again."""

    decision: str
    reasons: tuple[str, ...]
    again: date | None = None


def decide(case: Case, reviews: Sequence[Review], *, looks_left: int) -> Decided:
    """What is done of the answers.

    Args:
        case: its table says what follows from which verdict.
        reviews: what the diary says, by outcome that the plan is judged by.
        looks_left: how often it will be looked at again; without any, what cannot be told is decided all the same.
    """
    verdict = combined([review.response.verdict for review in reviews])
    open_ = verdict in (CANNOT_TELL, TOO_EARLY)
    row = case.decisions[verdict if looks_left or not open_ else LAST]
    return Decided(row["decision"], (*(answered(review) for review in reviews), row["why"]))


def combined(verdicts: Sequence[str]) -> str:
    """The verdict of a plan that is judged by several outcomes: it is given up only where none of them fell enough.

    >>> combined(["not_responding", "responding"]), combined(["not_responding", "cannot_tell"])
    ('responding', 'cannot_tell')
    """
    for verdict in (RESPONDING, TOO_EARLY, CANNOT_TELL):
        if verdict in verdicts:
            return verdict
    return NOT_RESPONDING


def answered(review: Review) -> str:
    """The answer in one sentence, as it stands among the reasons."""
    response, series = review.response, review.series
    found, about = response.reduction_pct, declared(review.about, series.outcome).words[1]
    way = "fall" if found.estimate >= 0 else "rise"
    return (
        f"The answer of {say_day(series.last_day)} about {about} is {response.verdict.replace('_', ' ')}: a {way} of "
        f"{abs(found.estimate):.0f}\N{NO-BREAK SPACE}% ({percent(found.level)} interval of the fall {found.lower:.0f} to "
        f"{found.upper:.0f}), a fall of at least {percent(response.question.threshold)} with probability "
        f"{say_probability(response.chance)}."
    )


__all__ = ["CONTINUE", "STOP", "WAIT", "Decided", "answered", "decide"]
