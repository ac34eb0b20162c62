"""The next 28 days, going on with the treatment or stopping it."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.quantities import ExposureSeries
from cleardays.response.chain import count_distribution, daily_probabilities, long_run_rate, transitions
from cleardays.response.design import CARRY, EFFECT, HORIZON_DAYS, USUAL
from cleardays.response.fit import Fit
from cleardays.response.runs import LONGEST_GAP
from cleardays.response.summary import LEVEL, Interval

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


_COUNTED_DRAWS = 512  # each gives a whole distribution of counts, so that fewer will do


class Forecast(NamedTuple):
    """Days with the outcome in the 28 days to come, and the chance of each single day."""

    days: Interval
    daily_probability: tuple[float, ...]
    count_probability: tuple[float, ...]  # of 0, 1, ..., 28 days

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"days": self.days.document(), "daily_probability": list(self.daily_probability)}


def going_on(fit: Fit) -> Forecast:
    """The forecast if the treatment goes on as it is."""
    return _forecast(fit, fit.exposure)


def stopping(fit: Fit) -> Forecast:
    """The forecast if the treatment is stopped after the last day; it wears off as it came on."""
    return _forecast(fit, fit.exposure.stopped(fit.days.last_day + timedelta(days=1)))


def _forecast(fit: Fit, exposure: ExposureSeries) -> Forecast:
    design, weight = fit.design, fit.draws.weight
    carry = fit.draws.coefficients[CARRY]
    first = _today(fit)
    days = np.arange(design.n_days, design.n_days + HORIZON_DAYS)
    after_had, after_clear = transitions(_predictor(fit, exposure, days), carry, design.centre)
    daily = daily_probabilities(first, after_had, after_clear) @ weight
    some = slice(None, None, max(1, len(weight) // _COUNTED_DRAWS))  # of every node its share
    spread = weight[some] @ count_distribution(first[some], after_had[:, some], after_clear[:, some])
    spread /= spread.sum()
    return Forecast(_count_interval(spread), _bounded(daily), _bounded(spread))


def _predictor(fit: Fit, exposure: ExposureSeries, days: Whole) -> Array:
    """a of each day and draw, shape (len(days), N); to come, all days are ordinary ones."""
    usual, effect = fit.draws.coefficients[USUAL], fit.draws.coefficients[EFFECT]
    level = fit.draws.level(fit.design.week_of_day[days])
    return np.asarray(usual + level + effect * fit.exposure_on(exposure, days) + fit.beside_effect(days))


def _today(fit: Fit) -> Array:
    """P(had) on the last day in each draw, given all that was written."""
    design, carry = fit.design, fit.draws.coefficients[CARRY]
    written = int(design.known_days[-1])
    silent = np.arange(written + 1, design.n_days)
    if not len(silent):
        return fit.draws.had_last
    if len(silent) > LONGEST_GAP:
        a = _predictor(fit, fit.exposure, silent[-1:])
        return long_run_rate(a[0], carry, design.centre)
    transition = transitions(_predictor(fit, fit.exposure, silent), carry, design.centre)
    return np.asarray(daily_probabilities(fit.draws.had_last, *transition)[-1])


def _count_interval(spread: Array) -> Interval:
    """Median and central interval of a whole number of days."""
    below = np.cumsum(spread)
    tail = (1.0 - LEVEL) / 2.0
    lower, middle, upper = (float(np.searchsorted(below, q - 1e-12)) for q in (tail, 0.5, 1.0 - tail))
    return Interval(middle, lower, min(upper, float(HORIZON_DAYS)))


def _bounded(values: Array) -> tuple[float, ...]:
    return tuple(float(v) for v in np.clip(values, 0.0, 1.0))


def residual_bands(forecast: Forecast) -> dict[str, float]:
    """P(0), P(1-3), P(4-6) and P(more than 6) days to come; they add to 1.

    Bands: International Headache Society 2025 (source SACCO-2025), residual days on treatment.
    """
    p = forecast.count_probability
    bands = {"0": p[0], "lt4": sum(p[1:4]), "4to6": sum(p[4:7])}
    return {**bands, "gt6": max(0.0, 1.0 - sum(bands.values()))}
