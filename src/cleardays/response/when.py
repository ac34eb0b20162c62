"""When will we know? Futures simulated from today's posterior, and when each of them would settle the question.

A future is the next weeks of one draw: its days, and which of them are written
down, as often as lately. What a reader of that future would believe is found
without fitting again: every draw is weighted by how well it would have foreseen
the future's days. The levels to come are integrated out in that, week by week,
by a Gaussian filter (each week's days against the level that the draw expects,
Laplace); the days of a week are counted by what they follow, a day had or a
clear one. `refits` does the same with full fits; tests compare the two.

Source of the idea: preposterior analysis (Raiffa & Schlaifer 1961).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.response.design import CARRY, EFFECT, USUAL, WEEK
from cleardays.response.fit import RECENT_WEEKS, Fit, recent_weeks
from cleardays.response.futures import FUTURES, Futures, continues, simulate, this_week
from cleardays.response.second import intercepts, second_effect

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# That weigh the futures. Against all draws the share that is settled moves by 0.02 on average and by 0.16 at most (27 diaries).
_DRAWS = 128
_WEEKS = 12
_MOST_WEEKS = 26
_MOST = 40.0  # on the logit; the square of such odds is still a number in single precision
_ROUNDS = 2  # of Newton, for the level of a week


class Wait(NamedTuple):
    """How long until the diary settles it: None where fewer than half of the futures do within `weeks`.

    `probability` is the share of futures that are settled by the end of that time.
    """

    more_days: int | None
    on: date | None
    probability: float
    weeks: int

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        on = None if self.on is None else self.on.isoformat()
        return {"more_days": self.more_days, "date": on, "probability_decided": self.probability}


def when(fit: Fit, settled: Callable[[Array], NDArray[np.bool_]], threshold: float, judge_on: date, *, seed: int) -> Wait:
    """The wait until a verdict, by reweighting the draws.

    Args:
        fit: today's fit.
        settled: which chances settle it, arrays of P(R >= threshold).
        threshold: the reduction asked for.
        judge_on: no verdict before this day.
        seed: fixes the futures.
    """
    ends = _ends(fit, judge_on)
    futures = simulate(fit, ends, seed)
    looks = np.array([fit.days.last_day + timedelta(days=end) >= judge_on for end in ends])
    return _wait(fit, ends, settled(chances(fit, futures, threshold, looks)) & looks[:, None])


def _ends(fit: Fit, judge_on: date) -> tuple[int, ...]:
    """The ends of the coming weeks, in days from today."""
    last = fit.days.last_day
    left = int(np.count_nonzero(fit.design.week_of_day[fit.design.n_days : fit.design.n_days + WEEK] == this_week(fit)))
    until_judged = max(0, -(-(judge_on - last).days // WEEK))
    weeks = min(_WEEKS + until_judged, _MOST_WEEKS)
    first = left or WEEK
    return tuple(first + WEEK * i for i in range(weeks))


def _wait(fit: Fit, ends: tuple[int, ...], settled: NDArray[np.bool_]) -> Wait:
    """`settled` is (V, F): whether each future would be settled at each look."""
    ever = settled.any(axis=0)
    share = float(ever.mean())
    if share < 0.5:
        return Wait(None, None, share, len(ends))
    first = np.where(ever, np.argmax(settled, axis=0), len(ends))
    middle = ends[int(np.sort(first)[(len(first) - 1) // 2])]
    return Wait(middle, fit.days.last_day + timedelta(days=middle), share, len(ends))


class _Weighing(NamedTuple):
    """The draws that weigh the futures: what each expects before a week's level."""

    b: Array  # (p, N)
    log_weight: Array
    phi: Array
    fresh: Array  # variance that a new week brings
    level: Array  # today's
    recent: Array  # (4, N), the last weeks' levels
    take: slice


def chances(fit: Fit, futures: Futures, threshold: float, looks: NDArray[np.bool_]) -> Array:
    """P(R >= threshold) at the end of each week of each future, (V, F); NaN where nobody looks."""
    draws = _weighing(fit)
    second = fit.second
    mean = np.broadcast_to(draws.level, (futures.asked.shape[1], len(draws.level)))
    variance = np.zeros_like(mean)
    log_weight = np.broadcast_to(draws.log_weight, mean.shape)
    levels = [np.broadcast_to(level, mean.shape) for level in draws.recent]
    same_week = continues(fit)
    found = []
    for week, end in enumerate(futures.ends):
        day = np.array([fit.design.n_days + end - 1 - min(end - 1, WEEK // 2)])
        exposure, beside = fit.exposure_on(fit.exposure, day)[0][draws.take], fit.beside_on(day)[0][draws.take]
        a = draws.b[USUAL] + draws.b[EFFECT] * exposure + beside
        bases = [a + draws.b[CARRY] * (1.0 - fit.design.centre), a - draws.b[CARRY] * fit.design.centre, a]
        if second is not None:
            bases += list(intercepts(second, draws.b) + second_effect(second, draws.b) * exposure)
        if week or not same_week:
            mean, variance = draws.phi * mean, draws.phi**2 * variance + draws.fresh
        mean, variance, gained = _assimilate(mean, variance, np.array(bases), futures.asked[week], futures.yes[week])
        log_weight = log_weight + gained
        levels = [*levels[:-1], mean] if week == 0 and same_week else [*levels, mean][-RECENT_WEEKS:]
        if looks[week]:
            found.append(_chance(fit, draws, np.mean(levels, axis=0), exposure, beside, log_weight, threshold))
        else:
            found.append(np.full(len(mean), np.nan))
    return np.array(found)


def _weighing(fit: Fit) -> _Weighing:
    take = slice(None, None, max(1, len(fit.draws.weight) // _DRAWS))
    node = fit.draws.node[take]
    phi = fit.nodes.persistence[node]
    recent = fit.draws.level(recent_weeks(fit.design))[:, take]
    with np.errstate(divide="ignore"):
        log_weight = np.log(fit.draws.weight[take])
    fresh = fit.nodes.spread[node] ** 2 * (1.0 - phi**2)
    return _Weighing(fit.draws.coefficients[:, take], log_weight, phi, fresh, recent[-1], recent, take)


def _assimilate(mean: Array, variance: Array, bases: Array, asked: Array, yes: Array) -> tuple[Array, Array, Array]:
    """One week's answers: the level's mean and variance after them (F, N), and the log marginal likelihood gained.

    The odds against each kind of answer are those at level 0 times exp(-level), so that a level costs one exponential.
    Single precision is enough for weights, and several times as fast.
    """
    kinds = np.flatnonzero(asked.any(axis=0))
    given = np.clip(bases, -_MOST, _MOST)[kinds], asked[:, kinds], yes[:, kinds]
    base, tried, had = (part.astype(np.float32) for part in given)
    before, spread = mean.astype(np.float32), variance.astype(np.float32)
    against_base, passed = np.exp(-base), had.sum(axis=1)[:, None]
    at = before
    for rounds_left in reversed(range(_ROUNDS + 1)):
        against_level = np.exp(np.clip(-at, -_MOST, _MOST))
        slope, information, gained = np.repeat(passed, at.shape[1], axis=1), np.zeros_like(at), np.zeros_like(at)
        for kind, against in enumerate(against_base):
            whole = 1.0 + against_level * against
            if not rounds_left:
                gained -= tried[:, kind, None] * np.log(whole)
            chance = 1.0 / whole
            expected = tried[:, kind, None] * chance
            slope -= expected
            information += expected * (1.0 - chance)
        if rounds_left:
            at = at + (spread * slope - (at - before)) / (1.0 + spread * information)
    gained += (had - tried) @ base + (passed - tried.sum(axis=1)[:, None]) * at
    away = np.where(spread > 0.0, (at - before) ** 2 / np.maximum(spread, 1e-30), 0.0)
    gained -= 0.5 * away + 0.5 * np.log1p(spread * information)
    after = spread / (1.0 + spread * information)
    return at.astype(np.float64), after.astype(np.float64), gained.astype(np.float64)


def _chance(
    fit: Fit, draws: _Weighing, level: Array, exposure: Array, beside: Array, log_weight: Array, threshold: float
) -> Array:
    few = fit.of_draws(draws.take)
    treated = few.value(level, exposure, beside)
    reduction = 1.0 - treated / few.value(level, np.zeros_like(exposure), beside)
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    return np.asarray((weight * (reduction >= threshold)).sum(axis=1) / weight.sum(axis=1))


def refits(
    fit: Fit,
    settled: Callable[[Array], NDArray[np.bool_]],
    judge_on: date,
    chance_of: Callable[[DaySeries], float],
    *,
    seed: int,
    count: int = FUTURES,
) -> Wait:
    """The same wait with a full fit at every look, until a future is settled.

    Args:
        fit: today's fit, of an outcome without second rows.
        settled: which chances settle it.
        judge_on: no verdict before this day.
        chance_of: P(R >= threshold) of a longer diary.
        seed: fixes the futures, the same as in `when`.
        count: how many futures.
    """
    ends = _ends(fit, judge_on)
    futures = simulate(fit, ends, seed, count)
    found = np.zeros((len(ends), count), dtype=bool)
    for future in range(count):
        for look, end in enumerate(ends):
            if fit.days.last_day + timedelta(days=end) >= judge_on:
                chance = chance_of(_longer(fit.days, futures.states[:end, future]))
                found[look, future] = bool(settled(np.array([chance]))[0])
                if found[look, future]:
                    break
    return _wait(fit, ends, found)


def _longer(days: DaySeries, states: Array) -> DaySeries:
    added = tuple(None if np.isnan(state) else bool(state) for state in states)
    return days._replace(states=days.states + added, recalled=days.recalled + (False,) * len(added))
