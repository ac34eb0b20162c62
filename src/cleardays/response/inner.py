"""The inner problem: levels and coefficients given the hyperparameters, at every node at once.

    eta_t = mu + rho * yesterday_t + delta * e_t(tau) + ... + u_week(t),   y_t ~ Bernoulli(sigmoid(eta_t))

u is a stationary AR(1) over weeks, b = (mu, rho, delta, ...) is normal. Where
yesterday and today are known for certain a day is one logistic row; the runs in
between are summed over their paths (`hidden`), which is why the log posterior
need not be concave. Steps use the expected information, which is always positive;
the last ones, and the evidence, use the observed one. A Gaussian at the mode is
then shifted from the mode towards the mean by one more solve with the third
derivatives (the skew shift), which removes most of Laplace's error. Method:
docs/explanation/response-model.md, "Inner problem".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics import arrowhead
from cleardays.response.hidden import FIRST, LAST_WEEK, THIS_WEEK
from cleardays.response.model import Model, Point, look
from cleardays.response.pieces import assemble, scatter

Array = NDArray[np.float64]

_LONGEST_STEP = 4.0  # on the linear predictor, in one step
_NEAR = 0.1  # from here on the observed information gives the better step
SETTLED = 1e-5  # of a step with the observed information, which leaves an error of its square
_MOST_STEPS = 100
_MOST_HALVINGS = 30


class Inner(NamedTuple):
    """The Gaussian approximation of each node."""

    levels: Array  # (W, K) mean of u
    coefficients: Array  # (p, K) mean of b
    system: arrowhead.Arrowhead  # the factored information at the mode
    log_evidence: Array  # (K,) log p(y | node)
    steps: int
    settled: bool  # every node came to rest, on a summit


def gradient(model: Model, point: Point) -> tuple[Array, Array]:
    """Of the log posterior, with respect to levels (W, K) and coefficients (p, K)."""
    nodes = model.nodes
    scale = 1.0 / (nodes.spread**2 * (1.0 - nodes.persistence**2))
    diagonal = scale * (1.0 + nodes.persistence**2)
    pull = diagonal * point.levels
    pull[0] -= (diagonal - scale) * point.levels[0]
    pull[-1] -= (diagonal - scale) * point.levels[-1]
    pull[1:] -= nodes.persistence * scale * point.levels[:-1]
    pull[:-1] -= nodes.persistence * scale * point.levels[1:]
    rows = model.design.rows
    residual = rows.yes[:, None] - rows.trials[:, None] * point.chance
    top, bottom = scatter(model.pieces, model.x, residual, point.passage.gradient, point.passage.slope)
    return top - pull, bottom - nodes.precision * (point.coefficients - nodes.mean)


def _information(model: Model, point: Point) -> arrowhead.Arrowhead:
    """The factored information: observed where second derivatives are at hand, else expected."""
    passage = point.passage
    weight = passage.weight if passage.curvature is None else passage.slope**2
    parts = assemble(model.nodes, model.pieces, model.x, _rows_information(model, point), weight, passage)
    return arrowhead.factor(*parts)


def _rows_information(model: Model, point: Point) -> Array:
    return np.asarray(model.design.rows.trials[:, None] * point.chance * point.chance_not)


def solve_inner(model: Model, before: Inner | None = None) -> Inner:
    """Mode, factored information, skew shift and Laplace evidence of each node.

    Args:
        model: the model at its nodes.
        before: the same at another frame of the same grid; the search sets out there instead of at the prior's mean.
    """
    if before is None:
        here = look(model, np.zeros((model.design.n_weeks, len(model.nodes.spread))), model.nodes.mean.copy())
    else:
        here = look(model, before.levels, before.coefficients, curved=True)
    steps, longest, curved = 0, np.inf, False
    while steps < _MOST_STEPS and not (curved and longest < SETTLED):
        steps += 1
        curved = here.passage.curvature is not None
        system = _information(model, here)
        if not system.positive.all():  # the observed information, on the way: not yet near enough
            here, curved = look(model, here.levels, here.coefficients), False
            system = _information(model, here)
        up, along = arrowhead.solve(system, *gradient(model, here))
        length = _reach(model, up, along)
        longest = float(length.max())
        fraction = np.minimum(1.0, _LONGEST_STEP / np.maximum(length, SETTLED))
        here = _climb(model, here, up, along, fraction, curved=longest < _NEAR)
    if here.passage.curvature is None:
        here = look(model, here.levels, here.coefficients, curved=True)
    system = _information(model, here)
    summit = bool(system.positive.all())
    if not summit:
        here = look(model, here.levels, here.coefficients)
        system = _information(model, here)
    evidence = here.log_posterior - 0.5 * arrowhead.log_determinant(system)
    shift_u, shift_b = _skew_shift(model, here, system)
    settled = longest < SETTLED and summit
    return Inner(here.levels + shift_u, here.coefficients + shift_b, system, evidence, steps, settled)


def _reach(model: Model, up: Array, along: Array) -> Array:
    """No farther than this does a step go on the linear predictor, at each node."""
    return np.asarray(np.abs(up).max(axis=0) + model.extent @ np.abs(along))


def _climb(model: Model, here: Point, up: Array, along: Array, fraction: Array, *, curved: bool) -> Point:
    """Take the step, halved at the nodes where it would go downhill; no step where none goes up."""
    for _ in range(_MOST_HALVINGS):
        there = look(model, here.levels + fraction * up, here.coefficients + fraction * along, curved=curved)
        worse = there.log_posterior < here.log_posterior - 1e-9 * (1.0 + np.abs(here.log_posterior))
        if not worse.any():
            return there
        fraction = np.where(worse, 0.5 * fraction, fraction)
    fraction = np.where(worse, 0.0, fraction)
    return look(model, here.levels + fraction * up, here.coefficients + fraction * along, curved=curved)


def _skew_shift(model: Model, here: Point, system: arrowhead.Arrowhead) -> tuple[Array, Array]:
    """From the mode towards the mean: H^-1 sum_t c_t h_t, c_t = l'''(eta_t) Var(eta_t) / 2, eta_t the logit of a day's chance.

    For a day at the end of a run eta is the logit of the filtered chance, taken
    as linear near the mode with gradient h_t.
    """
    pieces = model.pieces
    inverse = arrowhead.corner_inverse(system.schur)
    variances, beside = arrowhead.chain_covariances(system.chain)
    tied = system.reduced_border.transpose(1, 0, 2)  # (p, W, K)
    variance = variances[model.week] + _quadratic(model.x - tied[:, model.week], inverse)
    third = -0.5 * _rows_information(model, here) * (here.chance_not - here.chance) * variance
    f = here.passage.chance
    h = here.passage.gradient / (f * (1.0 - f))
    this, last = h[THIS_WEEK], h[LAST_WEEK]
    now = pieces.week_of_end
    before = np.maximum(now - 1, 0)
    spread = this**2 * variances[now] + last**2 * variances[before] + 2.0 * this * last * beside[before]
    spread += _quadratic(h[FIRST:] - this * tied[:, now] - last * tied[:, before], inverse)
    third_runs = -0.5 * f * (1.0 - f) * (1.0 - 2.0 * f) * spread
    return arrowhead.solve(system, *scatter(pieces, model.x, third, h, third_runs))


def _quadratic(x: Array, matrix: Array) -> Array:
    """x' M x of each row and node: x (p, T, K), M (p, p, K)."""
    total = np.zeros(x.shape[1:])
    for i in range(len(x)):
        along = matrix[i, i] * x[i]
        for j in range(i):
            along = along + 2.0 * matrix[i, j] * x[j]
        total += along * x[i]
    return total
