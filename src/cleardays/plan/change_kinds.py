"""What each kind of change does to a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from cleardays.plan.alerts import grave
from cleardays.plan.change_state import Change, State, finished
from cleardays.plan.course import before, current, ended, held, left, resting, slowed, stepped_back, then
from cleardays.plan.draft import strengths_for, taper_from
from cleardays.plan.gaps import after_gap
from cleardays.plan.journal import REVIEW, STOP, TOLD
from cleardays.plan.person_reading import read_person
from cleardays.plan.plan import INCOMPLETE, PROPOSAL, REFUSED, Plan
from cleardays.plan.screening import Question
from cleardays.plan.session_changes import after_session, another_session, judged_from
from cleardays.plan.steps import Rung
from cleardays.plan.told_changes import moved
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.sources import Reason

_GRAVE = "contraindicated"
_ASKED = "gap"
_LONGEST_H = 24 * 3660
_WEEK = 7


def _hold(state: State, what: Change) -> State:
    days = what.number("days", 1, 366)
    return finished(state, state.plan._replace(steps=held(state.plan.steps, what.on, days)), (what.because,))


def _step_back(state: State, what: Change) -> State:
    return finished(state, state.plan._replace(steps=stepped_back(state.plan.steps, what.on)), (what.because,))


def _slow(state: State, what: Change) -> State:
    times = what.number("times", 2, 8)
    return finished(state, state.plan._replace(steps=slowed(state.plan.steps, what.on, times)), (what.because,))


def _gap(state: State, what: Change) -> State:
    missed_from, hours = _missed(state, what)
    found = after_gap(state.known, state.plan, state.fresh(what.on), missed_from, what.on, hours)
    plan = state.plan._replace(steps=found.steps)
    if found.ask is not None:
        plan = plan._replace(status=INCOMPLETE, unknown=(Question(_ASKED, found.ask, True), *plan.unknown))
        return state._replace(plan=plan._replace(reasons=(what.because, found.reason, *plan.reasons), taper=()))
    return finished(state, plan, (what.because, found.reason), what.on if found.anew else None)


def _missed(state: State, what: Change) -> tuple[date, float]:
    hours = what.data.get("hours")
    day = what.day("missed_from")
    if not isinstance(hours, int | float) or isinstance(hours, bool) or not 0 < hours <= _LONGEST_H:
        raise BadInput(
            Problem("--hours", "hours from the last dose taken to the next one are needed.", "Write a number above 0.")
        )
    if not state.plan.start <= day <= what.on:
        raise BadInput(
            Problem("--missed-from", f"{day} is no day between the start and {what.on}.", "Correct one of the two days.")
        )
    if hours < 24 * (what.on - day).days:
        because = f"from {day} to {what.on} are more than {hours:g} hours."
        raise BadInput(Problem("--hours", because, "Count from the last dose taken to the next one planned."))
    return day, float(hours)


def _told(state: State, what: Change) -> State:
    after = state._replace(person=read_person(what.data["person"]))
    fresh = after.fresh()
    here = fresh._replace(
        steps=state.plan.steps, sessions=state.plan.sessions, target=state.plan.target, target_from=state.plan.target_from,
        review=state.plan.review, stop_rule=state.plan.stop_rule, taper=state.plan.taper, monitoring=state.plan.monitoring,
        parts=state.plan.parts,
    )  # fmt: skip
    if fresh.status == REFUSED:
        return after._replace(plan=_refused(here, what))
    if not state.plan.steps:
        return after._replace(plan=here._replace(reasons=(what.because, *here.reasons)))
    if not fresh.steps:
        because = "The dose rests until the open questions are answered."
        rests = resting(state.plan.steps, what.on, Reason("change.rests", because))
        return finished(after, here._replace(steps=rests), (what.because, Reason("change.rests", because)))
    found = moved(state.known, after.known, state.plan, (state.fresh(), fresh), what.on)
    gap = fresh.restart_after_gap_h
    return finished(after, here._replace(steps=found.steps, restart_after_gap_h=gap), (what.because, *found.reasons))


def _refused(plan: Plan, what: Change) -> Plan:
    """What was told stands against it: nothing more is planned, and somebody has to say how it ends."""
    grave_ones = [found.alert for found in plan.alerts if grave(found.alert.severity) <= grave(_GRAVE)]
    because = f"Nothing more is planned. Call the clinician before the next dose: {grave_ones[0].action}"
    said = Reason("change.refused", because, grave_ones[0].source)
    sessions = tuple(session for session in plan.sessions if session.on < what.on)
    steps = before(plan.steps, what.on)
    kept = tuple(check for check in plan.monitoring if check.on < what.on)
    return plan._replace(steps=steps, sessions=sessions, monitoring=kept, taper=(), reasons=(what.because, said, *plan.reasons))


def _stop(state: State, what: Change) -> State:
    """Nothing more from that day on, at once: only where a clinician says so, or where going on is the greater harm."""
    plan, said = state.plan, what.because
    if len(plan.taper) > 1:
        because = f"It is stopped at once, which its texts allow for safety only. {plan.taper[0].reason.because}"
        said = Reason("change.stop", f"{said.because} {because}", plan.taper[0].reason.source)
    steps = ended(plan.steps, what.on, said) if plan.steps else ()
    sessions = tuple(session for session in plan.sessions if session.on < what.on)
    kept = tuple(check for check in plan.monitoring if check.on < what.on)
    found = plan._replace(steps=steps, sessions=sessions, taper=(), monitoring=kept, reasons=(said, *plan.reasons))
    return state._replace(plan=found)


def _taper(state: State, what: Change) -> State:
    plan = state.plan
    current(plan.steps, what.on)
    down = taper_from(state.known, plan, what.on)
    if not down:
        raise BadInput(Problem("taper", f"{plan.treatment} is given in sessions.", "Use stop, or leave out the next session."))
    found = plan._replace(steps=(*before(plan.steps, what.on), *down), taper=(), reasons=(what.because, *plan.reasons))
    return state._replace(plan=found)


def _session(state: State, what: Change) -> State:
    planned = what.day("planned")
    given = None if what.data.get("given") is None else what.day("given")
    return _by_sessions(state, after_session(state.known, state.plan, planned, given), what)


def _by_sessions(state: State, plan: Plan, what: Change) -> State:
    if not plan.sessions:
        return state._replace(plan=plan._replace(monitoring=(), reasons=(what.because, *plan.reasons)))
    return finished(state, plan, (what.because,), judged_from(state.known, plan))


def _review(state: State, what: Change) -> State:
    """The review was held. Another session of what is given once comes only now."""
    decision = what.data.get("decision")
    if decision not in ("continue", "another", "stop"):
        raise BadInput(Problem("--decision", f"{decision!r} is no decision.", "Write continue, another or stop."))
    review = state.plan.review
    if review is None or what.on < review.on:
        due = "" if review is None else f" It is due on {review.on}."
        raise BadInput(Problem("--on", f"there is no review yet.{due}", "Enter it when it has been held."))
    if decision == "stop":
        return _taper(state, what) if len(state.plan.taper) > 1 else _stop(state, what)
    if decision == "another":
        return _by_sessions(state, another_session(state.known, state.plan, what.on), what)
    said = review._replace(on=what.on + (review.on - state.plan.start))
    return state._replace(plan=state.plan._replace(review=said, reasons=(what.because, *state.plan.reasons)))


def _go_on(state: State, what: Change) -> State:
    """A clinician says how it goes on after a rest or a question: with this dose or a lower one, then by the table."""
    if what.by is None:
        raise BadInput(Problem("--by", "only a clinician says how it goes on.", "Write who does."))
    plan, here = state.plan, current(state.plan.steps, what.on)
    earlier = [step.daily for step in plan.steps if step.first < what.on and any(step.amounts)]
    highest = here.daily if any(here.amounts) else earlier[-1]
    dose = _dose(what, highest, here.unit)
    amounts, every_days = strengths_for(state.known, plan).taken(dose, max(len(here.amounts), _portions(plan, dose)))
    if sum(amounts, Decimal(0)) / every_days != dose:
        raise BadInput(Problem("--dose", f"{dose} {here.unit} a day is not made of whole tablets.", "Choose another dose."))
    table = left(state.fresh().steps, plan.start)
    above = [rung for rung in table if rung.daily > dose]
    stays = max([_WEEK, *(rung.least_days for rung in table if rung.daily <= dose and rung.least_days is not None)])
    first = Rung(amounts, every_days, stays if above else None, f"As {what.by} decided.", "change.go-on", ())
    kept = tuple(question for question in plan.unknown if question.name != _ASKED)
    status = PROPOSAL if not any(question.required for question in kept) else plan.status
    found = plan._replace(steps=then(plan.steps, (first, *above), what.on, here.unit), unknown=kept, status=status)
    return finished(state, found, (what.because,))


def _dose(what: Change, highest: Decimal, unit: str) -> Decimal:
    """The dose a day that is told, no higher than the one before; that one where none is told."""
    if what.data.get("dose") is None:
        return highest
    told = Dose.parse(str(what.data["dose"]))
    if told.unit != unit or not 0 < told.amount <= highest:
        limit = f"{highest.normalize():f} {unit}"
        raise BadInput(Problem("--dose", f"{told} is no dose up to {limit}, the last one.", "It is never taken up higher."))
    return told.amount


def _portions(plan: Plan, dose: Decimal) -> int:
    """Into how many portions the plan has divided such a dose."""
    return next((len(step.amounts) for step in reversed(plan.steps) if any(step.amounts) and step.daily <= dose), 1)


KINDS: Mapping[str, Callable[[State, Change], State]] = {
    "hold": _hold,
    "step-back": _step_back,
    "slow": _slow,
    "gap": _gap,
    TOLD: _told,
    "go-on": _go_on,
    STOP: _stop,
    "taper": _taper,
    "session": _session,
    REVIEW: _review,
}
