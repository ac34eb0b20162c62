"""A design joined to its nodes, and the log posterior at one place of each node."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.logistic import sigmoids
from cleardays.response.design import CARRY, EFFECT, Design
from cleardays.response.hidden import Passage, forward, log_likelihood
from cleardays.response.nodes import Nodes
from cleardays.response.pieces import Pieces, gather

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


class Model(NamedTuple):
    """A design joined to its nodes: what the steps need again and again."""

    design: Design
    nodes: Nodes
    exposures: Array  # (n_tau, n_days + horizon), the delayed exposure of each calendar day at each onset
    rows: Array  # (T, p) covariates of the certain days, exposure apart
    week: Whole  # (T,) their weeks
    x: Array  # (p, T, K) covariates of the certain days at each node
    x_runs: Array  # (p, C, K) covariates of the cells of the runs, without yesterday
    week_runs: Whole  # (C,) their weeks
    pieces: Pieces


def join(design: Design, nodes: Nodes, exposures: Array) -> Model:
    """`exposures` is (n_tau, n_days + horizon), the delayed exposure of each calendar day at each onset."""
    rows = design.row_of_day[design.day]
    rows[:, CARRY] = design.previous
    weeks = design.week_of_day
    return Model(
        design,
        nodes,
        exposures,
        rows,
        weeks[design.day],
        _at_nodes(rows, exposures[:, design.day], nodes),
        _at_nodes(design.row_of_day[design.runs.day], exposures[:, design.runs.day], nodes),
        weeks[design.runs.day],
        gather(design),
    )


def _at_nodes(rows: Array, exposures: Array, nodes: Nodes) -> Array:
    x = np.repeat(rows.T[:, :, None], len(nodes.spread), axis=2)
    x[EFFECT] = exposures.T[:, nodes.onset_index]
    return x


class Point(NamedTuple):
    """The log posterior and its parts at one place (levels, coefficients) of each node."""

    levels: Array
    coefficients: Array
    chance: Array  # (T, K) of the certain days
    chance_not: Array
    passage: Passage
    log_posterior: Array  # (K,), without the constant -n/2 log(2 pi)


def look(model: Model, levels: Array, coefficients: Array, *, curved: bool = False) -> Point:
    """Everything about one place but the factored information."""
    design = model.design
    chance, chance_not = sigmoids(_predictor(model, model.rows, design.day, levels[model.week], coefficients))
    a = _predictor(model, design.row_of_day[design.runs.day], design.runs.day, levels[model.week_runs], coefficients)
    carry, recall = coefficients[CARRY], model.nodes.recall
    passage = forward(design.runs, model.week_runs, model.x_runs, a, carry, design.centre, recall, curved=curved)
    seen = np.where(design.had[:, None] > 0.5, chance, chance_not)
    total = np.log(seen).sum(axis=0) + passage.log_likelihood + log_prior(model.nodes, levels, coefficients)
    return Point(levels, coefficients, chance, chance_not, passage, total)


def log_posterior(model: Model, levels: Array, coefficients: Array) -> tuple[Array, Array]:
    """log p(y, u, b | node) without the constant -n/2 log(2 pi), and P(had on the last written day), each (K,).

    Nothing of the size (p, T, K) is held, so that K may be the number of draws.
    """
    design = model.design
    eta = _predictor(model, model.rows, design.day, levels[model.week], coefficients)
    signed = np.where(design.had[:, None] > 0.5, eta, -eta)
    a = _predictor(model, design.row_of_day[design.runs.day], design.runs.day, levels[model.week_runs], coefficients)
    runs, last = log_likelihood(design.runs, a, coefficients[CARRY], design.centre, model.nodes.recall)
    if len(design.day) and design.day[-1] == design.known_days[-1]:
        last = np.full(runs.shape, design.had[-1])
    return -np.logaddexp(0.0, -signed).sum(axis=0) + runs + log_prior(model.nodes, levels, coefficients), last


def _predictor(model: Model, rows: Array, days: Whole, levels: Array, coefficients: Array) -> Array:
    eta = rows @ coefficients
    eta += levels
    eta += model.exposures[:, days].T[:, model.nodes.onset_index] * coefficients[EFFECT]
    return np.asarray(eta)


def chain_quadratic(levels: Array, spread: Array, persistence: Array) -> Array:
    """u' Q u of the stationary AR(1), for levels (W, K)."""
    innovations = levels[1:] - persistence * levels[:-1]
    total = levels[0] ** 2 + (innovations**2).sum(axis=0) / (1.0 - persistence**2)
    return np.asarray(total / spread**2)


def log_prior(nodes: Nodes, levels: Array, coefficients: Array) -> Array:
    """log p(u, b | node) without the constant -n/2 log(2 pi), shape (K,)."""
    weeks = len(levels)
    away = coefficients - nodes.mean
    log_det = -2.0 * weeks * np.log(nodes.spread) - (weeks - 1) * np.log1p(-(nodes.persistence**2))
    log_det = log_det + np.log(nodes.precision).sum(axis=0)
    quadratic = chain_quadratic(levels, nodes.spread, nodes.persistence) + (nodes.precision * away**2).sum(axis=0)
    return np.asarray(0.5 * log_det - 0.5 * quadratic)
