"""What may be done to the steps of a plan from one day on: hold, step back, slow down, shift, end.

Days before that day are never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from cleardays.plan.steps import Rung, Step, lay_out, step_on
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason

Steps = tuple[Step, ...]
_DAY = timedelta(days=1)
_LONGEST = 3660  # days
ALTERNATE = 2  # days; what is taken less often is given dose by dose


def before(steps: Sequence[Step], day: date) -> Steps:
    """What was planned up to the day before."""
    kept = [step for step in steps if step.first < day]
    if kept and (kept[-1].last is None or kept[-1].last >= day):
        kept[-1] = kept[-1]._replace(last=day - _DAY)
    return tuple(kept)


def left(steps: Sequence[Step], day: date) -> tuple[Rung, ...]:
    """What was still to come from a day on, with how long each dose was still to last."""
    return tuple(_rung(step._replace(first=max(step.first, day))) for step in steps if step.last is None or step.last >= day)


def _rung(step: Step) -> Rung:
    days = None if step.last is None else (step.last - step.first).days + 1
    return Rung(step.amounts, step.every_days, days, step.reason, step.if_needed, step.when)


def then(steps: Sequence[Step], rungs: Sequence[Rung], day: date, unit: str) -> Steps:
    """The past as it was, and these rungs from a day on; neighbours that are one and the same dose are one step.

    What is not taken every day keeps its days where the dose stays the same, so that none comes too soon.
    """
    past, coming = before(steps, day), list(lay_out(rungs, day, unit))
    if past and (past[-1].amounts, past[-1].every_days) == (coming[0].amounts, coming[0].every_days):
        coming[0] = coming[0]._replace(counted_from=past[-1].counted_from or past[-1].first)
    return _joined((*past, *coming))


def _joined(steps: Steps) -> Steps:
    found = list[Step]()
    for step in steps:
        if found and _said(step) == _said(found[-1]) and step.planned_on(step.first) == found[-1].planned_on(step.first):
            found[-1] = found[-1]._replace(last=step.last)
        else:
            found.append(step)
    return tuple(found)


def _said(step: Step) -> Step:
    return step._replace(first=date.min, last=None, counted_from=None)


def current(steps: Sequence[Step], day: date) -> Step:
    """The step of a day.

    Raises:
        BadInput: the plan says nothing of that day.
    """
    step = step_on(steps, day)
    if step is None:
        raise BadInput(Problem("--on", f"the plan has no dose on {day}.", "Choose a day of the plan."))
    return step


def held(steps: Steps, day: date, days: int) -> Steps:
    """The dose of a day lasts so many days longer; what follows comes later.

    Raises:
        BadInput: nothing follows, so that there is nothing to hold back.
    """
    here = current(steps, day)
    _require_daily(here, "hold")
    if here.last is None:
        raise BadInput(Problem("hold", f"the dose of {day} is the last one and has no end.", "There is nothing to hold back."))
    rungs = left(steps, day)
    longer = rungs[0]._replace(least_days=_days(rungs[0]) + days)
    return then(steps, (longer, *rungs[1:]), day, here.unit)


def slowed(steps: Steps, day: date, times: int) -> Steps:
    """Every dose that is still to end lasts so many times as long."""
    here = current(steps, day)
    _require_daily(here, "slow")
    rungs = left(steps, day)
    if len(rungs) == 1:
        raise BadInput(Problem("slow", f"no step follows {day}.", "There is nothing to slow down."))
    if sum(_days(rung) for rung in rungs[:-1]) * times > _LONGEST:
        raise BadInput(Problem("slow", "it would take more than ten years.", "Hold the dose, or draft it anew."))
    slower = [rung if rung.least_days is None else rung._replace(least_days=rung.least_days * times) for rung in rungs]
    return then(steps, slower, day, here.unit)


def stepped_back(steps: Steps, day: date) -> Steps:
    """Back to the next lower dose for as long as it lasted, then up again as before.

    Raises:
        BadInput: there is no lower dose before it.
    """
    here = current(steps, day)
    _require_daily(here, "step-back")
    lower = [step for step in steps if step.first < day and 0 < step.daily < here.daily and step.last is not None]
    if not lower:
        what = f"{here.daily} {here.unit} is the lowest dose of the plan so far."
        raise BadInput(Problem("step-back", what, "Hold it, or taper."))
    down = max(lower, key=lambda step: (step.daily, step.first))
    again = _rung(here) if here.last is not None else left((here,), day)[0]
    because = f"Back to {down.daily.normalize():f} {down.unit} a day."
    back = _rung(down).worded(because, "change.step-back")
    return then(steps, (back, again, *left(steps, day)[1:]), day, here.unit)


def _require_daily(here: Step, kind: str) -> None:
    """What is given once in weeks is moved to another day; it has no steps to hold."""
    if here.every_days > ALTERNATE:
        what = f"it is given every {here.every_days} days, in no steps."
        raise BadInput(Problem(kind, what, "Move the dose to another day with session, or stop."))


def shifted(steps: Steps, missed_from: date, day: date) -> Steps:
    """What was still to come on the first day that was missed, from the day on which it goes on."""
    here = current(steps, missed_from)
    return then(steps, left(steps, missed_from), day, here.unit)


def planned_dose(steps: Steps, day: date) -> date:
    """The day, if a dose is planned on it.

    Raises:
        BadInput: none is.
    """
    here = current(steps, day)
    if not any(here.planned_on(day)):
        last = day - timedelta(days=(day - (here.counted_from or here.first)).days % here.every_days)
        raise BadInput(Problem("--on", f"no dose is planned on {day}.", f"The last one is planned on {last}."))
    return day


def put_off(steps: Steps, planned: date, given: date, day: date) -> Steps:
    """A dose that is given on another day; the interval counts from there. Days before `day` stay as they were planned."""
    here, rungs = current(steps, planned), left(steps, planned)
    first = max(planned, day)
    if given <= first:
        return then(steps, rungs, given, here.unit)
    none = Rung((Decimal(0),), 1, (given - first).days, Reason("change.put-off", f"Put off to {given}."))
    return then(steps, (none, *rungs), first, here.unit)


def clipped(new: Steps, old: Steps, day: date) -> Steps:
    """From a day on, of two courses the lower dose on each day: what lowers a dose never ends in a higher one."""
    days = sorted({day, *(step.first for step in (*new, *old) if step.first > day)})
    chosen = [_lower(step_on(new, on), step_on(old, on)) for on in days]
    until = [*(on - _DAY for on in days[1:]), None]
    coming = [
        step._replace(first=on, last=last, counted_from=step.counted_from or step.first)
        for step, on, last in zip(chosen, days, until, strict=True)
        if step is not None
    ]
    return _joined((*before(new, day), *coming))


def _lower(new: Step | None, old: Step | None) -> Step | None:
    if new is None or old is None:
        return new
    return old if old.daily < new.daily else new


def without_rises(steps: Steps, day: date) -> Steps:
    """From a day on only what stays or falls; the lowest that is reached has no end."""
    kept = list(before(steps, day))
    coming = [step._replace(first=max(step.first, day)) for step in steps if step.last is None or step.last >= day]
    for step in coming:
        if kept and step.first > day and step.daily > kept[-1].daily:
            break
        kept.append(step)
    kept[-1] = kept[-1]._replace(last=None)
    return _joined(tuple(kept))


def planned_here(steps: Sequence[Step], day: date) -> Step:
    """The step of a day as it is surely taken: of one that is taken only if needed, the one before it, without an end."""
    here = current(steps, day)
    if not here.if_needed:
        return here
    sure = [step for step in steps if step.first < here.first and not step.if_needed]
    return sure[-1]._replace(last=None) if sure else here


def ended(steps: Steps, day: date, reason: Reason) -> Steps:
    """Nothing more from a day on."""
    none = Rung((Decimal(0),), 1, None, reason)
    return then(steps, (none,), day, steps[-1].unit)


def resting(steps: Steps, day: date, reason: Reason) -> Steps:
    """The dose of a day, and no further step."""
    here = current(steps, day)
    same = _rung(here)._replace(least_days=None, reason=reason)
    return then(steps, (same,), day, here.unit)


def _days(rung: Rung) -> int:
    assert rung.least_days is not None  # only the last one has no end
    return rung.least_days
