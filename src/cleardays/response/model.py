"""A design joined to its nodes, and the log posterior at one place of each node."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.logistic import sigmoids
from cleardays.response.design import ALONE, CARRY, EFFECT, Design
from cleardays.response.hidden import Passage, forward, log_likelihood
from cleardays.response.nodes import Nodes
from cleardays.response.pieces import Pieces, gather

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


class Outline(NamedTuple):
    """A design and the nodes that it is to be solved at."""

    design: Design
    nodes: Nodes
    exposures: Array  # (n_tau, n_days + horizon), the delayed exposure of each calendar day at each onset


class Model(NamedTuple):
    """A design joined to its nodes: what the steps in numpy need again and again."""

    design: Design
    nodes: Nodes
    exposures: Array  # as in the outline
    week: Whole  # (T,) the week of each row
    x: Array  # (p, T, K) covariates of the rows at each node
    week_runs: Whole  # (C,) the week of each cell of the runs
    x_runs: Array  # (p, C, K) covariates of the cells, without yesterday
    pieces: Pieces
    extent: Array  # (p,) the greatest covariate of any day, whatever its sign


def join(design: Design, nodes: Nodes, exposures: Array) -> Model:
    """The parts of an outline, joined."""
    rows, cells, weeks = design.rows, design.runs.day, design.week_of_day
    return Model(
        design,
        nodes,
        exposures,
        weeks[rows.day],
        _at_nodes(rows.x, (rows.exposed, rows.also), exposures[:, rows.day], nodes),
        weeks[cells],
        _at_nodes(design.row_of_day[cells], (np.full(len(cells), EFFECT),), exposures[:, cells], nodes),
        gather(design),
        extent_of(design, exposures),
    )


def extent_of(design: Design, exposures: Array) -> Array:
    """(p,) the greatest covariate of any day, whatever its sign."""
    days = design.row_of_day[: design.n_days]
    extent = np.maximum(np.abs(days).max(axis=0), np.abs(design.rows.x).max(axis=0, initial=0.0))
    extent[CARRY] = 1.0
    exposed = np.concatenate([[EFFECT], design.rows.exposed, design.rows.also[design.rows.also != ALONE]])
    extent[exposed] = np.maximum(extent[exposed], np.abs(exposures).max(initial=0.0))
    return np.asarray(extent)


def _at_nodes(x: Array, exposed: tuple[Whole, ...], exposures: Array, nodes: Nodes) -> Array:
    at = np.repeat(x.T[:, :, None], len(nodes.spread), axis=2)
    for columns in exposed:
        rows = np.flatnonzero(columns != ALONE)
        at[columns[rows], rows] = exposures.T[rows][:, nodes.onset_index]
    return at


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
    chance, chance_not = sigmoids(_eta(model, levels, coefficients))
    a = _cells(model, levels, coefficients)
    carry, recall = coefficients[CARRY], model.nodes.recall
    passage = forward(design.runs, model.week_runs, model.x_runs, a, carry, design.centre, recall, curved=curved)
    total = _log_likelihood(design, chance, chance_not) + passage.log_likelihood
    total = total + log_prior(model.nodes, levels, coefficients)
    return Point(levels, coefficients, chance, chance_not, passage, total)


def log_posterior(model: Model, levels: Array, coefficients: Array) -> tuple[Array, Array]:
    """log p(y, u, b | node) without the constant -n/2 log(2 pi), and P(had on the last written day), each (K,).

    Nothing of the size (p, T, K) is held, so that K may be the number of draws.
    """
    design = model.design
    rows = _log_likelihood(design, *sigmoids(_eta(model, levels, coefficients)))
    a = _cells(model, levels, coefficients)
    runs, last = log_likelihood(design.runs, a, coefficients[CARRY], design.centre, model.nodes.recall)
    if design.known_days[-1] != design.runs.day.max():
        last = np.full(runs.shape, float(design.last_had))
    return rows + runs + log_prior(model.nodes, levels, coefficients), last


def _log_likelihood(design: Design, chance: Array, chance_not: Array) -> Array:
    rows = design.rows
    if rows.single:
        return np.asarray(np.log(np.where(rows.yes[:, None] > 0.5, chance, chance_not)).sum(axis=0))
    return np.asarray(rows.yes @ np.log(chance) + (rows.trials - rows.yes) @ np.log(chance_not))


def _eta(model: Model, levels: Array, coefficients: Array) -> Array:
    """The linear predictor of the rows (T, K)."""
    rows = model.design.rows
    eta = rows.x @ coefficients
    eta += levels[model.week]
    effect = coefficients[rows.exposed]
    if rows.also.max(initial=ALONE) != ALONE:
        effect = effect + np.where(rows.also[:, None] == ALONE, 0.0, coefficients[rows.also])
    eta += model.exposures[:, rows.day].T[:, model.nodes.onset_index] * effect
    return np.asarray(eta)


def _cells(model: Model, levels: Array, coefficients: Array) -> Array:
    """The linear predictor of the cells of the runs, without yesterday (C, K)."""
    days = model.design.runs.day
    a = model.design.row_of_day[days] @ coefficients
    a += levels[model.week_runs]
    a += model.exposures[:, days].T[:, model.nodes.onset_index] * coefficients[EFFECT]
    return np.asarray(a)


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
