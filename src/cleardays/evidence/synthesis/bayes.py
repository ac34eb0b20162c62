"""A network with priors: what is believed of each effect, and of the effect in the next study.

Vague on the effects, weakly informative on how much studies differ. On the log scale of ratios of means a tau of 0.25 makes
the effects of two studies differ by a factor of 1.4 on average; Röver and others 2021 reason so for log ratios in general.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.evidence.synthesis.studies import Network
from cleardays.numerics.hierarchy import Mixture, Posterior, posterior

Array = NDArray[np.float64]

EFFECT_SD = 1.0
TAU_SCALE = 0.25


class Believed(NamedTuple):
    """Effects of all treatments but the reference against it, after the studies."""

    treatments: tuple[str, ...]
    posterior: Posterior

    def effect(self, treatment: str, against: str, *, next_study: bool = False) -> Mixture:
        """What is believed of one difference, on the scale of the estimates; of the next study's own with `next_study`."""
        row = np.zeros(len(self.treatments) - 1)
        for name, sign in ((treatment, 1.0), (against, -1.0)):
            at = self.treatments.index(name) - 1
            if at >= 0:
                row[at] += sign
        return self.posterior.of(row[None], predictive=1.0 if next_study else 0.0)


def believe(network: Network, *, effect_sd: float = EFFECT_SD, tau_scale: float = TAU_SCALE) -> Believed:
    """The posterior of a network.

    Args:
        network: the studies.
        effect_sd: prior standard deviation of each effect against the reference; centred on none.
        tau_scale: of the half-normal prior of tau.
    """
    size = len(network.treatments) - 1
    found = posterior(
        network.estimate, network.design, network.covariance, network.between,
        mean=np.zeros(size), sd=np.full(size, effect_sd), tau_scale=tau_scale,
    )  # fmt: skip
    return Believed(network.treatments, found)
