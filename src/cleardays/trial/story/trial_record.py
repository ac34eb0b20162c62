"""What is known of one trial: what was screened, planned, answered and decided, each as it was then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from cleardays.plan.journal import PlanFile
from cleardays.plan.plan_reading import parse_plan
from cleardays.trial.story.baseline import Baseline
from cleardays.trial.story.goals_told import GoalAnswer


class Screened(NamedTuple):
    """A screening that was done: its verdict, and the codes of what it alerted to."""

    on: date
    verdict: str
    alerts: tuple[str, ...]
    catalogue_version: str


class PlanTold(NamedTuple):
    """A version of the plan as it was told: the whole document, and what the phases ask of it."""

    document: Mapping[str, Any]
    treatment: str
    start: date
    review_on: date | None
    confirmed_by: str | None

    @property
    def file(self) -> PlanFile:
        """The plan itself, read and checked."""
        return _read_plan(json.dumps(self.document))


@lru_cache(maxsize=32)
def _read_plan(text: str) -> PlanFile:
    """A plan by its text: a page asks for the same one several times, and checking it costs more than all else it does."""
    return parse_plan(text, "plan")


class Answered(NamedTuple):
    """The answer that a review rested on, as it was then: the whole document, so that nothing is worked out anew."""

    as_of: date
    answer: Mapping[str, Any]
    goals: tuple[GoalAnswer, ...] = ()


class Decision(NamedTuple):
    """What was decided, by whom, why, and when it is looked at again."""

    decision: str
    on: date
    by: str
    reasons: tuple[str, ...]
    next_review_on: date | None
    answered: Answered | None
    outcome: str | None = None  # how it turned out so far, in a word of the ledger
    goals: tuple[GoalAnswer, ...] = ()  # every answer to a goal of the person that it knew of

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        again = None if self.next_review_on is None else self.next_review_on.isoformat()
        rests_on = None if self.answered is None else self.answered.as_of.isoformat()
        return {
            "decision": self.decision,
            "on": self.on.isoformat(),
            "by": self.by,
            "reasons": list(self.reasons),
            "next_review_on": again,
            "rests_on_answer_of": rests_on,
            "outcome": self.outcome,
            "goals": [each.document() for each in self.goals],
        }


class Trial(NamedTuple):
    """One trial of one treatment. `plans` are its versions as they were told, the last one now; never rewritten."""

    id: str
    treatment: str
    indication: str
    why: str
    opened_on: date
    phase: str
    outcome: str | None = None
    screened: tuple[Screened, ...] = ()
    plans: tuple[PlanTold, ...] = ()
    baseline: Baseline | None = None
    begun_on: date | None = None
    review_on: date | None = None
    answers: tuple[Answered, ...] = ()
    decisions: tuple[Decision, ...] = ()
    ended_on: date | None = None
    ending: str | None = None
    reason_ended: str | None = None
    outcome_told: str | None = None  # how it turned out, in a word of the ledger, as it was told last

    @property
    def plan(self) -> PlanTold | None:
        """The plan as it is now."""
        return self.plans[-1] if self.plans else None

    @property
    def confirmed(self) -> PlanTold | None:
        """The last version that a clinician confirmed: the one that may be followed."""
        return next((plan for plan in reversed(self.plans) if plan.confirmed_by is not None), None)
