"""How a plan ends, and how it goes on once a clinician has said so."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from cleardays.plan.change_state import REFUSED_NOW, RUNNING, STOPPED, TAPERING, Change, State, finished, rewatched
from cleardays.plan.change_told import undecided, without_question
from cleardays.plan.course import ALTERNATE, before, ended, left, planned_here, then
from cleardays.plan.draft import strengths_for, taper_from
from cleardays.plan.gaps import is_too_long
from cleardays.plan.plan import PROPOSAL, Plan
from cleardays.plan.steps import Rung, Step, step_on
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.sources import Reason

_WEEK = 7
_DAY_H = 24


def stop(state: State, what: Change) -> State:
    """Nothing more from that day on, at once: only where a clinician says so, or where going on is the greater harm."""
    plan, said = state.plan, what.because
    if len(plan.taper) > 1:
        because = f"It is stopped at once, which its texts allow for safety only. {plan.taper[0].reason.because}"
        said = said._replace(because=f"{said.because} {because}").resting_on(plan.taper[0].reason)
    steps = ended(undecided(plan.steps, what.on), what.on, said) if plan.steps else ()
    sessions = tuple(session for session in plan.sessions if session.on < what.on)
    decided = without_question(plan)._replace(steps=steps, sessions=sessions, status=PROPOSAL)
    return rewatched(state._replace(mode=STOPPED), decided._replace(reasons=(said, *plan.reasons)), what.on)


def taper(state: State, what: Change) -> State:
    """Down to nothing by the way back, from what is taken, or was before somebody had to be asked.

    Raises:
        BadInput: it is given in sessions, or nothing is taken any more.
    """
    plan = state.plan
    if not plan.steps:
        raise BadInput(Problem("taper", f"{plan.treatment} is given in sessions.", "Use stop, or leave out the next session."))
    if state.mode in (STOPPED, TAPERING):
        raise BadInput(Problem("taper", "it goes down or has ended already.", "Use hold or slow on the way down."))
    bridged = plan._replace(steps=undecided(plan.steps, what.on))
    down = taper_from(state.known(what.on), bridged, what.on)
    if not down:
        raise BadInput(
            Problem("taper", "the sources have no way down for it.", "The clinician says how; use stop for the end.")
        )
    steps = (*before(bridged.steps, what.on), *down)
    decided = without_question(plan)._replace(steps=steps, status=PROPOSAL, reasons=(what.because, *plan.reasons))
    mode = TAPERING if len(down) > 1 else STOPPED
    return rewatched(state._replace(mode=mode), decided, what.on)


def go_on(state: State, what: Change) -> State:
    """A clinician says how it goes on after a rest or a question: with this dose or a lower one, then by the table.

    Raises:
        BadInput: nobody is named, it was stopped, no dose is told after days without one, or it would be too high.
    """
    by, plan = what.named(), state.plan
    if state.mode == STOPPED:
        raise BadInput(Problem("go-on", "it was stopped.", "Draft it anew, with what happened among past_reactions."))
    if state.mode == REFUSED_NOW:
        raise BadInput(Problem("go-on", "what is known stands against it.", "Correct what was told, or enter the way down."))
    here = planned_here(plan.steps, what.on)
    if here.every_days > ALTERNATE:
        raise BadInput(Problem("go-on", f"it is given every {here.every_days} days, in no steps.", "Move a dose with session."))
    fresh = state.drafted(state.at(what.on))
    if fresh is None or not fresh.steps:
        raise BadInput(Problem("go-on", "no schedule can be drafted for what is known now.", "Answer what is open first."))
    dose = _dose(state, what, here, fresh)
    amounts, every_days = strengths_for(state.known(what.on), plan).taken(dose, _portions(plan, here, dose))
    if sum(amounts, Decimal(0)) / every_days != dose:
        raise BadInput(Problem("--dose", f"{dose} {here.unit} a day is not made of whole tablets.", "Choose another dose."))
    table = left(fresh.steps, fresh.start)
    above = [rung for rung in table if rung.daily > dose]
    stays = max([_WEEK, *(rung.least_days for rung in table if rung.daily <= dose and rung.least_days is not None)])
    first = Rung(amounts, every_days, stays if above else None, Reason("change.go-on", f"As {by} decided."))
    decided = without_question(plan)._replace(steps=then(plan.steps, (first, *above), what.on, here.unit), status=fresh.status)
    return finished(state._replace(mode=RUNNING), decided, (what.because,), what.on)


def _dose(state: State, what: Change, here: Step, fresh: Plan) -> Decimal:
    """The dose a day: the one of now or a lower one; after days without any the one that is told, or the first step.

    Raises:
        BadInput: it is higher than the last one, or than the first step after too long a time without.
    """
    pause_from = _last_dose_day(state.plan, what.on)
    if any(here.amounts):
        highest, told = here.daily, what.data.get("dose")
    else:
        hours = _DAY_H * (what.on - pause_from).days
        last = step_on(state.plan.steps, pause_from)
        assert last is not None  # a dose was planned on that day
        long = is_too_long(state.known(what.on), state.plan, hours) and not _was_asked(state.plan)
        highest = min(fresh.steps[0].daily, last.daily) if long else last.daily
        told = what.data.get("dose") or (f"{highest.normalize():f} {here.unit}" if long else None)
        if told is None:
            because = f"no dose has been planned since {pause_from}."
            raise BadInput(Problem("--dose", because, "Say with which dose it goes on."))
    if told is None:
        return highest
    dose = Dose.parse(str(told))
    if dose.unit != here.unit or not 0 < dose.amount <= highest:
        limit = f"{highest.normalize():f} {here.unit}"
        raise BadInput(Problem("--dose", f"{dose} is no dose up to {limit}.", "It is never taken up higher."))
    return dose.amount


def _was_asked(plan: Plan) -> bool:
    """Whether somebody had to be asked with which dose it goes on: then the answer may be any dose up to the last."""
    return any(reason.rule == "gap.ask" for reason in plan.reasons)


def _last_dose_day(plan: Plan, on: date) -> date:
    days = (on - timedelta(days=n) for n in range(1, (on - plan.start).days + 1))
    return next(
        (day for day in days if (step := step_on(plan.steps, day)) is not None and any(step.planned_on(day))), plan.start
    )


def _portions(plan: Plan, here: Step, dose: Decimal) -> int:
    """Into how many portions the plan has divided such a dose."""
    usual = next((len(step.amounts) for step in reversed(plan.steps) if any(step.amounts) and step.daily <= dose), 1)
    return max(len(here.amounts) if any(here.amounts) else 1, usual)
