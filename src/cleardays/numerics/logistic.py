"""The logistic function and its log-likelihood, safe for any argument."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_MOST = 700.0  # on the logit; such odds are still a number


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)) without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(np.minimum(-x, _MOST))))


def sigmoids(x: Array) -> tuple[Array, Array]:
    """sigmoid(x) and sigmoid(-x), each with all its digits however near to 0."""
    against = np.exp(np.minimum(-x, _MOST))
    chance = 1.0 / (1.0 + against)
    return chance, np.asarray(against * chance)


def log_product(factors: Array) -> Array:
    """The logarithm of the product along the first axis, with one logarithm for eight factors (together above 1e-308)."""
    if not len(factors):
        return np.zeros(factors.shape[1:])
    eights = np.multiply.reduceat(factors, np.arange(0, len(factors), 8), axis=0)
    return np.asarray(np.log(eights).sum(axis=0))


def logit(p: Array) -> Array:
    """log(p / (1 - p)) for p strictly between 0 and 1."""
    return np.asarray(np.log(p) - np.log1p(-p))


def bernoulli_log_likelihood(y: Array, eta: Array) -> Array:
    """log p(y | eta) of each 0/1 observation with success probability sigmoid(eta)."""
    signed = np.where(y > 0.5, eta, -eta)
    return np.asarray(-np.logaddexp(0.0, -signed))
