"""A diary laid out day by day for the reference model, without the engine's help."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

HORIZON = 28
BRIDGED_DAYS = 6  # a longer stretch of unknown days cuts the chain; this many days before an entry it starts anew
OTHER_TAU = 14.0  # days; a treatment that is not judged has a fixed onset


class Rows(NamedTuple):
    """A diary laid out day by day: n days, and the horizon after them where it says so. J treatments besides, K covariates."""

    y: np.ndarray  # (n,) 1 had, 0 clear, nan unknown
    recalled: np.ndarray  # (n,) bool
    restart: np.ndarray  # (n,) bool: the chain starts anew here
    centre: float
    week: np.ndarray  # (n + horizon,)
    since: np.ndarray  # (steps, n + horizon) days since each step of the judged treatment, 0 before
    change: np.ndarray  # (steps,) by how much each step changes the level taken
    others: np.ndarray  # (J, n + horizon) their delayed exposures
    covariates: np.ndarray  # (K, n + horizon), 0 in the horizon
    start: int  # offset of the judged treatment's first day


def exposure_steps(series, first_day, days):
    """A first-order lag is linear: the delayed exposure is the sum of every step's own, change (1 - exp(-since / tau))."""
    levels = np.array([step.level for step in series.steps])
    begins = np.array([(step.from_day - first_day).days for step in series.steps])
    return np.maximum(days - begins[:, None], 0).astype(float), np.diff(levels, prepend=0.0)


def restarts(observed):
    """Where the chain starts anew: for each observed day after none, or after more than six unknown days, six days before."""
    found = np.zeros(len(observed), dtype=bool)
    previous = None
    for day in np.flatnonzero(observed):
        if previous is None or day - previous - 1 > BRIDGED_DAYS:
            found[max(day - BRIDGED_DAYS, 0)] = True
        previous = day
    return found


def lay_out(case):
    days, first = case.days, case.days.first_day
    n = len(days.states)
    offsets = np.arange(n + HORIZON)
    y = np.array([np.nan if state is None else float(state) for state in days.states])
    start = (case.exposure.start - first).days
    others = np.zeros((len(case.others), n + HORIZON))
    for j, other in enumerate(case.others):
        since, change = exposure_steps(other, first, offsets)
        others[j] = change @ (1 - np.exp(-since / OTHER_TAU))
    covariates = np.zeros((len(case.covariates), n + HORIZON))
    for k, covariate in enumerate(case.covariates):
        value = dict(enumerate(covariate.values, (covariate.first_day - first).days))
        covariates[k, :n] = [value.get(day, 0.0) for day in range(n)]
    since, change = exposure_steps(case.exposure, first, offsets)
    centre = (np.nansum(y) + 2) / (np.isfinite(y).sum() + 4)
    week = (offsets - start) // 7
    recalled = np.array(days.recalled) & np.isfinite(y)
    return Rows(y, recalled, restarts(np.isfinite(y)), centre, week - week[0], since, change, others, covariates, start)


def evidence(y, recalled, sens, spec, xp=np):
    """P(entry of the day | true state), shape (n, 2): certain where known, by sens and spec where recalled, 1 where unknown."""
    had = xp.where(recalled, xp.where(y == 1, sens, 1 - sens), y == 1)
    clear = xp.where(recalled, xp.where(y == 1, 1 - spec, spec), y == 0)
    return xp.stack([xp.where(xp.isnan(y), 1.0, clear), xp.where(xp.isnan(y), 1.0, had)], axis=-1)
