"""What differs between studies may explain what they find: meta-regression of pairs and of networks.

In a network one slope is shared by all treatments but the reference: a study of two of them says nothing of it
(the common-interaction model of Cooper and others 2009).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.evidence.synthesis.gls import System, fit, pool
from cleardays.evidence.synthesis.studies import Network, join
from cleardays.numerics.distributions import chi_square_beyond, two_sided
from cleardays.problems import BadInput, Problem

Array = NDArray[np.float64]


class Slope(NamedTuple):
    """How much the estimate changes with a unit of a covariate."""

    name: str
    estimate: float
    se: float
    p: float


class Regression(NamedTuple):
    """A meta-regression: effects where the covariates are 0, slopes, and what is left unexplained."""

    effect: Array  # (p,)
    se: Array  # (p,)
    slopes: tuple[Slope, ...]
    tau2: float
    explained: float | None  # share of tau^2 that the covariates took away, 0 to 1; None where there was none
    q_left: float
    df_left: int
    p_left: float | None
    q_slopes: float
    p_slopes: float | None


def regress(system: System, covariates: Array, names: Sequence[str], method: str = "REML") -> Regression:
    """Add columns to what is pooled.

    Args:
        system: as it is pooled without them.
        covariates: (m, q), one column each.
        names: of the columns.
        method: how tau^2 is estimated.

    Raises:
        BadInput: the columns cannot be told from what is there already, or nothing is left over to judge by.
    """
    wider = system._replace(x=np.column_stack([system.x, covariates]))
    if np.linalg.matrix_rank(wider.x) < wider.x.shape[1]:
        what = f"{', '.join(names)} cannot be told apart from the treatments themselves, or is the same in all studies."
        raise BadInput(Problem("covariate", what, "Leave it out, or add studies in which it differs."))
    pooled, before = fit(wider, method), fit(system, method)
    own = system.x.shape[1]
    se = np.sqrt(np.diag(pooled.covariance))
    slopes = tuple(
        Slope(
            name, float(pooled.effect[own + at]), float(se[own + at]), two_sided(float(pooled.effect[own + at] / se[own + at]))
        )
        for at, name in enumerate(names)
    )
    added = pooled.effect[own:]
    q_slopes = float(added @ np.linalg.solve(pooled.covariance[own:, own:], added))
    q_left = pool(wider, 0.0).q
    return Regression(
        pooled.effect[:own],
        se[:own],
        slopes,
        pooled.tau2,
        max(0.0, 1.0 - pooled.tau2 / before.tau2) if before.tau2 > 0.0 else None,
        q_left,
        wider.df,
        chi_square_beyond(q_left, wider.df),
        q_slopes,
        chi_square_beyond(q_slopes, len(names)),
    )


def regress_network(network: Network, values: Mapping[str, Mapping[str, float]], method: str = "REML") -> Regression:
    """Regress the effects against the reference on what differs between studies.

    Args:
        network: the studies, around its reference.
        values: of each covariate, by the name of the study.
        method: how tau^2 is estimated.

    Raises:
        BadInput: a study has no value, or a covariate cannot be told apart.
    """
    columns = []
    for name, of_study in values.items():
        missing = [study.name for study in network.studies if study.name not in of_study]
        if missing:
            what = f"it is not known of {', '.join(missing)}."
            raise BadInput(Problem(f"covariate {name}", what, "Give it for every study, or leave these out."))
        by_row = np.concatenate([np.full(len(study.estimate), of_study[study.name]) for study in network.studies])
        columns.append(network.design.sum(axis=1) * by_row)
    system = System(network.estimate, network.design, network.covariance, network.between)
    return regress(system, np.column_stack(columns), tuple(values), method)


def without_each(network: Network) -> list[tuple[str, Network | None]]:
    """The network without each study in turn; None where it falls apart or loses a treatment then."""
    found: list[tuple[str, Network | None]] = []
    for left_out in network.studies:
        rest = [study for study in network.studies if study is not left_out]
        kept = {treatment for study in rest for treatment in study.treatments}
        try:
            whole = bool(rest) and kept == set(network.treatments)
            found.append((left_out.name, join(rest, network.treatments[0]) if whole else None))
        except BadInput:
            found.append((left_out.name, None))
    return found
