"""A hierarchical logistic model without a level: every person a usual rate and an effect, all of one population.

logit P(day) = mu_i + delta_i e_t with (mu_i, delta_i) normal. The population's mean and covariance are estimated
from everybody (empirical Bayes, expectation-maximisation), each person by Laplace. Days are independent given these:
what a mixed model as in Breslow & Clayton (1993) says of diaries.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cleardays.numerics.logistic import sigmoid
from cleardays.response.study.answers import Answer
from cleardays.response.study.before_after import from_draws
from cleardays.response.study.person import MONTH, Array
from cleardays.response.verdict import JudgingRules

_ROUNDS, _STEPS, _LONGEST_STEP = 60, 4, 2.0
_DRAWS = 2000
_TAILS = (0.05, 0.95)
_START_COVARIANCE = np.diag([1.0, 1.0])
_FEW_PEOPLE = 4.0  # people's worth of the starting covariance mixed in: a handful cannot estimate one


class Rows(NamedTuple):
    """The known days of one person: had (0 or 1) and exposure, each (T,), and the exposure of the last day."""

    had: Array
    exposure: Array
    now: float


def hierarchical(people: list[Rows], rules: JudgingRules) -> list[Answer]:
    """Everybody's answer, from a fit to everybody."""
    longest = max(len(rows.had) for rows in people)
    had, exposure, known = (np.zeros((len(people), longest)) for _ in range(3))
    for index, rows in enumerate(people):
        had[index, : len(rows.had)], exposure[index, : len(rows.had)] = rows.had, rows.exposure
        known[index, : len(rows.had)] = 1.0
    mean, covariance = np.array([0.0, 0.0]), _START_COVARIANCE
    modes = np.zeros((len(people), 2))
    for _ in range(_ROUNDS):
        modes, spreads = _newton(had, exposure, known, modes, mean, covariance)
        mean = modes.mean(axis=0)
        away = modes - mean
        total = spreads.sum(axis=0) + away.T @ away + _FEW_PEOPLE * _START_COVARIANCE
        covariance = total / (len(people) + _FEW_PEOPLE)
    modes, spreads = _newton(had, exposure, known, modes, mean, covariance)
    white = np.random.default_rng(1).standard_normal((2, _DRAWS))
    return [_answer(*each, rules, white) for each in zip(modes, spreads, [rows.now for rows in people], strict=True)]


def _newton(had: Array, exposure: Array, known: Array, modes: Array, mean: Array, covariance: Array) -> tuple[Array, Array]:
    """Everybody's mode (N, 2) and its covariance (N, 2, 2) under one population."""
    precision = np.linalg.inv(covariance)
    for step in range(_STEPS + 1):
        chance = sigmoid(modes[:, :1] + modes[:, 1:] * exposure)
        left, weight = known * (had - chance), known * chance * (1 - chance)
        curve = np.empty((len(modes), 2, 2))
        curve[:, 0, 0] = weight.sum(axis=1)
        curve[:, 0, 1] = curve[:, 1, 0] = (weight * exposure).sum(axis=1)
        curve[:, 1, 1] = (weight * exposure**2).sum(axis=1)
        curve += precision
        if step == _STEPS:
            break
        slope = np.column_stack([left.sum(axis=1), (left * exposure).sum(axis=1)]) - (modes - mean) @ precision
        modes = modes + np.clip(np.linalg.solve(curve, slope[:, :, None])[:, :, 0], -_LONGEST_STEP, _LONGEST_STEP)
    return modes, np.asarray(np.linalg.inv(curve), dtype=np.float64)


def _answer(mode: Array, spread: Array, now: float, rules: JudgingRules, white: Array) -> Answer:
    usual, effect = mode[:, None] + np.linalg.cholesky(spread) @ white
    current, untreated = sigmoid(usual + now * effect), sigmoid(usual)
    low, high = (float(q) for q in np.quantile(MONTH * current, _TAILS))
    return from_draws(1 - current / untreated, rules)._replace(current=(low, high))
