"""The one-compartment model with first-order absorption, for any regimen, in closed form.

Source of the method: Gibaldi and Perrier, Pharmacokinetics, chapters 1 and 3 (superposition of
single doses; linear kinetics). Volume and clearance are apparent (divided by the bioavailability).
"""

from __future__ import annotations

import numpy as np

from cleardays.kinetics.parameters import Parameters
from cleardays.kinetics.piecewise import NO_PHASES, Phases, Regimen, events_of
from cleardays.kinetics.pools import Hours, blood_mg


def every(dose_mg: float, every_h: float, until_h: float, from_h: float = 0.0) -> Regimen:
    """The same dose at equal intervals, the first at `from_h`, none at or after `until_h`."""
    at = np.arange(from_h, until_h, every_h)
    return Regimen(at, np.full(at.shape, float(dose_mg)))


def levels(parameters: Parameters, regimen: Regimen, at_h: Hours, phases: Phases = NO_PHASES) -> Hours:
    """The level in mg/l at each hour asked for: the sum of what is left of every dose before it.

    Moved on from dose to dose, so that it costs doses plus hours and not their product.
    A dose at the very hour that is asked for has been taken.

    Args:
        parameters: of the person and the medicine.
        regimen: doses in mg, in any order.
        at_h: hours, any shape.
        phases: spells in which clearance is another one.
    """
    events = events_of(regimen, parameters.elimination_per_h, phases)
    return np.asarray(blood_mg(events, parameters.absorption_per_h, at_h) / parameters.volume_l)
