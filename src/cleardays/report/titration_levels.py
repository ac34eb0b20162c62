"""The level that a plan is predicted to bring: a mean for each day, with the band between people.

Worked out only where the catalogue holds clearance and half-life for this person. Nothing was measured. Times
of the day are not known, so the doses of a day are spread over it evenly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from cleardays.kinetics.bands import Band, band
from cleardays.kinetics.model import levels
from cleardays.kinetics.piecewise import Regimen
from cleardays.kinetics.pools import Hours
from cleardays.plan.journal import PlanFile
from cleardays.plan.kinetic_variant import Kinetics, kinetics_of
from cleardays.plan.person_reading import read_person
from cleardays.plan.steps import Step, step_on
from cleardays.problems import BadInput

_DAY_H = 24
_DAY = timedelta(days=1)
_MG = "mg"
_LONGEST_SMOOTHED = 7  # days; a dose that comes less often is shown as it comes and goes
NO_FIGURES = "No level is drawn: the sources hold no figures to work it out."
CHANGED = "No level is drawn: what is known of the person changed on the way."


class DailyLevels(NamedTuple):
    """Mean level of each day in mg/l from `first` on; lower and upper None where no spread between people is published."""

    first: date
    middle: Hours
    lower: Hours | None
    upper: Hours | None
    variant: str
    source: tuple[str, ...]

    @property
    def highest(self) -> float:
        """The top of all that is drawn."""
        return float(np.max(self.middle if self.upper is None else self.upper))


def daily_levels(file: PlanFile, last: date) -> DailyLevels | str:
    """From the first day of the plan to `last`; the reason in words where there is none.

    Args:
        file: the plan, whose first version holds the person.
        last: the last day that is drawn.
    """
    steps = file.plan.steps
    if not steps or any(step.unit != _MG for step in steps):
        return NO_FIGURES
    found = _kinetics(file)
    if not found or found[-1].parameters is None:
        return NO_FIGURES
    known = found[-1]
    if any(each.parameters != known.parameters for each in found):
        return CHANGED
    first = steps[0].first
    hours = np.arange(_DAY_H * ((last - first).days + 1), dtype=np.float64) + 0.5
    around = _around(known, _regimen(steps, first, last), hours)
    window = max((step.every_days for step in steps if step.every_days <= _LONGEST_SMOOTHED), default=1)
    middle, *edges = (None if each is None else _by_day(each, window) for each in around)
    assert middle is not None  # only the edges can be missing
    return DailyLevels(first, middle, edges[0], edges[1], known.variant, known.source)


def _kinetics(file: PlanFile) -> list[Kinetics]:
    """For the person as told in each version, the last one last; empty where somebody cannot be read."""
    told = [entry.data["person"] for entry in file.entries if "person" in entry.data]
    try:
        return [kinetics_of(file.plan.treatment, person=read_person(each)) for each in told]
    except BadInput:
        return []


def _around(known: Kinetics, regimen: Regimen, hours: Hours) -> tuple[Hours, Hours | None, Hours | None]:
    assert known.parameters is not None
    found: Band | None = band(known.parameters, regimen, hours, known.cv)
    if found is None:
        return levels(known.parameters, regimen, hours), None, None
    return found.median, found.lower, found.upper


def _regimen(steps: Sequence[Step], first: date, last: date) -> Regimen:
    """Every planned dose with its hour; those that are taken only if needed count as taken."""
    at, dose = list[float](), list[float]()
    for day in range((last - first).days + 1):
        step = step_on(steps, first + _DAY * day)
        taken = () if step is None else step.planned_on(first + _DAY * day)
        for number, amount in enumerate(taken):
            at.append(_DAY_H * (day + number / len(taken)))
            dose.append(float(amount))
    return Regimen(np.array(at), np.array(dose))


def _by_day(hourly: Hours, window: int) -> Hours:
    """The mean of each day, over as many days as lie between two doses."""
    days = hourly.reshape(-1, _DAY_H).mean(axis=1)
    if window == 1:
        return np.asarray(days)
    sums = np.concatenate([[0.0], np.cumsum(days)])
    ends = np.arange(1, len(days) + 1)
    begins = np.maximum(ends - window, 0)
    return np.asarray((sums[ends] - sums[begins]) / (ends - begins))
