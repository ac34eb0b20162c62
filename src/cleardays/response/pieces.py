"""Summing what days contribute: into weeks, and into the arrowhead system of levels and coefficients."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.distinct import distinct
from cleardays.response.design import Design
from cleardays.response.hidden import FIRST, LAST_WEEK, THIS_WEEK, Passage
from cleardays.response.nodes import Nodes

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


class Weeks(NamedTuple):
    """How rows fall into weeks: rows in the order of their weeks, the first row of each week that has some, those weeks."""

    order: Whole | None  # None where they are in order already
    first: Whole
    filled: Whole
    n_weeks: int

    def total(self, rows: Array) -> Array:
        """Sum rows (T, ...) within weeks, giving (W, ...)."""
        out = np.zeros((self.n_weeks, *rows.shape[1:]))
        if len(self.first):
            out[self.filled] = np.add.reduceat(rows if self.order is None else rows[self.order], self.first, axis=0)
        return out


class Pieces(NamedTuple):
    """Where the rows and the written days of the runs belong."""

    rows: Weeks
    ends: Weeks
    week_of_end: Whole  # (O,)


def gather(design: Design) -> Pieces:
    """Sort out which week each row and each written day of a run belongs to."""
    observed = design.runs.observed
    week_of_end = design.week_of_day[design.runs.day[observed]]
    order = np.argsort(week_of_end, kind="stable")
    rows = _weeks(design.week_of_day[design.rows.day], None, design.n_weeks)
    return Pieces(rows, _weeks(week_of_end[order], order, design.n_weeks), week_of_end)


def _weeks(sorted_weeks: Whole, order: Whole | None, n_weeks: int) -> Weeks:
    filled, counts = distinct(sorted_weeks)
    return Weeks(order, np.cumsum(counts) - counts, filled, n_weeks)


def scatter(pieces: Pieces, x: Array, along_rows: Array, gradient: Array, along_ends: Array) -> tuple[Array, Array]:
    """sum_t c_t d eta_t / d(levels, coefficients): (W, K) and (p, K).

    Args:
        pieces: where the rows belong.
        x: covariates of the rows (p, T, K).
        along_rows: their c (T, K).
        gradient: of the written days of runs, with respect to their local parameters (2 + p, O, K).
        along_ends: their c (O, K).
    """
    top = pieces.rows.total(along_rows)
    moved = gradient * along_ends
    top += pieces.ends.total(moved[THIS_WEEK])
    top[:-1] += pieces.ends.total(moved[LAST_WEEK])[1:]
    bottom = moved[FIRST:].sum(axis=1)
    bottom += (x * along_rows).sum(axis=1)
    return top, bottom


def assemble(
    nodes: Nodes, pieces: Pieces, x: Array, v: Array, weight: Array, passage: Passage
) -> tuple[Array, Array, Array, Array]:
    """Diagonal, off-diagonal, border and corner of the negative Hessian, prior included.

    Args:
        nodes: for the prior.
        pieces: where the rows belong.
        x: covariates of the rows (p, T, K).
        v: information of the rows about their linear predictor (T, K).
        weight: information of the written days of runs about their chance (O, K).
        passage: their derivatives; with second ones the Hessian is the observed one.
    """
    rows, ends, g, p, weeks = pieces.rows, pieces.ends, passage.gradient, len(nodes.mean), pieces.rows.n_weeks
    scale = 1.0 / (nodes.spread**2 * (1.0 - nodes.persistence**2))
    diagonal = np.repeat((scale * (1.0 + nodes.persistence**2))[None], weeks, axis=0)
    diagonal[0] = diagonal[-1] = scale  # the horizon makes it at least five weeks
    off = np.repeat((-nodes.persistence * scale)[None], weeks - 1, axis=0)
    border, corner = np.empty((weeks, p, len(scale))), np.empty((p, p, len(scale)))
    weighed = g * weight

    def of(i: int, j: int) -> Array:
        part = weighed[i] * g[j]
        return np.asarray(part if passage.curvature is None else part - passage.slope * passage.curvature[i, j])

    diagonal += rows.total(v) + ends.total(of(THIS_WEEK, THIS_WEEK))
    diagonal[:-1] += ends.total(of(LAST_WEEK, LAST_WEEK))[1:]
    off += ends.total(of(LAST_WEEK, THIS_WEEK))[1:]
    for i in range(p):
        vx = v * x[i]
        border[:, i] = rows.total(vx) + ends.total(of(THIS_WEEK, FIRST + i))
        border[:-1, i] += ends.total(of(LAST_WEEK, FIRST + i))[1:]
        for j in range(i + 1):
            corner[i, j] = corner[j, i] = (vx * x[j]).sum(axis=0) + of(FIRST + i, FIRST + j).sum(axis=0)
        corner[i, i] += nodes.precision[i]
    return diagonal, off, border, corner
