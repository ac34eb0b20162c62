"""What was taken on each day, held against what was due, from the plan, the log and the sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from cleardays.catalogue.treatments import Treatment, find_treatment
from cleardays.plan.dose_log import DoseLog
from cleardays.plan.intake import Intake, intakes
from cleardays.plan.intake_times import intake_times
from cleardays.plan.journal import PlanFile
from cleardays.plan.planned_doses import days, full_dose, held_on, versions
from cleardays.plan.relative_level import Levels, relative_levels
from cleardays.plan.session_days import given_on
from cleardays.plan.session_effect import Course, course_of
from cleardays.plan.steps import Step

_NOTHING = 1e-9
_OFTEN = 2  # days; of what is given less often a larger first dose only brings the level up at once


class TakenDays(NamedTuple):
    """Day by day from the first of the plan: the step by which a dose is due, the share of it that was taken, the target.

    `full` is the step at the target (None: given in sessions), `relative` the levels in the body, `course` that of
    the effect of a session, `shares` what was taken of the last dose that was due.
    """

    treatment: Treatment
    days: tuple[date, ...]
    intakes: tuple[Intake, ...]
    by_day: Mapping[date, Sequence[Intake]]
    steps: tuple[Step | None, ...]
    shares: tuple[float, ...]
    at_target: tuple[bool, ...]
    sessions: tuple[date, ...]
    full: Step | None
    relative: Levels | None
    course: Course | None

    def levels(self) -> Iterator[float]:
        """The level of each day: 1 is the target."""
        for number, day in enumerate(self.days):
            yield self._of_sessions(day) if self.full is None else self._of_doses(number, self.full)

    def _of_doses(self, number: int, full: Step) -> float:
        step, relative, share = self.steps[number], self.relative, self.shares[number]
        if step is None:
            return 0.0
        if relative is not None and relative.planned[number] > _NOTHING:
            share = float(relative.taken[number] / relative.planned[number])
        planned = float(step.daily / full.daily) * (1.0 if relative is None else float(relative.per_dose[number]))
        return (planned if step.every_days <= _OFTEN else min(planned, 1.0)) * share

    def _of_sessions(self, day: date) -> float:
        """Full from a session on for as long as its effect lasts; where no course is sourced, without an end."""
        since = [(day - on).days for on in self.sessions if on <= day]
        if self.course is None:
            return 1.0 if since else 0.0
        return max((self.course.held(each) for each in since), default=0.0)


def taken_days(file: PlanFile, log: DoseLog, sessions: Sequence[date], until: date, last: date) -> TakenDays:
    """Everything up to a last day, as far as it was known on `until`; what comes after it goes as planned.

    Raises:
        BadInput: the log does not fit the plan.
    """
    treatment, found, every = find_treatment(file.plan.treatment), versions(file, until), tuple(days(file.plan.start, last))
    told = DoseLog(tuple(entry for entry in log.entries if entry.day <= until))
    due, _ = intakes(file, told, last, as_of=until)
    by_day: dict[date, list[Intake]] = {}
    for each in due:
        by_day.setdefault(each.dose.day, []).append(each)
    full, steps = full_dose(file, until), tuple(held_on(found, day).due_step(day) for day in every)
    of_last = list(_of_last(every, by_day))
    if full is None:
        held = given_on(treatment, due, sessions, until, last)
        relative, course, at_target = None, course_of(treatment), tuple(any(on <= day for on in held) for day in every)
    else:
        held, course = (), None
        relative = relative_levels(treatment.id, found, due, full, intake_times(told), every)
        pairs = zip(steps, of_last, strict=True)
        at_target = tuple(step is not None and step.daily >= full.daily and not _left_out(each) for step, each in pairs)
    shares = tuple(_share(each) for each in of_last)
    return TakenDays(treatment, every, due, by_day, steps, shares, at_target, held, full, relative, course)


def _of_last(every: Sequence[date], by_day: Mapping[date, Sequence[Intake]]) -> Iterator[Sequence[Intake]]:
    """For each day the doses of the last day on which any was due."""
    last: Sequence[Intake] = ()
    for day in every:
        last = by_day.get(day, last)
        yield last


def _share(doses: Sequence[Intake]) -> float:
    due = sum((each.dose.amount or Decimal(0) for each in doses), Decimal(0))
    return float(sum((each.assumed for each in doses), Decimal(0)) / due) if due else 1.0


def _left_out(doses: Sequence[Intake]) -> bool:
    """Less is known to have been taken than was planned."""
    return any(each.assumed < (each.dose.amount or 0) for each in doses)
