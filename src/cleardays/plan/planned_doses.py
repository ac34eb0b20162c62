"""Which doses were due on which day, by the version of the plan that held on that day.

A later change never alters what was due before it. A step that is taken only if needed is not due: the dose
before it goes on. What is given in sessions has one dose on each day of a session.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.plan.journal import Entry, PlanFile
from cleardays.plan.plan import PROPOSAL
from cleardays.plan.plan_reading import read_step
from cleardays.plan.steps import Step, exact, step_on
from cleardays.problems import BadInput, Problem

_DAY = timedelta(days=1)
_LONGEST_DAYS = 3660


class DueSession(NamedTuple):
    """A session that was planned; `amount` None is the clinician's."""

    on: date
    amount: Decimal | None
    unit: str | None


class Version(NamedTuple):
    """What a version said from its day on."""

    entry: Entry
    steps: tuple[Step, ...]
    sessions: tuple[DueSession, ...]

    def due_step(self, day: date) -> Step | None:
        """The step by which a dose is due around a day; None where nothing is."""
        here = step_on(self.steps, day)
        if here is None or not here.if_needed:
            return here if here is not None and any(here.amounts) else None
        before = [step for step in self.steps if step.first < here.first and not step.if_needed]
        return before[-1]._replace(last=None) if before and any(before[-1].amounts) else None


class PlannedDose(NamedTuple):
    """One dose that was due: the `slot`-th of `of_day` on a local day. `amount` None is the clinician's."""

    day: date
    slot: int
    of_day: int
    amount: Decimal | None
    unit: str | None


def versions(file: PlanFile, as_of: date | None = None) -> tuple[Version, ...]:
    """All versions, or those that there were on a day; the first one always."""
    known = [entry for number, entry in enumerate(file.entries) if not number or as_of is None or entry.on <= as_of]
    return tuple(_version(entry) for entry in known)


def _version(entry: Entry) -> Version:
    sessions = tuple(_session(row) for row in entry.after["sessions"])
    return Version(entry, tuple(read_step(row) for row in entry.after["steps"]), sessions)


def _session(row: dict[str, Any]) -> DueSession:
    return DueSession(date.fromisoformat(row["on"]), None if row["amount"] is None else exact(row["amount"]), row["unit"])


def held_on(found: Sequence[Version], day: date) -> Version:
    """The version that held on a day; before the second one the first."""
    return next((each for each in reversed(found) if each.entry.on <= day), found[0])


def due_on(version: Version, day: date) -> tuple[PlannedDose, ...]:
    """What was due on a day, in its order."""
    if version.steps:
        step = version.due_step(day)
        amounts = () if step is None else step.planned_on(day)
        unit = None if step is None else step.unit
        return tuple(PlannedDose(day, slot, len(amounts), amount, unit) for slot, amount in enumerate(amounts, 1))
    return tuple(PlannedDose(day, 1, 1, each.amount, each.unit) for each in version.sessions if each.on == day)


def planned(file: PlanFile, first: date, last: date, as_of: date | None = None) -> tuple[PlannedDose, ...]:
    """Every dose that was due from one day to another, both included.

    Raises:
        BadInput: a stretch that is longer than any trial.
    """
    require_span(file, last)
    found = versions(file, as_of)
    return tuple(dose for day in days(first, last) for dose in due_on(held_on(found, day), day))


def days(first: date, last: date) -> Iterator[date]:
    """Each day of a stretch, both ends included; none where it ends before it begins."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def require_span(file: PlanFile, last: date) -> None:
    """Refuse a day so far off that a year was mistyped.

    Raises:
        BadInput: it lies more than ten years after the start.
    """
    if (last - file.plan.start).days > _LONGEST_DAYS:
        what = f"{last} is more than ten years after the plan began, on {file.plan.start}."
        raise BadInput(Problem("--until", what, "Choose an earlier day."))


def full_dose(file: PlanFile, as_of: date | None = None) -> Step | None:
    """The step at the target, whose daily dose counts as 1; None where nothing is dosed by steps."""
    found = [each for each in versions(file, as_of) if each.entry.after["status"] == PROPOSAL] or versions(file, as_of)
    steps = [step for each in reversed(found) for step in reversed(each.steps) if any(step.amounts) and not step.if_needed]
    target = None if file.plan.target is None else file.plan.target.amount
    # A target is told a day, or for what is given every so many days at once.
    at_target = [step for step in steps if step.daily == target] + [step for step in steps if sum(step.amounts) == target]
    return next(iter(at_target or steps), None)
