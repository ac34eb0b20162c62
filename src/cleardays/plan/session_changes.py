"""A session is given on another day, is left out, or another one follows the review. The interval is kept: never sooner."""

from __future__ import annotations

from datetime import date, timedelta

from cleardays.plan.course import ALTERNATE, Steps, current, planned_dose, put_off
from cleardays.plan.draft import Known
from cleardays.plan.plan import Plan
from cleardays.plan.sessions import Session, session_days
from cleardays.problems import BadInput, Problem

_WEEK = 7


def interval_of(known: Known) -> timedelta | None:
    """From one session to the next; None where each is a trial of its own."""
    weeks = [int(row["weeks"]) for row in known.treatment.facts("interval")]
    return timedelta(days=_WEEK * max(weeks)) if weeks else None


def after_session(known: Known, plan: Plan, planned: date, given: date | None, on: date) -> Plan:
    """The plan once a session was moved to another day, or left out (`given` None); those after it follow at the interval.

    Raises:
        BadInput: no session is planned on that day, it is over, or the other day is past or too soon after the one before.
    """
    _require_coming(plan, planned, given, on)
    if plan.steps and not plan.sessions:
        return plan._replace(steps=_dose_moved(known, plan, planned, given, on))
    at = next((number for number, session in enumerate(plan.sessions) if session.on == planned), None)
    if at is None:
        known_days = ", ".join(str(session.on) for session in plan.sessions) or "none"
        raise BadInput(Problem("--planned", f"no session is planned on {planned}.", f"Planned: {known_days}."))
    if given is None:
        return plan._replace(sessions=(*plan.sessions[:at], *plan.sessions[at + 1 :]))
    every = interval_of(known)
    if at and every is None and given < planned:
        raise BadInput(Problem("--given", f"{given} lies before its review allows it.", f"Choose {planned} or later."))
    if at and every is not None and given - plan.sessions[at - 1].on < every:
        soonest = plan.sessions[at - 1].on + every
        what = f"{given} is less than {every.days} days after the session before."
        raise BadInput(Problem("--given", what, f"Choose {soonest} or later."))
    later = plan.sessions[at:]
    moved = tuple(session._replace(on=given + number * (every or timedelta(0))) for number, session in enumerate(later))
    steps = put_off(plan.steps, planned, given, on) if plan.steps else ()
    return plan._replace(sessions=(*plan.sessions[:at], *moved), steps=steps)


def _require_coming(plan: Plan, planned: date, given: date | None, on: date) -> None:
    later = [session.on for session in plan.sessions if planned < session.on <= on]
    if later or (given is None and planned < on):
        raise BadInput(
            Problem("--planned", f"the session of {planned} is over.", "What was given stays; see the record of the session.")
        )
    if given is not None and given < on:
        raise BadInput(Problem("--given", f"{given} lies before {on}.", "The past is not rewritten; choose a later day."))


def _dose_moved(known: Known, plan: Plan, planned: date, given: date | None, on: date) -> Steps:
    """A dose that is given every so many weeks, at home."""
    here = current(plan.steps, planned_dose(plan.steps, planned))
    if here.every_days <= ALTERNATE or given is None:
        what = f"{known.treatment.id} is taken day by day." if given is not None else "the day on which it is given is missing."
        raise BadInput(Problem("session", what, "Use gap for doses that were missed; name --given for one that is moved."))
    if given < planned and planned > plan.start:
        what = f"{given} is less than {here.every_days} days after the dose before."
        raise BadInput(Problem("--given", what, f"Choose {planned} or later."))
    return put_off(plan.steps, planned, given, on)


def another_session(known: Known, plan: Plan, on: date) -> Plan:
    """One session more, on the day of the review or at the interval after the last one, whichever is later."""
    last = _last(plan)
    return plan._replace(sessions=(*plan.sessions, last._replace(on=max(on, last.on + (interval_of(known) or timedelta(0))))))


def judged_from(known: Known, plan: Plan) -> date:
    """The day from which the weeks to the review count: so that the last session has its whole interval."""
    every, last = interval_of(known), _last(plan)
    if every is None:
        return last.on
    needed = len(session_days(known.treatment, known.where, plan.start))
    return max(plan.start, last.on - (needed - 1) * every)


def _last(plan: Plan) -> Session:
    if not plan.sessions:
        raise BadInput(Problem("session", f"the plan of {plan.treatment} has no session.", "Draft it anew."))
    return plan.sessions[-1]
