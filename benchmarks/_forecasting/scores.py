"""How good forecasts are: log score, Brier, AUC, calibration, and paired differences with people drawn again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logit
from scipy.stats import rankdata

DRAWN_AGAIN = 2000
LEVEL = 0.95


class Forecasts(NamedTuple):
    """Every single-day forecast of one method: whose, what was said, what came."""

    person: np.ndarray  # (n,) numbers from 0
    p: np.ndarray
    came: np.ndarray

    @property
    def log_loss(self) -> np.ndarray:
        """Minus the log of the probability that was given to what came, in nats."""
        return -np.log(np.where(self.came > 0.5, self.p, 1.0 - self.p))

    @property
    def brier(self) -> np.ndarray:
        """The squared distance of the probability from what came."""
        return np.asarray((self.p - self.came) ** 2)


class Score(NamedTuple):
    """The figures of one method; `slope`, `intercept` and their standard errors as in `calibration`."""

    log_score: float
    brier: float
    auc: float
    slope: float
    intercept: float
    slope_se: float
    intercept_se: float


def score(forecasts: Forecasts) -> Score:
    """All the figures of one method."""
    return Score(float(forecasts.log_loss.mean()), float(forecasts.brier.mean()), auc(forecasts), *calibration(forecasts))


def auc(forecasts: Forecasts) -> float:
    """The chance that a day had was given more than a clear one (ties count half)."""
    ranks, had = rankdata(forecasts.p), forecasts.came > 0.5
    n = had.sum()
    return float((ranks[had].sum() - n * (n + 1) / 2) / (n * (len(had) - n)))


def calibration(forecasts: Forecasts) -> tuple[float, float, float, float]:
    """Slope and intercept of what came on the logit of the forecast (Cox 1958), and their standard errors.

    1 and 0 where the forecasts are right. The errors let the days of one person depend on each other (the sandwich of
    Liang & Zeger 1986).
    """
    x = np.column_stack([logit(forecasts.p), np.ones(len(forecasts.p))])
    sign = np.where(forecasts.came > 0.5, 1.0, -1.0)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        eta = sign * (x @ parameters)
        return -float(log_expit(eta).sum()), -(sign * expit(-eta)) @ x

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="BFGS").x
    p = expit(x @ found)
    bread = np.linalg.inv((x * (p * (1.0 - p))[:, None]).T @ x)
    pulls = np.zeros((int(forecasts.person.max()) + 1, 2))
    np.add.at(pulls, forecasts.person, x * (forecasts.came - p)[:, None])
    errors = np.sqrt(np.diag(bread @ pulls.T @ pulls @ bread))
    return float(found[0]), float(found[1]), float(errors[0]), float(errors[1])


class Difference(NamedTuple):
    """Ours minus theirs (below 0: ours is better), with an interval over people drawn again."""

    estimate: float
    lower: float
    upper: float

    @property
    def said(self) -> str:
        """How ours did, and whether the interval leaves it open."""
        did = "better" if self.estimate < 0 else "worse"
        return did if self.lower > 0 or self.upper < 0 else f"{did}, within chance"

    def __str__(self) -> str:
        return f"{self.estimate:+.4f} ({self.lower:+.4f} to {self.upper:+.4f})"


def paired(ours: np.ndarray, theirs: np.ndarray, person: np.ndarray, *, seed: int) -> Difference:
    """The difference of two mean losses, each forecast with itself; whole people are drawn again, with all their forecasts."""
    people = int(person.max()) + 1
    total = np.bincount(person, ours - theirs, minlength=people)
    count = np.bincount(person, minlength=people).astype(float)
    drawn = np.random.default_rng(seed).integers(0, people, (DRAWN_AGAIN, people))
    again = total[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    lower, upper = np.quantile(again, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Difference(float(total.sum() / count.sum()), float(lower), float(upper))
