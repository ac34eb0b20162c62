"""From taking to effect: the delayed exposure of a day.

The effect follows the level taken with a first-order lag. For a treatment begun
in full on day t0 this is the model's e_t = 1 - exp(-(t - t0) / tau); after a
stop the same time constant wears it off.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from cleardays.quantities import ExposureSeries

Array = NDArray[np.float64]


def delayed_exposure(series: ExposureSeries, first_day: date, days: NDArray[np.int64], tau_days: Array | float) -> Array:
    """The effect-exposure on each day (offsets from `first_day`, shape (D,)).

    `tau_days` is one time constant in days, or several (n_tau, 1) with a row for each.
    """
    tau = np.asarray(tau_days)
    effect = np.zeros(np.broadcast_shapes(tau.shape, days.shape))
    reached = 0.0 * tau
    for index, step in enumerate(series.steps):
        begins = (step.from_day - first_day).days
        since = np.maximum(days - begins, 0)
        later = days >= begins
        effect = np.where(later, step.level + (reached - step.level) * np.exp(-since / tau), effect)
        if index + 1 < len(series.steps):
            span = (series.steps[index + 1].from_day - step.from_day).days
            reached = step.level + (reached - step.level) * np.exp(-span / tau)
    return np.asarray(effect)
