"""The prior of levels and coefficients given the hyperparameters: u a stationary AR(1) over weeks, b normal."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.response.nodes import Nodes

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


class Prior(NamedTuple):
    """u ~ N(0, Q^-1), b ~ N(mean, 1 / precision), at each node."""

    persistence: Array  # (K,) phi
    scale: Array  # (K,) precision of what is new in a week, 1 / (s^2 (1 - phi^2))
    mean: Array  # (p, K)
    precision: Array  # (p, K)
    constant: Array  # (K,) half the log determinant of Q and of the precisions

    def at(self, node: Whole) -> Prior:
        """The prior of the nodes of some draws."""
        return Prior(*(each[..., node] for each in self))

    def pull(self, levels: Array, coefficients: Array) -> tuple[Array, Array]:
        """Q u (W, K) and precision (b - mean) (p, K): the log density's gradient, turned round."""
        new = levels.copy()
        new[1:] -= self.persistence * levels[:-1]
        new[0] *= 1.0 - self.persistence**2
        new[:-1] -= self.persistence * new[1:]
        return new * self.scale, self.precision * (coefficients - self.mean)

    def log_density(self, levels: Array, coefficients: Array, pull: tuple[Array, Array]) -> Array:
        """log p(u, b | node) without the constant -n/2 log(2 pi), shape (K,); the pull is that of the place."""
        square = np.einsum("wk,wk->k", levels, pull[0]) + np.einsum("pk,pk->k", coefficients - self.mean, pull[1])
        return np.asarray(self.constant - 0.5 * square)

    def information(self, weeks: int) -> tuple[Array, Array]:
        """The diagonal (W, K) and off-diagonal (W - 1, K) of Q."""
        diagonal = np.repeat((self.scale * (1.0 + self.persistence**2))[None], weeks, axis=0)
        diagonal[0] = diagonal[-1] = self.scale  # the horizon makes it at least five weeks
        return diagonal, np.repeat((-self.persistence * self.scale)[None], weeks - 1, axis=0)


def prior_of(nodes: Nodes, weeks: int) -> Prior:
    """The prior of so many weeks at each node."""
    rest = 1.0 - nodes.persistence**2
    constant = -weeks * np.log(nodes.spread) - 0.5 * (weeks - 1) * np.log(rest) + 0.5 * np.log(nodes.precision).sum(axis=0)
    return Prior(nodes.persistence, 1.0 / (nodes.spread**2 * rest), nodes.mean, nodes.precision, constant)
