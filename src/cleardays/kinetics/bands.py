"""How far levels lie apart between people, from the published spread of clearance.

Clearance is lognormal between people, about the given one as its median, with the published coefficient of
variation; the volume is the same for all, so that half-life moves with clearance. More clearance then means a lower
level at every hour, whatever the regimen. So a quantile of the level is exactly the level at the opposite quantile of
clearance, and a band costs three people. How volume and absorption differ between people is left out: right after
the first doses the band is too narrow.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cleardays.kinetics.parameters import COVERAGE, Parameters, spread
from cleardays.kinetics.piecewise import NO_PHASES, Phases, Regimen, events_of
from cleardays.kinetics.pools import Hours, blood_mg


class Band(NamedTuple):
    """Levels in mg/l at each hour: of the middle person, and of those between whom the stated share of people lies."""

    lower: Hours
    median: Hours
    upper: Hours


def band(
    parameters: Parameters,
    regimen: Regimen,
    at_h: Hours,
    cv: float | None,
    *,
    phases: Phases = NO_PHASES,
    coverage: float = COVERAGE,
) -> Band | None:
    """The band of a regimen; None where no spread between people is published.

    Args:
        parameters: of the middle person.
        regimen: doses in mg.
        at_h: hours, any shape.
        cv: coefficient of variation of clearance between people, as a fraction.
        phases: spells of changed clearance, the same factor for all.
        coverage: the share of people within the band, above 0 and below 1.
    """
    if cv is None:
        return None
    factor = spread(cv, coverage)
    out = parameters.elimination_per_h * np.array([factor, 1.0, 1 / factor])
    amount = blood_mg(events_of(regimen, out, phases), parameters.absorption_per_h, at_h)
    return Band(*(amount / parameters.volume_l))
