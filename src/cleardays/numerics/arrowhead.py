"""Newton systems of a chain with a border, many at once.

The matrix is H = [[A, B], [B', C]] with A tridiagonal (a chain of `n` latent
levels), B a dense border of `p` coefficients and C small. All arrays carry the
systems ("nodes") on their last axis, so that one pass over the chain serves
every node: diagonals are (n, K), borders (n, p, K), corners (p, p, K).

Cost O(n p^2) a node. Method: block elimination with the Schur complement
S = C - B' A^-1 B; A is factored as L D L'.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Chain(NamedTuple):
    """The L D L' factors of K tridiagonal matrices: pivots and subdiagonals, each (n, K)."""

    pivots: Array
    below: Array


class Arrowhead(NamedTuple):
    """K factored systems H = [[A, B], [B', C]]."""

    chain: Chain
    reduced_border: Array  # G = A^-1 B, shape (n, p, K)
    border: Array  # B, shape (n, p, K)
    schur: Array  # S = C - B'G, shape (K, p, p)


def factor_chain(diagonal: Array, off: Array) -> Chain:
    """Factor K tridiagonal matrices with `diagonal` (n, K) and constant off-diagonal (K,)."""
    pivots = np.empty_like(diagonal)
    below = np.zeros_like(diagonal)
    pivots[0] = diagonal[0]
    for i in range(1, len(diagonal)):
        below[i] = off / pivots[i - 1]
        pivots[i] = diagonal[i] - below[i] * off
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


def chain_variances(chain: Chain) -> Array:
    """The diagonal of A^-1, shape (n, K), by the backward recursion."""
    variances = 1.0 / chain.pivots
    for i in range(len(variances) - 2, -1, -1):
        variances[i] += chain.below[i + 1] ** 2 * variances[i + 1]
    return variances


def colour_chain(chain: Chain, white: Array) -> Array:
    """Turn white noise (n, K) into noise with covariance A^-1: solve L' x = D^-1/2 white."""
    x = white / np.sqrt(chain.pivots)
    for i in range(len(x) - 2, -1, -1):
        x[i] -= chain.below[i + 1] * x[i + 1]
    return x


def factor(diagonal: Array, off: Array, border: Array, corner: Array) -> Arrowhead:
    """Factor K systems; `corner` is (p, p, K)."""
    chain = factor_chain(diagonal, off)
    reduced = solve_chain(chain, border)
    schur = corner - np.einsum("wpk,wqk->pqk", border, reduced, optimize=False)
    return Arrowhead(chain, reduced, border, np.ascontiguousarray(schur.transpose(2, 0, 1)))


def solve(system: Arrowhead, top: Array, bottom: Array) -> tuple[Array, Array]:
    """Solve H (u, b) = (top, bottom), shapes (n, K) and (p, K)."""
    inner = solve_chain(system.chain, top[:, None])[:, 0]
    rest = bottom - np.einsum("wpk,wk->pk", system.border, inner, optimize=False)
    b = np.linalg.solve(system.schur, rest.T[:, :, None])[:, :, 0].T
    u = inner - np.einsum("wpk,pk->wk", system.reduced_border, b, optimize=False)
    return u, b


def log_determinant(system: Arrowhead) -> Array:
    """log |H| of each system, shape (K,)."""
    _, schur = np.linalg.slogdet(system.schur)
    total: Array = np.log(system.chain.pivots).sum(axis=0) + schur
    return total
