"""A design joined to its nodes, and the log posterior at one place of each node."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.logistic import log_product, sigmoids
from cleardays.response.design import ALONE, CARRY, EFFECT, Design
from cleardays.response.hidden import Passage, Position, Recall, forward, log_likelihood, positions_of
from cleardays.response.latent import Prior, prior_of
from cleardays.response.nodes import Nodes
from cleardays.response.pieces import Pieces, gather

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


_MOST = 80.0  # on the logit, of one answer; a draw so far off weighs nothing
_TOGETHER = 15_000  # numbers in an array of draws; more would not stay at hand in the processor's memory


class Outline(NamedTuple):
    """A design and the nodes that it is to be solved at."""

    design: Design
    nodes: Nodes
    exposures: Array  # (n_tau, n_days + horizon), the delayed exposure of each calendar day at each onset


class Model(NamedTuple):
    """A design joined to its nodes: what the steps in numpy need again and again."""

    design: Design
    nodes: Nodes
    prior: Prior
    exposures: Array  # as in the outline
    week: Whole  # (T,) the week of each row
    rows: Array  # (n_tau, T, p) covariates of the rows at each onset
    x: Array  # (p, T, K) and at each node
    week_runs: Whole  # (C,) the week of each cell of the runs
    cells: Array  # (n_tau, C, p) covariates of the cells, without yesterday, at each onset
    x_runs: Array  # (2, p, C, K) and at each node, after a day had and after a clear day
    positions: tuple[Position, ...]  # of the runs
    pieces: Pieces
    extent: Array  # (p,) the greatest covariate of any day, whatever its sign


def join(design: Design, nodes: Nodes, exposures: Array) -> Model:
    """The parts of an outline, joined."""
    days, cells, weeks = design.rows, design.runs.day, design.week_of_day
    rows_at = _exposed(days.x, (days.exposed, days.also), exposures[:, days.day])
    cells_at = _exposed(design.row_of_day[cells], (np.full(len(cells), EFFECT),), exposures[:, cells])
    x_runs = np.repeat(cells_at.T[None, ..., nodes.onset_index], 2, axis=0)
    x_runs[0, CARRY], x_runs[1, CARRY] = 1.0 - design.centre, -design.centre
    return Model(
        design,
        nodes,
        prior_of(nodes, design.n_weeks),
        exposures,
        weeks[days.day],
        rows_at,
        np.ascontiguousarray(rows_at.T[..., nodes.onset_index]),
        weeks[cells],
        cells_at,
        x_runs,
        positions_of(design.runs, weeks[cells], x_runs, nodes.recall),
        gather(design),
        extent_of(design, exposures),
    )


def extent_of(design: Design, exposures: Array) -> Array:
    """(p,) the greatest covariate of any day, whatever its sign."""
    rows = design.rows
    extent = np.abs(np.concatenate([design.row_of_day[: design.n_days], rows.x])).max(axis=0)
    extent[CARRY] = 1.0
    most = np.abs(exposures).max()
    extent[EFFECT] = max(extent[EFFECT], most)
    for columns in (rows.exposed, rows.also[rows.also != ALONE]):
        extent[columns] = np.maximum(extent[columns], most)
    return np.asarray(extent)


def _exposed(x: Array, columns: tuple[Whole, ...], exposures: Array) -> Array:
    """Covariates (T, p) with the exposure (n_tau, T) in its columns, (n_tau, T, p)."""
    at = np.repeat(x[None], len(exposures), axis=0)
    for column in columns:
        rows = np.flatnonzero(column != ALONE)
        at[:, rows, column[rows]] = exposures[:, rows]
    return at


class Point(NamedTuple):
    """The log posterior and its parts at one place (levels, coefficients) of each node."""

    levels: Array
    coefficients: Array
    chance: Array  # (T, K) of the certain days
    chance_not: Array
    information: Array  # (T, K) of the rows about their linear predictor
    passage: Passage
    pull: tuple[Array, Array]  # of the prior, (W, K) and (p, K)
    log_posterior: Array  # (K,), without the constant -n/2 log(2 pi)


def look(model: Model, levels: Array, coefficients: Array, *, curved: bool = False) -> Point:
    """Everything about one place but the factored information."""
    design, prior = model.design, model.prior
    chance, chance_not = sigmoids(levels[model.week] + np.einsum("ptk,pk->tk", model.x, coefficients))
    eta = levels[model.week_runs] + np.einsum("sptk,pk->stk", model.x_runs, coefficients)
    passage = forward(model.positions, design.runs.before, model.x_runs, eta, curved=curved)
    pull = prior.pull(levels, coefficients)
    total = _log_likelihood(design, chance, chance_not) + passage.log_likelihood
    total += prior.log_density(levels, coefficients, pull)
    information = design.rows.trials[:, None] * (chance * chance_not)
    return Point(levels, coefficients, chance, chance_not, information, passage, pull, total)


def log_posterior(model: Model, node: Whole, levels: Array, coefficients: Array) -> tuple[Array, Array]:
    """log p(y, u, b | node) without the constant -n/2 log(2 pi), and P(had on the last written day), each (N,).

    Those that share an onset share their covariates, and only a few are looked at at once: nothing of the size (T, N) is held.

    Args:
        model: the model at its nodes.
        node: of each place (N,).
        levels: (W, N).
        coefficients: (p, N).
    """
    design, prior = model.design, model.prior.at(node)
    total = prior.log_density(levels, coefficients, prior.pull(levels, coefficients))
    onset, a = model.nodes.onset_index[node], np.empty((len(model.week_runs), len(node)))
    for index, (rows, cells) in enumerate(zip(model.rows, model.cells, strict=True)):
        for of in _few(np.flatnonzero(onset == index), len(model.week)):
            u, b = levels[:, of], coefficients[:, of]
            total[of] += _said_at(design, rows @ b + u[model.week])
            a[:, of] = cells @ b + u[model.week_runs]
    last, in_run = np.full(len(node), float(design.last_had)), design.known_days[-1] == design.runs.day.max()
    for of in _few(np.arange(len(node)), 2 * len(a)):
        recall = Recall(*(each[node[of]] for each in model.nodes.recall))
        found, latest = log_likelihood(design.runs, a[:, of], coefficients[CARRY, of], design.centre, recall)
        total[of] += found
        if in_run:
            last[of] = latest
    return total, last


def _few(draws: Whole, numbers: int) -> list[Whole]:
    """Some draws in parts that are small enough, where each takes so many numbers."""
    return np.array_split(draws, 1 + len(draws) * numbers // _TOGETHER) if len(draws) else []


def _log_likelihood(design: Design, chance: Array, chance_not: Array) -> Array:
    rows = design.rows
    if rows.single:
        return log_product(np.where(rows.yes[:, None] > 0.5, chance, chance_not))
    return np.asarray(rows.yes @ np.log(chance) + (rows.trials - rows.yes) @ np.log(chance_not))


def _said_at(design: Design, eta: Array) -> Array:
    """The same from the linear predictor (T, N)."""
    if not design.rows.single:
        return _log_likelihood(design, *sigmoids(eta))
    eta *= np.where(design.rows.yes > 0.5, -1.0, 1.0)[:, None]
    against = np.exp(np.minimum(eta, _MOST, out=eta), out=eta)
    against += 1.0
    return -log_product(against)
