"""The single-diary engine as a forecaster, with priors learned from other people and with its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np

from _forecasting.comparators import Forecaster
from _forecasting.diaries import HORIZON, PersonDays
from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.design import centring_constant
from cleardays.response.fit import fit, pretreatment_rate
from cleardays.response.forecast import going_on
from cleardays.response.population import Learned, Person, learn_priors
from cleardays.response.priors import Priors, default_priors, reference_priors

START = date(2000, 1, 3)  # any day will do: the diaries count days from the start of treatment
EXPOSURE = ExposureSeries.started("the treatment", START)
DRAWS = 512
SEED = 1
EVEN = 0.5  # rate and centre of the starting priors, which belong to no one person


def series(diary: PersonDays, until: int | None = None) -> DaySeries:
    """The days of a diary up to and including the offset `until`."""
    states = diary.states if until is None else diary.states[: until + 1]
    told = tuple(None if np.isnan(state) else bool(state) for state in states)
    return DaySeries("headache_day", START - timedelta(days=diary.start), told, (False,) * len(told))


def with_priors(priors_of: Callable[[DaySeries], Priors]) -> Forecaster:
    """One fit for each day on which a forecast is issued, reading nothing after it."""

    def forecast(diary: PersonDays, on: np.ndarray) -> np.ndarray:
        rows = []
        for day in on:
            days = series(diary, int(day))
            rows.append(going_on(fit(days, EXPOSURE, priors_of(days), seed=SEED, draws=DRAWS)).daily_probability)
        return np.array(rows).reshape(len(on), HORIZON)

    return forecast


def by_default() -> Forecaster:
    """The engine as a single diary gets it, knowing nobody else."""
    return with_priors(default_of)


def default_of(days: DaySeries) -> Priors:
    """The default priors at the rate of these days."""
    return default_priors(pretreatment_rate(days, EXPOSURE), centring_constant(days), EXPOSURE.treatment)


def learned(others: Sequence[PersonDays], *, effect: bool = True) -> Learned:
    """Priors learned from these people, from the reference priors on."""
    people = [Person(series(diary), EXPOSURE) for diary in others]
    return learn_priors(people, reference_priors(EVEN, EVEN), effect=effect, seed=SEED)


def with_population(others: Sequence[PersonDays]) -> Forecaster:
    """The engine with priors learned from these people, the effect's as well."""
    priors = learned(others).priors
    return with_priors(lambda _: priors)


def with_population_but_effect(others: Sequence[PersonDays]) -> Forecaster:
    """The engine with priors learned from these people, and the default effect at the person's own rate."""
    priors = learned(others, effect=False).priors
    return with_priors(lambda days: priors._replace(effect=default_of(days).effect))
