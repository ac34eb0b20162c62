"""The mean level of each day as a share of the mean steady level at the target, where the sources give the kinetics.

Worked out for the person, dose by dose, once as planned and once as taken. What was told of the person in a later
version changes clearance from its day on, at once. Nothing was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

import numpy as np

from cleardays.kinetics.model import levels
from cleardays.kinetics.parameters import Parameters, steady_mean
from cleardays.kinetics.piecewise import NO_PHASES, Phases, Regimen, factor_at
from cleardays.kinetics.pools import Hours
from cleardays.plan.intake import Intake
from cleardays.plan.intake_times import IntakeTimes
from cleardays.plan.kinetic_series import switched
from cleardays.plan.kinetic_variant import Kinetics, kinetics_of
from cleardays.plan.person_reading import read_person
from cleardays.plan.planned_doses import Version
from cleardays.plan.steps import Step
from cleardays.plan.units import in_unit
from cleardays.problems import BadInput
from cleardays.sources import Reason

_DAY_H, _HOUR_S = 24.0, 3600.0
_A_DAY = 48  # levels are taken in the middle of each half hour


class Levels(NamedTuple):
    """Mean levels of each day relative to the steady one at the target: as planned, and as far as it is known as taken.

    `per_dose` is what a dose comes to when it is steady, relative to the same dose with the figures known last.
    """

    planned: Hours
    taken: Hours
    per_dose: Hours
    reasons: tuple[Reason, ...]


class _Body(NamedTuple):
    """How the person handles it: at first, what changes later, and as known last."""

    first: Parameters
    phases: Phases
    last: Kinetics


def relative_levels(
    treatment: str, found: Sequence[Version], intakes: Sequence[Intake], full: Step, times: IntakeTimes, days: Sequence[date]
) -> Levels | None:
    """The levels of each day; None where the sources hold no clearance, or a medicine taken beside it was not understood.

    Args:
        treatment: of the plan.
        found: the versions of the plan.
        intakes: every dose up to the last day, also of days before the first.
        full: the step at the target.
        times: when doses are usually taken.
        days: one after the other, from the first day of the plan on.
    """
    body = _body(treatment, found, days[0])
    if body is None or body.last.clearance_l_per_h is None:
        return None
    daily = in_unit(float(full.daily), full.unit, "mg")
    if daily is None or not daily:
        return None
    midnight = datetime.combine(days[0], time())
    due = _regimen([(times.due(each.dose), float(each.dose.amount or 0)) for each in intakes], midnight, full.unit)
    taken = _regimen([(times.taken(each.dose, each.entry), float(each.assumed)) for each in intakes], midnight, full.unit)
    steady = steady_mean(body.first._replace(clearance_l_per_h=body.last.clearance_l_per_h), daily, _DAY_H)
    planned, real = (_means(body, regimen, len(days)) / steady for regimen in (due, taken))
    said = [reason for reason in body.last.reasons if reason.rule in ("modifier", "weight")]
    because = (
        f"What a dose that was left out does to the level is worked out from the figures for {body.last.variant}, of people in "
        "general; no level was measured."
    )
    reason = body.last.levels_from._replace(rule="exposure.concentration", because=because)
    noon: Hours = np.linspace(0.5, len(days) - 0.5, len(days)) * _DAY_H
    per_dose = body.last.clearance_l_per_h / (body.first.clearance_l_per_h * factor_at(body.phases, noon))
    return Levels(planned, real, per_dose, (reason, *said))


def _regimen(doses: Sequence[tuple[datetime, float]], midnight: datetime, unit: str) -> Regimen:
    some = [(at, in_unit(amount, unit, "mg")) for at, amount in doses if amount]
    hours = np.array([(at - midnight).total_seconds() / _HOUR_S for at, _ in some], float)
    return Regimen(hours, np.array([mg for _, mg in some], float))


def _means(body: _Body, regimen: Regimen, days: int) -> Hours:
    at = (np.arange(days * _A_DAY) + 0.5) * _DAY_H / _A_DAY
    return np.asarray(levels(body.first, regimen, at, body.phases).reshape(days, _A_DAY).mean(axis=1))


def _body(treatment: str, found: Sequence[Version], start: date) -> _Body | None:
    """By what was told of the person in each version."""
    told = [(each.entry.on, each.entry.data["person"]) for each in found if isinstance(each.entry.data.get("person"), dict)]
    try:
        known = [(on, kinetics_of(treatment, person=read_person(person))) for on, person in told]
    except BadInput:
        return None
    if not known or known[0][1].parameters is None:
        return None
    first, changes = known[0][1], list[Phases]()
    for on, later in known[1:]:
        change = switched(first, later, _DAY_H * (on - start).days)
        if change is None:
            return None
        changes.append(change)
    phases = NO_PHASES
    if changes:
        phases = Phases(*(np.concatenate(part) for part in zip(*changes, strict=True)))
    assert first.parameters is not None  # looked at above
    return _Body(first.parameters, phases, known[-1][1])
