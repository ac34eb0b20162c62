"""Tail areas and quantiles of the normal, chi-square and Student distributions.

scipy computes them; it is imported on first use, so that whoever asks for none does not wait for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def normal_cdf(x: Array | float) -> Array:
    """P(Z <= x) of a standard normal Z."""
    from scipy.special import ndtr

    return np.asarray(ndtr(x))


def normal_quantile(level: float) -> float:
    """The value that a standard normal lies below with this probability."""
    from scipy.special import ndtri

    return float(ndtri(level))


def two_sided(z: float) -> float:
    """P(|Z| >= |z|) of a standard normal Z."""
    return float(2.0 * normal_cdf(-abs(z)))


def chi_square_beyond(x: float, df: int) -> float | None:
    """P(X >= x), X chi-square with df degrees of freedom; None without any."""
    from scipy.special import chdtrc

    return float(chdtrc(df, max(x, 0.0))) if df > 0 else None


def chi_square_quantile(level: float, df: float) -> float:
    """The value that a chi-square variable lies below with this probability."""
    from scipy.special import chdtri

    return float(chdtri(df, 1.0 - level))


def student_quantile(level: float, df: float) -> float:
    """The value that Student's t lies below with this probability."""
    from scipy.special import stdtrit

    return float(stdtrit(df, level))


def student_two_sided(t: float, df: float) -> float:
    """P(|T| >= |t|), T Student's with df degrees of freedom."""
    from scipy.special import stdtr

    return float(2.0 * stdtr(df, -abs(t)))
