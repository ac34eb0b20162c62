"""Generalised least squares at one tau^2, and the estimators of tau^2.

With Sigma = V + tau^2 D, W its inverse and P = W - W X (X'WX)^-1 X'W, the pooled
effects are (X'WX)^-1 X'W y and Q(tau^2) = y'Py. tau^2 is found by

    DL     the one step from tau^2 = 0: (Q - df) / trace(P D)         (DerSimonian & Laird 1986, Jackson and others 2012)
    PM     Q(tau^2) = df                                              (Paule & Mandel 1982)
    REML   the maximum of the restricted likelihood                   (Patterson & Thompson 1971, by Newton's method)

and is never below 0. `common` sets it to 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.distributions import chi_square_quantile

Array = NDArray[np.float64]

METHODS = ("REML", "DL", "PM", "common")
_MOST_STEPS = 500  # far from the summit a step only doubles tau^2
_SETTLED = 1e-11  # of a step, in units of the largest variance
_HALVINGS = 60
_SIZES = 12  # of tau^2, tried before climbing


class System(NamedTuple):
    """What is pooled: y (m,), X (m, p), V and D (m, m)."""

    y: Array
    x: Array
    v: Array
    d: Array

    @property
    def df(self) -> int:
        """Degrees of freedom left for heterogeneity."""
        return len(self.y) - int(self.x.shape[1])


class Pooled(NamedTuple):
    """The pooled effects at one tau^2."""

    tau2: float
    effect: Array  # (p,)
    root: Array  # (p, p), of the covariance: the difference of two rows is as long as the standard error of theirs
    half: Array  # (m, m), a root of W
    basis: Array  # (m, p), orthogonal, of what X spans after `half`
    left: Array  # (m,), what is left of y after `half` and the effects
    log_det: float  # of Sigma

    @property
    def covariance(self) -> Array:
        """Of the effects (p, p)."""
        return self.root @ self.root.T

    @property
    def q(self) -> float:
        """Q(tau^2) = y'Py."""
        return float(self.left @ self.left)

    @property
    def weighted(self) -> Array:
        """Py (m,)."""
        return self.half.T @ self.left

    @property
    def projection(self) -> Array:
        """P (m, m)."""
        outside = self.half - self.basis @ (self.basis.T @ self.half)
        return outside.T @ outside


def pool(system: System, tau2: float) -> Pooled:
    """The effects with their covariance, given tau^2; by orthogonal factors, which large studies beside small ones need."""
    lower = np.linalg.cholesky(system.v + tau2 * system.d)
    half = np.linalg.inv(lower)
    y, x = half @ system.y, half @ system.x
    basis, r = np.linalg.qr(x)
    root = np.linalg.inv(r)
    along = basis.T @ y
    left = y - basis @ along
    return Pooled(tau2, root @ along, root, half, basis, left, 2.0 * float(np.log(np.diag(lower)).sum()))


def fit(system: System, method: str) -> Pooled:
    """Estimate tau^2 and pool.

    Args:
        system: what is pooled.
        method: one of `METHODS`; without degrees of freedom tau^2 is 0, whatever the method.
    """
    at_zero = pool(system, 0.0)
    if method == "common" or system.df == 0:
        return at_zero
    if method == "DL":
        return pool(system, _dersimonian_laird(system, at_zero))
    if method == "PM":
        return pool(system, _where_q_is(system, float(system.df)))
    return pool(system, _restricted_likelihood(system, at_zero))


def _dersimonian_laird(system: System, at_zero: Pooled) -> float:
    return max(0.0, (at_zero.q - system.df) / float((at_zero.projection * system.d).sum()))


def _where_q_is(system: System, wanted: float) -> float:
    """tau^2 with Q(tau^2) = `wanted`; 0 where Q is below it already. Q falls and is convex, so Newton's steps never go past."""
    tau2 = 0.0
    scale = float(np.diag(system.v).max())
    for _ in range(_MOST_STEPS):
        here = pool(system, tau2)
        if tau2 == 0.0 and here.q <= wanted:
            return 0.0
        at = here.weighted
        step = (here.q - wanted) / float(at @ system.d @ at)
        tau2 += step
        if abs(step) <= _SETTLED * (scale + tau2):
            break
    return tau2


def _restricted_likelihood(system: System, at_zero: Pooled) -> float:
    """The tau^2 of highest restricted likelihood, uphill from 0, the DL estimate and some sizes between them and all of y.

    The likelihood may have several summits, where studies of very different size disagree.
    """
    variances = np.diag(system.v)
    most = float(variances.max()) + float(np.ptp(system.y)) ** 2
    sizes = (*np.geomspace(0.1 * float(variances.min()), most, _SIZES).tolist(), _dersimonian_laird(system, at_zero))
    starts = [at_zero, *(pool(system, size) for size in sorted(sizes) if size > 0.0)]
    heights = [-np.inf, *(log_restricted(start) for start in starts), -np.inf]
    uphill = [start for at, start in enumerate(starts, 1) if heights[at] >= max(heights[at - 1], heights[at + 1])]
    return max((_climb(system, start) for start in uphill), key=log_restricted).tau2


def _climb(system: System, here: Pooled) -> Pooled:
    """Newton steps, with the expected information where the observed one is not positive, halved where they would go down."""
    scale, height = float(np.diag(system.v).max()), log_restricted(here)
    for _ in range(_MOST_STEPS):
        step = _newton_step(system, here)
        for _ in range(_HALVINGS):
            there = pool(system, here.tau2 + step)
            higher = log_restricted(there)
            if higher >= height - 1e-12 * (1.0 + abs(height)):
                break
            step *= 0.5
        else:
            return here
        here, height = there, higher
        if abs(step) <= _SETTLED * (scale + here.tau2):
            break
    return here


def _newton_step(system: System, here: Pooled) -> float:
    """Never below tau^2 = 0."""
    projection = here.projection
    pd = projection @ system.d
    at = here.weighted
    along = system.d @ at
    squared = float((pd * pd.T).sum())
    score = 0.5 * (float(at @ along) - float(np.trace(pd)))
    observed = float(along @ projection @ along) - 0.5 * squared
    return max(score / (observed if observed > 0.0 else 0.5 * squared), -here.tau2)


def log_restricted(pooled: Pooled) -> float:
    """The restricted log-likelihood, without its constant."""
    return -0.5 * (pooled.log_det - 2.0 * float(np.log(np.abs(np.diag(pooled.root))).sum()) + pooled.q)


def tau2_interval(system: System, level: float = 0.95) -> tuple[float, float] | None:
    """The interval of tau^2 from the distribution of Q(tau^2), chi-square with df degrees of freedom (Viechtbauer 2007).

    None without degrees of freedom. Both ends may be 0: then Q is smaller than chance alone would make it.
    """
    if system.df == 0:
        return None
    tail = (1.0 - level) / 2.0
    ends = (_where_q_is(system, chi_square_quantile(share, system.df)) for share in (1.0 - tail, tail))
    lower, upper = ends
    return lower, upper


def standard_error_of_tau2(system: System, pooled: Pooled) -> float:
    """Of the REML estimate, from the expected information."""
    pd = pooled.projection @ system.d
    return float(1.0 / np.sqrt(0.5 * (pd * pd.T).sum()))
