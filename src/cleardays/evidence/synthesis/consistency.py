"""Do direct and indirect evidence agree? Shares of direct evidence, node-splitting, and the parts of Q.

Source of the decomposition: Krahn, Binder & König 2013. Shares of direct evidence and node-splitting by back-calculation:
Dias and others 2010, König, Krahn & Binder 2013. Pooled and direct estimates share the errors of the direct one, and the
pooled one has the smallest variance of all, so their covariance is the pooled variance: what is calculated back is
independent of the direct estimate, also where studies have several arms.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.evidence.synthesis.gls import System, pool
from cleardays.evidence.synthesis.studies import Network, Study, join, parts_of
from cleardays.numerics.distributions import two_sided

Array = NDArray[np.float64]

_ALL = 1.0 - 1e-9  # from here on a share of direct evidence leaves nothing that is indirect


class Decomposition(NamedTuple):
    """Q at tau^2 = 0, split: within designs (heterogeneity), and between them (inconsistency), with degrees of freedom."""

    within: float
    df_within: int
    between: float
    df_between: int
    by_design: tuple[tuple[tuple[str, ...], float, int], ...]  # of designs with several studies


def decompose(network: Network) -> Decomposition:
    """Split Q by designs; a design is a set of treatments compared by some studies."""
    system = System(network.estimate, network.design, network.covariance, network.between)
    within, df_within, by_design = 0.0, 0, []
    designs: dict[tuple[str, ...], list[Study]] = {}
    for study in network.studies:
        designs.setdefault(study.design, []).append(study)
    for design, studies in sorted(designs.items()):
        alone = join(studies, design[0])
        found = System(alone.estimate, alone.design, alone.covariance, alone.between)
        if found.df:
            q = pool(found, 0.0).q
            within, df_within = within + q, df_within + found.df
            by_design.append((design, q, found.df))
    between = max(0.0, pool(system, 0.0).q - within)
    df_between = system.df - df_within
    return Decomposition(within, df_within, between if df_between else 0.0, df_between, tuple(by_design))


class Direct(NamedTuple):
    """What the studies that compare a pair say of it by themselves."""

    estimate: float
    se: float
    studies: int


def direct_evidence(network: Network, tau2: float) -> dict[tuple[str, str], Direct]:
    """Of each pair that some study compares, keyed by (treatment, against) in the order of the network.

    The studies that compare the pair, pooled by themselves; a study of several arms brings its own estimate of the pair.
    """
    place = {treatment: index for index, treatment in enumerate(network.treatments)}
    sums: dict[tuple[str, str], tuple[float, float, int]] = {}
    for study, here in zip(network.studies, network.rows, strict=True):
        value, variance = _contrasts(study, network.covariance[here, here] + tau2 * network.between[here, here])
        arms = sorted(range(len(study.treatments)), key=lambda arm: place[study.treatments[arm]])
        for index, j in enumerate(arms):
            for i in arms[index + 1 :]:
                key = (study.treatments[i], study.treatments[j])
                weight, total, count = sums.get(key, (0.0, 0.0, 0))
                w = 1.0 / float(variance[i, j])
                sums[key] = (weight + w, total + w * float(value[i] - value[j]), count + 1)
    return {key: Direct(total / w, float(1.0 / np.sqrt(w)), count) for key, (w, total, count) in sums.items()}


def _contrasts(study: Study, covariance: Array) -> tuple[Array, Array]:
    """The arms' values against the first (a,), and the variance of each difference of two arms (a, a)."""
    size = len(study.treatments)
    whole = np.zeros((size, size))
    whole[1:, 1:] = covariance
    own = np.diag(whole)
    return np.concatenate([[0.0], study.estimate]), own[:, None] + own[None] - 2.0 * whole


def direct_shares(network: Network, tau2: float, se: Array) -> Array:
    """Which share of each pooled difference is direct evidence, (t, t), from 0 to 1: its variance over the direct one's."""
    place = {treatment: index for index, treatment in enumerate(network.treatments)}
    share = np.zeros_like(se)
    for (treatment, against), direct in direct_evidence(network, tau2).items():
        i, j = place[treatment], place[against]
        share[i, j] = share[j, i] = min(1.0, float(se[i, j] ** 2 / direct.se**2))
    return share


class Split(NamedTuple):
    """Direct against indirect evidence about one pair; `indirect` and what follows are None where all is direct."""

    treatment: str
    against: str
    studies: int
    share: float
    direct: tuple[float, float]  # estimate, standard error
    indirect: tuple[float, float] | None
    difference: tuple[float, float] | None  # direct minus indirect
    p: float | None


def split_nodes(network: Network, tau2: float, effect: Array, se: Array) -> list[Split]:
    """Each pair with direct evidence, split; tau^2 is that of the whole network."""
    place = {treatment: index for index, treatment in enumerate(network.treatments)}
    found = []
    for (treatment, against), direct in direct_evidence(network, tau2).items():
        i, j = place[treatment], place[against]
        variance = float(se[i, j]) ** 2
        share = min(1.0, variance / direct.se**2)
        own = (direct.estimate, direct.se)
        if share >= _ALL or not _compared_without(network, treatment, against):
            found.append(Split(treatment, against, direct.studies, 1.0, own, None, None, None))
            continue
        rest = (float(effect[i, j]) - share * direct.estimate) / (1.0 - share)
        rest_se = float(np.sqrt(variance / (1.0 - share)))
        away = direct.estimate - rest
        away_se = float(np.sqrt(direct.se**2 + rest_se**2))
        found.append(
            Split(treatment, against, direct.studies, share, own, (rest, rest_se), (away, away_se), two_sided(away / away_se))
        )
    return found


def _compared_without(network: Network, treatment: str, against: str) -> bool:
    """Whether the two are still compared, by way of others, without the studies that compare them directly."""
    edges = [
        study._replace(treatments=(one, other))
        for study in network.studies
        for number, one in enumerate(study.treatments)
        for other in study.treatments[number + 1 :]
        if {one, other} != {treatment, against}
    ]
    return any(treatment in part and against in part for part in parts_of(edges))
