"""The likelihood of the runs of uncertain days, with its derivatives, at every node at once.

Along a run the filter carries f = P(had today | what was written before) from
day to day; with P1 and P0 the chances after a day had and after a clear day,

    f = h P1 + (1 - h) P0,      h = P(had yesterday | what was written up to then)

and what was written today, with probability e1 if had and e0 if clear, adds
log(f e1 + (1 - f) e0) and turns f into today's h = f e1 / (f e1 + (1 - f) e0).
First and second derivatives go along (forward differentiation), with respect
to the local parameters: last week's level, this week's level, and b but for the
usual level, which moves a day as its week's level does (`widened` puts it in).
A level two weeks back is left out: its share has passed through seven
transitions or more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.logistic import log_product
from cleardays.response.design import CARRY
from cleardays.response.runs import STEADY, Runs

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

LAST_WEEK, THIS_WEEK = 0, 1  # the local parameters: two levels, then b's second and further ones
_CARRIED = THIS_WEEK + CARRY
_MOST = 500.0  # on the logit; such odds are still a number, with the day before in them


class Recall(NamedTuple):
    """How far memory can be trusted: P(written had | had) and P(written clear | clear), each (K,)."""

    sensitivity: Array
    specificity: Array


class Passage(NamedTuple):
    """What a pass over the runs found. The cells about which something was written are (O,), in the order of the positions.

    `slope` is d log-likelihood / df of each (O, K); `gradient` is df / d(local parameters) (1 + p, O, K); `information`
    is what they say about the local parameters (1 + p, 1 + p, O, K), observed where second derivatives were asked for
    (`curved`), else expected.
    """

    log_likelihood: Array  # (K,)
    slope: Array
    gradient: Array
    information: Array
    chance: Array  # f of each observed cell (O, K)
    curved: bool


class Position(NamedTuple):
    """The cells of one position of the runs, with what stays the same from pass to pass."""

    cells: slice
    x: Array  # (p, n, K) their covariates: 1 for the usual level as for the week's, yesterday's row 0
    turned: Whole  # in which of these runs a new week begins
    written: Whole  # in which something was written; (m,)
    if_had: Array  # (m, K) P(what was written | had)
    if_clear: Array
    recalled: Whole  # which of the written ones are not the last of their run: it goes on with them in mind


class _Day(NamedTuple):
    """The transitions of the cells of one position, and what multiplies them in the derivatives."""

    x: Array  # (p, n, K)
    up: Array  # (n, K) P(had | had)
    up_not: Array
    down: Array  # P(had | clear)
    down_not: Array


def positions_of(runs: Runs, week: Whole, x: Array, recall: Recall) -> tuple[Position, ...]:
    """The positions of all runs.

    Args:
        runs: the runs.
        week: week of each cell (C,).
        x: covariates of each cell without yesterday (p, C, K).
        recall: how far memory can be trusted.
    """
    if_had, if_clear = _emissions(recall)
    found = []
    for cells, before, after in zip(runs.at, (slice(0, 0), *runs.at), (*runs.at[1:], slice(0, 0)), strict=False):
        m = min(cells.stop - cells.start, before.stop - before.start)
        turned = np.flatnonzero(week[cells][:m] != week[before][:m])
        written = np.flatnonzero(runs.seen[cells])
        seen = runs.seen[cells][written]
        recalled = np.flatnonzero(written < after.stop - after.start)
        found.append(Position(cells, x[:, cells], turned, written, if_had[seen], if_clear[seen], recalled))
    return tuple(found)


def widened(local: Array) -> Array:
    """Local parameters on the first axis with the usual level put in, which moves both weeks: two levels, then all of b."""
    return np.concatenate([local[:2], local[:1] + local[1:2], local[2:]])


def forward(
    positions: tuple[Position, ...], before: Whole, a: Array, carry: Array, centre: float, *, curved: bool = False
) -> Passage:
    """One pass over all runs.

    Args:
        positions: those of the runs.
        before: the day before each run (R,), see `Runs`.
        a: linear predictor of each cell without yesterday, level included (C, K).
        carry: rho (K,).
        centre: c.
        curved: whether second derivatives are wanted.
    """
    both, size = _transitions(a, carry, centre), THIS_WEEK + len(positions[0].x)
    n_written, nodes = sum(len(each.written) for each in positions), a.shape[1]
    likelihood, slope, chance = np.empty((3, n_written, nodes))
    gradient, information = np.empty((size, n_written, nodes)), np.empty((size, size, n_written, nodes))
    runs = len(before)
    g, c = np.zeros((size, runs, nodes)), np.zeros((size if curved else 0, size, runs, nodes))
    h = h_not = np.empty(0)
    done = 0
    for at in positions:
        day = _Day(at.x, *(each[at.cells] for each in both))
        if at.cells.start == 0:
            h, h_not = _begin(before, day)
            _add_own(day, h, h_not, g, c, centre)
            _settle(np.flatnonzero(before == STEADY), day, g, c, centre)
        else:
            n = len(day.up)
            h, h_not, g, c = h[:n], h_not[:n], g[:, :n], c[:, :, :n]
            _turn(at.turned, g, c)
            _carry_on(day, g, c, centre)
            _add_own(day, h, h_not, g, c, centre)
        h, h_not = _reached(day, h, h_not)
        if not len(at.written):
            continue
        here = slice(done, done := done + len(at.written))
        f, f_not, e1, e0 = h[at.written], h_not[at.written], at.if_had, at.if_clear
        said = f * e1 + f_not * e0
        rate = (e1 - e0) / said
        weight = rate**2 if curved else rate**2 * said / (f * (1.0 - e1) + f_not * (1.0 - e0))
        g_here = g[:, at.written]
        chance[here], likelihood[here], slope[here], gradient[:, here] = f, said, rate, g_here
        np.multiply(g_here[:, None], g_here * weight, out=information[:, :, here])
        if curved:
            information[:, :, here] -= c[:, :, at.written] * rate
        if len(at.recalled):
            _bend(at, h, h_not, g, c, said)
    return Passage(log_product(likelihood), slope, gradient, information, chance, curved)


def _bend(at: Position, h: Array, h_not: Array, g: Array, c: Array, said: Array) -> None:
    """With what was recalled in mind: from f and its derivatives to those of h, in their place."""
    e1, e0, said = at.if_had[at.recalled], at.if_clear[at.recalled], said[at.recalled]
    on = at.written[at.recalled]
    bend = e1 * e0 / said**2
    h[on], h_not[on] = h[on] * e1 / said, h_not[on] * e0 / said
    if len(c):
        c[:, :, on] = c[:, :, on] * bend - (2.0 * bend * (e1 - e0) / said) * (g[:, None, on] * g[:, on])
    g[:, on] *= bend


def log_likelihood(runs: Runs, a: Array, carry: Array, centre: float, recall: Recall) -> tuple[Array, Array]:
    """The log-likelihood of all runs, and P(had on the day written last of all runs), each (K,); no derivatives."""
    both, tables = _transitions(a, carry, centre), _emissions(recall)
    observed = runs.observed
    latest = int(observed[np.argmax(runs.day[observed])])
    likelihoods = []
    h = h_not = last = np.empty(0)
    for position, cells in enumerate(runs.at):
        day = _Day(a[None, :0], *(each[cells] for each in both))
        n = cells.stop - cells.start
        h, h_not = _begin(runs.before, day) if position == 0 else (h[:n], h_not[:n])
        h, h_not = _reached(day, h, h_not)
        written = np.flatnonzero(runs.seen[cells])
        e1, e0 = (table[runs.seen[cells][written]] for table in tables)
        if_had, if_clear = h[written] * e1, h_not[written] * e0
        likelihoods.append(if_had + if_clear)
        h[written], h_not[written] = if_had / likelihoods[-1], if_clear / likelihoods[-1]
        if cells.start <= latest < cells.stop:
            last = h[latest - cells.start].copy()
    return log_product(np.concatenate(likelihoods)), last


def _transitions(a: Array, carry: Array, centre: float) -> tuple[Array, Array, Array, Array]:
    """P(had) and P(clear), each (C, K), after a day had and after a clear day: the odds against a day are a product."""
    against = np.exp(np.minimum(-a, _MOST))
    after_had, after_clear = against * np.exp(carry * (centre - 1.0)), against * np.exp(carry * centre)
    up, down = 1.0 / (1.0 + after_had), 1.0 / (1.0 + after_clear)
    return up, after_had * up, down, after_clear * down


def _begin(before: Whole, day: _Day) -> tuple[Array, Array]:
    """P(had) and P(clear) on the day before each run; the long-run law is the same the day before as on the day."""
    h = np.repeat((before == 1).astype(float)[:, None], day.up.shape[1], axis=1)
    h_not = 1.0 - h
    steady = np.flatnonzero(before == STEADY)
    leaving = day.up_not[steady] + day.down[steady]
    h[steady], h_not[steady] = day.down[steady] / leaving, day.up_not[steady] / leaving
    return h, h_not


def _reached(day: _Day, h: Array, h_not: Array) -> tuple[Array, Array]:
    """f and 1 - f from yesterday's."""
    return h * day.up + h_not * day.down, h * day.up_not + h_not * day.down_not


def _settle(steady: Whole, day: _Day, g: Array, c: Array, centre: float) -> None:
    """The long-run law is the fixed point of the step, so its own derivative feeds back."""
    if not len(steady):
        return
    settling = 1.0 / (1.0 - (day.up - day.down)[steady])
    g[:, steady] *= settling
    if len(c):
        crossed = g[:, None, steady] * _jump_gradient(day, centre)[:, steady]
        fed = c[:, :, steady]
        fed[:, THIS_WEEK:] += crossed
        fed[THIS_WEEK:] += crossed.swapaxes(0, 1)
        c[:, :, steady] = fed * settling


def _carry_on(day: _Day, g: Array, c: Array, centre: float) -> None:
    """From the derivatives of yesterday's h to what they are of f's, in their place."""
    jump = day.up - day.down
    if len(c):
        crossed = g[:, None] * _jump_gradient(day, centre)
        c *= jump
        c[:, THIS_WEEK:] += crossed
        c[THIS_WEEK:] += crossed.swapaxes(0, 1)
    g *= jump


def _add_own(day: _Day, h: Array, h_not: Array, g: Array, c: Array, centre: float) -> None:
    """Add the derivatives of f with yesterday's h held."""
    v1, v0 = h * day.up * day.up_not, h_not * day.down * day.down_not
    g[THIS_WEEK:] += day.x * (v1 + v0)
    g[_CARRIED] += (1.0 - centre) * v1 - centre * v0
    if len(c):
        w1, w0 = v1 * (day.up_not - day.up), v0 * (day.down_not - day.down)
        mixed = day.x * ((1.0 - centre) * w1 - centre * w0)
        c[THIS_WEEK:, THIS_WEEK:] += (day.x * (w1 + w0))[:, None] * day.x
        c[_CARRIED, THIS_WEEK:] += mixed
        c[THIS_WEEK:, _CARRIED] += mixed
        c[_CARRIED, _CARRIED] += (1.0 - centre) ** 2 * w1 + centre**2 * w0


def _jump_gradient(day: _Day, centre: float) -> Array:
    """The gradient of P1 - P0, but for last week's level, on which it does not depend."""
    v1, v0 = day.up * day.up_not, day.down * day.down_not
    out = day.x * (v1 - v0)
    out[CARRY] += (1.0 - centre) * v1 + centre * v0
    return np.asarray(out)


def _turn(turned: Whole, g: Array, c: Array) -> None:
    """A new week begins in some runs: this week's level becomes last week's."""
    if not len(turned):
        return
    g[LAST_WEEK, turned] = g[THIS_WEEK, turned]
    g[THIS_WEEK, turned] = 0.0
    if len(c):
        c[LAST_WEEK][:, turned] = c[THIS_WEEK][:, turned]
        c[:, LAST_WEEK, turned] = c[:, THIS_WEEK, turned]
        c[LAST_WEEK, LAST_WEEK, turned] = c[THIS_WEEK, THIS_WEEK, turned]
        c[THIS_WEEK][:, turned] = 0.0
        c[:, THIS_WEEK, turned] = 0.0


def _emissions(recall: Recall) -> tuple[Array, Array]:
    """P(what was written | had) and P(what was written | clear) of each thing that may be written, each (5, K)."""
    one, nought = np.ones_like(recall.sensitivity), np.zeros_like(recall.sensitivity)
    if_had = np.array([one, nought, one, 1.0 - recall.sensitivity, recall.sensitivity])
    return if_had, np.array([one, one, nought, recall.specificity, 1.0 - recall.specificity])
