"""The phases of one trial, what leads from one to the next, and what is refused.

screening -> baseline -> titration -> review -> decision, and from there on with the treatment (maintenance, or
titration again), down from it (taper), or to the end. Each step is one row of `STEPS`; what is not there cannot happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import CLINICIAN, HELPER, NURSE, PERSON, SOFTWARE

SCREENING, BASELINE, TITRATION, MAINTENANCE = "screening", "baseline", "titration", "maintenance"
REVIEW, DECISION, TAPER, ENDED = "review", "decision", "taper", "ended"
PHASES = (SCREENING, BASELINE, TITRATION, MAINTENANCE, REVIEW, DECISION, TAPER, ENDED)
# On treatment: what may be reviewed, changed, or stopped at once.
RUNNING = (TITRATION, MAINTENANCE)
OPEN = tuple(phase for phase in PHASES if phase != ENDED)

OPENED, SCREENED, PLANNED, CONFIRMED, BEGUN = (
    "trial.opened", "trial.screened", "trial.planned", "trial.confirmed", "trial.begun",
)  # fmt: skip
REVIEW_OPENED, ANSWERED, DECIDED, END = "trial.review-opened", "trial.answered", "trial.decided", "trial.ended"
TRIAL_KINDS = (OPENED, SCREENED, PLANNED, CONFIRMED, BEGUN, REVIEW_OPENED, ANSWERED, DECIDED, END)
CONTINUE, ADJUST, STOP, WAIT = "continue", "adjust", "stop", "wait"
DECISIONS = (CONTINUE, ADJUST, STOP, WAIT)
# How a trial may end.
FINISHED, GAVE_UP, NEVER_BEGUN = "finished", "stopped by the person", "never begun"
ENDINGS = (FINISHED, GAVE_UP, NEVER_BEGUN)

_ANYBODY = (PERSON, HELPER, CLINICIAN, NURSE)
# Who may take which step: a confirmation and a decision are a clinician's, whoever types them.
WHO: Mapping[str, tuple[str, ...]] = {
    OPENED: _ANYBODY,
    SCREENED: (*_ANYBODY, SOFTWARE),
    PLANNED: (*_ANYBODY, SOFTWARE),
    CONFIRMED: (CLINICIAN,),
    BEGUN: _ANYBODY,
    REVIEW_OPENED: (*_ANYBODY, SOFTWARE),
    ANSWERED: (*_ANYBODY, SOFTWARE),
    DECIDED: (CLINICIAN,),
    END: _ANYBODY,
}


class Step(NamedTuple):
    """From a phase, by a kind of event that says a certain word, to a phase; `to` None stays."""

    kind: str
    word: str | None
    phases: tuple[str, ...]
    to: str | None


STEPS = (
    Step(SCREENED, "proceed", (SCREENING,), BASELINE),
    Step(SCREENED, "ask", (SCREENING,), BASELINE),  # a diary may be kept while the questions are answered
    Step(SCREENED, "refuse", (SCREENING, BASELINE), SCREENING),
    Step(SCREENED, "proceed", (BASELINE, *RUNNING, REVIEW, DECISION, TAPER), None),
    Step(SCREENED, "ask", (BASELINE, *RUNNING, REVIEW, DECISION, TAPER), None),
    Step(SCREENED, "refuse", (*RUNNING, REVIEW, DECISION, TAPER), None),  # what to do then is a decision, not a phase
    Step(PLANNED, None, (BASELINE, *RUNNING, REVIEW, DECISION, TAPER), None),
    Step(CONFIRMED, None, (BASELINE, *RUNNING, REVIEW, DECISION, TAPER), None),
    Step(BEGUN, None, (BASELINE,), TITRATION),
    Step(REVIEW_OPENED, None, RUNNING, REVIEW),
    Step(ANSWERED, None, (REVIEW,), DECISION),
    Step(DECIDED, CONTINUE, (DECISION,), MAINTENANCE),
    Step(DECIDED, ADJUST, (DECISION,), TITRATION),
    Step(DECIDED, WAIT, (DECISION,), TITRATION),
    Step(DECIDED, STOP, (DECISION, REVIEW, *RUNNING), TAPER),  # a red flag need not wait for an answer
    Step(END, FINISHED, (TAPER,), ENDED),
    Step(END, GAVE_UP, (*RUNNING, REVIEW, DECISION, TAPER), ENDED),
    Step(END, NEVER_BEGUN, (SCREENING, BASELINE), ENDED),
)
_HOW = {
    BEGUN: "Screen the person and confirm a plan first.",
    ANSWERED: "Open a review first.",
    DECIDED: "Open a review and attach its answer first; only a stop needs neither.",
    END: "It has ended already.",
}


def next_phase(phase: str, kind: str, word: str | None, where: str) -> str:
    """The phase after a step.

    Args:
        phase: the present one.
        kind: of the event.
        word: its verdict, decision or ending, where it has one.
        where: how to call the event in a problem.

    Raises:
        BadInput: this step does not lead out of this phase.

    >>> next_phase("decision", "trial.decided", "continue", "event")
    'maintenance'
    """
    for step in STEPS:
        if step.kind == kind and phase in step.phases and step.word in (None, word):
            return step.to or phase
    said = f"{kind} ({word})" if word else kind
    ends = [step.word for step in STEPS if step.kind == kind == END and phase in step.phases and step.word]
    how = f"From there it ends as: {', '.join(ends)}." if ends else _HOW.get(kind, "Look at the phase that the trial is in.")
    raise BadInput(Problem(where, f"{said} cannot follow: the trial is in the phase {phase}.", how))
