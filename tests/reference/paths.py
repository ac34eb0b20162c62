"""The likelihood of a diary by summing over every path of every uncertain day, one by one.

Slow and plain on purpose: the filter of the engine is held to it. Written from
docs/explanation/response-model.md, "Unknown and recalled days".
"""

from __future__ import annotations

from itertools import product

import numpy as np

FORGOTTEN_AFTER = 6


def stretches(states) -> list[tuple[int, int]]:
    """First and last day of the stretches that do not depend on one another."""
    found: list[list[int]] = []
    last = None
    for day, state in enumerate(states):
        if state is None:
            continue
        if last is None or day - last - 1 > FORGOTTEN_AFTER:
            found.append([max(day - FORGOTTEN_AFTER, 0), day])
        else:
            found[-1][1] = day
        last = day
    return [(first, end) for first, end in found]


def log_likelihood(days, a, carry, centre, sensitivity, specificity) -> float:
    """log p(diary | a of each day, rho) by enumeration; a stretch may hold about fifteen uncertain days."""
    up, down = 1 / (1 + np.exp(-(a + carry * (1 - centre)))), 1 / (1 + np.exp(-(a - carry * centre)))
    total = 0.0
    for first, last in stretches(days.states):
        free = [d for d in range(first, last + 1) if days.states[d] is None or days.recalled[d]]
        likelihood = 0.0
        for guess in product((False, True), repeat=len(free)):
            state = {d: days.states[d] for d in range(first, last + 1)} | dict(zip(free, guess, strict=True))
            steady = down[first] / (1 - up[first] + down[first])
            p = steady if state[first] else 1 - steady
            for d in range(first + 1, last + 1):
                had = up[d] if state[d - 1] else down[d]
                p *= had if state[d] else 1 - had
            for d in free:
                if days.recalled[d]:
                    right = sensitivity if state[d] else specificity
                    p *= right if days.states[d] == state[d] else 1 - right
            likelihood += p
        total += float(np.log(likelihood))
    return total
