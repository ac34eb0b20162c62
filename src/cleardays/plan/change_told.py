"""Something new is told of the person: screened anew, and what it does to the doses."""

from __future__ import annotations

from datetime import date

from cleardays.catalogue.resolving import resolve
from cleardays.plan.alerts import grave
from cleardays.plan.change_state import REFUSED_NOW, RUNNING, STOPPED, TAPERING, Change, State, aged, finished
from cleardays.plan.course import before, left, resting, then, without_rises
from cleardays.plan.draft import Known, look_up
from cleardays.plan.gaps import is_too_long
from cleardays.plan.influences import turns
from cleardays.plan.person import Person
from cleardays.plan.person_reading import read_person
from cleardays.plan.plan import INCOMPLETE, REFUSED, Plan
from cleardays.plan.screening import Question
from cleardays.plan.steps import Rung, Step, lay_out, step_on
from cleardays.plan.told_changes import Drafts, moved
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason

ASKED = "gap"  # the question that a gap left open
_GRAVE = "contraindicated"
_DAY_H = 24


def told(state: State, what: Change) -> State:
    """The plan after something was told."""
    person = read_person(what.data["person"])
    after = state._replace(told=(*state.told, (what.on, person)))
    full = after.drafted(person)
    if full is None:
        because = "No schedule can be drafted for what is known now; the dose rests until the clinician has decided."
        return _rest(after, state.plan, what, Reason("change.rests", because))
    here = _as_known_now(state.plan, full)
    if full.status == REFUSED:
        return _refused(after, here, what)
    if state.mode == STOPPED or not (state.plan.steps or state.plan.sessions):
        return after._replace(plan=here._replace(reasons=(what.because, *here.reasons)))
    if state.mode == REFUSED_NOW:
        here = here._replace(steps=_taken_up(after, here, what), waiting=())
        after = after._replace(mode=RUNNING)
    if not here.steps:
        return finished(after, here, (what.because,), what.on)
    return _moved(state, after, here, full, what)


def _moved(state: State, after: State, here: Plan, full: Plan, what: Change) -> State:
    """The doses as they become; where something stays open they do not rise before it is answered."""
    now, earlier = _drafted_for(after, after.person), _before(state, what.on)
    if now is None or earlier is None:
        because = Reason("change.rests", "The dose rests until the open questions are answered.")
        return _rest(after, here, what, because)
    open_ = not full.steps
    plan = here
    if state.waiting and here.waiting and after.mode == RUNNING:  # what waits is what was planned; it may be lowered anew
        plan = plan._replace(steps=then(here.steps, state.waiting, what.on, here.steps[0].unit))
    person, was = earlier
    had, has = (look_up(state.wish, _schedule_of(each)) for each in (person, after.person))
    found = moved(had, has, plan, Drafts(was, now), what.on)
    gap, restart = _restart_gap(here, now, had, has)
    plan = plan._replace(steps=found.steps, restart_after_gap_h=gap, restart=restart)
    if not open_:
        return finished(after, plan._replace(waiting=()), (what.because, *found.reasons), what.on)
    said = Reason("change.rests", "It does not rise until the open questions are answered.")
    if after.mode == TAPERING:
        return finished(after, plan, (what.because, *found.reasons, said), what.on)
    waits = _waits(found.steps, what.on)
    plan = plan._replace(steps=without_rises(found.steps, what.on), waiting=waits)
    return finished(after, plan, (what.because, *found.reasons, said), what.on)


def _waits(steps: tuple[Step, ...], on: date) -> tuple[Step, ...]:
    """What is still to come from a day on."""
    return lay_out(left(steps, on), on, steps[0].unit) if step_on(steps, on) is not None else ()


def _restart_gap(running: Plan, now: Plan, before: Known, after: Known) -> tuple[float | None, Reason | None]:
    """Of the person as known now; where something went away the shorter one, since its effect goes slowly."""
    gaps = [(plan.restart_after_gap_h, plan.restart) for plan in (now, running) if plan.restart_after_gap_h is not None]
    went = any(not turn.comes for turn in turns(before, after))
    return min(gaps, key=lambda gap: gap[0]) if went and gaps else (now.restart_after_gap_h, now.restart)


def _rest(after: State, here: Plan, what: Change, because: Reason) -> State:
    if after.mode == TAPERING or not here.steps:
        return finished(after, here, (what.because, because), what.on)
    waits = here.waiting or _waits(here.steps, what.on)
    plan = here._replace(steps=resting(here.steps, what.on, because), waiting=waits)
    return finished(after, plan, (what.because, because), what.on)


def _as_known_now(running: Plan, full: Plan) -> Plan:
    """The running plan with what the screen says now; the question that a gap left open stays open."""
    asked = tuple(question for question in running.unknown if question.name == ASKED)
    return full._replace(
        status=INCOMPLETE if asked and full.status != REFUSED else full.status, unknown=(*asked, *full.unknown),
        steps=running.steps, sessions=running.sessions, target=running.target, target_from=running.target_from,
        review=running.review, stop_rule=running.stop_rule, taper=running.taper, monitoring=running.monitoring,
        parts=running.parts, waiting=running.waiting, restart_after_gap_h=running.restart_after_gap_h,
        restart=running.restart,
    )  # fmt: skip


def _refused(after: State, plan: Plan, what: Change) -> State:
    """What was told stands against it: nothing more is planned, and somebody has to say how it ends."""
    gravest = next(found.alert for found in plan.alerts if grave(found.alert.severity) <= grave(_GRAVE))
    because = f"No dose is planned from here on, which does not mean to stop. Call the clinician today: {gravest.action}"
    said = Reason("change.refused", because, gravest.source, gravest.confidence)
    sessions = tuple(session for session in plan.sessions if session.on < what.on)
    kept = tuple(check for check in plan.monitoring if check.on < what.on)
    waits = plan.waiting or (_waits(plan.steps, what.on) if plan.steps else ())
    steps = before(plan.steps, what.on)
    found = plan._replace(
        steps=steps, sessions=sessions, monitoring=kept, taper=(), waiting=waits, reasons=(what.because, said, *plan.reasons)
    )
    return after._replace(plan=found, mode=REFUSED_NOW)


def _taken_up(after: State, plan: Plan, what: Change) -> tuple[Step, ...]:
    """What was told before was wrong: the doses that waited, unless too long has passed.

    Raises:
        BadInput: it has.
    """
    ended = plan.steps[-1] if plan.steps else None
    if ended is None or not after.waiting or ended.last is None:
        return plan.steps
    hours = _DAY_H * (what.on - ended.last).days
    if is_too_long(after.known(what.on), plan, hours):
        because = f"no dose has been planned since {ended.last}; that is too long to take it up again."
        raise BadInput(Problem("--on", because, "Draft it anew."))
    return then(undecided(plan.steps, what.on), after.waiting, what.on, ended.unit)


def undecided(steps: tuple[Step, ...], on: date) -> tuple[Step, ...]:
    """Days on which nobody had decided stand there as such."""
    last = steps[-1] if steps else None
    if last is None or last.last is None or (on - last.last).days <= 1:
        return steps
    reason = Reason("change.undecided", "Nobody had decided; the clinician was to be called.")
    nothing = Rung((), 1, (on - last.last).days - 1, reason)
    return then(steps, (nothing,), date.fromordinal(last.last.toordinal() + 1), last.unit)


def _drafted_for(state: State, person: Person) -> Plan | None:
    """What would be drafted for those names that are understood; None where that leaves no doses."""
    found = state.drafted(_schedule_of(person))
    return found if found is not None and found.steps else None


def _before(state: State, on: date) -> tuple[Person, Plan] | None:
    """The person for whom the doses of now were planned, as on a day, with the draft; not one something stood against."""
    for day, told_then in reversed(state.told):
        person = aged(told_then, (on - day).days)
        found = _drafted_for(state, person)
        if found is not None and found.status != REFUSED:
            return person, found
    return None


def _schedule_of(person: Person) -> Person:
    """The person as a schedule sees them: without names that are not understood and without what is no longer taken."""
    medicines = None if person.medicines is None else tuple(
        each for each in person.medicines if each.stopped_days_ago is None and resolve(each.name) is not None
    )  # fmt: skip
    return person._replace(medicines=medicines)


def without_question(plan: Plan) -> Plan:
    """The plan once somebody has decided: what was open decides nothing any more."""
    return plan._replace(
        waiting=(), unknown=tuple(Question(each.name, each.question, False) for each in plan.unknown if each.name != ASKED)
    )
