"""Joint posterior draws from the nodes, with importance weights.

A fixed number of standard normals (fixed by the seed) is allotted to the nodes
by systematic sampling of their posterior weights. Each draw carries the weight
true density / proposal density, which makes every summary exact given the outer
grid; the effective share of the draws is the health check of the whole fit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import log
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics import arrowhead, weighted
from cleardays.response.inner import Inner
from cleardays.response.model import Model, Outline, log_posterior

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_BLOCK_NUMBERS = 1_000_000  # rows and levels held at once; keeps a diary of decades in bounded memory
# No draw counts for more than this many average ones (truncated importance sampling, Ionides 2008):
# a trace of bias against answers that hang on a single draw.
HEAVIEST = 16.0
ENOUGH = 0.95  # effective share from which on the weights do not matter


class Draws(NamedTuple):
    """N weighted draws of what the answers need."""

    node: Whole  # (N,) outer node
    coefficients: Array  # (p, N): mu, rho, delta, other treatments, covariates
    levels: Array  # (weeks kept, N)
    kept_weeks: Whole  # which weeks
    had_last: Array  # (N,) P(had on the day written last); 0 or 1 where it is certain
    weight: Array  # (N,), summing to 1
    log_evidence: float  # log p(y), importance weights included
    effective_share: float  # of those that were weighed

    def level(self, weeks: Whole) -> Array:
        """u of the given weeks, shape (len(weeks), N)."""
        return np.asarray(self.levels[np.searchsorted(self.kept_weeks, weeks)])


@lru_cache(maxsize=8)
def _strata(count: int) -> Array:
    """The (i + 1/2) / count quantiles of the standard normal."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((i + 0.5) / count) for i in range(count)])


@lru_cache(maxsize=4)
def white_noise(dimensions: int, count: int, seed: int) -> Array:
    """Standard normals (dimensions, count), fixed by the seed and spread evenly.

    Each dimension is a Latin hypercube (McKay, Beckman & Conover 1979) of half the draws; the other half mirrors it, neighbour
    by neighbour, so that what is linear in the noise comes out exact. The first dimensions stay the same when there are more.
    """
    half = (count + 1) // 2
    strata = _strata(half)
    random = np.random.default_rng(seed)
    white = np.empty((dimensions, count))
    for row in white:
        placed = random.permutation(strata)
        row[0::2] = placed
        row[1::2] = -placed[: count // 2]
    white.setflags(write=False)  # shared by all who ask
    return white


class Drawn(NamedTuple):
    """Draws from their nodes, before weighting; all weeks."""

    coefficients: Array  # (p, N)
    levels: Array  # (W, N)
    log_ratio: Array  # (N,) log of true density over proposal
    had_last: Array  # (N,) P(had on the day written last)


def draw(
    outline: Outline,
    inner: Inner,
    keep: Whole,
    block_of: Callable[[Whole, Array], Drawn],
    *,
    count: int,
    seed: int,
    every: int = 1,
) -> Draws:
    """`count` draws, keeping the levels of the weeks in `keep` (sorted, without repeats).

    Args:
        outline: what was solved.
        inner: its nodes, solved.
        keep: which weeks.
        block_of: draws from given nodes with given noise.
        count: how many.
        seed: fixes the noise.
        every: of the blocks of eight draws, each `every`th is weighed; where these weigh alike, all draws count alike,
            else all are weighed. 1 weighs all.
    """
    log_weight = outline.nodes.log_weight + inner.log_evidence
    top = float(log_weight.max())
    share = np.exp(log_weight - top)
    total = share.sum()
    log_evidence = top + log(total)
    edges = np.cumsum(share) / total
    node = np.minimum(np.searchsorted(edges, (np.arange(count) + 0.5) / count), len(edges) - 1)
    dimensions = outline.design.n_weeks + len(inner.coefficients)
    white = white_noise(dimensions, count, seed)
    block = max(64, _BLOCK_NUMBERS // (dimensions + len(outline.design.rows.day)))
    parts = []
    for at in range(0, count, block):
        drawn = block_of(node[at : at + block], white[:, at : at + block])
        parts.append(drawn._replace(levels=drawn.levels[keep]))
    if len(parts) > 1:
        parts = [Drawn(*(np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)))]
    coefficients, levels, log_ratio, last = parts[0]
    if every > 1 and not outline.design.recalled_last:
        _, effective, gained = _weighed(log_ratio[np.arange(count) // 8 % every == 0])
        if effective >= ENOUGH:
            equal = np.full(count, 1.0 / count)
            return Draws(node, coefficients, levels, keep, last, equal, log_evidence + gained, effective)
    weight, effective, gained = _weighed(log_ratio)
    return Draws(node, coefficients, levels, keep, last, weight, log_evidence + gained, effective)


def _weighed(log_ratio: Array) -> tuple[Array, float, float]:
    """Weights adding to 1, their effective share, and the log of their mean before any was cut."""
    top = log_ratio.max()
    weight = np.exp(log_ratio - top)
    mean = weight.sum() / len(weight)
    np.minimum(weight, HEAVIEST * mean, out=weight)
    weight /= weight.sum()
    return weight, weighted.effective_share(weight), float(top) + log(mean)


def draw_block(model: Model, inner: Inner, node: Whole, white: Array) -> Drawn:
    """One draw for each column of noise, from its node.

    The first rows of the noise are the coefficients', then come the weeks from the last one back.
    """
    p = len(inner.coefficients)
    away = arrowhead.colour_corner(arrowhead.Corner(*(each[..., node] for each in inner.schur)), white[:p])
    chain = arrowhead.Chain(*(each[:, node] for each in inner.chain))
    levels = inner.levels[:, node] + arrowhead.colour_chain(chain, white[: p - 1 : -1])
    for i in range(p):
        levels -= inner.tied[:, i, node] * away[i]
    coefficients = inner.coefficients[:, node] + away
    target, last = log_posterior(model, node, levels, coefficients)
    proposal = 0.5 * arrowhead.log_determinant(inner.chain, inner.schur)[node] - 0.5 * np.einsum("dn,dn->n", white, white)
    return Drawn(coefficients, levels, target - proposal - inner.log_evidence[node], last)
