"""Joint posterior draws from the nodes, with importance weights.

A fixed number of standard normals (fixed by the seed) is allotted to the nodes
by systematic sampling of their posterior weights. Each draw carries the weight
true density / proposal density, which makes every summary exact given the outer
grid; the effective share of the draws is the health check of the whole fit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics import arrowhead
from cleardays.numerics.logistic import bernoulli_log_likelihood
from cleardays.response.inner import Inner, Model, log_prior

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_BLOCK_NUMBERS = 1_000_000  # rows and levels held at once; keeps a diary of decades in bounded memory
# No draw counts for more than this many average ones (truncated importance sampling, Ionides 2008):
# a trace of bias against answers that hang on a single draw.
_HEAVIEST = 16.0


class Draws(NamedTuple):
    """N weighted draws of what the answers need."""

    node: Whole  # (N,) outer node
    coefficients: Array  # (p, N): mu, rho, delta
    levels: Array  # (weeks kept, N)
    kept_weeks: Whole  # which weeks
    weight: Array  # (N,), summing to 1
    log_evidence: float  # log p(y), importance weights included

    def level(self, weeks: Whole) -> Array:
        """u of the given weeks, shape (len(weeks), N)."""
        return np.asarray(self.levels[np.searchsorted(self.kept_weeks, weeks)])


def draw(model: Model, inner: Inner, keep: Whole, *, count: int, seed: int) -> Draws:
    """`count` draws, keeping the levels of the weeks in `keep` (sorted, without repeats)."""
    log_weight = model.nodes.log_weight + inner.log_evidence
    top = float(log_weight.max())
    share = np.exp(log_weight - top)
    log_evidence = top + float(np.log(share.sum()))
    edges = np.cumsum(share) / share.sum()
    node = np.minimum(np.searchsorted(edges, (np.arange(count) + 0.5) / count), len(edges) - 1)
    random = np.random.default_rng(seed)
    block = max(64, _BLOCK_NUMBERS // (model.design.n_weeks + len(model.design.had)) // 2 * 2)
    parts = [_draw_block(model, inner, node[at : at + block], random, keep) for at in range(0, count, block)]
    coefficients, levels, log_ratio = (np.concatenate(part, axis=-1) for part in zip(*parts, strict=True))
    weight = np.exp(log_ratio - log_ratio.max())
    log_evidence += float(log_ratio.max()) + float(np.log(weight.mean()))
    weight = np.minimum(weight, _HEAVIEST * weight.mean())
    return Draws(node, coefficients, levels, keep, weight / weight.sum(), log_evidence)


def _draw_block(
    model: Model, inner: Inner, node: Whole, random: np.random.Generator, keep: Whole
) -> tuple[Array, Array, Array]:
    """Coefficients, kept levels and log importance ratio of one block of draws."""
    weeks, p = model.design.n_weeks, len(inner.coefficients)
    half = random.standard_normal((weeks + p, (len(node) + 1) // 2))
    # neighbours, which usually share a node, get mirrored noise: odd moments balance
    white = np.empty((weeks + p, len(node)))
    white[:, 0::2] = half
    white[:, 1::2] = -half[:, : len(node) // 2]
    spread = np.linalg.cholesky(np.linalg.inv(inner.system.schur))[node]
    away = np.einsum("npq,qn->pn", spread, white[weeks:], optimize=False)
    chain = arrowhead.Chain(inner.system.chain.pivots[:, node], inner.system.chain.below[:, node])
    coloured = arrowhead.colour_chain(chain, white[:weeks])
    tied = np.einsum("wpn,pn->wn", inner.system.reduced_border[:, :, node], away, optimize=False)
    levels = inner.levels[:, node] + coloured - tied
    coefficients = inner.coefficients[:, node] + away
    here = _at_draws(model, node)
    eta = here.predictor(levels, coefficients)
    target = bernoulli_log_likelihood(model.design.had[:, None], eta).sum(axis=0)
    target = target + log_prior(here, levels, coefficients)
    proposal = 0.5 * arrowhead.log_determinant(inner.system)[node] - 0.5 * (white**2).sum(axis=0)
    return coefficients, levels[keep], target - proposal - inner.log_evidence[node]


def _at_draws(model: Model, node: Whole) -> Model:
    """The same model with each draw in the place of its node; nothing of the size (rows, draws) is copied."""
    nodes = model.nodes
    taken = nodes._replace(
        log_weight=nodes.log_weight[node],
        place=nodes.place[:, node],
        spread=nodes.spread[node],
        persistence=nodes.persistence[node],
        onset_index=nodes.onset_index[node],
        mean=nodes.mean[:, node],
        precision=nodes.precision[:, node],
    )
    return model._replace(nodes=taken)
