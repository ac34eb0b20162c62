"""The outer grid: hyperparameters and mixture components, each with its prior weight."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.logistic import logit, sigmoid
from cleardays.numerics.quadrature import normal_nodes
from cleardays.response.priors import Priors

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

GRID = (5, 3, 3)  # nodes for log s, logit phi, log tau


class Nodes(NamedTuple):
    """K outer nodes. Coefficients are b = (mu, rho, delta), so p = 3."""

    log_weight: Array  # (K,) log prior weight
    spread: Array  # (K,) s, SD of the weekly level
    persistence: Array  # (K,) phi, its correlation from week to week
    onset: Array  # (n_tau,) the different time constants, days
    onset_index: Whole  # (K,) which of them
    mean: Array  # (p, K) prior mean of b
    precision: Array  # (p, K) prior precision of b


def lay_grid(priors: Priors, grid: tuple[int, int, int] = GRID) -> Nodes:
    """Product Gauss-Hermite nodes of the hyperparameter priors, times the effect's components."""
    (xs, ws), (xp, wp), (xt, wt) = (normal_nodes(count) for count in grid)
    effect = priors.effect
    axes = np.meshgrid(
        np.arange(len(effect.weights)), np.arange(len(xt)), np.arange(len(xp)), np.arange(len(xs)), indexing="ij"
    )
    component, t, p, s = (axis.ravel() for axis in axes)
    weight = np.asarray(effect.weights)[component] * wt[t] * wp[p] * ws[s]
    ones = np.ones(len(weight))
    return Nodes(
        log_weight=np.log(weight),
        spread=priors.spread_median * np.exp(priors.spread_log_sd * xs[s]),
        persistence=sigmoid(logit(np.asarray(priors.persistence_median)) + priors.persistence_logit_sd * xp[p]),
        onset=priors.onset_median_days * np.exp(priors.onset_log_sd * xt),
        onset_index=t.astype(np.int64),
        mean=np.array([priors.level_mean * ones, priors.carry_mean * ones, np.asarray(effect.means)[component]]),
        precision=np.array(
            [ones / priors.level_sd**2, ones / priors.carry_sd**2, 1.0 / np.asarray(effect.sds)[component] ** 2]
        ),
    )
