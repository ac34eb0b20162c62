"""Levels worked out slowly, in two ways that share nothing with the product: what the fast ones are tested against."""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp


def superposed(parameters, regimen, at_h):
    """The sum over all doses of what each one leaves (Bateman), every dose at every hour; rates must differ."""
    out, into, volume = parameters.elimination_per_h, parameters.absorption_per_h, parameters.volume_l
    since = np.asarray(at_h)[:, None] - regimen.at_h
    gone = np.exp(-out * np.maximum(since, 0))
    each = gone if into is None else into / (into - out) * (gone - np.exp(-into * np.maximum(since, 0)))
    return np.where(since >= 0, each * regimen.dose_mg, 0).sum(axis=1) / volume


def integrated(parameters, regimen, at_h, phases=None):
    """The two equations solved numerically (Dormand and Prince, order 8) from event to event; `at_h` in rising order."""
    at_h, into, volume = np.asarray(at_h, float), parameters.absorption_per_h, parameters.volume_l
    switches = [] if phases is None else list(zip(phases.from_h, phases.clearance_factor, strict=True))
    events = sorted({*regimen.at_h, *(at for at, _ in switches)})
    levels, pools = np.zeros(at_h.shape), np.zeros(2)
    for begin, end in zip(events, [*events[1:], max(at_h[-1], events[-1]) + 1], strict=True):
        dose = regimen.dose_mg[regimen.at_h == begin].sum()
        pools = pools + (np.array([0, dose]) if into is None else np.array([dose, 0]))
        factor = ([1.0] + [value for at, value in switches if at <= begin])[-1]
        wanted = (at_h >= begin) & (at_h < end)
        levels[wanted], pools = _segment(pools, begin, end, at_h[wanted], into or 0.0, parameters.elimination_per_h * factor)
    return levels / volume


def _segment(pools, begin, end, at_h, into, out):
    matrix = np.array([[-into, 0], [into, -out]])
    # Between its steps the solver only interpolates; short ones keep that as exact as the steps.
    exact = {"rtol": 1e-10, "atol": 1e-12 * max(pools.max(), 1e-9), "max_step": 1.0}
    found = solve_ivp(lambda _, state: matrix @ state, (begin, end), pools, "DOP853", [*at_h, end], **exact)
    assert found.success
    return found.y[1, :-1], found.y[:, -1]
