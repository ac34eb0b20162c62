"""The multiplier G of a person's rate: follow-up rate over baseline rate, and the families of its law over people.

G has mean R and squared coefficient of variation c^2. Three families: the gamma law (its shape is 1 / c^2), the log-normal,
and a mixture of two gamma laws in which some people respond very well. What is seen in a trial is G times noise.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.distributions import normal_cdf
from cleardays.numerics.quadrature import normal_nodes

Array = NDArray[np.float64]

_NOISE_NODES = 21
# Of the mixture: the mean multiplier of those who respond very well, and how alike they are (our choice).
SUPER_MEAN, SUPER_SHAPE = 0.15, 3.0
# c^2 of the others: below the first they would be all alike, below the second no more very good responders are needed.
_ALIKE, _SPREAD_ENOUGH = 0.02, 0.25


class Family(Protocol):
    """The law of G over people."""

    @property
    def name(self) -> str:
        """One of `FAMILIES`."""
        ...

    @property
    def mean(self) -> float:
        """E G."""
        ...

    def below(self, value: Array) -> Array:
        """P(G <= value)."""
        ...

    def quantile(self, level: Array) -> Array:
        """The value that G lies below with this probability."""
        ...

    @property
    def log_mean(self) -> float:
        """E log G."""
        ...

    @property
    def log_variance(self) -> float:
        """Var log G."""
        ...


class Gamma(NamedTuple):
    """G gamma distributed with mean `mean` and shape `shape`."""

    mean: float
    shape: float
    name: str = "gamma"

    def below(self, value: Array) -> Array:
        """P(G <= value)."""
        from scipy.special import gammainc

        return np.asarray(gammainc(self.shape, np.maximum(value, 0.0) * self.shape / self.mean))

    def quantile(self, level: Array) -> Array:
        """The value that G lies below with this probability."""
        from scipy.special import gammaincinv

        return np.asarray(gammaincinv(self.shape, level) * self.mean / self.shape)

    @property
    def log_mean(self) -> float:
        """E log G = log(mean) + psi(shape) - log(shape)."""
        from scipy.special import digamma

        return float(np.log(self.mean) + digamma(self.shape) - np.log(self.shape))

    @property
    def log_variance(self) -> float:
        """Var log G = psi'(shape)."""
        from scipy.special import polygamma

        return float(polygamma(1, self.shape))


class LogNormal(NamedTuple):
    """log G normal, with E G = `mean` and Var log G = log(1 + c^2)."""

    mean: float
    c2: float
    name: str = "log-normal"

    def below(self, value: Array) -> Array:
        """P(G <= value)."""
        with np.errstate(divide="ignore"):
            return normal_cdf((np.log(np.maximum(value, 0.0)) - self.log_mean) / np.sqrt(self.log_variance))

    def quantile(self, level: Array) -> Array:
        """The value that G lies below with this probability."""
        from scipy.special import ndtri

        return np.asarray(np.exp(self.log_mean + np.sqrt(self.log_variance) * ndtri(level)))

    @property
    def log_mean(self) -> float:
        """E log G."""
        return float(np.log(self.mean) - 0.5 * self.log_variance)

    @property
    def log_variance(self) -> float:
        """Var log G."""
        return float(np.log1p(self.c2))


class Mixture(NamedTuple):
    """A share of people responds very well; the rest follows a gamma law."""

    share: float
    usual: Gamma
    best: Gamma
    name: str = "mixture"

    @property
    def mean(self) -> float:
        """E G."""
        return self.share * self.best.mean + (1.0 - self.share) * self.usual.mean

    def below(self, value: Array) -> Array:
        """P(G <= value)."""
        return self.share * self.best.below(value) + (1.0 - self.share) * self.usual.below(value)

    def quantile(self, level: Array) -> Array:
        """The value that G lies below with this probability, by bisection."""
        lower, upper = np.zeros_like(level), np.full_like(level, 60.0)
        for _ in range(60):
            middle = 0.5 * (lower + upper)
            under = self.below(middle) < level
            lower, upper = np.where(under, middle, lower), np.where(under, upper, middle)
        return 0.5 * (lower + upper)

    @property
    def log_mean(self) -> float:
        """E log G."""
        return self.share * self.best.log_mean + (1.0 - self.share) * self.usual.log_mean

    @property
    def log_variance(self) -> float:
        """Var log G."""
        second = sum(
            weight * (part.log_variance + part.log_mean**2)
            for weight, part in ((self.share, self.best), (1.0 - self.share, self.usual))
        )
        return second - self.log_mean**2


FAMILIES = ("gamma", "log-normal", "mixture")


def family_of(name: str, mean: float, c2: float) -> Family:
    """The law of G with this mean and squared coefficient of variation.

    The mixture keeps both: the share of those who respond very well is the smallest tenth with which the others' spread
    need not be larger than 0.5, at most a half.
    """
    if name == "gamma":
        return Gamma(mean, 1.0 / c2)
    if name == "log-normal":
        return LogNormal(mean, c2)
    return _mixture(mean, c2)


def with_log_variance(name: str, mean: float, variance: float) -> Family:
    """The law of G with this mean, and log G with this variance; it rises with c^2."""
    lower, upper = 1e-4, 60.0
    for _ in range(60):
        middle = float(np.sqrt(lower * upper))
        lower, upper = (middle, upper) if family_of(name, mean, middle).log_variance < variance else (lower, middle)
    return family_of(name, mean, middle)


def _mixture(mean: float, c2: float) -> Family:
    second = mean**2 * (1.0 + c2)
    best = Gamma(SUPER_MEAN, SUPER_SHAPE)
    best_second = SUPER_MEAN**2 * (1.0 + 1.0 / SUPER_SHAPE)
    found: Family = Gamma(mean, 1.0 / c2)
    for tenths in range(1, 6):
        share = tenths / 10.0
        rest = (mean - share * SUPER_MEAN) / (1.0 - share)
        rest_c2 = ((second - share * best_second) / (1.0 - share)) / rest**2 - 1.0
        if rest <= SUPER_MEAN or rest_c2 <= _ALIKE:
            break
        found = Mixture(share, Gamma(rest, 1.0 / rest_c2), best)
        if rest_c2 <= _SPREAD_ENOUGH:
            break
    return found


def seen_below(family: Family, threshold: float, noise: float) -> float:
    """P(G e^{noise Z} <= threshold): the share of people who are seen to respond, with the log-scale noise of counting."""
    z, w = normal_nodes(_NOISE_NODES)
    return float(w @ family.below(threshold * np.exp(-noise * z)))


@cache
def _even_levels(count: int) -> Array:
    return np.asarray((np.arange(count) + 0.5) / count)


def even_quantiles(family: Family, shared_sd: float, count: int) -> Array:
    """Equally likely values of G when log R itself is uncertain: `count` quantiles of G e^{shared_sd Z}."""
    if shared_sd <= 0.0:
        return np.asarray(family.quantile(_even_levels(count)))
    z, w = normal_nodes(_NOISE_NODES)
    grid = np.exp(np.linspace(np.log(1e-4), np.log(40.0), 2001))
    below = sum(weight * family.below(grid * np.exp(-shared_sd * at)) for at, weight in zip(z, w, strict=True))
    below = np.maximum.accumulate(np.asarray(below))
    return np.asarray(np.exp(np.interp(_even_levels(count), below, np.log(grid))))
