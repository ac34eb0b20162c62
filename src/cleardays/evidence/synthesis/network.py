"""Network meta-analysis: every treatment against every other, from direct and indirect evidence together.

The model and its exact treatment of studies with several arms: Higgins & Whitehead
1996, Rücker 2012 (the graph-theoretical form of the same estimates). P-scores:
Rücker & Schwarzer 2015. Prediction intervals: Higgins, Thompson & Spiegelhalter
2009, with the degrees of freedom of Q (Veroniki and others 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.evidence.synthesis.consistency import Decomposition, decompose, direct_shares
from cleardays.evidence.synthesis.gls import Pooled, System, fit, pool, tau2_interval
from cleardays.evidence.synthesis.studies import Network, Study, join
from cleardays.numerics.distributions import normal_cdf, normal_quantile, student_quantile
from cleardays.problems import BadInput, Problem

Array = NDArray[np.float64]

LEVEL = 0.95


class Synthesis(NamedTuple):
    """A fitted network; matrices are (t, t), row treatment minus column treatment, in the order of `treatments`."""

    measure: str
    method: str
    network: Network
    pooled: Pooled
    tau2_interval: tuple[float, float] | None
    q: float  # at tau^2 = 0
    decomposition: Decomposition
    effect: Array
    se: Array
    direct_share: Array
    small_values: str  # "desirable" or "undesirable"

    @property
    def treatments(self) -> tuple[str, ...]:
        """All treatments, the reference first."""
        return self.network.treatments

    @property
    def tau(self) -> float:
        """The standard deviation of true effects between studies."""
        return float(np.sqrt(self.pooled.tau2))

    @property
    def df(self) -> int:
        """Degrees of freedom of Q."""
        return system_of(self.network).df

    @property
    def i2(self) -> float | None:
        """The share of the variation between studies that is not chance; None where nothing is left over to tell it from."""
        if self.df == 0:
            return None
        return max(0.0, (self.q - self.df) / self.q) if self.q > 0.0 else 0.0

    @property
    def interval(self) -> tuple[Array, Array]:
        """The 95 % interval of each difference."""
        reach = normal_quantile(0.5 + LEVEL / 2.0) * self.se
        return self.effect - reach, self.effect + reach

    @property
    def prediction(self) -> tuple[Array, Array] | None:
        """Where the effect in a new study lies with 95 % probability; None where nothing is left over to tell tau from."""
        if self.df < 1:
            return None
        reach = student_quantile(0.5 + LEVEL / 2.0, self.df) * np.sqrt(self.se**2 + self.pooled.tau2)
        np.fill_diagonal(reach, 0.0)
        return self.effect - reach, self.effect + reach

    @property
    def p_scores(self) -> dict[str, float]:
        """How sure one may be, averaged over the others, that a treatment is better than another; no share of people helped."""
        towards = -self.effect if self.small_values == "desirable" else self.effect
        with np.errstate(invalid="ignore"):
            better = normal_cdf(np.where(self.se > 0.0, towards / np.where(self.se > 0.0, self.se, 1.0), 0.0))
        np.fill_diagonal(better, 0.0)
        return dict(zip(self.treatments, (better.sum(axis=1) / (len(better) - 1)).tolist(), strict=True))

    def against(self, treatment: str, other: str) -> tuple[float, float]:
        """Estimate and standard error of one treatment minus another."""
        i, j = self.treatments.index(treatment), self.treatments.index(other)
        return float(self.effect[i, j]), float(self.se[i, j])


def system_of(network: Network) -> System:
    """What is pooled in a network."""
    return System(network.estimate, network.design, network.covariance, network.between)


def synthesise(
    studies: Sequence[Study],
    measure: str,
    *,
    method: str = "REML",
    reference: str | None = None,
    small_values: str | None = None,
) -> Synthesis:
    """Pool a network of studies; two treatments are a network too.

    Args:
        studies: their estimates, on the log scale for ratios.
        measure: for the words, and for which direction is good.
        method: how tau^2 is estimated, one of `gls.METHODS`.
        reference: what the effects are told against; None takes the first treatment by name.
        small_values: whether a small value is desirable; None: for means yes, for events no.

    Raises:
        BadInput: there is no study, nothing connects some of the treatments, or no study has the reference.
    """
    if not studies:
        raise BadInput(Problem("network", "there is no study.", "Give at least one."))
    named = sorted({treatment for study in studies for treatment in study.treatments})
    network = join(studies, reference if reference is not None else named[0])
    system = system_of(network)
    pooled = fit(system, method)
    effect = np.concatenate([[0.0], pooled.effect])
    root = np.concatenate([np.zeros((1, len(pooled.effect))), pooled.root])
    se = np.sqrt(((root[:, None] - root[None]) ** 2).sum(axis=2))
    if small_values is None:
        small_values = "desirable" if measure in ("MD", "SMD", "ROM") else "undesirable"
    return Synthesis(
        measure,
        method,
        network,
        pooled,
        None if method == "common" else tau2_interval(system),
        pool(system, 0.0).q,
        decompose(network),
        effect[:, None] - effect[None],
        se,
        direct_shares(network, pooled.tau2, se),
        small_values,
    )
