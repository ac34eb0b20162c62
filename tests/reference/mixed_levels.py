"""A nonlinear mixed-effects fit by alternation: what a kinetic model is fitted to published levels with.

Lindstrom and Bates, Biometrics 1990;46:673-687. Each person's parameters are the common ones plus normal deviations,
independent of each other; residuals are normal with one standard deviation. In turn: the common parameters and the
deviations by penalised least squares under given variances, and the variances by maximum likelihood of the model made
linear there. The log likelihood is that of the last linear model.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares, minimize

_ROUNDS, _SETTLED, _STEP = 60, 1e-6, 1e-5
_SMALLEST_LOG_SD = -9.0  # of a deviation, in units of the residual: stands for none at all


class Fit(NamedTuple):
    """Common parameters, standard deviations between people, residual, and log likelihood."""

    common: np.ndarray
    sd: np.ndarray
    residual: float
    log_likelihood: float


def fit(curve, people, start, varies):
    """The fit.

    Args:
        curve: (parameters, person) to the values expected of the person.
        people: pairs of whatever `curve` needs of a person, and the values seen.
        start: the first guess of the common parameters.
        varies: the indices of those that differ between people.
    """
    varies, common = np.asarray(varies), np.asarray(start, float)
    off, log_ratio = np.zeros((len(people), varies.size)), np.zeros(varies.size)
    before = -np.inf
    for _ in range(_ROUNDS):
        common, off = _penalised(curve, people, common, off, varies, np.exp(log_ratio))
        linear = [_linear(curve, person, seen, common, own, varies) for (person, seen), own in zip(people, off, strict=True)]
        found = minimize(
            lambda log, parts=linear: -_profile(parts, log)[0],
            log_ratio,
            method="L-BFGS-B",
            bounds=[(_SMALLEST_LOG_SD, 5)] * varies.size,
            options={"ftol": 1e-14, "gtol": 1e-9},
        )
        log_ratio = found.x
        likelihood, common, residual = _profile(linear, log_ratio)
        if abs(likelihood - before) < _SETTLED:
            break
        before = likelihood
    return Fit(common, residual * np.exp(log_ratio), residual, likelihood)


def _own(common, own, varies):
    whole = common.copy()
    whole[varies] += own
    return whole


def _penalised(curve, people, common, off, varies, ratio):
    """Least squares of all people at once; deviations are counted in units of what is expected of them."""

    def away(unknown):
        shared, scaled = unknown[: common.size], unknown[common.size :].reshape(off.shape)
        parts = [
            seen - curve(_own(shared, ratio * own, varies), person) for (person, seen), own in zip(people, scaled, strict=True)
        ]
        return np.concatenate([*parts, scaled.ravel()])

    def slopes(unknown):
        shared, scaled = unknown[: common.size], unknown[common.size :].reshape(off.shape)
        whole = np.zeros((sum(seen.size for _, seen in people) + off.size, unknown.size))
        row = 0
        for n, ((person, seen), own) in enumerate(zip(people, scaled, strict=True)):
            here, columns = slice(row, row + seen.size), common.size + n * varies.size
            each = _slopes(curve, person, _own(shared, ratio * own, varies))
            whole[here, : common.size] = -each
            whole[here, columns : columns + varies.size] = -each[:, varies] * ratio
            row += seen.size
        whole[row:, common.size :] = np.eye(off.size)
        return whole

    begin = np.concatenate([common, (off / ratio).ravel()])
    found = least_squares(away, begin, jac=slopes, method="lm", x_scale="jac")
    return found.x[: common.size], ratio * found.x[common.size :].reshape(off.shape)


def _linear(curve, person, seen, common, own, varies):
    """The model near one person's parameters: what is seen, less the curve, plus slope times parameters; and the slopes."""
    at = _own(common, own, varies)
    slopes = _slopes(curve, person, at)
    return seen - curve(at, person) + slopes @ at, slopes, slopes[:, varies]


def _slopes(curve, person, at):
    """By central differences: a row for each level, a column for each parameter."""
    steps = _STEP * np.eye(at.size)
    return np.column_stack([(curve(at + step, person) - curve(at - step, person)) / (2 * _STEP) for step in steps])


def _profile(linear, log_ratio):
    """The log likelihood of the linear model with the best common parameters and residual for these ratios of deviations."""
    whitened, determinant = [], 0.0
    for seen, common_slopes, own_slopes in linear:
        spread = np.eye(seen.size) + (own_slopes * np.exp(2 * log_ratio)) @ own_slopes.T
        root = np.linalg.cholesky(spread)
        determinant += 2 * np.log(np.diag(root)).sum()
        whitened.append(np.linalg.solve(root, np.column_stack([seen, common_slopes])))
    rows = np.concatenate(whitened)
    common = np.linalg.lstsq(rows[:, 1:], rows[:, 0], rcond=None)[0]
    count = rows.shape[0]
    residual = np.sqrt(((rows[:, 0] - rows[:, 1:] @ common) ** 2).sum() / count)
    likelihood = -0.5 * (count * (np.log(2 * np.pi * residual**2) + 1) + determinant)
    return likelihood, common, residual
