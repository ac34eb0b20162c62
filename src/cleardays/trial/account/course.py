"""How the treatment went: the doses by day as they were due, the sessions, how long at the target, when it is decided."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cleardays.diary.records import Diary
from cleardays.plan.journal import PlanFile
from cleardays.plan.planned_doses import days, full_dose, held_on, versions
from cleardays.plan.steps import Step
from cleardays.quantities import Dose
from cleardays.trial.sessions_held import Held, sessions_held

_DAYS_OF_WEEK = 7


class DoseFrom(NamedTuple):
    """From this day on so much was due; `daily` None: none was."""

    first: date
    daily: Dose | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"from": self.first.isoformat(), "daily_dose": None if self.daily is None else str(self.daily)}


class Course(NamedTuple):
    """The treatment over time, as far as the plan and the diary tell it.

    `doses` are those of the plan as it held on each day; `greatest` is the greatest of them, `target` the daily dose that is
    aimed at, `at_target` the first day of the present stretch at it, `next_rise` the day on which the plan goes up again.
    `decide_on` is the day on which it is judged, at the earliest; `review_on` the next one that is agreed.
    """

    doses: tuple[DoseFrom, ...] = ()
    sessions: tuple[Held, ...] = ()
    target: Dose | None = None
    greatest: Dose | None = None
    at_target: date | None = None
    next_rise: date | None = None
    decide_on: date | None = None
    review_on: date | None = None

    @property
    def now(self) -> Dose | None:
        """The present daily dose; None where it is not known, or nothing is taken."""
        return self.doses[-1].daily if self.doses else None

    def weeks_at_target(self, as_of: date) -> int | None:
        """Whole weeks of the present stretch at the target."""
        return None if self.at_target is None else ((as_of - self.at_target).days + 1) // _DAYS_OF_WEEK

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "doses": [dose.document() for dose in self.doses],
            "sessions": [
                {"on": held.on.isoformat(), "until": held.until.isoformat(), "told": held.told} for held in self.sessions
            ],
            "target": None if self.target is None else str(self.target),
            "greatest": None if self.greatest is None else str(self.greatest),
            "at_target_since": None if self.at_target is None else self.at_target.isoformat(),
            "next_rise": None if self.next_rise is None else self.next_rise.isoformat(),
            "decide_on": None if self.decide_on is None else self.decide_on.isoformat(),
            "review_on": None if self.review_on is None else self.review_on.isoformat(),
        }


def course_of(
    diary: Diary,
    treatment: str,
    start: date | None,
    as_of: date,
    *,
    plan: PlanFile | None = None,
    decide_on: date | None = None,
    review_on: date | None = None,
) -> Course:
    """The course of a treatment up to a day.

    Raises:
        BadInput: the doses of the diary do not fit the plan.
    """
    held = () if start is None else sessions_held(diary, treatment, start, as_of, plan=plan)
    bare = Course(sessions=held, decide_on=decide_on, review_on=review_on)
    if plan is None or not any(each.entry.after["steps"] for each in versions(plan, as_of)):
        return bare
    doses = _doses(plan, as_of)
    full = full_dose(plan, as_of)
    target = None if full is None else Dose(full.daily, full.unit)
    taken = [each.daily for each in doses if each.daily is not None]
    greatest = max(taken, key=lambda dose: dose.amount) if taken else None
    at_target, rise = _at_target(doses, target), _next_rise(plan, as_of, doses[-1].daily if doses else None)
    return bare._replace(doses=doses, target=target, greatest=greatest, at_target=at_target, next_rise=rise)


def _doses(plan: PlanFile, as_of: date) -> tuple[DoseFrom, ...]:
    known, found = versions(plan, as_of), list[DoseFrom]()
    for day in days(plan.plan.start, as_of):
        step = held_on(known, day).due_step(day)
        daily = None if step is None else _daily(step)
        if not found or found[-1].daily != daily:
            found.append(DoseFrom(day, daily))
    return tuple(found)


def _daily(step: Step) -> Dose:
    return Dose(step.daily, step.unit)


def _next_rise(plan: PlanFile, as_of: date, now: Dose | None) -> date | None:
    steps = held_on(versions(plan, as_of), as_of).steps
    later = [step.first for step in steps if step.first > as_of and not step.if_needed and now and step.daily > now.amount]
    return min(later, default=None)


def _at_target(doses: tuple[DoseFrom, ...], target: Dose | None) -> date | None:
    """The first day since which the dose was never below the target."""
    since = None
    for dose in doses:
        there = target is not None and dose.daily is not None and dose.daily.amount >= target.amount
        since = (since or dose.first) if there else None
    return since
