"""The next 28 days, going on with the treatment or stopping it."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.quantities import ExposureSeries
from cleardays.response.chain import daily_probabilities, long_run_rate, transitions
from cleardays.response.days_ahead import DaysAhead, days_ahead, predictor
from cleardays.response.design import CARRY, HORIZON_DAYS
from cleardays.response.fit import Fit
from cleardays.response.runs import LONGEST_GAP
from cleardays.response.second import Second, drawn_amounts, factor, second_effect
from cleardays.response.summary import LEVEL, Interval, interval

Array = NDArray[np.float64]


class Forecast(NamedTuple):
    """Days with the outcome in the 28 days to come, and the chance of each single day.

    For amounts `days` is their sum, or their mean per day, and there are no chances.
    """

    days: Interval
    daily_probability: tuple[float, ...] | None
    count_probability: tuple[float, ...] | None  # of 0, 1, ..., 28 days

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        daily = None if self.daily_probability is None else list(self.daily_probability)
        return {"days": self.days.document(), "daily_probability": daily}


def going_on(fit: Fit, *, seed: int = 1) -> Forecast:
    """The forecast if the treatment goes on as it is."""
    return _forecast(fit, fit.exposure, seed)


def stopping(fit: Fit, *, seed: int = 1) -> Forecast:
    """The forecast if the treatment is stopped after the last day; it wears off as it came on."""
    return _forecast(fit, fit.exposure.stopped(fit.days.last_day + timedelta(days=1)), seed)


def _forecast(fit: Fit, exposure: ExposureSeries, seed: int) -> Forecast:
    second, days = fit.second, np.arange(fit.design.n_days, fit.design.n_days + HORIZON_DAYS)
    if second is None:
        return _counted(days_ahead(fit, exposure, days, today(fit)))
    exposed, b = fit.exposure_on(exposure, days), fit.draws.coefficients
    chances = transitions(predictor(fit, exposed, days), b[CARRY], fit.design.centre)
    if not second.part:
        return _amounts(fit, second, today(fit), chances, exposed, seed)
    share = factor(second, b, chances[0], fit.draws.level(fit.design.week_of_day[days]), exposed)
    return _counted(days_ahead(fit, exposure, days, today(fit), share))


def _counted(found: DaysAhead) -> Forecast:
    return Forecast(_count_interval(found.counts), _bounded(found.daily), _bounded(found.counts))


def _amounts(fit: Fit, second: Second, first: Array, chances: tuple[Array, Array], exposed: Array, seed: int) -> Forecast:
    """Sums (or means per day) of simulated amounts, one future for each draw."""
    random = np.random.default_rng([seed, 2])
    b, weeks = fit.draws.coefficients, fit.design.week_of_day[fit.design.n_days :]
    had = random.random(len(first)) < first
    yesterday, total = np.where(had, second.mean / max(fit.design.centre, 1e-9), 0.0), np.zeros(len(first))
    for day, (after_had, after_clear) in enumerate(zip(*chances, strict=True)):
        had = random.random(len(first)) < np.where(had, after_had, after_clear)
        moved = fit.draws.level(weeks[day : day + 1])[0] + second_effect(second, b) * exposed[day]
        yesterday = np.where(had, drawn_amounts(second, b, moved, yesterday, random), 0.0)
        total += yesterday
    return Forecast(interval(total * fit.per / HORIZON_DAYS, fit.draws.weight), None, None)


def today(fit: Fit) -> Array:
    """P(had) on the last day in each draw, given all that was written."""
    design, carry = fit.design, fit.draws.coefficients[CARRY]
    written = int(design.known_days[-1])
    silent = np.arange(written + 1, design.n_days)
    if not len(silent):
        return fit.draws.had_last
    a = predictor(fit, fit.exposure_on(fit.exposure, silent), silent)
    if len(silent) > LONGEST_GAP:
        return long_run_rate(a[-1], carry, design.centre)
    transition = transitions(a, carry, design.centre)
    return np.asarray(daily_probabilities(fit.draws.had_last, *transition)[-1])


def _count_interval(spread: Array) -> Interval:
    """Median and central interval of a whole number of days."""
    below = np.cumsum(spread)
    tail = (1.0 - LEVEL) / 2.0
    lower, middle, upper = (float(np.searchsorted(below, q - 1e-12)) for q in (tail, 0.5, 1.0 - tail))
    return Interval(middle, lower, min(upper, float(HORIZON_DAYS)))


def _bounded(values: Array) -> tuple[float, ...]:
    return tuple(float(v) for v in np.clip(values, 0.0, 1.0))


def residual_bands(forecast: Forecast) -> dict[str, float] | None:
    """P(0), P(1-3), P(4-6) and P(more than 6) days to come; they add to 1. None for amounts.

    Bands: International Headache Society 2025 (source SACCO-2025), residual days on treatment.
    """
    p = forecast.count_probability
    if p is None:
        return None
    bands = {"0": p[0], "lt4": sum(p[1:4]), "4to6": sum(p[4:7])}
    return {**bands, "gt6": max(0.0, 1.0 - sum(bands.values()))}
