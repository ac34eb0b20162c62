"""Newton systems of a chain with a border, many at once.

The matrix is H = [[A, B], [B', C]] with A tridiagonal (a chain of `n` latent
levels), B a dense border of `p` coefficients and C small. All arrays carry the
systems ("nodes") on their last axis, so that one pass over the chain serves
every node: diagonals are (n, K), off-diagonals (n - 1, K), borders (n, p, K),
corners (p, p, K).

Cost O(n p^2) a node. Method: block elimination with the Schur complement
S = C - B' A^-1 B; both A and S are factored as L D L'.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Chain(NamedTuple):
    """The L D L' factors of K tridiagonal matrices: pivots (n, K) and subdiagonals (n, K), the first of them 0."""

    pivots: Array
    below: Array


class Corner(NamedTuple):
    """The L D L' factors of K small dense matrices: pivots (p, K) and the unit lower triangles (p, p, K)."""

    pivots: Array
    lower: Array


class Arrowhead(NamedTuple):
    """K factored systems H = [[A, B], [B', C]]."""

    chain: Chain
    reduced_border: Array  # G = A^-1 B, shape (n, p, K)
    schur: Corner  # S = C - B'G

    @property
    def positive(self) -> NDArray[np.bool_]:
        """Which systems are positive definite, shape (K,)."""
        return np.asarray((self.chain.pivots > 0).all(axis=0) & (self.schur.pivots > 0).all(axis=0))


def factor_chain(diagonal: Array, off: Array) -> Chain:
    """Factor K tridiagonal matrices with `diagonal` (n, K) and off-diagonal (n - 1, K)."""
    pivots = diagonal.copy()
    below = np.zeros_like(diagonal)
    for i in range(1, len(diagonal)):
        np.divide(off[i - 1], pivots[i - 1], out=below[i])
        pivots[i] -= below[i] * off[i - 1]
    return Chain(pivots, below)


def solve_chain(chain: Chain, right: Array) -> Array:
    """A^-1 times each column of `right`, shape (n, m, K)."""
    x = right.copy()
    for i in range(1, len(x)):
        x[i] -= chain.below[i] * x[i - 1]
    x /= chain.pivots[:, None]
    for i in range(len(x) - 2, -1, -1):
        x[i] -= chain.below[i + 1] * x[i + 1]
    return x


def chain_covariances(chain: Chain) -> tuple[Array, Array]:
    """The diagonal of A^-1, shape (n, K), and its first off-diagonal, shape (n - 1, K), by the backward recursion.

    Source: Takahashi, Fagan & Chin (1973) for the inverse on the pattern of the factor.
    """
    variances = 1.0 / chain.pivots
    beside = np.empty_like(variances[1:])
    for i in range(len(variances) - 2, -1, -1):
        beside[i] = -chain.below[i + 1] * variances[i + 1]
        variances[i] -= chain.below[i + 1] * beside[i]
    return variances, beside


def colour_chain(chain: Chain, white: Array) -> Array:
    """Turn white noise (n, K) into noise with covariance A^-1: solve L' x = D^-1/2 white."""
    x = white / np.sqrt(chain.pivots)
    for i in range(len(x) - 2, -1, -1):
        x[i] -= chain.below[i + 1] * x[i + 1]
    return x


def factor_corner(matrix: Array) -> Corner:
    """Factor K symmetric matrices (p, p, K) without square roots, so that a negative pivot shows and does not stop."""
    p = len(matrix)
    lower = np.zeros_like(matrix)
    pivots = np.empty_like(matrix[0])
    for j in range(p):
        scaled = lower[j, :j] * pivots[:j]
        pivots[j] = matrix[j, j] - (lower[j, :j] * scaled).sum(axis=0)
        lower[j, j] = 1.0
        for i in range(j + 1, p):
            lower[i, j] = (matrix[i, j] - (lower[i, :j] * scaled).sum(axis=0)) / pivots[j]
    return Corner(pivots, lower)


def solve_corner(corner: Corner, right: Array) -> Array:
    """S^-1 times each column of `right`, shape (p, m, K)."""
    x = right.copy()
    for i in range(1, len(x)):
        for j in range(i):
            x[i] -= corner.lower[i, j] * x[j]
    x /= corner.pivots[:, None]
    return _back_substituted(corner, x)


def colour_corner(corner: Corner, white: Array) -> Array:
    """Turn white noise (p, K) into noise with covariance S^-1."""
    return _back_substituted(corner, (white / np.sqrt(corner.pivots))[:, None])[:, 0]


def _back_substituted(corner: Corner, x: Array) -> Array:
    for i in range(len(x) - 2, -1, -1):
        for j in range(i + 1, len(x)):
            x[i] -= corner.lower[j, i] * x[j]
    return x


def corner_inverse(corner: Corner) -> Array:
    """S^-1, shape (p, p, K)."""
    p, nodes = corner.pivots.shape
    return solve_corner(corner, np.broadcast_to(np.eye(p)[:, :, None], (p, p, nodes)))


def factor(diagonal: Array, off: Array, border: Array, corner: Array) -> Arrowhead:
    """Factor K systems; `corner` is (p, p, K)."""
    chain = factor_chain(diagonal, off)
    reduced = solve_chain(chain, border)
    p = border.shape[1]
    schur = corner.copy()
    for i in range(p):
        for j in range(i + 1):
            schur[i, j] -= (border[:, i] * reduced[:, j]).sum(axis=0)
            schur[j, i] = schur[i, j]
    return Arrowhead(chain, reduced, factor_corner(schur))


def solve(system: Arrowhead, top: Array, bottom: Array) -> tuple[Array, Array]:
    """Solve H (u, b) = (top, bottom), shapes (n, K) and (p, K)."""
    inner = solve_chain(system.chain, top[:, None])[:, 0]
    rest = bottom - (system.reduced_border * top[:, None]).sum(axis=0)  # B'A^-1 top = G' top
    b = solve_corner(system.schur, rest[:, None])[:, 0]
    u = inner - (system.reduced_border * b).sum(axis=1)
    return u, b


def log_determinant(system: Arrowhead) -> Array:
    """log |H| of each system, shape (K,); meaningless where it is not positive."""
    with np.errstate(invalid="ignore", divide="ignore"):
        total: Array = np.log(system.chain.pivots).sum(axis=0) + np.log(system.schur.pivots).sum(axis=0)
    return total
