"""A plan between two changes, and what follows from new steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from cleardays.plan.course import ALTERNATE
from cleardays.plan.draft import Known, Wish, draft, judged, look_up
from cleardays.plan.monitoring import Check
from cleardays.plan.person import Person
from cleardays.plan.plan import Plan
from cleardays.plan.steps import Step
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.sources import Reason


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
            raise BadInput(Problem(f"--{name.replace('_', '-')}", "a day is needed.", "Write it as year-month-day.")) from None


class State(NamedTuple):
    """A plan between two changes: what was asked for, the person as known, and what the plan says."""

    wish: Wish
    person: Person
    plan: Plan

    @property
    def known(self) -> Known:
        """Everything looked up."""
        return look_up(self.wish, self.person)

    def fresh(self, start: date | None = None) -> Plan:
        """What would be drafted now, from the first day of the plan or from another.

        A target that was asked for and that the schedule of now does not know is its own target.
        """
        wish = self.wish if start is None else self.wish._replace(start=start)
        try:
            return draft(wish, self.person)
        except BadInput:
            return draft(wish._replace(target=None, protocol=None), self.person)


def finished(state: State, plan: Plan, reasons: tuple[Reason, ...], since: date | None = None) -> State:
    """The target, the review, the stop rule, the taper and what is watched follow from the steps and sessions.

    `since` is where a schedule begins anew; what was watched before it stays as it was until then.
    """
    planned = [step for step in plan.steps if not step.if_needed and any(step.amounts)]
    if planned:
        plan = plan._replace(target_from=_since(planned))
    if planned and planned[-1].every_days <= ALTERNATE:
        plan = plan._replace(target=Dose(planned[-1].daily, planned[-1].unit))
    found = judged(state.known, plan._replace(reasons=(*reasons, *plan.reasons)), since)
    earlier = tuple(_until(check, since) for check in state.plan.monitoring if since is not None and check.on < since)
    return state._replace(plan=found._replace(monitoring=(*earlier, *found.monitoring)))


def _since(planned: Sequence[Step]) -> date:
    """The first day at the last dose; a pause within it does not count it anew."""
    last = planned[-1]
    at = [step for step in planned if (step.daily, step.every_days) != (last.daily, last.every_days)]
    return next(step.first for step in planned if not at or step.first > at[-1].first)


def _until(check: Check, day: date) -> Check:
    last = day - timedelta(days=1)
    return check if check.until is not None and check.until <= last else check._replace(until=last)
