"""The inner problem: levels and coefficients given the hyperparameters, at every node at once.

    eta_t = mu + rho * previous_t + delta * e_t(tau) + u_week(t),   y_t ~ Bernoulli(sigmoid(eta_t))

u is a stationary AR(1) over weeks, b = (mu, rho, delta) is normal. The log
posterior of z = (u, b) is strictly concave, so Newton with a step cap finds its
mode. A Gaussian at the mode is then shifted from the mode towards the mean by
one more solve with the third derivatives (the skew shift), which removes most
of Laplace's error. Method: docs/explanation/response-model.md, "Inner problem".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics import arrowhead
from cleardays.numerics.logistic import bernoulli_log_likelihood, sigmoid
from cleardays.response.design import Design
from cleardays.response.nodes import Nodes

Array = NDArray[np.float64]

_LONGEST_STEP = 4.0  # on the linear predictor, in one Newton step
_SETTLED = 1e-9
_MOST_STEPS = 100
_MOST_HALVINGS = 30


class Inner(NamedTuple):
    """The Gaussian approximation of each node."""

    levels: Array  # (W, K) mean of u
    coefficients: Array  # (p, K) mean of b
    system: arrowhead.Arrowhead  # the factored information at the mode
    log_evidence: Array  # (K,) log p(y | node)
    steps: int
    settled: bool  # Newton came to rest at every node


class Model(NamedTuple):
    """A design joined to its nodes: what the Newton steps need again and again."""

    design: Design
    nodes: Nodes
    exposures: Array  # (n_tau, T) delayed exposure of each row at each onset
    filled: NDArray[np.int64]  # first row of each week that has rows
    filled_weeks: NDArray[np.int64]  # those weeks

    def by_week(self, rows: Array) -> Array:
        """Sum rows (T, ...) within weeks, giving (W, ...)."""
        total = np.zeros((self.design.n_weeks, *rows.shape[1:]))
        total[self.filled_weeks] = np.add.reduceat(rows, self.filled, axis=0)
        return total

    def predictor(self, levels: Array, coefficients: Array) -> Array:
        """eta of each row and node, shape (T, K)."""
        usual, carry, effect = coefficients
        eta = levels[self.design.week] + usual
        eta += self.design.previous[:, None] * carry
        eta += self.exposures.T[:, self.nodes.onset_index] * effect
        return np.asarray(eta)

    def covariates(self) -> Array:
        """1, previous day and exposure of each row, shape (T, p, K)."""
        found = np.empty((len(self.design.had), 3, len(self.nodes.onset_index)))
        found[:, 0] = 1.0
        found[:, 1] = self.design.previous[:, None]
        found[:, 2] = self.exposures.T[:, self.nodes.onset_index]
        return found


def join(design: Design, nodes: Nodes, exposures: Array) -> Model:
    """`exposures` is (n_tau, T), the delayed exposure of each row at each onset."""
    weeks, first_rows = np.unique(design.week, return_index=True)
    return Model(design, nodes, exposures, first_rows, weeks)


def chain_quadratic(levels: Array, spread: Array, persistence: Array) -> Array:
    """u' Q u of the stationary AR(1), for levels (W, K)."""
    innovations = levels[1:] - persistence * levels[:-1]
    total = levels[0] ** 2 + (innovations**2).sum(axis=0) / (1.0 - persistence**2)
    return np.asarray(total / spread**2)


def log_prior(model: Model, levels: Array, coefficients: Array) -> Array:
    """log p(u, b | node) without the constant -n/2 log(2 pi), shape (K,)."""
    nodes, weeks = model.nodes, model.design.n_weeks
    away = coefficients - nodes.mean
    log_det = -2.0 * weeks * np.log(nodes.spread) - (weeks - 1) * np.log1p(-(nodes.persistence**2))
    log_det = log_det + np.log(nodes.precision).sum(axis=0)
    quadratic = chain_quadratic(levels, nodes.spread, nodes.persistence) + (nodes.precision * away**2).sum(axis=0)
    return np.asarray(0.5 * log_det - 0.5 * quadratic)


def log_posterior(model: Model, levels: Array, coefficients: Array) -> Array:
    """log p(y, u, b | node) without the same constant, shape (K,)."""
    eta = model.predictor(levels, coefficients)
    fit = bernoulli_log_likelihood(model.design.had[:, None], eta).sum(axis=0)
    return np.asarray(fit + log_prior(model, levels, coefficients))


def _chain_precision(model: Model) -> tuple[Array, Array]:
    """The AR(1) precision: diagonal (W, K) and constant off-diagonal (K,)."""
    phi, weeks = model.nodes.persistence, model.design.n_weeks
    scale = 1.0 / (model.nodes.spread**2 * (1.0 - phi**2))
    diagonal = np.tile(scale * (1.0 + phi**2), (weeks, 1))
    diagonal[0] = diagonal[-1] = scale  # the horizon makes it at least five weeks
    return diagonal, -phi * scale


def _information(model: Model, x: Array, p: Array, chain: tuple[Array, Array]) -> arrowhead.Arrowhead:
    """The factored negative Hessian at fitted probabilities p (T, K)."""
    v = p * (1.0 - p)
    weighted = v[:, None] * x
    border = model.by_week(weighted)
    corner = np.einsum("tpk,tqk->pqk", weighted, x, optimize=False)
    for i in range(len(corner)):
        corner[i, i] += model.nodes.precision[i]
    return arrowhead.factor(chain[0] + model.by_week(v), chain[1], border, corner)


def _gradient(
    model: Model, x: Array, p: Array, levels: Array, coefficients: Array, chain: tuple[Array, Array]
) -> tuple[Array, Array]:
    residual = model.design.had[:, None] - p
    pull = chain[0] * levels
    pull[1:] += chain[1] * levels[:-1]
    pull[:-1] += chain[1] * levels[1:]
    top = model.by_week(residual) - pull
    bottom = np.einsum("tpk,tk->pk", x, residual, optimize=False)
    return top, bottom - model.nodes.precision * (coefficients - model.nodes.mean)


def solve_inner(model: Model) -> Inner:
    """Mode, factored information, skew shift and Laplace evidence of each node."""
    x, chain = model.covariates(), _chain_precision(model)
    levels = np.zeros((model.design.n_weeks, len(model.nodes.spread)))
    coefficients = model.nodes.mean.copy()
    here = log_posterior(model, levels, coefficients)
    steps, length = 0, np.full(len(here), np.inf)
    while steps < _MOST_STEPS and float(length.max()) >= _SETTLED:
        steps += 1
        p = sigmoid(model.predictor(levels, coefficients))
        system = _information(model, x, p, chain)
        up, along = arrowhead.solve(system, *_gradient(model, x, p, levels, coefficients, chain))
        length = np.abs(model.predictor(up, along)).max(axis=0) + np.abs(up).max(axis=0)
        fraction = np.minimum(1.0, _LONGEST_STEP / np.maximum(length, _SETTLED))
        levels, coefficients, here = _climb(model, levels, coefficients, here, up, along, fraction)
    p = sigmoid(model.predictor(levels, coefficients))
    system = _information(model, x, p, chain)
    evidence = here - 0.5 * arrowhead.log_determinant(system)
    shift_u, shift_b = _skew_shift(model, x, system, p)
    settled = float(length.max()) < _SETTLED
    return Inner(levels + shift_u, coefficients + shift_b, system, evidence, steps, settled)


def _climb(
    model: Model, levels: Array, coefficients: Array, here: Array, up: Array, along: Array, fraction: Array
) -> tuple[Array, Array, Array]:
    """Take the step, halved at the nodes where it would go downhill; no step where none goes up."""
    for _ in range(_MOST_HALVINGS):
        there = log_posterior(model, levels + fraction * up, coefficients + fraction * along)
        worse = there < here - 1e-9 * (1.0 + np.abs(here))
        if not worse.any():
            return levels + fraction * up, coefficients + fraction * along, there
        fraction = np.where(worse, 0.5 * fraction, fraction)
    fraction = np.where(worse, 0.0, fraction)
    return levels + fraction * up, coefficients + fraction * along, np.where(worse, here, there)


def _skew_shift(model: Model, x: Array, system: arrowhead.Arrowhead, p: Array) -> tuple[Array, Array]:
    """From the mode towards the mean: H^-1 [Z X]' c with c_t = l'''(eta_t) Var(eta_t) / 2."""
    week = model.design.week
    rest = x - system.reduced_border[week]
    inverse = np.linalg.inv(system.schur).transpose(1, 2, 0)
    variance = arrowhead.chain_variances(system.chain)[week] + np.einsum("tpk,pqk,tqk->tk", rest, inverse, rest, optimize=False)
    c = -0.5 * p * (1.0 - p) * (1.0 - 2.0 * p) * variance
    return arrowhead.solve(system, model.by_week(c), np.einsum("tpk,tk->pk", x, c, optimize=False))
