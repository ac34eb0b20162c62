"""A logistic mixed model by maximum likelihood, and its forecasts for a person it was not fitted to.

    logit P(had) = b0 + b1 * had yesterday + b2 * yesterday unknown + b3 * under treatment + u,   u ~ N(0, sd^2) of each person

The person effect is integrated on a fine grid (the trapezoidal rule, which is as good as exact for a smooth density that
vanishes at both ends), for the likelihood as for the forecasts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logsumexp

from _forecasting.comparators import Forecaster
from _forecasting.diaries import HORIZON, PersonDays

GRID = np.linspace(-6.0, 6.0, 121)  # of u, in SDs
_LOG_GRID_WEIGHT = -0.5 * GRID**2 - logsumexp(-0.5 * GRID**2)
COLUMNS = ("intercept", "had yesterday", "yesterday unknown", "under treatment")


class Mixed(NamedTuple):
    """The fitted model."""

    coefficients: np.ndarray
    sd: float
    log_likelihood: float


def rows(diary: PersonDays) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Offsets, covariates (T, 4) and states of the known days."""
    known = np.flatnonzero(~np.isnan(diary.states))
    yesterday = np.concatenate([[np.nan], diary.states])[known]
    unknown = np.isnan(yesterday)
    x = np.column_stack([np.ones(len(known)), np.where(unknown, 0.0, yesterday), unknown, diary.after[known]])
    return known, x, diary.states[known]


def fit_mixed(people: Sequence[tuple[np.ndarray, np.ndarray]]) -> Mixed:
    """Maximum likelihood from (covariates, states) of each person."""
    x = np.concatenate([person[0] for person in people])
    y = np.concatenate([person[1] for person in people])
    first = np.cumsum([0, *(len(person[1]) for person in people)])[:-1]
    sign = np.where(y > 0.5, 1.0, -1.0)[:, None]

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        sd = np.exp(parameters[-1])
        eta = (x @ parameters[:-1])[:, None] + sd * GRID
        joint = np.add.reduceat(log_expit(sign * eta), first, axis=0) + _LOG_GRID_WEIGHT
        each = logsumexp(joint, axis=1)
        share = np.repeat(np.exp(joint - each[:, None]), np.diff([*first, len(y)]), axis=0)
        residual = share * sign * expit(-sign * eta)
        slope = np.append(x.T @ residual.sum(axis=1), sd * (residual @ GRID).sum())
        return -float(each.sum()), -slope

    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="BFGS", options={"gtol": 1e-4})
    return Mixed(found.x[:-1], float(np.exp(found.x[-1])), -float(found.fun))


def mixed_model(others: Sequence[PersonDays]) -> Forecaster:
    """The model fitted to the others; the person's own effect is what the person's days so far make of it."""
    model = fit_mixed([rows(diary)[1:] for diary in others])
    return lambda diary, on: _forecast(model, diary, on)


def _forecast(model: Mixed, diary: PersonDays, on: np.ndarray) -> np.ndarray:
    days, x, y = rows(diary)
    eta = (x @ model.coefficients)[:, None] + model.sd * GRID
    so_far = np.cumsum(log_expit(np.where(y > 0.5, 1.0, -1.0)[:, None] * eta), axis=0)
    usual, carry, _, treated = model.coefficients
    forecasts = np.empty((len(on), HORIZON))
    for i, day in enumerate(on):
        last = np.searchsorted(days, day, side="right") - 1
        share = np.exp(so_far[last] + _LOG_GRID_WEIGHT - logsumexp(so_far[last] + _LOG_GRID_WEIGHT))
        today = y[last]
        for ahead in range(days[last] + 1, day + 1 + HORIZON):
            level = usual + treated * diary.after[ahead] + model.sd * GRID
            today = today * expit(level + carry) + (1.0 - today) * expit(level)
            if ahead > day:
                forecasts[i, ahead - day - 1] = share @ today
    return forecasts
