"""What each kind of change does to a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cleardays.catalogue.planning import policy
from cleardays.plan.change_ends import go_on, stop, taper
from cleardays.plan.change_state import REFUSED_NOW, STOPPED, TAPERING, Change, State, finished
from cleardays.plan.change_told import ASKED, told
from cleardays.plan.course import held, slowed, stepped_back
from cleardays.plan.draft import taper_from
from cleardays.plan.gaps import Gap, after_gap, missed_since, require_hours
from cleardays.plan.journal import REVIEW, STOP, TOLD
from cleardays.plan.judging import stop_rule_of
from cleardays.plan.plan import INCOMPLETE, Plan
from cleardays.plan.screening import Question
from cleardays.plan.session_changes import after_session, another_session, interval_of, judged_from
from cleardays.problems import BadInput, Problem

_LONGEST_H = 24 * 3660


def _require_doses(state: State, kind: str) -> None:
    if not state.plan.steps:
        raise BadInput(Problem(kind, f"{state.plan.treatment} is given in sessions.", "Use session or review."))
    if state.mode in (STOPPED, REFUSED_NOW):
        how = "Draft it anew." if state.mode == STOPPED else "Enter the way down (taper, stop), or correct what was told."
        raise BadInput(Problem(kind, "no dose is planned any more.", how))


def _hold(state: State, what: Change) -> State:
    _require_doses(state, what.kind)
    steps = held(state.plan.steps, what.on, what.number("days", 1, 366))
    return finished(state, state.plan._replace(steps=steps), (what.because,), what.on)


def _step_back(state: State, what: Change) -> State:
    _require_doses(state, what.kind)
    if state.mode == TAPERING:
        raise BadInput(Problem(what.kind, "the plan goes down already.", "Hold the dose, or let a clinician say go-on."))
    return finished(state, state.plan._replace(steps=stepped_back(state.plan.steps, what.on)), (what.because,), what.on)


def _slow(state: State, what: Change) -> State:
    _require_doses(state, what.kind)
    steps = slowed(state.plan.steps, what.on, what.number("times", 2, 8))
    return finished(state, state.plan._replace(steps=steps), (what.because,), what.on)


def _gap(state: State, what: Change) -> State:
    _require_doses(state, what.kind)
    gap = _missed(state, what)
    require_hours(state.plan, gap)
    fresh = state.drafted(state.at(what.on), what.on)
    found = after_gap(state.known(what.on), state.plan, fresh, gap, tapering=state.mode == TAPERING)
    after = state._replace(gaps=(*state.gaps, (gap.missed_from, what.on)))
    plan = state.plan._replace(steps=found.steps)
    if found.ask is not None:
        plan = plan._replace(status=INCOMPLETE, unknown=(Question(ASKED, found.ask, True), *plan.unknown), taper=())
        return after._replace(plan=plan._replace(reasons=(what.because, found.reason, *plan.reasons)))
    if found.reason.rule == "gap.ends":
        after = after._replace(mode=STOPPED)
    return finished(after, plan, (what.because, found.reason), what.on, what.on if found.anew else None)


def _missed(state: State, what: Change) -> Gap:
    hours, day = what.data.get("hours"), what.day("missed_from")
    if not isinstance(hours, int | float) or isinstance(hours, bool) or not 0 < hours <= _LONGEST_H:
        how = "Write a number above 0."
        raise BadInput(Problem("--hours", "hours from the last dose taken to the next one are needed.", how))
    if not state.plan.start <= day <= what.on:
        because = f"{day} is no day between the start and {what.on}."
        raise BadInput(Problem("--missed-from", because, "Correct one of the two days."))
    return Gap(missed_since(state.gaps, day), what.on, float(hours))


def _session(state: State, what: Change) -> State:
    if state.mode in (STOPPED, REFUSED_NOW):
        raise BadInput(Problem("session", "nothing is planned any more.", "Draft it anew, or correct what was told."))
    planned = what.day("planned")
    given = None if what.data.get("given") is None else what.day("given")
    return _by_sessions(state, after_session(state.known(what.on), state.plan, planned, given, what.on), what)


def _by_sessions(state: State, plan: Plan, what: Change) -> State:
    if plan.steps and not plan.sessions:
        return finished(state, plan, (what.because,), what.on)
    if not plan.sessions:
        return state._replace(plan=plan._replace(monitoring=(), reasons=(what.because, *plan.reasons)))
    return finished(state, plan, (what.because,), what.on, judged_from(state.known(what.on), plan))


def _review(state: State, what: Change) -> State:
    """The review was held. Another session of what is given once comes only now."""
    decision, review = what.data.get("decision"), state.plan.review
    if decision not in ("continue", "another", "stop"):
        raise BadInput(Problem("--decision", f"{decision!r} is no decision.", "Write continue, another or stop."))
    if review is None or what.on < review.on:
        due = "" if review is None else f" It is due on {review.on}."
        raise BadInput(Problem("--on", f"there is no review yet.{due}", "Enter it when it has been held."))
    if decision == "stop":
        return taper(state, what) if len(state.plan.taper) > 1 else stop(state, what)
    if decision == "another" or (state.plan.sessions and not state.plan.steps):
        what.named()
        if decision == "continue" and interval_of(state.known(what.on)) is None:
            how = "Write another for one more session, or stop."
            raise BadInput(Problem("--decision", f"{state.plan.treatment} does not go on by itself.", how))
        return _by_sessions(state, another_session(state.known(what.on), state.plan, what.on), what)
    return _reviewed_again(state, what)


def _reviewed_again(state: State, what: Change) -> State:
    """It goes on; the next review with its window and the way down from it."""
    known, review = state.known(what.on), state.plan.review
    assert review is not None  # was looked at
    on = what.on + policy().next_review
    rule = stop_rule_of(known.treatment, state.wish.indication, state.person, known.where, on)
    plan = state.plan._replace(review=review._replace(on=on), stop_rule=rule, taper=taper_from(known, state.plan, on))
    return state._replace(plan=plan._replace(reasons=(what.because, *state.plan.reasons)))


KINDS: Mapping[str, Callable[[State, Change], State]] = {
    "hold": _hold,
    "step-back": _step_back,
    "slow": _slow,
    "gap": _gap,
    TOLD: told,
    "go-on": go_on,
    STOP: stop,
    "taper": taper,
    "session": _session,
    REVIEW: _review,
}
