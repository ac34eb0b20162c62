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

from cleardays.numerics.logistic import log_product, sigmoids
from cleardays.response.runs import STEADY, Runs

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

LAST_WEEK, THIS_WEEK = 0, 1  # the local parameters: two levels, then b's second and further ones
_MOST = 500.0  # on the logit; such odds are still a number, with the day before in them


class Recall(NamedTuple):
    """How far memory can be trusted: P(written had | had) and P(written clear | clear), each (K,)."""

    sensitivity: Array
    specificity: Array


class Passage(NamedTuple):
    """What a pass over the runs found. The cells about which something was written are (O,), in the order of their days.

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
    """The cells of one position of the runs, with what stays the same from pass to pass.

    What is two in number stands first: after a day had and after a clear day, or had and clear.
    """

    cells: slice
    x: Array  # (2, p, n, K) covariates of the day after either: 1 for the usual level as for the week's
    turned: Whole  # in which of these runs a new week begins
    written: Whole  # in which something was written (m,)
    place: Whole  # and their places among all that were written (m,)
    emission: Array  # (2, m, K) P(what was written | had) and P(what was written | clear)
    recalled: Whole  # which of the written ones are not the last of their run: it goes on with them in mind


def positions_of(runs: Runs, week: Whole, x: Array, recall: Recall) -> tuple[Position, ...]:
    """The positions of all runs.

    Args:
        runs: the runs.
        week: week of each cell (C,).
        x: covariates of each cell after a day had and after a clear day (2, p, C, K).
        recall: how far memory can be trusted.
    """
    table, place = _emissions(recall), np.empty(len(week), dtype=np.int64)
    place[runs.observed] = np.arange(len(runs.observed))
    found = []
    for cells, before, after in zip(runs.at, (slice(0, 0), *runs.at), (*runs.at[1:], slice(0, 0)), strict=False):
        known = min(cells.stop - cells.start, before.stop - before.start)
        turned = np.flatnonzero(week[cells][:known] != week[before][:known])
        written = np.flatnonzero(runs.seen[cells])
        recalled = np.flatnonzero(written < after.stop - after.start)
        emission = table[:, runs.seen[cells][written]]
        found.append(Position(cells, x[:, :, cells], turned, written, place[cells][written], emission, recalled))
    return tuple(found)


def widened(local: Array) -> Array:
    """Local parameters on the first axis with the usual level put in, which moves both weeks: two levels, then all of b."""
    return np.concatenate([local[:2], local[:1] + local[1:2], local[2:]])


class _Day(NamedTuple):
    """The transitions of the cells of one position, with their derivatives; first from had and from clear."""

    chance: Array  # (2, 2, n, K) of had and of clear, from each
    along: Array  # (2, p, n, K) the gradient of P(had)
    bent: Array  # (2, n, K) the second derivative of P(had) by its linear predictor
    jump: Array  # (n, K) P(had | had) - P(had | clear)
    jump_along: Array  # (p, n, K) its gradient, but for last week's level, on which it does not depend


def _days(positions: tuple[Position, ...], x: Array, eta: Array) -> list[_Day]:
    """The transitions of each position, from the linear predictors after a day had and after a clear day (2, C, K)."""
    had, clear = sigmoids(eta)
    v, chance, jump = had * clear, np.stack([had, clear], axis=1), had[0] - had[1]
    along, bent = v[:, None] * x, v * (clear - had)
    jump_along = along[0] - along[1]
    all_at = [at.cells for at in positions]
    return [_Day(chance[:, :, at], along[:, :, at], bent[:, at], jump[at], jump_along[:, at]) for at in all_at]


def forward(positions: tuple[Position, ...], before: Whole, x: Array, eta: Array, *, curved: bool = False) -> Passage:
    """One pass over all runs.

    Args:
        positions: those of the runs.
        before: the day before each run (R,), see `Runs`.
        x: covariates of each cell after a day had and after a clear day (2, p, C, K).
        eta: linear predictor of each cell after a day had and after a clear day, level included (2, C, K).
        curved: whether second derivatives are wanted.
    """
    days, size, nodes = _days(positions, x, eta), THIS_WEEK + x.shape[1], eta.shape[-1]
    n_written = sum(len(each.written) for each in positions)
    likelihood, slope, chance = np.empty((3, n_written, nodes))
    gradient, information = np.empty((size, n_written, nodes)), np.empty((size, size, n_written, nodes))
    g, c = np.zeros((size, len(before), nodes)), np.zeros((size if curved else 0, size, len(before), nodes))
    h = _begin(before, days[0].chance[:, 0], days[0].chance[:, 1])
    for at, day in zip(positions, days, strict=True):
        n = len(day.jump)
        h, g, c = h[:, :n], g[:, :n], c[:, :, :n]
        if at.cells.start:
            _turn(at.turned, g, c)
            _carry_on(day, g, c)
        _add_own(at, day, h, g, c)
        if not at.cells.start:
            _settle(np.flatnonzero(before == STEADY), day, g, c)
        h = np.einsum("snk,stnk->tnk", h, day.chance)
        if not len(at.written):
            continue
        here, f, e, g_here = at.place, h[:, at.written], at.emission, g[:, at.written]
        said = np.einsum("snk,snk->nk", f, e)
        rate = (e[0] - e[1]) / said
        weight = rate**2 if curved else rate**2 * said / np.einsum("snk,snk->nk", f, 1.0 - e)
        chance[here], likelihood[here], slope[here], gradient[:, here] = f[0], said, rate, g_here
        told = g_here[:, None] * (g_here * weight)
        if curved:
            told -= c[:, :, at.written] * rate
        information[:, :, here] = told
        if len(at.recalled):
            _bend(at, h, g, c, said)
    return Passage(log_product(likelihood), slope, gradient, information, chance, curved)


def _bend(at: Position, h: Array, g: Array, c: Array, said: Array) -> None:
    """With what was recalled in mind: from f and its derivatives to those of h, in their place."""
    on, e, said = at.written[at.recalled], at.emission[:, at.recalled], said[at.recalled]
    bend = e[0] * e[1] / said**2
    h[:, on] *= e / said
    if len(c):
        c[:, :, on] = c[:, :, on] * bend - (2.0 * bend * (e[0] - e[1]) / said) * (g[:, None, on] * g[:, on])
    g[:, on] *= bend


def log_likelihood(runs: Runs, a: Array, carry: Array, centre: float, recall: Recall) -> tuple[Array, Array]:
    """The log-likelihood of all runs, and P(had on the day written last of all runs), each (N,); no derivatives.

    Args:
        runs: the runs.
        a: linear predictor of each cell without yesterday, level included (C, N).
        carry: rho (N,).
        centre: c.
        recall: how far memory can be trusted.
    """
    against = np.exp(np.minimum(-a, _MOST)) * np.exp(carry * np.array([[centre - 1.0], [centre]]))[:, None]
    had = 1.0 / (1.0 + against)
    clear = np.multiply(against, had, out=against)
    table, latest = _emissions(recall), int(runs.observed[-1])
    likelihoods = []
    h, last = _begin(runs.before, had, clear), np.empty(0)
    for cells in runs.at:
        h = h[:, : cells.stop - cells.start]
        h = np.array([np.einsum("snk,snk->nk", h, chance[:, cells]) for chance in (had, clear)])
        written = np.flatnonzero(runs.seen[cells])
        if len(written):
            both = h[:, written] * table[:, runs.seen[cells][written]]
            likelihoods.append(both[0] + both[1])
            h[:, written] = both / likelihoods[-1]
        if cells.start <= latest < cells.stop:
            last = h[0, latest - cells.start].copy()
    return log_product(np.concatenate(likelihoods)), last


def _begin(before: Whole, had: Array, clear: Array) -> Array:
    """P(had) and P(clear) on the day before each run (2, R, K); the long-run law is the same the day before as on the day."""
    h = np.repeat(np.array([before == 1, before == 0], dtype=float)[:, :, None], had.shape[-1], axis=2)
    steady = np.flatnonzero(before == STEADY)  # the first of the runs' cells are their first days
    entering = np.array([had[1, steady], clear[0, steady]])
    h[:, steady] = entering / entering.sum(axis=0)
    return h


def _settle(steady: Whole, day: _Day, g: Array, c: Array) -> None:
    """The long-run law is the fixed point of the step, so its own derivative feeds back."""
    settling = 1.0 / (1.0 - day.jump[steady])
    g[:, steady] *= settling
    if len(c):
        crossed = g[:, None, steady] * day.jump_along[:, steady]
        fed = c[:, :, steady]
        fed[:, THIS_WEEK:] += crossed
        fed[THIS_WEEK:] += crossed.swapaxes(0, 1)
        c[:, :, steady] = fed * settling


def _carry_on(day: _Day, g: Array, c: Array) -> None:
    """From the derivatives of yesterday's h to what they are of f's, in their place."""
    if len(c):
        crossed = g[:, None] * day.jump_along
        c *= day.jump
        c[:, THIS_WEEK:] += crossed
        c[THIS_WEEK:] += crossed.swapaxes(0, 1)
    g *= day.jump


def _add_own(at: Position, day: _Day, h: Array, g: Array, c: Array) -> None:
    """Add the derivatives of f with yesterday's h held."""
    g[THIS_WEEK:] += np.einsum("snk,spnk->pnk", h, day.along)
    if len(c):
        c[THIS_WEEK:, THIS_WEEK:] += np.einsum("sink,sjnk->ijnk", (h * day.bent)[:, None] * at.x, at.x)


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


def _emissions(recall: Recall) -> Array:
    """P(what was written | had) and P(what was written | clear) of each thing that may be written, (2, 5, K)."""
    one, nought = np.ones_like(recall.sensitivity), np.zeros_like(recall.sensitivity)
    if_had = (one, nought, one, 1.0 - recall.sensitivity, recall.sensitivity)
    return np.array([if_had, (one, one, nought, recall.specificity, 1.0 - recall.specificity)])
