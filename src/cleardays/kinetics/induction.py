"""Clearance that comes to its new value little by little, as the enzymes behind it come and go.

After a switch the distance from the new value halves every so many hours, in both directions. Where no source
tells how long that takes the change is at once. Where a source tells how far a level has risen some time after the
switch, that time is worked out from it.
"""

from __future__ import annotations

from math import log, sqrt

import numpy as np

from cleardays.kinetics.model import every, levels
from cleardays.kinetics.parameters import Parameters
from cleardays.kinetics.piecewise import Phases

_STEP_H = 6.0  # a step has the mean clearance over it, so that what is left at its end is right
_STEADY_HALF_LIVES = 20.0  # then a level repeats from dose to dose, to a millionth
_SHORTEST_H, _LONGEST_H, _HALVINGS = 0.1, 1e4, 60


def gradual(switches: Phases, half_time_h: float | None, until_h: float) -> Phases:
    """Phases in short steps from switches in rising order; before the first clearance is unchanged.

    Args:
        switches: when clearance begins to change, and to how many times its first value.
        half_time_h: after it half of a change is done; None is at once.
        until_h: how far the steps go after the last switch; then the last value holds.
    """
    if half_time_h is None:
        return switches
    rate, now = log(2) / half_time_h, 1.0
    at: list[float] = []
    factor: list[float] = []
    ends = [*switches.from_h[1:], max(until_h, *switches.from_h[-1:], 0.0)]
    for begin, end, goal in zip(switches.from_h, ends, switches.clearance_factor, strict=True):
        edges = np.append(np.arange(begin, end, _STEP_H), end)
        far = (now - goal) * np.exp(-rate * (edges - begin))
        widths = np.diff(edges)
        at.extend(edges[:-1])
        factor.extend(goal + far[:-1] * -np.expm1(-rate * widths) / (rate * widths))
        now = goal + float(far[-1])
    if at:
        at.append(float(ends[-1]))
        factor.append(float(switches.clearance_factor[-1]))
    return Phases(np.array(at), np.array(factor))


def half_time_from_rise(
    parameters: Parameters, clearance_factor: float, rise: float, after_h: float, every_h: float
) -> float | None:
    """How long half of the change takes, where the steady level before a dose is `rise` times as high after so many hours.

    None where even a change at once raises it no further. Found by halving: the slower the change, the lower the level.

    Args:
        parameters: before the switch.
        clearance_factor: what clearance comes to, as a multiple of that before; below 1.
        rise: the level before a dose at `after_h`, as a multiple of the one at the switch.
        after_h: when it was seen.
        every_h: between doses.
    """
    if risen(parameters, clearance_factor, None, after_h, every_h) <= rise:
        return None
    low, high = _SHORTEST_H, _LONGEST_H
    for _ in range(_HALVINGS):
        middle = sqrt(low * high)
        low, high = (middle, high) if risen(parameters, clearance_factor, middle, after_h, every_h) > rise else (low, middle)
    return sqrt(low * high)


def risen(parameters: Parameters, clearance_factor: float, half_time_h: float | None, after_h: float, every_h: float) -> float:
    """The level before a dose so many hours after a switch, as a multiple of the steady one at the switch."""
    start = every_h * np.ceil(_STEADY_HALF_LIVES * parameters.half_life_h / every_h)
    switch = Phases(np.array([start]), np.array([clearance_factor]))
    phases = gradual(switch, half_time_h, start + after_h)
    before, after = (before_dose(parameters, at, every_h, phases) for at in (start, start + after_h))
    return after / before


def before_dose(parameters: Parameters, at_h: float, every_h: float, phases: Phases) -> float:
    """The level of 1 mg taken at equal intervals since hour 0, at an hour whose own dose has not been taken."""
    return float(levels(parameters, every(1.0, every_h, at_h), np.array([at_h]), phases)[0])
