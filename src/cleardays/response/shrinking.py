"""Many log odds ratios at once, most of which may be nothing.

Each of k log odds ratios g_j is either negligible or real, and nobody knows which or how many:

    g_j ~ (1 - q) N(0, NEGLIGIBLE_SD^2) + q N(0, REAL_SD^2),    q ~ uniform(0, 1)

The shared q is what guards against finding something among many: the more of
them turn out to be nothing, the more it takes for one to be believed (Scott &
Berger 2010). A single normal prior with an unknown SD was tried and is worse: one
real effect widens it for all the others.

The likelihood of g is taken as normal, from the mean and covariance of a fit
under a wide normal prior with that prior divided out. Sampling: the normal
mixture of George & McCulloch (1993), which of the two each g_j is being drawn
with all g integrated out, in many chains side by side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Our choices, checked by simulation in docs/explanation/triggers.md: negligible is an odds ratio between 0.74 and 1.34 in
# 95 %, real one between 0.21 and 4.8.
NEGLIGIBLE_SD, REAL_SD = 0.15, 0.8
_CHAINS, _SETTLING, _KEPT = 128, 20, 32
_LEAST_PRECISION = 1e-6  # of what the diary says of one g given the others; below it says nothing


def shrink(mean: Array, covariance: Array, prior_sd: float, *, seed: int) -> Array:
    """Draws of g under the mixture prior, equally likely, shape (4096, k).

    Args:
        mean: of g under the wide prior N(0, prior_sd^2), (k,).
        covariance: the same, (k, k).
        prior_sd: of that prior.
        seed: fixes the draws.
    """
    told, pull = _likelihood(mean, covariance, prior_sd)
    random = np.random.default_rng([seed, len(mean)])
    real = random.random((_CHAINS, len(mean))) < 0.5
    share = np.full(_CHAINS, 0.5)
    kept = []
    for sweep in range(_SETTLING + _KEPT):
        spread = np.asarray(np.linalg.inv(told + _precision(real)[:, :, None] * np.eye(len(mean))), dtype=np.float64)
        middle = np.asarray(spread @ pull, dtype=np.float64)
        for j in random.permutation(len(mean)):
            _redraw(j, real, share, middle, spread, random)
        count = real.sum(axis=1)
        share = random.beta(1.0 + count, 1.0 + len(mean) - count)
        if sweep >= _SETTLING:
            root = np.linalg.cholesky(spread)
            kept.append(middle + (root @ random.standard_normal((_CHAINS, len(mean), 1)))[:, :, 0])
    return np.concatenate(kept)


def _likelihood(mean: Array, covariance: Array, prior_sd: float) -> tuple[Array, Array]:
    """Precision (k, k) and precision times mean (k,) of the likelihood; draws are random, so it is kept from being negative."""
    precision = np.linalg.inv(covariance)
    values, vectors = np.linalg.eigh((precision + precision.T) / 2.0 - np.eye(len(mean)) / prior_sd**2)
    return (vectors * np.maximum(values, 0.0)) @ vectors.T, precision @ mean


def _precision(real: NDArray[np.bool_]) -> Array:
    return np.where(real, 1.0 / REAL_SD**2, 1.0 / NEGLIGIBLE_SD**2)


def _redraw(j: int, real: NDArray[np.bool_], share: Array, middle: Array, spread: Array, random: np.random.Generator) -> None:
    """Draw in each chain anew whether g_j is real, all g integrated out; `middle` and `spread` follow (a change of rank one).

    Without its own prior g_j would be N(m, v); the prior N(0, s^2) then predicts m with variance v + s^2.
    """
    own = _precision(real[:, j])
    v = 1.0 / np.maximum(1.0 / spread[:, j, j] - own, _LEAST_PRECISION)
    m = v * middle[:, j] / spread[:, j, j]
    odds = np.log(share) - np.log1p(-share) + _log_density(m, v + REAL_SD**2) - _log_density(m, v + NEGLIGIBLE_SD**2)
    real[:, j] = random.random(len(real)) < 1.0 / (1.0 + np.exp(np.clip(-odds, -700.0, 700.0)))
    added = _precision(real[:, j]) - own
    gain = added / (1.0 + added * spread[:, j, j])
    column = spread[:, :, j].copy()
    middle -= (gain * middle[:, j])[:, None] * column
    spread -= gain[:, None, None] * column[:, :, None] * column[:, None, :]


def _log_density(x: Array, variance: Array) -> Array:
    return np.asarray(-0.5 * (np.log(variance) + x**2 / variance))
