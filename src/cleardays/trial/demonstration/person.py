"""What a simulated person tells beside the diary: intake, what was tried before, goals, sessions, warning signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from cleardays.diary.red_flags import TIERS, red_flags
from cleardays.plan.alerts import Alert
from cleardays.plan.sessions import Session
from cleardays.plan.steps import plain
from cleardays.trial.demonstration.truth import Case
from cleardays.trial.goals import counted_answers, goals_to_ask
from cleardays.trial.review import Review
from cleardays.trial.story.goals_told import NOT_REACHED, PARTLY, REACHED, GoalAnswer
from cleardays.trial.story.kinds import FLAG_ANSWERED, FLAG_SHOWN, GOAL, INTAKE, TRIED
from cleardays.trial.story.reading import LONGEST_KEY
from cleardays.trial.story.safety_told import SEEN_BY, STOPPED
from cleardays.trial.story.sessions_told import INJECTIONS, SUPERVISED
from cleardays.trial.story.story import Story

Told = tuple[str, dict[str, Any]]

# How much fewer days feel like a goal that is reached, or partly.
_FELT_REACHED, _FELT_PARTLY = -50.0, -20.0
_TIER = TIERS[0]


def before_day_one(case: Case) -> Iterator[Told]:
    """The intake part by part, each preventive that was tried, and the goals."""
    for part, told in case.intake.items():
        yield INTAKE, {"part": part, **told}
    for tried in case.tried:
        yield TRIED, dict(tried)
    for goal in case.goals:
        yield GOAL, dict(goal)


def answers_counted(story: Story, on: date) -> tuple[GoalAnswer, ...]:
    """What the diary says of the goals that it can count."""
    return counted_answers(story, on)


def answers_felt(story: Story, review: Review) -> tuple[GoalAnswer, ...]:
    """What the person says of the others: by what was seen, for nobody feels a probability."""
    change = review.response.change_pct
    seen = 0.0 if change is None else change.estimate
    felt = REACHED if seen <= _FELT_REACHED else PARTLY if seen <= _FELT_PARTLY else NOT_REACHED
    return tuple(GoalAnswer(entry, felt) for entry, _ in goals_to_ask(story))


def session_record(case: Case, session: Session, review_on: date | None) -> tuple[str, dict[str, Any]]:
    """The record of a session as its clinician wrote it down: what kind it is, and what it says."""
    assert case.session is not None  # a case that is given in sessions has one
    told: Mapping[str, Any] = case.session
    if session.sites:
        sites = [{"muscle": site.muscle, "side": site.side, "units": plain(site.units)} for site in session.sites]
        body = {
            "on": session.on.isoformat(),
            "unit": session.unit,
            "by": case.clinician,
            "sites": sites,
            "use": case.indication,
        }
        return INJECTIONS, {**body, **told}
    leaving = {**told["discharge"], **({} if review_on is None else {"review_on": review_on.isoformat()})}
    body = {"treatment": case.treatment, "on": session.on.isoformat(), "entered_by": case.clinician, "note": "Simulated."}
    return SUPERVISED, {**body, **told, "discharge": leaving}


def given(case: Case, session: Session) -> dict[str, Any]:
    """The same session as the diary's table of doses has it."""
    cells = {"date": session.on.isoformat(), "kind": "session", "drug": case.treatment, "state": "given"}
    if session.amount is not None and session.unit is not None:
        cells |= {"amount": f"{plain(session.amount)}", "unit": session.unit}
    return {"entry": f"session-{session.on}", "cells": cells}


def sign_shown(case: Case, alert: Alert, on: date) -> Told:
    """A warning sign as the software showed it to the person."""
    body = {"entry": f"sign-{on}", "code": alert.code, "tier": _TIER, "on": on.isoformat(), "treatment": case.treatment}
    said = f"{alert.subject[0].upper()}{alert.subject[1:]}. {alert.action}"
    return FLAG_SHOWN, {**body, "shown": said, "to": {"name": case.person, "role": "person"}}


def findings_answered(case: Case, story: Story, on: date) -> Iterator[tuple[Told, Told]]:
    """What the diary shows by itself and nobody has answered yet: as it was shown, and that a clinician looked at it."""
    known = {(flag.code, flag.on) for flag in story.told.flags.values()}
    for flag in red_flags(story.diary) if story.diary.records else ():
        if (flag.code, flag.on) in known or flag.on > on:
            continue
        entry = f"finding-{flag.on}-{flag.code.replace('_', '-')}"[:LONGEST_KEY]
        body = {"entry": entry, "code": flag.code, "tier": flag.tier, "on": flag.on.isoformat(), "shown": flag.shown}
        done = {"entry": entry, "done": SEEN_BY, "on": on.isoformat(), "words": "Seen with the person (simulated)."}
        yield (FLAG_SHOWN, {**body, "to": {"name": case.person, "role": "person"}}), (FLAG_ANSWERED, done)


def sign_answered(on: date, why: str) -> Told:
    """What the clinician did about it."""
    return FLAG_ANSWERED, {"entry": f"sign-{on}", "done": STOPPED, "on": on.isoformat(), "words": why}
