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
    """K factored systems H = [[A, B], [B', C]], with A = L D L'."""

    chain: Chain
    half: Array  # L^-1 B, shape (n, p, K)
    schur: Corner  # S = C - B' A^-1 B

    @property
    def positive(self) -> NDArray[np.bool_]:
        """Which systems are positive definite, shape (K,)."""
        return np.asarray((self.chain.pivots > 0).all(axis=0) & (self.schur.pivots > 0).all(axis=0))


def factor_chain(diagonal: Array, off: Array) -> Chain:
    """Factor K tridiagonal matrices with `diagonal` (n, K) and off-diagonal (n - 1, K)."""
    return _eliminated(diagonal, off, np.empty((len(diagonal), 0, diagonal.shape[1])))[0]


def _eliminated(diagonal: Array, off: Array, right: Array) -> tuple[Chain, Array]:
    """The factors of K tridiagonal matrices, and in the same sweep L^-1 times each column of `right` (n, m, K)."""
    pivots, below = diagonal.copy(), np.zeros_like(diagonal)
    beside = np.concatenate([np.append(off, diagonal[:1], axis=0)[:, None], right], axis=1)  # the last has nothing beside it
    rows = zip(pivots[1:], pivots, below[1:], beside[1:], beside, strict=False)
    for pivot, pivot_before, low, here, before in rows:
        np.divide(before[0], pivot_before, out=low)
        moved = low * before
        np.subtract(pivot, moved[0], out=pivot)
        np.subtract(here[1:], moved[1:], out=here[1:])
    return Chain(pivots, below), beside[:, 1:]


def _forward(chain: Chain, right: Array) -> Array:
    """L^-1 times each column of `right`, shape (n, ..., K)."""
    x = right.copy()
    for here, before, low in zip(x[1:], x, chain.below[1:], strict=False):
        np.subtract(here, low * before, out=here)
    return x


def _backward(chain: Chain, x: Array) -> Array:
    """L'^-1 times each column of `x`, in its place."""
    for here, after, low in zip(x[-2::-1], x[:0:-1], chain.below[:0:-1], strict=True):
        np.subtract(here, low * after, out=here)
    return x


def chain_covariances(chain: Chain) -> tuple[Array, Array]:
    """The diagonal of A^-1, shape (n, K), and its first off-diagonal, shape (n - 1, K), by the backward recursion.

    Source: Takahashi, Fagan & Chin (1973) for the inverse on the pattern of the factor.
    """
    variances = 1.0 / chain.pivots
    beside = np.empty_like(variances[1:])
    for here, after, across, low in zip(variances[-2::-1], variances[:0:-1], beside[::-1], chain.below[:0:-1], strict=True):
        np.multiply(-low, after, out=across)
        np.subtract(here, low * across, out=here)
    return variances, beside


def colour_chain(chain: Chain, white: Array) -> Array:
    """Turn white noise (n, K) into noise with covariance A^-1: solve L' x = D^-1/2 white."""
    return _backward(chain, white / np.sqrt(chain.pivots))


def factor_corner(matrix: Array) -> Corner:
    """Factor K symmetric matrices (p, p, K) without square roots, so that a negative pivot shows and does not stop."""
    rest, lower = matrix.copy(), np.zeros_like(matrix)
    p = np.arange(len(matrix))
    lower[p, p] = 1.0
    for j in p[:-1]:
        np.divide(rest[j + 1 :, j], rest[j, j], out=lower[j + 1 :, j])
        rest[j + 1 :, j + 1 :] -= lower[j + 1 :, j, None] * rest[j, j + 1 :]
    return Corner(rest[p, p], lower)


def solve_corner(corner: Corner, right: Array) -> Array:
    """S^-1 times each column of `right`, shape (p, m, K)."""
    x = right.copy()
    for j in range(len(x) - 1):
        x[j + 1 :] -= corner.lower[j + 1 :, j, None] * x[j]
    x /= corner.pivots[:, None]
    return _back_substituted(corner, x)


def colour_corner(corner: Corner, white: Array) -> Array:
    """Turn white noise (p, K) into noise with covariance S^-1."""
    return _back_substituted(corner, (white / np.sqrt(corner.pivots))[:, None])[:, 0]


def _back_substituted(corner: Corner, x: Array) -> Array:
    for j in range(len(x) - 1, 0, -1):
        x[:j] -= corner.lower[j, :j, None] * x[j]
    return x


def corner_inverse(corner: Corner) -> Array:
    """S^-1, shape (p, p, K)."""
    p, nodes = corner.pivots.shape
    return solve_corner(corner, np.broadcast_to(np.eye(p)[:, :, None], (p, p, nodes)))


def factor(diagonal: Array, off: Array, border: Array, corner: Array) -> Arrowhead:
    """Factor K systems; `corner` is (p, p, K)."""
    chain, half = _eliminated(diagonal, off, border)
    return Arrowhead(chain, half, _reduced_corner(chain, half, corner))


def factor_and_solve(
    diagonal: Array, off: Array, border: Array, corner: Array, top: Array, bottom: Array
) -> tuple[Arrowhead, tuple[Array, Array]]:
    """Factor K systems H and solve H (u, b) = (top, bottom) on the way, shapes (n, K) and (p, K)."""
    chain, reached = _eliminated(diagonal, off, np.concatenate([border, top[:, None]], axis=1))
    half = reached[:, :-1]
    system = Arrowhead(chain, half, _reduced_corner(chain, half, corner))
    return system, _solved(system, reached[:, -1], bottom)


def solve(system: Arrowhead, top: Array, bottom: Array) -> tuple[Array, Array]:
    """Solve H (u, b) = (top, bottom), shapes (n, K) and (p, K)."""
    return _solved(system, _forward(system.chain, top), bottom)


def _reduced_corner(chain: Chain, half: Array, corner: Array) -> Corner:
    return factor_corner(corner - np.einsum("nik,njk->ijk", half / chain.pivots[:, None], half))


def _solved(system: Arrowhead, reached: Array, bottom: Array) -> tuple[Array, Array]:
    """From L^-1 top to the solution."""
    chain, half = system.chain, system.half
    rest = bottom - np.einsum("npk,nk->pk", half, reached / chain.pivots)  # bottom - B' A^-1 top
    b = solve_corner(system.schur, rest[:, None])[:, 0]
    return _backward(chain, (reached - np.einsum("npk,pk->nk", half, b)) / chain.pivots), b


def reduced_border(system: Arrowhead) -> Array:
    """G = A^-1 B, shape (n, p, K)."""
    return _backward(system.chain, system.half / system.chain.pivots[:, None])


def log_determinant(chain: Chain, schur: Corner) -> Array:
    """log |H| of each system, shape (K,); meaningless where it is not positive."""
    with np.errstate(invalid="ignore", divide="ignore"):
        total: Array = np.log(chain.pivots).sum(axis=0) + np.log(schur.pivots).sum(axis=0)
    return total
