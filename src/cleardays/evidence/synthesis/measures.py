"""From the arms of one study to its effects: estimates against the first arm, with their exact covariance.

The arms of a study share their first arm, so its estimates are correlated: what
the first arm adds to the variance of each is their covariance. Ratios are on the
log scale. Sources: Fleiss & Berlin 2009 (OR, RR, RD); Hedges & Olkin 1985, Gleser
& Olkin 2009 (SMD, with several arms); Hedges, Gurevitch & Curtis 1999 (ROM).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EVENTS, MEANS, EXPOSURE = ("OR", "RR", "RD"), ("MD", "SMD", "ROM"), ("IRR",)
RATIOS = ("OR", "RR", "ROM", "IRR")
MEASURES = (*EVENTS, *MEANS, *EXPOSURE)
ADDED_TO_EMPTY = 0.5
_MANY = 1e4  # degrees of freedom, from where the first terms of the series of J(df) are exact to 1e-12


class Effects(NamedTuple):
    """Estimates of the arms after the first against it (a - 1,), and their covariance (a - 1, a - 1)."""

    estimate: Array
    covariance: Array


def from_events(measure: str, events: Array, size: Array) -> Effects:
    """Of people who had the event, out of all; where some cell is empty, half a person is added to each cell of the study."""
    had, had_not = np.asarray(events, dtype=float), np.asarray(size, dtype=float) - events
    if (had == 0).any() or (had_not == 0).any():
        had, had_not = had + ADDED_TO_EMPTY, had_not + ADDED_TO_EMPTY
    total = had + had_not
    if measure == "OR":
        return _against_first(np.log(had / had_not), 1.0 / had + 1.0 / had_not)
    if measure == "RR":
        return _against_first(np.log(had / total), had_not / had / total)
    share = had / total
    return _against_first(share, share * (1.0 - share) / total)


def from_means(measure: str, mean: Array, sd: Array, size: Array) -> Effects:
    """Of means; for ROM all are above 0. SMD divides by the standard deviation pooled over all arms, corrected (Hedges' g)."""
    variance = sd**2 / size
    if measure == "MD":
        return _against_first(mean, variance)
    if measure == "ROM":
        return _against_first(np.log(mean), variance / mean**2)
    df = size.sum() - len(size)
    pooled = np.sqrt(((size - 1.0) * sd**2).sum() / df)
    g = _correction(float(df)) * (mean[1:] - mean[0]) / pooled
    together = 1.0 / size[0] + np.outer(g, g) / (2.0 * size.sum())
    return Effects(g, np.diag(1.0 / size[1:]) + together)


def from_exposure(events: Array, exposure: Array) -> Effects:
    """Log ratios of rates: events per exposure. Where an arm had no event, half a one is added to each arm of the study."""
    counted = events + ADDED_TO_EMPTY if (np.asarray(events) == 0).any() else np.asarray(events, dtype=float)
    return _against_first(np.log(counted / exposure), 1.0 / counted)


def _against_first(value: Array, variance: Array) -> Effects:
    return Effects(value[1:] - value[0], np.diag(variance[1:]) + variance[0])


def _correction(df: float) -> float:
    """J(df) = Gamma(df / 2) / (sqrt(df / 2) Gamma((df - 1) / 2)), or the first terms of its series."""
    from math import exp, lgamma, log

    if df > _MANY:
        return 1.0 - 3.0 / (4.0 * df - 1.0)
    return exp(lgamma(df / 2.0) - 0.5 * log(df / 2.0) - lgamma((df - 1.0) / 2.0))
