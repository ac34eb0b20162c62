"""Summing what days contribute: into weeks, and into the arrowhead system of levels and coefficients."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.response.design import Design
from cleardays.response.hidden import THIS_WEEK, widened
from cleardays.response.latent import Prior

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


class Weeks(NamedTuple):
    """How rows in the order of their weeks fall into them: the first row of each week that has some, and those weeks."""

    first: Whole
    filled: Whole
    n_weeks: int

    def total(self, rows: Array) -> Array:
        """Sum rows (..., T, K) within weeks, giving (..., W, K)."""
        out = np.zeros((*rows.shape[:-2], self.n_weeks, rows.shape[-1]))
        if len(self.first):
            out[..., self.filled, :] = np.add.reduceat(rows, self.first, axis=-2)
        return out


class Pieces(NamedTuple):
    """Where the rows and the written days of the runs belong."""

    rows: Weeks
    ends: Weeks
    week_of_end: Whole  # (O,)


def gather(design: Design) -> Pieces:
    """Sort out which week each row and each written day of a run belongs to."""
    weeks, week_of_end = design.week_of_day, design.week_of_day[design.runs.day[design.runs.observed]]
    return Pieces(_weeks(weeks[design.rows.day], design.n_weeks), _weeks(week_of_end, design.n_weeks), week_of_end)


def _weeks(sorted_weeks: Whole, n_weeks: int) -> Weeks:
    counts = np.bincount(sorted_weeks, minlength=n_weeks)
    filled = np.flatnonzero(counts)
    return Weeks((np.cumsum(counts) - counts)[filled], filled, n_weeks)


def scatter(pieces: Pieces, x: Array, along_rows: Array, gradient: Array, along_ends: Array) -> tuple[Array, Array]:
    """sum_t c_t d eta_t / d(levels, coefficients): (W, K) and (p, K).

    Args:
        pieces: where the rows belong.
        x: covariates of the rows (p, T, K).
        along_rows: their c (T, K).
        gradient: of the written days of runs, with respect to their local parameters (1 + p, O, K).
        along_ends: their c (O, K).
    """
    moved = gradient * along_ends
    last, this = pieces.ends.total(moved[: THIS_WEEK + 1])
    top = pieces.rows.total(along_rows) + this
    top[:-1] += last[1:]
    return top, np.einsum("ptk,tk->pk", x, along_rows) + widened(moved.sum(axis=1))[THIS_WEEK + 1 :]


def assemble(prior: Prior, pieces: Pieces, x: Array, v: Array, ends: Array) -> tuple[Array, Array, Array, Array]:
    """Diagonal, off-diagonal, border and corner of the negative Hessian, prior included.

    Args:
        prior: of levels and coefficients.
        pieces: where the rows belong.
        x: covariates of the rows (p, T, K).
        v: information of the rows about their linear predictor (T, K).
        ends: information of the written days of runs about their local parameters (1 + p, 1 + p, O, K).
    """
    diagonal, off = prior.information(pieces.rows.n_weeks)
    weekly = widened(pieces.ends.total(ends[:, : THIS_WEEK + 1]))  # last week's and this week's level against all there is
    diagonal += pieces.rows.total(v) + weekly[1, 1]
    diagonal[:-1] += weekly[0, 0, 1:]
    off += weekly[0, 1, 1:]
    vx = v * x
    border = pieces.rows.total(vx) + weekly[2:, 1]
    border[:, :-1] += weekly[2:, 0, 1:]
    corner = np.einsum("itk,jtk->ijk", vx, x) + widened(widened(ends.sum(axis=2)).swapaxes(0, 1))[2:, 2:]
    p = np.arange(len(x))
    corner[p, p] += prior.precision
    return diagonal, off, border.swapaxes(0, 1), corner
