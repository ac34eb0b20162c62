"""Summaries of weighted draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def quantiles(values: Array, weights: Array, levels: tuple[float, ...]) -> list[float]:
    """Quantiles of weighted draws, interpolated between the draws' mid-ranks.

    Always inside the range of the draws and in the order of `levels`.
    """
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    mass = weights[order]
    ranks = (np.cumsum(mass) - 0.5 * mass) / mass.sum()
    return [float(q) for q in np.interp(levels, ranks, ranked)]


def probability(event: NDArray[np.bool_], weights: Array) -> float:
    """The weighted share of draws in which the event holds, never outside [0, 1]."""
    share = float(weights[event].sum() / weights.sum())
    return min(max(share, 0.0), 1.0)


def effective_share(weights: Array) -> float:
    """Effective sample size over the number of draws (Kish 1965): 1 for equal weights."""
    return float(weights.sum() ** 2 / (weights @ weights) / len(weights))
