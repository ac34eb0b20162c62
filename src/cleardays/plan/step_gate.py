"""May the next step be taken? Only after its days at the dose, with no red flag since, and with its checks in view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from cleardays.plan.monitoring import Check
from cleardays.plan.steps import Step, step_on
from cleardays.plan.told_findings import Held
from cleardays.sources import Reason


class StepGate(NamedTuple):
    """The next step that rises, why it may not be taken yet (`open`), and what is to be seen to on its day."""

    step: Step
    open: tuple[Reason, ...]
    checks: tuple[Check, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "step": self.step.document(),
            "released": not self.open,
            "open": [reason.document() for reason in self.open],
            "checks": [check.document() for check in self.checks],
        }


class Released(NamedTuple):
    """The step that may be taken on a day, from the day on which it was released, and the step up that waits.

    `behind` says that steps up came later than planned, so that the plan is ahead of what may be taken.
    """

    step: Step | None
    since: date | None = None
    waits: Step | None = None
    due: date | None = None
    behind: bool = False


def released(steps: Sequence[Step], held: Sequence[Held], on: date) -> Released:
    """What may be taken of the steps up to a day, each step up on a day without a hold and after its days at the dose before.

    A step down is taken on its day. A step up that was held back comes later, and those after it too, so that none is left out.

    Args:
        steps: as planned.
        held: stretches in which nothing rises, in order of time.
        on: the day.
    """
    if step_on(steps, on) is None:  # before it begins, or where it says no more
        return Released(None)
    found, days = Released(None), 0
    for step in steps:
        if step.first > on:
            break
        if found.step is not None and step.daily <= found.step.daily:
            found, days = Released(step, step.first), _days(step)
            continue
        if found.waits is not None:
            continue
        earliest = step.first if found.since is None else max(step.first, found.since + timedelta(days=days))
        day = _free(earliest, held)
        if day is None or day > on:
            found = found._replace(waits=step, due=day, behind=True)
            continue
        days = _days(step)
        late = day > step.first
        found = Released(_from(step, day, days) if late else step, day, behind=late)
    return found


def _days(step: Step) -> int:
    return 0 if step.last is None else (step.last - step.first).days + 1


def _from(step: Step, day: date, days: int) -> Step:
    last = None if step.last is None else day + timedelta(days=days - 1)
    return step._replace(first=day, last=last, counted_from=None)


def _free(day: date, held: Sequence[Held]) -> date | None:
    """The first day from one on that is not held; None where nobody knows it yet."""
    for each in held:
        if each.first <= day and (each.until is None or day < each.until):
            if each.until is None:
                return None
            day = each.until
    return day


def step_gate(steps: Sequence[Step], monitoring: Sequence[Check], held: Sequence[Held], on: date) -> StepGate | None:
    """The gate before the next rise; None where none follows.

    Args:
        steps: as the plan has them.
        monitoring: of the plan.
        held: stretches in which nothing rises.
        on: the day on which it is asked.
    """
    now = released(steps, held, on)
    coming = now.waits or _next(steps, now, on)
    if coming is None:
        return None
    open_ = [each.reason for each in held if _covers(each, on)]
    if now.waits is None and coming.first > on and now.step is not None:
        last = max(coming.first - timedelta(days=1), now.step.last or on)
        because = f"The dose of now lasts to {last}; the next step is not earlier."
        open_.insert(0, now.step.reason._replace(rule="gate.days", because=because))
    elif now.due is not None and now.step is not None:
        because = f"It was held back, and its days at this dose are not over; it may be taken from {now.due} on."
        open_.insert(0, now.step.reason._replace(rule="gate.days", because=because))
    return StepGate(coming, tuple(open_), tuple(check for check in monitoring if check.on == coming.first))


def _covers(each: Held, day: date) -> bool:
    return each.first <= day and (each.until is None or day < each.until)


def _next(steps: Sequence[Step], now: Released, on: date) -> Step | None:
    """The step up that is taken on this very day, else the next one to come."""
    rises = [step for before, step in pairwise(steps) if step.daily > before.daily]
    today = [step for step in rises if step.first <= on and now.since == on and now.step is not None and _same(step, now.step)]
    return next(iter([*today, *(step for step in rises if step.first > on)]), None)


def _same(step: Step, other: Step) -> bool:
    return (step.amounts, step.every_days, step.reason) == (other.amounts, other.every_days, other.reason)
