"""The doses of a day as one tap tells them: which are due, which were told, and the event for the next one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from cleardays.plan.journal import PlanFile
from cleardays.plan.steps import plain
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import WITHDRAWN
from cleardays.trial.story.events import Event
from cleardays.trial.whole_trial import OpenTrial, open_trial_on

if TYPE_CHECKING:
    from cleardays.diary.records import Diary
    from cleardays.trial.story.trial_record import Trial
    from cleardays.web.asked import Asked
    from cleardays.web.attacks import Entries

DOSE, UNDO = "dose.told", "undo"
STATES = ("taken", "late", "skipped")
_BACK = timedelta(days=7)  # how long ago a dose may be told on this screen; the diary tells of any day


class Slot(NamedTuple):
    """One dose of a day: what it is, and what was told of it (None: nothing yet)."""

    number: int
    amount: Decimal
    unit: str
    told: str | None
    at: str | None
    entry: str = ""

    def cells(self, treatment: str, day: date) -> dict[str, str]:
        """What is told of it, but for when and whether: what a device needs to tell it without a network."""
        head = {"date": day.isoformat(), "kind": "preventive", "drug": treatment, "source": "patient"}
        return {**head, "amount": f"{plain(self.amount)}", "unit": self.unit}

    @property
    def says(self) -> str:
        """How much."""
        return f"{plain(self.amount)} {self.unit}"


class DosesOfDay(NamedTuple):
    """The doses of one day of one trial. `next` is the one that a tap tells, `last` the one that an undo takes back."""

    day: date
    slots: tuple[Slot, ...]

    @property
    def next(self) -> Slot | None:
        """The first of which nothing was told."""
        return next((each for each in self.slots if each.told is None), None)

    @property
    def last(self) -> Slot | None:
        """The last that was told here."""
        return next((each for each in reversed(self.slots) if each.told is not None), None)


def doses_of(open_trial: OpenTrial, day: date, entries: Entries) -> DosesOfDay:
    """The doses of a trial on the day of `open_trial`."""
    follow = open_trial.follow
    step = None if follow is None else follow.today.released.step
    if follow is None or step is None or not open_trial.begun:
        return DosesOfDay(day, ())
    found = []
    for number, amount in enumerate(follow.today.amounts, 1):
        name = entry_of(open_trial.trial.id, day, number)
        told = entries.get((DOSE, name))
        cells = {} if told is None else told.cells
        found.append(Slot(number, amount, step.unit, cells.get("state"), cells.get("time"), name))
    return DosesOfDay(day, tuple(found))


def entry_of(trial: str, day: date, number: int) -> str:
    """The name of the entry of a dose, so that telling it again tells of the same.

    >>> entry_of("lamotrigine", date(2026, 3, 4), 1)
    'lamotrigine.2026-03-04.1'
    """
    return f"{trial[:45]}.{day.isoformat()}.{number}"


def days_to_tell(trial: Trial, today: date) -> Iterable[date]:
    """Today, and yesterday where the treatment ran then: a dose of the evening is often told the next morning."""
    yesterday = today - timedelta(days=1)
    return (today,) if trial.begun_on is None or trial.begun_on > yesterday else (today, yesterday)


def dose_told(asked: Asked, trial: Trial, what: str, day: date) -> Event:
    """What one tap tells of the doses of a day.

    Raises:
        BadInput: a day that is not near, no dose left to tell, or none to take back.
    """
    if trial.begun_on is None or not max(trial.begun_on, asked.today - _BACK) <= day <= asked.today:
        how = "Tell doses of the last week here, and others in the diary."
        raise BadInput(Problem("day", f"no dose of {day} can be told here.", how))
    of_day = doses_of(open_trial_on(trial, _diary(asked), day), day, asked.known.entries)
    if what == UNDO:
        return _taken_back(asked, trial, of_day)
    slot = of_day.next
    if slot is None:
        raise BadInput(Problem("dose", "all doses of that day are told already.", "Take the last one back to change it."))
    cells = {**slot.cells(trial.treatment, day), "state": what}
    if day == asked.today:
        cells["time"] = asked.now.astimezone(asked.zone).strftime("%H:%M")
    if what == "skipped":
        del cells["amount"], cells["unit"]
    return Event(DOSE, asked.now, asked.by, {"entry": slot.entry, "cells": cells})


def _taken_back(asked: Asked, trial: Trial, of_day: DosesOfDay) -> Event:
    last = of_day.last
    if last is None:
        raise BadInput(Problem("dose", "nothing of that day was told.", "Tell it first."))
    body = {"of": DOSE, "entry": entry_of(trial.id, of_day.day, last.number)}
    return Event(WITHDRAWN, asked.now, asked.by, body)


def _diary(asked: Asked) -> Diary:
    return asked.story.diary


def has_doses(file: PlanFile | None) -> bool:
    """Whether it is taken day by day, and not given in sessions."""
    return file is not None and bool(file.plan.steps)
