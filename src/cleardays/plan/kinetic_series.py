"""Hourly levels of a daily dose for a person, with the band between people and the weeks without the pill.

Clearance with and without the pill differs by the sourced factor. How fast it comes and goes is worked out from the
sourced rise of the level before a dose in the week without it; where no source tells, the change is at once.
"""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np

from cleardays.catalogue.treatments import find_treatment
from cleardays.kinetics.bands import band
from cleardays.kinetics.induction import before_dose, gradual, half_time_from_rise
from cleardays.kinetics.model import every, levels
from cleardays.kinetics.parameters import COVERAGE, Parameters, time_to_steady_h
from cleardays.kinetics.piecewise import NO_PHASES, Phases
from cleardays.kinetics.pools import Hours
from cleardays.plan.kinetic_variant import Kinetics
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason

_DAY_H = 24.0
_WEEK_H = 7 * _DAY_H
_DAYS_AFTER_STEADY = 2
_LONGEST_DAYS = 400
_CYCLES_SHOWN = 2


class PillCycle(NamedTuple):
    """Days with the pill and days without it, over and over."""

    days_with: int
    days_without: int


class Pauses(NamedTuple):
    """What the days without the pill do: the phases, and the last of them seen from the level before a dose."""

    phases: Phases
    half_time_h: float | None
    rise: float
    reason: Reason


class LevelSeries(NamedTuple):
    """Levels in mg/l hour by hour from the first dose; lower and upper None where no spread between people is published."""

    hour: Hours
    mg_per_l: Hours
    lower: Hours | None
    upper: Hours | None
    pauses: Pauses | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        told: dict[str, object] = {"hour": self.hour.tolist(), "mg_per_l": self.mg_per_l.tolist()}
        if self.lower is not None and self.upper is not None:
            told |= {"lower_mg_per_l": self.lower.tolist(), "upper_mg_per_l": self.upper.tolist(), "coverage": COVERAGE}
        return told


def series_of(treatment: str, found: Kinetics, daily_mg: float, cycle: PillCycle | None = None) -> LevelSeries | None:
    """Until two days after the level is steady, and with a pill two cycles; None where figures are missing.

    Args:
        treatment: any of its names.
        found: its kinetics for the person.
        daily_mg: taken once a day.
        cycle: of the pill that the person has taken for long.

    Raises:
        BadInput: a cycle where the figures are not those of the pill.
    """
    parameters = found.parameters
    if parameters is None:
        return None
    days = ceil(time_to_steady_h(parameters.half_life_h) / _DAY_H) + _DAYS_AFTER_STEADY
    pauses = None
    if cycle is not None:
        pauses = pauses_of(treatment, found, cycle)
        days = max(days, _CYCLES_SHOWN * sum(cycle))
    days = min(days, _LONGEST_DAYS)
    hours = np.arange(_DAY_H * days + 1)
    regimen, phases = every(daily_mg, _DAY_H, _DAY_H * days), NO_PHASES if pauses is None else pauses.phases
    middle = levels(parameters, regimen, hours, phases)
    around = band(parameters, regimen, hours, found.cv, phases=phases)
    lower, upper = (None, None) if around is None else (around.lower, around.upper)
    return LevelSeries(hours, middle, lower, upper, pauses)


def switched(before: Kinetics, after: Kinetics, at_h: float) -> Phases | None:
    """A medicine that starts or stops, as a change from one variant to another; None where a clearance is not known.

    At once: the sources do not say how long it takes. The volume stays that of `before`.
    """
    if before.clearance_l_per_h is None or after.clearance_l_per_h is None:
        return None
    return Phases(np.array([at_h]), np.array([after.clearance_l_per_h / before.clearance_l_per_h]))


def pauses_of(treatment: str, found: Kinetics, cycle: PillCycle) -> Pauses:
    """The days without the pill, for as many cycles as are shown."""
    rows = [row for row in find_treatment(treatment).facts("modifier") if row.get("variant") == found.variant]
    factors = [row for row in rows if row.get("role") == "model" and row["on"] == "clearance"]
    rises = [row for row in rows if row.get("role") == "week-off"]
    parameters = found.parameters
    if not factors or not rises or parameters is None or found.half_life_h is None:
        what = f"the figures for {found.variant} do not change with the weeks of a pill."
        raise BadInput(Problem("--pill-cycle", what, 'Leave it out, or name the pill: --with "Microgynon".'))
    without = 1 / float(factors[0]["factor"])
    people = parameters._replace(half_life_h=found.half_life_h)  # the rise was seen in people in general
    half_time = half_time_from_rise(people, without, float(rises[0]["factor"]), _WEEK_H, _DAY_H)
    phases = _cycles(cycle, without, half_time)
    how = "at once" if half_time is None else f"by half every {half_time / _DAY_H:.1f} days, worked out from that rise"
    because = f"{rises[0]['says']} Clearance is {factors[0]['factor']:g} times as high with the pill, and comes and goes {how}."
    reason = Reason.of("pill-cycle", because, rises[0], factors[0])
    return Pauses(phases, half_time, _last_rise(parameters, cycle, phases), reason)


def _cycles(cycle: PillCycle, without: float, half_time_h: float | None) -> Phases:
    starts = _DAY_H * sum(cycle) * np.arange(_CYCLES_SHOWN)
    at = np.column_stack([starts + _DAY_H * cycle.days_with, starts + _DAY_H * sum(cycle)]).ravel()
    switches = Phases(at, np.tile([without, 1.0], _CYCLES_SHOWN))
    return gradual(switches, half_time_h, float(at[-1]))


def _last_rise(parameters: Parameters, cycle: PillCycle, phases: Phases) -> float:
    """The level before a dose at the end of the last days without, as a multiple of that at their beginning."""
    end = _DAY_H * sum(cycle) * _CYCLES_SHOWN
    began, ended = (before_dose(parameters, at, _DAY_H, phases) for at in (end - _DAY_H * cycle.days_without, end))
    return ended / began
