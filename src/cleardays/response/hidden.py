"""The likelihood of the runs of uncertain days, with its derivatives, at every node at once.

Along a run the filter carries f = P(had today | what was written before) from
day to day; with P1 and P0 the chances after a day had and after a clear day,

    f = h P1 + (1 - h) P0,      h = P(had yesterday | what was written up to then)

and what was written today, with probability e1 if had and e0 if clear, adds
log(f e1 + (1 - f) e0) and turns f into today's h = f e1 / (f e1 + (1 - f) e0).
First and second derivatives go along (forward differentiation), with respect
to the local parameters (last week's level, this week's level, b). A level two
weeks back is left out: its share has passed through seven transitions or more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.logistic import sigmoids
from cleardays.response.design import CARRY
from cleardays.response.runs import STEADY, Runs, Seen

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

LAST_WEEK, THIS_WEEK, FIRST = 0, 1, 2  # the local parameters: two levels, then b


class Recall(NamedTuple):
    """How far memory can be trusted: P(written had | had) and P(written clear | clear), each (K,)."""

    sensitivity: Array
    specificity: Array


class Passage(NamedTuple):
    """What a pass over the runs found. The cells about which something was written are (O,), in the order of the positions.

    `slope` is d log-likelihood / df of each (O, K); `gradient` is df / d(local parameters) (d, O, K); `curvature`
    is f's second derivative (d, d, O, K), None unless it was asked for; `weight` the expected information about f (O, K);
    `had` is P(had) of each cell given everything written up to that day (C, K).
    """

    log_likelihood: Array  # (K,)
    slope: Array
    gradient: Array
    curvature: Array | None
    weight: Array
    chance: Array  # f of each observed cell (O, K)
    had: Array


class _Day(NamedTuple):
    """The transitions of the cells of one position, and what multiplies them in the derivatives."""

    x: Array  # (p, n, K), yesterday's row 0
    up: Array  # (n, K) P(had | had)
    up_not: Array
    down: Array  # P(had | clear)
    down_not: Array


def forward(
    runs: Runs, week: Whole, x: Array, a: Array, carry: Array, centre: float, recall: Recall, *, curved: bool = False
) -> Passage:
    """One pass over all runs.

    Args:
        runs: the runs.
        week: week of each cell (C,).
        x: covariates of each cell without yesterday (p, C, K).
        a: their linear predictor, level included (C, K).
        carry: rho (K,).
        centre: c.
        recall: how far memory can be trusted.
        curved: whether second derivatives are wanted.
    """
    up, up_not = sigmoids(a + carry * (1.0 - centre))
    down, down_not = sigmoids(a - carry * centre)
    p, nodes = len(x), a.shape[1]
    found: list[tuple[Array, ...]] = []
    curves = []
    total = np.zeros(nodes)
    had = np.empty_like(a)
    h = h_not = g = c = np.empty(0)
    for position, cells in enumerate(runs.at):
        day = _Day(x[:, cells], up[cells], up_not[cells], down[cells], down_not[cells])
        n = len(day.up)
        if position == 0:
            h, h_not = _begin(runs.before, day)
            g, c = np.zeros((p + FIRST, n, nodes)), np.zeros((p + FIRST if curved else 0, p + FIRST, n, nodes))
            f, f_not, g, c = _advance(day, h, h_not, g, c, centre)
            steady = runs.before == STEADY
            settling = 1.0 / (1.0 - (day.up - day.down)[steady])
            g[:, steady] *= settling
            if curved:
                # the long-run law is the fixed point of the step, so its own derivative feeds back
                c[:, :, steady] = _fed_back(day, g, c, centre)[:, :, steady] * settling
        else:
            h, h_not, g, c = h[:n], h_not[:n], g[:, :n], c[:, :, :n]
            turned = week[cells] != week[runs.at[position - 1]][:n]
            if turned.any():
                g, c = _turn(g, c, turned)
            f, f_not, g, c = _advance(day, h, h_not, g, c, centre)
        e1, e0 = _emission(runs.seen[cells], recall)
        likelihood = f * e1 + f_not * e0
        seen = runs.seen[cells] != Seen.NOTHING
        if seen.any():
            total = total + np.log(likelihood[seen]).sum(axis=0)
            found.append(
                (((e1 - e0) / likelihood)[seen], g[:, seen], _information(f, f_not, e1, e0, runs.seen[cells])[seen], f[seen])
            )
            if curved:
                curves.append(c[:, :, seen])
        h, h_not = f * e1 / likelihood, f_not * e0 / likelihood
        had[cells] = h
        if position + 1 < len(runs.at):
            bend = e1 * e0 / likelihood**2
            if curved:
                c = c * bend - (2.0 * bend * (e1 - e0) / likelihood) * (g[:, None] * g[None])
            g = g * bend
    slope, gradient, weight, chance = (
        np.concatenate([each[i] for each in found], axis=axis) for i, axis in enumerate((0, 1, 0, 0))
    )
    return Passage(total, slope, gradient, np.concatenate(curves, axis=2) if curved else None, weight, chance, had)


def log_likelihood(runs: Runs, a: Array, carry: Array, centre: float, recall: Recall) -> tuple[Array, Array]:
    """The log-likelihood of all runs, and P(had on the day written last of all runs), each (K,); no derivatives."""
    up, up_not = sigmoids(a + carry * (1.0 - centre))
    down, down_not = sigmoids(a - carry * centre)
    total = np.zeros(a.shape[1])
    latest, last = -1, total
    h = h_not = np.empty(0)
    for position, cells in enumerate(runs.at):
        day = _Day(a[None, :0], up[cells], up_not[cells], down[cells], down_not[cells])
        n = len(day.up)
        h, h_not = _begin(runs.before, day) if position == 0 else (h[:n], h_not[:n])
        f, f_not = h * day.up + h_not * day.down, h * day.up_not + h_not * day.down_not
        e1, e0 = _emission(runs.seen[cells], recall)
        likelihood = f * e1 + f_not * e0
        total = total + np.log(likelihood).sum(axis=0)
        h, h_not = f * e1 / likelihood, f_not * e0 / likelihood
        at = int(np.argmax(np.where(runs.seen[cells] == Seen.NOTHING, -1, runs.day[cells])))
        if runs.seen[cells][at] != Seen.NOTHING and runs.day[cells][at] > latest:
            latest, last = int(runs.day[cells][at]), h[at]
    return total, last


def _begin(before: Whole, day: _Day) -> tuple[Array, Array]:
    """P(had) and P(clear) on the day before each run; the long-run law is the same the day before as on the day."""
    leaving = day.up_not + day.down
    known = before[:, None]
    h = np.where(known == STEADY, day.down / leaving, known == 1)
    return h, np.where(known == STEADY, day.up_not / leaving, known == 0)


def _advance(day: _Day, h: Array, h_not: Array, g: Array, c: Array, centre: float) -> tuple[Array, Array, Array, Array]:
    """f, 1 - f and their derivatives from yesterday's."""
    f, f_not = h * day.up + h_not * day.down, h * day.up_not + h_not * day.down_not
    v1, v0 = h * day.up * day.up_not, h_not * day.down * day.down_not
    jump = day.up - day.down
    new = g * jump
    _add(new, day.x, v1 + v0, (1.0 - centre) * v1 - centre * v0)
    if not len(c):
        return f, f_not, new, c
    w1, w0 = v1 * (day.up_not - day.up), v0 * (day.down_not - day.down)
    bent = c * jump
    bent += _crossed(g, _jump_gradient(day, centre, len(g)))
    mixed = (1.0 - centre) * w1 - centre * w0
    squared = (1.0 - centre) ** 2 * w1 + centre**2 * w0
    base = np.zeros_like(g)
    _add(base, day.x, np.ones_like(f), np.zeros_like(f))
    bent += base[:, None] * (base * (w1 + w0))[None]
    bent[FIRST + CARRY] += base * mixed
    bent[:, FIRST + CARRY] += base * mixed
    bent[FIRST + CARRY, FIRST + CARRY] += squared
    return f, f_not, new, bent


def _fed_back(day: _Day, g: Array, c: Array, centre: float) -> Array:
    return np.asarray(c + _crossed(g, _jump_gradient(day, centre, len(g))))


def _crossed(g: Array, jump: Array) -> Array:
    one = g[:, None] * jump[None]
    return np.asarray(one + one.swapaxes(0, 1))


def _jump_gradient(day: _Day, centre: float, size: int) -> Array:
    """The gradient of P1 - P0."""
    v1, v0 = day.up * day.up_not, day.down * day.down_not
    out = np.zeros((size, *v1.shape))
    _add(out, day.x, v1 - v0, (1.0 - centre) * v1 + centre * v0)
    return out


def _add(to: Array, x: Array, along: Array, carried: Array) -> None:
    """Add `along` times the row (this week's level, x) and `carried` times rho's axis."""
    to[THIS_WEEK] += along
    to[FIRST:] += x * along
    to[FIRST + CARRY] += carried


def _turn(g: Array, c: Array, turned: NDArray[np.bool_]) -> tuple[Array, Array]:
    """A new week begins in some runs: this week's level becomes last week's."""
    g, c = g.copy(), c.copy()
    g[LAST_WEEK, turned] = g[THIS_WEEK, turned]
    g[THIS_WEEK, turned] = 0.0
    if len(c):
        c[LAST_WEEK][:, turned] = c[THIS_WEEK][:, turned]
        c[:, LAST_WEEK, turned] = c[:, THIS_WEEK, turned]
        c[LAST_WEEK, LAST_WEEK, turned] = c[THIS_WEEK, THIS_WEEK, turned]
        c[THIS_WEEK][:, turned] = 0.0
        c[:, THIS_WEEK, turned] = 0.0
    return g, c


def _emission(seen: Whole, recall: Recall) -> tuple[Array, Array]:
    """P(what was written | had) and P(what was written | clear), each (n, K)."""
    nodes = len(recall.sensitivity)
    one, nought = np.ones(nodes), np.zeros(nodes)
    if_had = np.array([one, nought, one, 1.0 - recall.sensitivity, recall.sensitivity])
    if_clear = np.array([one, one, nought, recall.specificity, 1.0 - recall.specificity])
    return if_had[seen], if_clear[seen]


def _information(f: Array, f_not: Array, e1: Array, e0: Array, seen: Whole) -> Array:
    """Expected information about f: (dq/df)^2 / (q (1 - q)), q the chance of writing what was written."""
    written = (seen != Seen.NOTHING)[:, None]
    q = f * e1 + f_not * e0
    q_not = f * np.where(written, 1.0 - e1, 1.0) + f_not * np.where(written, 1.0 - e0, 1.0)
    return np.asarray((e1 - e0) ** 2 / (q * q_not))
