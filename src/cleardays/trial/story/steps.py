"""The next step of a trial as an event, made from what is known: what a command or a screen hands to a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from cleardays.plan.journal import PlanFile
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.story import phases
from cleardays.trial.story.baseline import fix_baseline
from cleardays.trial.story.events import Actor, Event
from cleardays.trial.story.goals_told import GoalAnswer
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial

# What a baseline counts beside the outcome of the trial, where the diary tells it.
_ALSO_COUNTED = ("headache_day", "migraine_day", "acute_med_day")


def opening(trial: str, treatment: str, indication: str, why: str, on: date, *, at: datetime, by: Actor) -> Event:
    """A trial is opened: of which treatment, for what, and why."""
    body = {"treatment": treatment, "indication": indication, "why": why, "on": on.isoformat()}
    return Event(phases.OPENED, at, by, body, trial)


def screening(trial: str, document: Mapping[str, Any], on: date, *, at: datetime, by: Actor) -> Event:
    """A screening that was done; `document` is that of `cleardays screen --json`."""
    kept = {key: document[key] for key in ("verdict", "alerts", "unknown", "catalogue_version")}
    return Event(phases.SCREENED, at, by, {"on": on.isoformat(), **kept}, trial)


def planning(trial: str, plan: PlanFile, *, at: datetime, by: Actor) -> Event:
    """A version of the plan: with a clinician's word it is theirs, without one a draft."""
    if plan.confirmation is None:
        return Event(phases.PLANNED, at, by, {"plan": plan.document()}, trial)
    clinician = Actor(plan.confirmation.by, "clinician")
    return Event(phases.CONFIRMED, at, clinician, {"plan": plan.document()}, trial)


def beginning(story: Story, trial: str, on: date, *, at: datetime, by: Actor) -> Event:
    """The first dose or session: the baseline before it is fixed now, as the diary is known now.

    Raises:
        BadInput: there is no such trial.
    """
    of = trial_of(story, trial)
    outcomes = tuple(dict.fromkeys((*_judged(of), *_ALSO_COUNTED)))
    baseline = fix_baseline(story.diary, on, outcomes=outcomes, at=at, treatment=of.treatment)
    return Event(phases.BEGUN, at, by, {"on": on.isoformat(), "baseline": baseline.document()}, trial)


def reviewing(
    trial: str, on: date, answer: Mapping[str, Any], *, at: datetime, by: Actor, goals: Sequence[GoalAnswer] = ()
) -> tuple[Event, Event]:
    """A review is opened and its answer attached; `answer` is the document of `cleardays response --json`.

    `goals` are answers to goals of the person: `cleardays.trial.goals.counted_answers` gives those that the diary can.
    """
    opened = Event(phases.REVIEW_OPENED, at, by, {"on": on.isoformat()}, trial)
    body = {"as_of": on.isoformat(), "answer": dict(answer), **_told_of(goals)}
    return opened, Event(phases.ANSWERED, at, Actor("cleardays", "software"), body, trial)


def deciding(
    trial: str,
    decision: str,
    reasons: tuple[str, ...],
    on: date,
    *,
    again: date | None,
    at: datetime,
    by: Actor,
    goals: Sequence[GoalAnswer] = (),
    outcome: str | None = None,
) -> Event:
    """What a clinician decided, why, and when it is looked at again.

    `goals` are what the person said of their goals, each that the review itself left open; `outcome` is how the trial
    turned out, in a word of the ledger.
    """
    body = {
        "on": on.isoformat(),
        "decision": decision,
        "reasons": list(reasons),
        "next_review_on": None if again is None else again.isoformat(),
        **_told_of(goals),
        **({} if outcome is None else {"outcome": outcome}),
    }
    return Event(phases.DECIDED, at, by, body, trial)


def ending(trial: str, how: str, why: str, on: date, *, at: datetime, by: Actor, outcome: str | None = None) -> Event:
    """The end of a trial; `outcome` is how it turned out, in a word of the ledger."""
    turned_out = {} if outcome is None else {"outcome": outcome}
    return Event(phases.END, at, by, {"on": on.isoformat(), "ending": how, "why": why, **turned_out}, trial)


def _told_of(goals: Sequence[GoalAnswer]) -> dict[str, Any]:
    return {"goals": [each.document() for each in goals]} if goals else {}


def trial_of(story: Story, trial: str) -> Trial:
    """The trial of this name.

    Raises:
        BadInput: there is none; says which there are.
    """
    if trial not in story.trials:
        there = f"There are {', '.join(story.trials)}." if story.trials else "None was opened yet."
        raise BadInput(Problem("trial", f"there is no trial {shown(trial)}.", there))
    return story.trials[trial]


def _judged(trial: Trial) -> tuple[str, ...]:
    """The outcomes that the plan is judged by; without a rule, the trial's own."""
    rule = None if trial.plan is None else trial.plan.document.get("stop_rule")
    named = () if rule is None else tuple(rule["outcomes"])
    return named or ((trial.outcome,) if trial.outcome else ())
