"""The inner problem: levels and coefficients given the hyperparameters, at every node at once.

    eta_t = mu + rho * yesterday_t + delta * e_t(tau) + ... + u_week(t),   y_t ~ Bernoulli(sigmoid(eta_t))

u is a stationary AR(1) over weeks, b = (mu, rho, delta, ...) is normal. Where
yesterday and today are known for certain a day is one logistic row; the runs in
between are summed over their paths (`hidden`), which is why the log posterior
need not be concave. The first steps use the expected information, which is always
positive; the later ones, and the evidence, use the observed one. A Gaussian at the mode is
then shifted from the mode towards the mean by one more solve with the third
derivatives (the skew shift), which removes most of Laplace's error. Method:
docs/explanation/response-model.md, "Inner problem".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics import arrowhead
from cleardays.numerics.logistic import logit
from cleardays.response.design import USUAL
from cleardays.response.hidden import LAST_WEEK, THIS_WEEK, widened
from cleardays.response.model import Model, Point, look
from cleardays.response.pieces import assemble, scatter

Array = NDArray[np.float64]
Place = tuple[Array, Array]  # of levels (W, K) and coefficients (p, K)

_LONGEST_STEP = 4.0  # on the linear predictor, in one step
_NEAR = 1.0  # from here on the observed information gives the better step
SETTLED = 1e-5  # of a step with the observed information, which leaves an error of its square; a shorter one is not bent
_SETTLED_BENT = 5e-5  # of one with the third derivatives in it
_MOST_STEPS = 100
_MOST_HALVINGS = 30


class Inner(NamedTuple):
    """The Gaussian approximation of each node."""

    levels: Array  # (W, K) mean of u
    coefficients: Array  # (p, K) mean of b
    chain: arrowhead.Chain  # the information at the mode, factored: of the levels,
    tied: Array  # (W, p, K) how they go along with the coefficients,
    schur: arrowhead.Corner  # and of the coefficients
    log_evidence: Array  # (K,) log p(y | node)
    steps: int
    settled: bool  # every node came to rest, on a summit


def gradient(model: Model, point: Point) -> Place:
    """Of the log posterior, with respect to levels (W, K) and coefficients (p, K)."""
    rows = model.design.rows
    residual = rows.yes[:, None] - rows.trials[:, None] * point.chance
    top, bottom = scatter(model.pieces, model.x, residual, point.passage.gradient, point.passage.slope)
    return top - point.pull[0], bottom - point.pull[1]


def _information(model: Model, point: Point) -> tuple[Array, Array, Array, Array]:
    """The parts of the information: observed where second derivatives are at hand, else expected."""
    return assemble(model.prior, model.pieces, model.x, point.information, point.passage.information)


def _set_out(model: Model) -> Point:
    """At the prior's mean, but for the usual level: that of the share of days had."""
    coefficients = model.nodes.mean.copy()
    coefficients[USUAL] = logit(np.asarray(model.design.centre))
    return look(model, np.zeros((model.design.n_weeks, coefficients.shape[1])), coefficients)


def solve_inner(model: Model, before: Inner | None = None) -> Inner:
    """Mode, factored information, skew shift and Laplace evidence of each node.

    Args:
        model: the model at its nodes.
        before: the same at another frame of the same grid, to set out from.
    """
    here = _set_out(model) if before is None else look(model, before.levels, before.coefficients, curved=True)
    steps, longest, curved = 0, np.inf, False
    while steps < _MOST_STEPS and not (curved and longest < _SETTLED_BENT):
        steps += 1
        curved = here.passage.curved
        system, step = arrowhead.factor_and_solve(*_information(model, here), *gradient(model, here))
        if not system.positive.all():  # the observed information, on the way: not yet near enough
            here, curved = look(model, here.levels, here.coefficients), False
            system, step = arrowhead.factor_and_solve(*_information(model, here), *gradient(model, here))
        length = _reach(model, step)
        longest = float(length.max())
        bend = None
        if SETTLED < longest < _NEAR:
            bend = _third_order(model, here, system, *_squares(model, here, step))
        fraction = np.minimum(1.0, _LONGEST_STEP / np.maximum(length, SETTLED))
        here = _climb(model, here, step, bend, fraction, curved=longest < _NEAR)
    if not here.passage.curved:
        here = look(model, here.levels, here.coefficients, curved=True)
    system = arrowhead.factor(*_information(model, here))
    summit = bool(system.positive.all())
    if not summit:
        here = look(model, here.levels, here.coefficients)
        system = arrowhead.factor(*_information(model, here))
    evidence = here.log_posterior - 0.5 * arrowhead.log_determinant(system.chain, system.schur)
    tied = arrowhead.reduced_border(system)
    shift_u, shift_b = _skew_shift(model, here, system, tied)
    levels, coefficients, settled = here.levels + shift_u, here.coefficients + shift_b, longest < _SETTLED_BENT and summit
    return Inner(levels, coefficients, system.chain, tied, system.schur, evidence, steps, settled)


def _reach(model: Model, step: Place) -> Array:
    """No farther than this does a step go on the linear predictor, at each node."""
    up, along = step
    return np.asarray(np.abs(up).max(axis=0) + model.extent @ np.abs(along))


def _climb(model: Model, here: Point, step: Place, bend: Place | None, fraction: Array, *, curved: bool) -> Point:
    """Take the step, halved at the nodes where it would go downhill; no step where none goes up. A bend goes by its square."""

    def at(fraction: Array) -> Point:
        u, b = here.levels + fraction * step[0], here.coefficients + fraction * step[1]
        if bend is not None:
            u, b = u + fraction**2 * bend[0], b + fraction**2 * bend[1]
        return look(model, u, b, curved=curved)

    for _ in range(_MOST_HALVINGS):
        there = at(fraction)
        worse = ~(there.log_posterior >= here.log_posterior - 1e-9 * (1.0 + np.abs(here.log_posterior)))
        if not worse.any():
            return there
        fraction = np.where(worse, 0.5 * fraction, fraction)
    return at(np.where(worse, 0.0, fraction))


def _third_order(model: Model, here: Point, system: arrowhead.Arrowhead, of_rows: Array, of_ends: Array) -> Place:
    """H^-1 sum_t c_t h_t, c_t = l'''(eta_t) / 2 times a square of each row (T, K) and of each written day of a run (O, K).

    For a day at the end of a run eta is the logit of the filtered chance, taken as linear with gradient h_t.
    """
    third = 0.5 * here.information * (here.chance - here.chance_not) * of_rows
    f = here.passage.chance
    third_runs = f * (1.0 - f) * (f - 0.5) * of_ends
    return arrowhead.solve(system, *scatter(model.pieces, model.x, third, _of_logit(here), third_runs))


def _of_logit(here: Point) -> Array:
    """h_t of the written days of runs, with respect to their local parameters (1 + p, O, K)."""
    f = here.passage.chance
    return np.asarray(here.passage.gradient / (f * (1.0 - f)))


def _squares(model: Model, here: Point, step: Place) -> Place:
    """How far a step moves each eta_t, squared: with it, Newton's step becomes Chebyshev's, of third order."""
    (up, along), h, now = step, _of_logit(here), model.pieces.week_of_end
    rows = up[model.week] + np.einsum("ptk,pk->tk", model.x, along)
    ends = h[THIS_WEEK] * up[now] + h[LAST_WEEK] * up[np.maximum(now - 1, 0)]
    return rows**2, (ends + np.einsum("pok,pk->ok", widened(h)[THIS_WEEK + 1 :], along)) ** 2


def _skew_shift(model: Model, here: Point, system: arrowhead.Arrowhead, tied: Array) -> Place:
    """From the mode towards the mean: H^-1 sum_t c_t h_t, c_t = l'''(eta_t) Var(eta_t) / 2."""
    inverse = arrowhead.corner_inverse(system.schur)
    variances, beside = arrowhead.chain_covariances(system.chain)
    of_week = tied.swapaxes(0, 1)  # (p, W, K)
    rows = variances[model.week] + _quadratic(model.x - of_week[:, model.week], inverse)
    h, now = _of_logit(here), model.pieces.week_of_end
    before, this, last = np.maximum(now - 1, 0), h[THIS_WEEK], h[LAST_WEEK]
    ends = this**2 * variances[now] + last**2 * variances[before] + 2.0 * this * last * beside[before]
    ends += _quadratic(widened(h)[THIS_WEEK + 1 :] - this * of_week[:, now] - last * of_week[:, before], inverse)
    return _third_order(model, here, system, rows, ends)


def _quadratic(x: Array, matrix: Array) -> Array:
    """x' M x of each row and node: x (p, T, K), M (p, p, K)."""
    return np.asarray(np.einsum("itk,itk->tk", np.einsum("ijk,jtk->itk", matrix, x), x))
