"""A normal hierarchical model, exact but for one integral: y ~ N(X d, V + tau^2 D), d normal, tau half-normal.

Given tau everything is Gaussian, as in the model of one diary given its hyperparameters: so tau is laid out on nodes, each
node has its Gaussian and its weight, and every answer is a mixture over the nodes (nested integration; Rue, Martino & Chopin
2009, for this model DerSimonian & Laird's setting Röver 2020).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.distributions import normal_cdf

Array = NDArray[np.float64]

NODES = 64
_REACH = 5.0  # the nodes go to so many times the prior's scale of tau
_BISECTIONS = 80


class Mixture(NamedTuple):
    """A mixture of normals for each of p quantities: weights (K,), means and standard deviations (K, p)."""

    weight: Array
    mean: Array
    sd: Array

    @property
    def centre(self) -> Array:
        """The mean of each quantity (p,)."""
        return np.asarray(self.weight @ self.mean)

    @property
    def spread(self) -> Array:
        """The standard deviation of each quantity (p,)."""
        return np.asarray(np.sqrt(self.weight @ (self.sd**2 + self.mean**2) - self.centre**2))

    def below(self, value: Array | float) -> Array:
        """P(quantity <= value), of each (p,)."""
        return np.asarray(self.weight @ normal_cdf((np.asarray(value) - self.mean) / self.sd))

    def quantile(self, level: float) -> Array:
        """The value that each quantity lies below with this probability (p,)."""
        lower = (self.mean - 12.0 * self.sd).min(axis=0)
        upper = (self.mean + 12.0 * self.sd).max(axis=0)
        for _ in range(_BISECTIONS):
            middle = 0.5 * (lower + upper)
            under = self.below(middle) < level
            lower, upper = np.where(under, middle, lower), np.where(under, upper, middle)
        return np.asarray(0.5 * (lower + upper))


class Posterior(NamedTuple):
    """What is believed of d and tau after the data."""

    tau: Array  # (K,) the nodes
    weight: Array  # (K,) their posterior weight
    mean: Array  # (K, p) of d at each node
    covariance: Array  # (K, p, p)
    log_evidence: float

    def of(self, combinations: Array, *, predictive: float = 0.0) -> Mixture:
        """Linear combinations (q, p) of d; with `predictive` the variance of a new study's deviation is added, times tau^2."""
        mean = self.mean @ combinations.T
        variance = np.einsum("qi,kij,qj->kq", combinations, self.covariance, combinations)
        return Mixture(self.weight, mean, np.sqrt(variance + predictive * self.tau[:, None] ** 2))

    @property
    def tau_mean(self) -> float:
        """The mean of tau."""
        return float(self.weight @ self.tau)

    def tau_quantile(self, level: float) -> float:
        """The value that tau lies below with this probability, interpolated between nodes."""
        ranks = np.cumsum(self.weight) - 0.5 * self.weight
        return float(np.interp(level, ranks, self.tau))


def posterior(y: Array, x: Array, v: Array, d: Array, *, mean: Array, sd: Array, tau_scale: float) -> Posterior:
    """Nodes and Gaussians of d after the data.

    Args:
        y: estimates (m,).
        x: their design (m, p).
        v: their covariance (m, m).
        d: the pattern of what differs between studies (m, m).
        mean: prior mean of d (p,).
        sd: prior standard deviation of d (p,).
        tau_scale: of the half-normal prior of tau.
    """
    at, width = np.polynomial.legendre.leggauss(NODES)
    tau = 0.5 * _REACH * tau_scale * (at + 1.0)
    log_prior = np.log(width) - 0.5 * (tau / tau_scale) ** 2
    log_prior -= np.log(np.exp(log_prior).sum())
    prior_precision = np.diag(1.0 / sd**2)
    means, covariances, heights = [], [], []
    for each in tau:
        weight = np.linalg.inv(v + each**2 * d)
        precision = prior_precision + x.T @ weight @ x
        covariance = np.linalg.inv(precision)
        centre = covariance @ (prior_precision @ mean + x.T @ (weight @ y))
        residual, away = y - x @ centre, centre - mean
        quadratic = residual @ weight @ residual + away @ prior_precision @ away
        log_det = -np.linalg.slogdet(weight)[1] + np.linalg.slogdet(precision)[1] + 2.0 * np.log(sd).sum()
        heights.append(-0.5 * (quadratic + log_det + len(y) * np.log(2.0 * np.pi)))
        means.append(centre)
        covariances.append(covariance)
    log_weight = log_prior + np.array(heights)
    top = float(log_weight.max())
    share = np.exp(log_weight - top)
    return Posterior(tau, share / share.sum(), np.array(means), np.array(covariances), top + float(np.log(share.sum())))
