"""On which days sessions were held, as far as it is told, else as they were planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cleardays.catalogue.treatments import Treatment
from cleardays.plan.intake import Intake

_WEEK = 7


def given_on(treatment: Treatment, due: Sequence[Intake], told: Sequence[date], until: date, last: date) -> tuple[date, ...]:
    """The days of sessions: those told, those of a log, and planned ones that no told one stands for.

    After the last planned one they go on at the interval of the sources, but only after `until`: what lies
    ahead of a plan is not known to have happened.

    Args:
        treatment: of the catalogue.
        due: the sessions that were planned, with what was told of them.
        told: days on which sessions were held.
        until: the last day that is looked at.
        last: up to where they go on.
    """
    weeks = max((float(row["weeks"]) for row in treatment.facts("interval")), default=None)
    near = None if weeks is None else timedelta(days=weeks * _WEEK / 2)
    held = {day for day in told if day <= until}
    for each in due:
        day = _held(each)
        if day is not None and not _stands_for(held, each.dose.day, near, logged=not each.unlogged):
            held.add(day)
    if weeks is not None and held:
        coming = max(held) + timedelta(days=weeks * _WEEK)
        while coming <= last:
            if coming > until:
                held.add(coming)
            coming += timedelta(days=weeks * _WEEK)
    return tuple(sorted(held))


def _held(each: Intake) -> date | None:
    """The day of a planned session; None where it is told that there was none."""
    if each.skipped:
        return None
    local = None if each.entry is None else each.entry.local
    return each.dose.day if local is None else local.date()


def _stands_for(told: set[date], planned: date, near: timedelta | None, *, logged: bool) -> bool:
    """Whether a session on a told day is the planned one."""
    if logged:
        return planned in told
    return any(near is None or abs(day - planned) < near for day in told)
