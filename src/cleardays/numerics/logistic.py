"""The logistic function and its log-likelihood, safe for any argument."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)) without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(np.minimum(-x, 700.0))))


def sigmoids(x: Array) -> tuple[Array, Array]:
    """sigmoid(x) and sigmoid(-x), each with all its digits however near to 0."""
    small = np.exp(-np.abs(x))
    rest = 1.0 / (1.0 + small)
    small *= rest
    above = x >= 0
    return np.where(above, rest, small), np.where(above, small, rest)


def logit(p: Array) -> Array:
    """log(p / (1 - p)) for p strictly between 0 and 1."""
    return np.asarray(np.log(p) - np.log1p(-p))


def bernoulli_log_likelihood(y: Array, eta: Array) -> Array:
    """log p(y | eta) of each 0/1 observation with success probability sigmoid(eta)."""
    signed = np.where(y > 0.5, eta, -eta)
    return np.asarray(-np.logaddexp(0.0, -signed))
