"""A plan between two changes, and what follows from new steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from cleardays.plan.course import ALTERNATE, left
from cleardays.plan.draft import Known, Wish, draft, judged, look_up
from cleardays.plan.monitoring import Check, Course, monitoring
from cleardays.plan.person import Person, TakenMedicine
from cleardays.plan.plan import Plan
from cleardays.plan.steps import Rung, Step
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.sources import Reason

# What a plan is doing: the schedule runs, it goes down to nothing, it was stopped, or something told stands against it.
RUNNING, TAPERING, STOPPED, REFUSED_NOW = "running", "tapering", "stopped", "refused"


class Change(NamedTuple):
    """What happened: a kind, the first day on which it counts, why, who says so, and what belongs to the kind."""

    kind: str
    on: date
    why: str
    by: str | None
    data: Mapping[str, Any]

    @property
    def because(self) -> Reason:
        """The reason that stands on the plan."""
        return Reason(f"change.{self.kind}", f"{self.on}: {self.why}")

    def number(self, name: str, low: int, high: int) -> int:
        """A whole number that belongs to the kind.

        Raises:
            BadInput: it is missing or outside the limits.
        """
        value = self.data.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise BadInput(Problem(f"--{name}", f"{value!r} is no whole number from {low} to {high}.", "Correct it."))
        return value

    def day(self, name: str) -> date:
        """A day that belongs to the kind.

        Raises:
            BadInput: it is missing, or no day.
        """
        try:
            return date.fromisoformat(str(self.data.get(name)))
        except ValueError:
            how = "Write it as year-month-day."
            raise BadInput(Problem(f"--{name.replace('_', '-')}", "a day is needed.", how)) from None

    def named(self) -> str:
        """Who says so, where only a clinician may.

        Raises:
            BadInput: nobody is named.
        """
        if self.by is None:
            raise BadInput(Problem("--by", f"only a clinician decides on {self.kind}.", "Write who does."))
        return self.by


class State(NamedTuple):
    """A plan between two changes: what was asked for, the persons as told with the day of each, and what the plan says.

    `gaps` are the first missed day and the day of going on of each gap.
    """

    wish: Wish
    told: tuple[tuple[date, Person], ...]
    plan: Plan
    mode: str = RUNNING
    gaps: tuple[tuple[date, date], ...] = ()

    @property
    def person(self) -> Person:
        """As told last."""
        return self.told[-1][1]

    @property
    def waiting(self) -> tuple[Rung, ...]:
        """The doses that were still to come when the plan came to rest over an open question."""
        return left(self.plan.waiting, self.plan.waiting[0].first) if self.plan.waiting else ()

    def at(self, on: date) -> Person:
        """The person on a day: what was told in days ago is so many days longer ago."""
        day, person = self.told[-1]
        return aged(person, (on - day).days)

    def known(self, on: date) -> Known:
        """Everything looked up for the person of a day."""
        return look_up(self.wish, self.at(on))

    def drafted(self, person: Person, start: date | None = None) -> Plan | None:
        """What would be drafted for a person; None where nothing can be.

        A target that the schedule of now does not know is a limit of it.
        """
        wish = self.wish if start is None else self.wish._replace(start=start)
        limits = [dose for dose in (wish.target, wish.at_most) if dose is not None]
        lower = min(limits, key=lambda dose: dose.amount) if len({dose.unit for dose in limits}) == 1 else wish.at_most
        for each in (wish, wish._replace(target=None, at_most=lower, protocol=None)):
            try:
                return draft(each, person)
            except BadInput:
                continue
        return None


def aged(person: Person, days: int) -> Person:
    """The same person so many days later."""
    return person._replace(
        medicines=None if person.medicines is None else tuple(_later(each, days) for each in person.medicines),
        week_of_treatment=None if person.week_of_treatment is None else person.week_of_treatment + days / 7,
    )


def _later(taken: TakenMedicine, days: int) -> TakenMedicine:
    ago = {name: getattr(taken, name) for name in ("started_days_ago", "stopped_days_ago", "dose_changed_days_ago")}
    return taken._replace(**{name: value + days for name, value in ago.items() if value is not None}, hours_since_last=None)


def finished(state: State, plan: Plan, reasons: tuple[Reason, ...], on: date, since: date | None = None) -> State:
    """The target, the review, the stop rule, the taper and what is watched follow from the steps and sessions.

    `since` is where a schedule begins anew; what was watched before it stays as it was until then. A plan that
    goes down to nothing keeps its target and its review.
    """
    planned = [step for step in plan.steps if not step.if_needed and any(step.amounts)]
    if state.mode == RUNNING and planned:
        plan = plan._replace(target_from=_since(planned))
        if planned[-1].every_days <= ALTERNATE:
            plan = plan._replace(target=Dose(planned[-1].daily, planned[-1].unit))
    plan = plan._replace(reasons=(*reasons, *plan.reasons))
    if state.mode != RUNNING:
        return rewatched(state, plan, on)
    found = judged(state.known(on), plan, since)
    earlier = tuple(_until(check, since) for check in state.plan.monitoring if since is not None and check.on < since)
    return state._replace(plan=found._replace(monitoring=(*earlier, *found.monitoring)))


def rewatched(state: State, plan: Plan, on: date) -> State:
    """What is watched on a way down: each day of a lower dose, and the whole time until the last of it."""
    known, start = state.known(on), plan.start
    falls = tuple(step.first for before, step in pairwise(plan.steps) if step.daily < before.daily)
    given = tuple(session.on for session in plan.sessions)
    course = Course(start, tuple(step.first for step in plan.steps if step.first < on), given, falls, given)
    found = monitoring(known.treatment, known.case, known.where, course)
    if not plan.steps:  # what was given once goes on acting; it is watched as if nothing had been stopped
        watched = tuple(check for check in found if check.until is not None) if given else ()
        return state._replace(plan=plan._replace(monitoring=watched, taper=()))
    last = max((step.first for step in plan.steps), default=on)
    ends = on - timedelta(days=1) if state.mode == STOPPED else last
    # What has no end goes with the last dose; the day of a stop keeps what belongs to a lower dose.
    open_stays = state.mode != STOPPED
    kept = [check for check in found if check.on <= last and (check.until is not None or open_stays)]
    return state._replace(plan=plan._replace(monitoring=tuple(_no_longer(check, ends) for check in kept), taper=()))


def _no_longer(check: Check, day: date) -> Check:
    return check if check.until is None or check.until <= max(day, check.on) else check._replace(until=max(day, check.on))


def _since(planned: Sequence[Step]) -> date:
    """The first day at the last dose; a pause within it does not count it anew."""
    last = planned[-1]
    at = [step for step in planned if (step.daily, step.every_days) != (last.daily, last.every_days)]
    return next(step.first for step in planned if not at or step.first > at[-1].first)


def _until(check: Check, day: date) -> Check:
    last = day - timedelta(days=1)
    return check if check.until is not None and check.until <= last else check._replace(until=last)
