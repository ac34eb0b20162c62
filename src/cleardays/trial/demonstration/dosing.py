"""What a simulated person takes of what the plan says, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import NamedTuple

import numpy as np

from cleardays.plan.journal import PlanFile
from cleardays.plan.planned_doses import PlannedDose, full_dose, planned
from cleardays.plan.steps import plain
from cleardays.trial.demonstration.drawing import Array, uniform
from cleardays.trial.demonstration.keeping import DOSE, EVENING, Entry, instant
from cleardays.trial.demonstration.truth import Case

LATE, SKIPPED, TAKEN = "late", "skipped", "taken"
_MOST_SLOTS = 4
_FIRST_H, _LAST_H = 8, 20
_LATE_H = 3


class Intake(NamedTuple):
    """One dose that was due: what became of it, and whether anybody told."""

    dose: PlannedDose
    state: str
    told: bool


def intakes(case: Case, seed: int, plan: PlanFile | None, until: date) -> list[Intake]:
    """Every dose that was due up to a day; none without a plan, and none of what is given in sessions."""
    if plan is None or full_dose(plan) is None:
        return []
    dice = uniform(seed, "doses", 2 * _MOST_SLOTS).tolist()
    found = []
    for dose in planned(plan, plan.plan.start, until):
        drawn = dice[(dose.day - case.begins).days][2 * (dose.slot - 1) :]
        skipped, late = case.dosing.skipped, case.dosing.late
        state = SKIPPED if drawn[0] < skipped else LATE if drawn[0] < skipped + late else TAKEN
        found.append(Intake(dose, state, drawn[1] >= case.dosing.untold))
    return found


def dose_entries(case: Case, taken: list[Intake]) -> Iterator[Entry]:
    """The doses that were told, each on its evening."""
    for intake in taken:
        if not intake.told:
            continue
        dose, day = intake.dose, intake.dose.day.isoformat()
        cells = {"date": day, "kind": "preventive", "drug": case.treatment, "state": intake.state}
        if intake.state != SKIPPED:
            assert dose.amount is not None  # what is taken day by day has an amount
            assert dose.unit is not None  # and a unit
            cells |= {"time": _clock(dose, intake.state), "amount": f"{plain(dose.amount)}", "unit": dose.unit}
        at = instant(case, dose.day, EVENING) + timedelta(minutes=dose.slot)
        yield Entry(at, DOSE, {"entry": f"dose-{day}-{dose.slot}", "cells": cells})


def shares(case: Case, days: int, target: float | None, taken: list[Intake], sessions: tuple[date, ...]) -> Array:
    """The share of the target dose that was taken on each day of the diary; of sessions 1 on the day of each.

    Args:
        case: whose.
        days: how many, from the first of the diary.
        target: what is taken on a day at the target that was planned first; None where it is given in sessions.
        taken: the doses that were due.
        sessions: those that were held.
    """
    found = np.zeros(days)
    for on in sessions:
        found[(on - case.begins).days] = 1.0
    for intake in taken:
        if target is not None and intake.state != SKIPPED and intake.dose.amount is not None:
            found[(intake.dose.day - case.begins).days] += float(intake.dose.amount) / target
    return found


def _clock(dose: PlannedDose, state: str) -> str:
    """Doses of a day are spread over it; a late one comes some hours later."""
    apart = (_LAST_H - _FIRST_H) // max(1, dose.of_day - 1)
    hour = _FIRST_H + apart * (dose.slot - 1) + (_LATE_H if state == LATE else 0)
    return time(min(hour, 23)).strftime("%H:%M")
