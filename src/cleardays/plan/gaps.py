"""After days without a dose: go on, begin anew, or ask first. A longer gap never leads to a higher dose."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cleardays.catalogue.planning import policy
from cleardays.plan.course import ALTERNATE, Steps, current, ended, left, planned_here, shifted, then
from cleardays.plan.draft import Known
from cleardays.plan.plan import Plan
from cleardays.plan.steps import step_on
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason

_HOUR = timedelta(hours=1)
_ASK = "ask"


class Gap(NamedTuple):
    """A stretch without doses: the first day that was missed, the day of the next dose, hours from dose to dose."""

    missed_from: date
    on: date
    hours: float


class AfterGap(NamedTuple):
    """The steps from the day on which a dose is due again, and whether the schedule begins anew with it.

    Where it has to be asked first the steps end, and `ask` says what.
    """

    steps: Steps
    anew: bool
    reason: Reason
    ask: str | None = None


def after_gap(known: Known, plan: Plan, fresh: Plan | None, gap: Gap, *, tapering: bool) -> AfterGap:
    """What holds after a gap.

    Args:
        known: the person and the treatment.
        plan: as it runs.
        fresh: the schedule as it would be drafted from the day of going on; None where none can be.
        gap: the days without a dose.
        tapering: whether the plan goes down to nothing.
    """
    without = f"{gap.hours:g} hours without a dose"
    if not is_too_long(known, plan, gap.hours):
        said = _said(known, plan, "gap.go-on", f"{without}: it goes on with the same dose, and none is made up for.")
        return AfterGap(_go_on(plan, gap, tapering=tapering), anew=False, reason=said)
    limit = plan.restart_after_gap_h
    over = f"{without}, more than {limit:g}" if limit is not None else f"{without}, and the sources have no rule for it"
    if _is_asked(known):
        reason = _said(known, plan, "gap.ask", f"{over}: call before the next dose.")
        question = f"After {without} of {known.treatment.id}: with which dose does it go on?"
        return AfterGap(ended(plan.steps, gap.on, reason), anew=False, reason=reason, ask=question)
    if tapering or fresh is None or not fresh.steps:
        reason = _said(known, plan, "gap.ends", f"{over}: it is not begun again by itself.")
        return AfterGap(ended(plan.steps, gap.on, reason), anew=False, reason=reason)
    said = _said(known, plan, "gap.anew", f"{over}: it begins anew from its first step.")
    here = planned_here(plan.steps, gap.missed_from)
    if fresh.steps[0].daily > here.daily:  # lowered further than any first step; that stays
        return AfterGap(_go_on(plan, gap, tapering=False), anew=False, reason=said)
    rungs = [rung.worded(f"Begun anew. {rung.reason.because}") for rung in left(fresh.steps, fresh.start)]
    return AfterGap(then(plan.steps, rungs, gap.on, here.unit), anew=True, reason=said)


def is_too_long(known: Known, plan: Plan, hours: float) -> bool:
    """Whether after so long a dose is not simply taken up again."""
    titrated = len(known.treatment.facts("protocol")[0]["steps"]) > 1
    limit = plan.restart_after_gap_h
    return hours > limit if limit is not None else titrated and hours * _HOUR > policy().gap


def missed_since(gaps: tuple[tuple[date, date], ...], missed_from: date) -> date:
    """The first missed day of a gap; where it begins on the day on which the gap before was to end, of that one."""
    for first, on in reversed(gaps):
        if on == missed_from:
            missed_from = first
    return missed_from


def require_hours(plan: Plan, gap: Gap) -> None:
    """Refuse hours that are fewer than the planned doses that were missed.

    Raises:
        BadInput: so few hours cannot be, or it is given once in weeks.
    """
    here = current(plan.steps, gap.missed_from)
    if here.every_days > ALTERNATE:
        what = f"it is given every {here.every_days} days."
        raise BadInput(Problem("gap", what, "Move the dose with session, --planned and --given."))
    days = (plan.start + timedelta(days=n) for n in range((gap.missed_from - plan.start).days))
    taken = [day for day in days if (step := step_on(plan.steps, day)) is not None and any(step.planned_on(day))]
    if not taken:
        return
    least = (gap.on - taken[-1] - policy().gap_leeway) / _HOUR
    if gap.hours < least:
        what = f"the dose before was planned on {taken[-1]}, at least {least:g} hours before {gap.on}."
        raise BadInput(Problem("--hours", what, "Count from the last dose taken to the next one planned."))


def _is_asked(known: Known) -> bool:
    return any(row.get("then") == _ASK for row in known.treatment.facts("restart"))


def _go_on(plan: Plan, gap: Gap, *, tapering: bool) -> Steps:
    """Days missed are days later. A last dose that is taken every day stays as it is, and so does a way down."""
    here = current(plan.steps, gap.missed_from)
    stays = tapering or (here.last is None and here.every_days == 1)
    return plan.steps if stays else shifted(plan.steps, gap.missed_from, gap.on)


def _said(known: Known, plan: Plan, rule: str, because: str) -> Reason:
    """What follows, with what the catalogue says of missed doses and of the limit; one that it lacks is our choice."""
    missed = known.treatment.facts("missed")
    told = [because, *(row["says"] for row in missed), *([] if plan.restart is None else [plan.restart.because])]
    limit = plan.restart or Reason.of("gap.limit", "", policy().choices)
    return Reason.of(rule, " ".join(told), *missed).resting_on(limit)
