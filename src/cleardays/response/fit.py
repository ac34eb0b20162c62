"""Fit the single-diary model: lay out, solve the grid, draw."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.chain import long_run_rate, transitions
from cleardays.response.design import (
    BESIDE,
    CARRY,
    EFFECT,
    HORIZON_DAYS,
    NOTHING_ELSE,
    USUAL,
    Circumstances,
    Design,
    exposures_at,
    lay_out,
)
from cleardays.response.draws import Draws, draw
from cleardays.response.inner import Inner
from cleardays.response.kernel import Engine, engine_for
from cleardays.response.model import Outline
from cleardays.response.nodes import GRID, Beside, Frame, Nodes, lay_grid, reframe
from cleardays.response.onset import delayed_exposure
from cleardays.response.priors import Priors
from cleardays.response.second import Second, factor, with_second

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

DRAWS = 2048
LEAST_SHARE = 0.5  # effective share of the draws under which a fit is looked at again
FINER = (9, 5, 3)
BASELINE_DAYS = 84
_MOST_FRAMES = 4
RECENT_WEEKS = 4


class Fit(NamedTuple):
    """A fitted diary: everything the answers are computed from."""

    days: DaySeries
    exposure: ExposureSeries
    priors: Priors
    design: Design
    nodes: Nodes
    draws: Draws
    newton_steps: int
    settled: bool
    frame: Frame
    beside: Circumstances
    engine: str  # which engine did the work
    grid: tuple[int, int, int]
    second: Second | None

    def exposure_on(self, series: ExposureSeries, days: Whole) -> Array:
        """Delayed exposure on days (offsets from the first day) in each draw, shape (len(days), N)."""
        each = np.ascontiguousarray(self.exposure_at(series, days).T)  # in the order of memory, so that what is taken is too
        return np.asarray(each[:, self.nodes.onset_index[self.draws.node]])

    def exposure_at(self, series: ExposureSeries, days: Whole) -> Array:
        """The same at each onset, shape (n_tau, len(days))."""
        return np.array([delayed_exposure(series, self.design.first_day, days, float(tau)) for tau in self.nodes.onset])

    def beside_effect(self, days: Whole) -> Array:
        """What other treatments add to the linear predictor on days (offsets from the first day), shape (len(days), N)."""
        others = slice(BESIDE, BESIDE + len(self.beside.others))
        return np.asarray(self.design.row_of_day[days, others] @ self.draws.coefficients[others])

    def beside_on(self, days: Whole) -> Array:
        """The same on days of which some may lie beyond the horizon; there, other treatments go on as on its last day."""
        return self.beside_effect(np.minimum(days, len(self.design.row_of_day) - 1))

    def of_draws(self, take: slice | Whole) -> Fit:
        """The same fit with some of its draws; their weights stay what they were."""
        draws = self.draws
        return self._replace(
            draws=draws._replace(
                node=draws.node[take],
                coefficients=draws.coefficients[:, take],
                levels=draws.levels[:, take],
                had_last=draws.had_last[take],
                weight=draws.weight[take],
            )
        )

    def value(self, level: Array, exposure: Array, beside: Array | float = 0.0) -> Array:
        """What is expected of a day in the long run: the chance of the outcome, or its amount.

        Args:
            level: u (..., N).
            exposure: to the treatment (..., N).
            beside: what else adds to the linear predictor (..., N).
        """
        b = self.draws.coefficients
        a, centre = b[USUAL] + level + b[EFFECT] * exposure + beside, self.design.centre
        had = long_run_rate(a, b[CARRY], centre)
        if self.second is None:
            return had
        return had * factor(self.second, b, transitions(a, b[CARRY], centre)[0], level, exposure)

    @property
    def per(self) -> float:
        """Days that a value is told for: 28, or 1 where it is a mean per day."""
        return 1.0 if self.second is not None and self.second.averaged else float(HORIZON_DAYS)

    @property
    def ceiling(self) -> float:
        """No value, so told, can be greater."""
        if self.second is None or self.second.part:
            return float(HORIZON_DAYS)
        return float("inf") if self.second.most is None else self.per * self.second.most

    @property
    def refined(self) -> bool:
        """Whether the first look failed its check, and this is the second."""
        return self.grid == FINER

    @property
    def effective_share(self) -> float:
        """Effective share of the draws after importance weighting; 1 when Laplace was exact."""
        return self.draws.effective_share


def fit(
    days: DaySeries,
    exposure: ExposureSeries,
    priors: Priors,
    *,
    seed: int,
    beside: Circumstances = NOTHING_ELSE,
    second: Second | None = None,
    draws: int = DRAWS,
    every: int = 1,
    grid: tuple[int, int, int] = GRID,
) -> Fit:
    """Fit one diary.

    Args:
        days: the outcome, day by day, up to and including the day the answer is as of;
            at least one day is known.
        exposure: the treatment; weeks are counted from its first day.
        priors: what is believed before the diary.
        seed: fixes the draws; same input and seed, same answer.
        beside: what else went on: other treatments, and what differs from day to day.
        second: what the days that had it were like, where the outcome is a part of them or an amount.
        draws: how many joint posterior draws.
        every: weigh only each `every`th of them, where that shows that the weights do not matter.
        grid: Gauss-Hermite nodes for (log s, logit phi, log tau).

    Returns:
        The fitted model. Nested Laplace over the outer grid with a skew shift and
        importance weights; see docs/explanation/response-model.md.
    """
    design = lay_out(days, exposure, beside)
    room = Beside(len(beside.others), len(beside.covariates), design.recalled, second.prior if second else ())
    if second is not None:
        design = with_second(design, second)
    frame, outline, engine, inner = _solve(exposure, design, priors, grid, room)
    weeks = (baseline_weeks(design, exposure), recent_weeks(design), forecast_weeks(design))
    keep = np.flatnonzero(np.bincount(np.concatenate(weeks)))
    drawn = draw(outline, inner, keep, engine.draw, count=draws, seed=seed, every=every)
    return Fit(
        days,
        exposure,
        priors,
        design,
        outline.nodes,
        drawn,
        inner.steps,
        inner.settled,
        frame,
        beside,
        engine.name,
        grid,
        second,
    )


def fit_checked(
    days: DaySeries,
    exposure: ExposureSeries,
    priors: Priors,
    *,
    seed: int,
    beside: Circumstances = NOTHING_ELSE,
    second: Second | None = None,
    draws: int = DRAWS,
    every: int = 1,
) -> Fit:
    """`fit`, and where its own check fails once more with a finer grid and eight times the draws.

    The check: every node came to rest on a summit, and the draws' weights leave at least half of them.
    """
    found = fit(days, exposure, priors, seed=seed, beside=beside, second=second, draws=draws, every=every)
    if found.settled and found.effective_share >= LEAST_SHARE:
        return found
    return fit(days, exposure, priors, seed=seed, beside=beside, second=second, draws=8 * draws, grid=FINER)


def _solve(
    exposure: ExposureSeries, design: Design, priors: Priors, grid: tuple[int, int, int], room: Beside
) -> tuple[Frame, Outline, Engine, Inner]:
    """Solve the grid; move and narrow it to where a long diary has its hyperparameters."""
    frame = Frame()
    before: Inner | None = None
    for attempt in range(_MOST_FRAMES):
        nodes = lay_grid(priors, grid, frame, room)
        span = len(design.week_of_day)
        outline = Outline(design, nodes, exposures_at(exposure, design.first_day, span, nodes.onset.tolist()))
        engine = engine_for(outline)
        before = inner = engine.solve(before)
        better = reframe(nodes, inner.log_evidence, frame)
        if better is None or attempt == _MOST_FRAMES - 1:
            break
        frame = better
    return frame, outline, engine, inner


def baseline_days(design: Design, exposure: ExposureSeries) -> Whole:
    """The known days before the start of treatment, at most the last 84 of them (offsets)."""
    start = (exposure.start - design.first_day).days
    return design.known_days[design.known_days < start][-BASELINE_DAYS:]


def baseline_weeks(design: Design, exposure: ExposureSeries) -> Whole:
    """The week of each baseline day, with repeats."""
    return design.week_of_day[baseline_days(design, exposure)]


def recent_weeks(design: Design) -> Whole:
    """The last four weeks up to the day the answer is as of (fewer in a short diary)."""
    last = int(design.week_of_day[design.n_days - 1])
    return np.arange(max(0, last - RECENT_WEEKS + 1), last + 1)


def forecast_weeks(design: Design) -> Whole:
    """The week of each of the 28 days to come, with repeats."""
    return design.week_of_day[design.n_days : design.n_days + HORIZON_DAYS]


def pretreatment_rate(days: DaySeries, exposure: ExposureSeries) -> float:
    """The shrunken rate (had + 2) / (known + 4) of the baseline; of the whole diary where no day before is known."""
    seen = days.before(exposure.start, BASELINE_DAYS) or days
    return (seen.had + 2.0) / (seen.known + 4.0)
