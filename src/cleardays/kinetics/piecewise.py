"""A regimen, and spells of time in which clearance is another one.

Weeks with and without the pill, a medicine that starts or stops and changes how fast another is
cleared, pregnancy: from one hour on, clearance is so many times what it was at first. The volume
stays, so that the rate of elimination changes by the same factor. The change is at once: how long
it takes to come and go is left out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cleardays.kinetics.pools import Events, Hours


class Regimen(NamedTuple):
    """Doses in mg, each at its hour."""

    at_h: Hours
    dose_mg: Hours


class Phases(NamedTuple):
    """From each hour on, until the next, clearance is so many times that of the parameters; before the first, once."""

    from_h: Hours
    clearance_factor: Hours


NO_PHASES = Phases(np.zeros(0), np.zeros(0))


def events_of(regimen: Regimen, out_per_h: float | Hours, phases: Phases = NO_PHASES) -> Events:
    """Doses and changes in rising order of time.

    Args:
        regimen: doses in any order; two at one hour add up.
        out_per_h: the rate of elimination where no phase has begun, of one person or (people,).
        phases: spells of changed clearance, in any order.
    """
    at = np.unique(np.concatenate([regimen.at_h, phases.from_h]))
    dose = np.zeros(at.shape)
    np.add.at(dose, np.searchsorted(at, regimen.at_h), regimen.dose_mg)
    return Events(at, dose, np.multiply.outer(out_per_h, factor_at(phases, at)))


def factor_at(phases: Phases, at_h: Hours) -> Hours:
    """How many times its first value clearance is, at each hour; the hour of a change belongs to what follows it."""
    order = np.argsort(phases.from_h, kind="stable")
    begun = np.searchsorted(phases.from_h[order], at_h, side="right")
    return np.asarray(np.concatenate([[1.0], phases.clearance_factor[order]])[begun])
