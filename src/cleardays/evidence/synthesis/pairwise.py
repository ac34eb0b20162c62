"""Two treatments, several studies: the pooled difference, how much studies differ, and what hangs on a single one.

Hartung & Knapp 2001, Sidik & Jonkman 2002 for the interval that takes the uncertainty of tau^2 in; Higgins, Thompson &
Spiegelhalter 2009 for the prediction interval, with the degrees of freedom of Q (Veroniki and others 2019); Sterne &
Egger 2005 for the test of small studies, here as a regression on the standard error with the same tau^2 model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.evidence.synthesis.gls import System, fit, pool, tau2_interval
from cleardays.evidence.synthesis.regression import Regression, regress
from cleardays.numerics.distributions import chi_square_beyond, normal_quantile, student_quantile
from cleardays.problems import BadInput, Problem

Array = NDArray[np.float64]

FEWEST_FOR_FUNNEL = 10  # studies; with fewer a funnel cannot be told from chance (Sterne and others 2011)
_UPPER = 0.975


class Between(NamedTuple):
    """A 95 % interval."""

    lower: float
    upper: float


class Summary(NamedTuple):
    """The pooled difference of two treatments, on the scale of the estimates."""

    method: str
    estimate: float
    se: float
    interval: Between
    hartung_knapp_se: float | None  # None with a single study
    hartung_knapp: Between | None
    prediction: Between | None  # None with a single study
    tau2: float
    tau2_interval: tuple[float, float] | None
    q: float
    df: int
    p: float | None
    i2: float | None


def summarise(estimate: Sequence[float], se: Sequence[float], method: str = "REML") -> Summary:
    """Pool estimates of one difference.

    Args:
        estimate: of each study.
        se: their standard errors.
        method: how tau^2 is estimated, one of `gls.METHODS`.

    Raises:
        BadInput: there is no study, or a number is none.
    """
    system = _alike(estimate, se)
    pooled = fit(system, method)
    middle, spread, df = float(pooled.effect[0]), float(np.sqrt(pooled.covariance[0, 0])), system.df
    q = pool(system, 0.0).q
    wide = narrow = None
    knapp = None
    if df:
        knapp = spread * float(np.sqrt(pooled.q / df))
        narrow = _around(middle, knapp, student_quantile(_UPPER, df))
        wide = _around(middle, float(np.sqrt(spread**2 + pooled.tau2)), student_quantile(_UPPER, df))
    return Summary(
        method,
        middle,
        spread,
        _around(middle, spread, normal_quantile(_UPPER)),
        knapp,
        narrow,
        wide,
        pooled.tau2,
        None if method == "common" else tau2_interval(system),
        q,
        df,
        chi_square_beyond(q, df),
        None if not df else (max(0.0, (q - df) / q) if q > 0.0 else 0.0),
    )


def _alike(estimate: Sequence[float], se: Sequence[float]) -> System:
    if not len(se) or not np.isfinite([*estimate, *se]).all() or min(se) <= 0.0:
        what = "estimates and standard errors have to be numbers, and standard errors above 0."
        raise BadInput(Problem("studies", what, "Leave out what is not known."))
    variance = np.diag(np.asarray(se, dtype=float) ** 2)
    return System(np.asarray(estimate, dtype=float), np.ones((len(se), 1)), variance, np.eye(len(se)))


def _around(middle: float, se: float, times: float) -> Between:
    return Between(middle - times * se, middle + times * se)


def leave_one_out(estimate: Sequence[float], se: Sequence[float], method: str = "REML") -> list[Summary]:
    """The same without each study in turn; empty with a single one."""
    if len(se) < 2:
        return []
    return [summarise([*estimate[:at], *estimate[at + 1 :]], [*se[:at], *se[at + 1 :]], method) for at in range(len(se))]


def small_studies(estimate: Sequence[float], se: Sequence[float], method: str = "REML") -> Regression | None:
    """Do small studies find something else than large ones? The slope on the standard error; None with fewer than ten studies.

    A slope other than 0 may come from studies that were not published, or from small studies being other studies.
    """
    if len(se) < FEWEST_FOR_FUNNEL:
        return None
    return regress(_alike(estimate, se), np.asarray(se, dtype=float)[:, None], ("standard error",), method)
