"""The outer grid: hyperparameters and mixture components, each with its prior weight."""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.logistic import sigmoid
from cleardays.numerics.quadrature import normal_nodes
from cleardays.response.design import EFFECT
from cleardays.response.hidden import Recall
from cleardays.response.order import Order, order_of
from cleardays.response.priors import Priors

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

GRID = (5, 3, 3)  # nodes for log s, logit phi, log tau
# A grid stands badly when the posterior lies this far off its centre or is this much narrower; so narrow it may become at once.
OFF, NARROW, LEAST_SCALE = 0.75, 0.6, 0.4


class Beside(NamedTuple):
    """What the grid must make room for: other treatments, covariates, memory, and the second rows' (mean, SD) pairs."""

    others: int = 0
    covariates: int = 0
    recalled: bool = False
    second: tuple[tuple[float, float], ...] = ()


class Frame(NamedTuple):
    """Where the grid stands: centre and scale of each hyperparameter in units of its prior SD.

    Order: log s, logit phi, log tau. At rest the nodes are the prior's own
    Gauss-Hermite nodes; a diary that knows its hyperparameters well moves and
    narrows them, and the weights make up for it.
    """

    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)


class Nodes(NamedTuple):
    """K outer nodes. Coefficients are b = (mu, rho, delta, and one for each other treatment and covariate)."""

    log_weight: Array  # (K,) log prior weight
    place: Array  # (3, K) log s, logit phi, log tau in units of their prior SDs
    spread: Array  # (K,) s, SD of the weekly level
    persistence: Array  # (K,) phi, its correlation from week to week
    onset: Array  # (n_tau,) the different time constants, days
    onset_index: Whole  # (K,) which of them
    mean: Array  # (p, K) prior mean of b
    precision: Array  # (p, K) prior precision of b
    recall: Recall  # of each node
    starts: Whole  # (3, K) where the search for each summit may set out; see `order`


def lay_grid(
    priors: Priors, grid: tuple[int, int, int] = GRID, frame: Frame | None = None, beside: Beside | None = None
) -> Nodes:
    """Product Gauss-Hermite nodes of the hyperparameter priors, times the effect's components.

    In a frame the nodes are those of N(centre, scale^2) and the weights carry
    the ratio of the prior to it, so the same integral is approximated. Where days
    were recalled, each node comes four times, with two values of the sensitivity
    and two of the specificity of memory.

    Args:
        priors: what is believed before the diary.
        grid: nodes for (log s, logit phi, log tau).
        frame: where the grid stands.
        beside: how many other treatments and covariates there are, and whether days were recalled.
    """
    frame, beside, effect = frame or Frame(), beside or Beside(), priors.effect
    memory = 2 if beside.recalled else 1
    lattice = _lattice(grid, frame, memory, len(effect.weights))
    (log_spread, logit_persistence, log_onset), component = lattice.axes, lattice.component
    mean, sd = _coefficients(priors, beside, component)
    at = normal_nodes(memory)[0]
    return Nodes(
        log_weight=lattice.log_weight + np.log(effect.weights)[component],
        place=lattice.place,
        spread=(priors.spread_median * np.exp(priors.spread_log_sd * log_spread))[lattice.order.spread],
        persistence=_moved(priors.persistence_median, priors.persistence_logit_sd, logit_persistence)[
            lattice.order.persistence
        ],
        onset=priors.onset_median_days * np.exp(priors.onset_log_sd * log_onset),
        onset_index=lattice.order.onset,
        mean=mean,
        precision=1.0 / sd**2,
        recall=Recall(
            _moved(priors.sensitivity_median, priors.sensitivity_logit_sd, at)[lattice.sensitive],
            _moved(priors.specificity_median, priors.specificity_logit_sd, at)[lattice.specific],
        ),
        starts=lattice.order.starts,
    )


class _Lattice(NamedTuple):
    """What of the nodes is the same whatever is believed."""

    order: Order
    axes: tuple[Array, ...]  # log s, logit phi, log tau in units of their prior SDs
    place: Array  # (3, K)
    log_weight: Array  # (K,) of the place and of memory
    component: Whole  # (K,) of the effect's prior
    sensitive: Whole  # (K,) which value of the sensitivity
    specific: Whole


@lru_cache(maxsize=16)
def _lattice(grid: tuple[int, int, int], frame: Frame, memory: int, components: int) -> _Lattice:
    axes, log_weights = [], []
    for count, centre, scale in zip(grid, frame.centre, frame.scale, strict=True):
        x, w = normal_nodes(count)
        moved = centre + scale * x
        axes.append(moved)
        log_weights.append(np.log(w) + np.log(scale) - 0.5 * moved**2 + 0.5 * x**2)
    order = order_of(memory * memory * components, grid)
    t, p, s = order.onset, order.persistence, order.spread
    specific, sensitive, component = np.unravel_index(order.block, (memory, memory, components))
    log_weight = log_weights[0][s] + log_weights[1][p] + log_weights[2][t] - 2.0 * np.log(memory)
    place = np.array([axes[0][s], axes[1][p], axes[2][t]])
    for shared in (place, log_weight):
        shared.setflags(write=False)
    return _Lattice(order, tuple(axes), place, log_weight, component, sensitive, specific)


def _moved(median: float, sd: float, at: Array) -> Array:
    """A share whose logit lies so many standard deviations off its median's."""
    return sigmoid(log(median / (1.0 - median)) + sd * at)


def _coefficients(priors: Priors, beside: Beside, component: Whole) -> tuple[Array, Array]:
    """Prior means and standard deviations of b at each node, (p, K)."""
    effect = priors.effect
    means = [priors.level_mean, priors.carry_mean, 0.0]
    sds = [priors.level_sd, priors.carry_sd, 1.0]
    means += [priors.other_mean] * beside.others + [0.0] * beside.covariates
    sds += [priors.other_sd] * beside.others + [priors.covariate_sd] * beside.covariates
    means += [mean for mean, _ in beside.second]
    sds += [sd for _, sd in beside.second]
    mean, sd = np.repeat(np.array([means, sds])[:, :, None], len(component), axis=2)
    mean[EFFECT], sd[EFFECT] = np.asarray(effect.means)[component], np.asarray(effect.sds)[component]
    return mean, sd


def reframe(nodes: Nodes, log_evidence: Array, frame: Frame) -> Frame | None:
    """Where the grid should stand instead, None where it stands well enough.

    It stands badly when the posterior of a hyperparameter, as the grid sees it,
    lies three quarters of a scale off the centre or is much narrower than the grid.
    """
    log_share = nodes.log_weight + log_evidence
    share = np.exp(log_share - log_share.max())
    share /= share.sum()
    mean = nodes.place @ share
    sd = np.sqrt(np.maximum(nodes.place**2 @ share - mean**2, 0.0))
    centre, scale = np.array(frame)
    if (np.abs(mean - centre) < OFF * scale).all() and (sd > NARROW * scale).all():
        return None
    wanted = np.clip(sd, LEAST_SCALE * scale, scale)
    return Frame(tuple(mean.tolist()), tuple(wanted.tolist()))
