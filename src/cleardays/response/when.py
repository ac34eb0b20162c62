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
from cleardays.response.week_ahead import Answers, Level, Reading, Singles, assimilate, reduced, share_of

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# That weigh the futures. Against all draws the share that is settled moves by 0.02 on average and by 0.16 at most (27 diaries).
_DRAWS = 128
_WEEKS = 12
_MOST_WEEKS = 26


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


def when(fit: Fit, settled: Callable[[Array], Flags], threshold: float, judge_on: date, *, seed: int) -> Wait:
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
    return _wait(fit, ends, _settled_by(fit, futures, settled, threshold, looks))


def _ends(fit: Fit, judge_on: date) -> tuple[int, ...]:
    """The ends of the coming weeks, in days from today."""
    last = fit.days.last_day
    left = int(np.count_nonzero(fit.design.week_of_day[fit.design.n_days : fit.design.n_days + WEEK] == this_week(fit)))
    until_judged = max(0, -(-(judge_on - last).days // WEEK))
    weeks = min(_WEEKS + until_judged, _MOST_WEEKS)
    first = left or WEEK
    return tuple(first + WEEK * i for i in range(weeks))


def _wait(fit: Fit, ends: tuple[int, ...], settled: Flags) -> Wait:
    """`settled` is (V, F): whether each future would be settled at each look."""
    ever = settled.any(axis=0)
    share = float(ever.mean())
    if share < 0.5:
        return Wait(None, None, share, len(ends))
    first = np.where(ever, np.argmax(settled, axis=0), len(ends))
    middle = ends[int(np.sort(first)[(len(first) - 1) // 2])]
    return Wait(middle, fit.days.last_day + timedelta(days=middle), share, len(ends))


def _settled_by(fit: Fit, futures: Futures, settled: Callable[[Array], Flags], threshold: float, looks: Flags) -> Flags:
    """Whether each future is settled at the end of each week for the first time, (V, F); `looks` says where anyone looks.

    A future that is settled is not followed any further.
    """
    few = fit.of_draws(slice(None, None, max(1, len(fit.draws.weight) // _DRAWS)))
    expected = _expected(few, futures.ends)
    unsettled = np.arange(futures.asked.shape[1])
    level, past = _today(few, len(unsettled))
    found = np.zeros((len(futures.ends), len(unsettled)), dtype=bool)
    for week in range(len(futures.ends)):
        if week or not continues(few):
            level = _moved_on(few, level)
        else:
            past = past[:-1]
        said = futures.asked[week][unsettled], futures.yes[week][unsettled]
        level = assimilate(level, Answers(expected.bases[:, week], *said))
        past = [*past, level.mean][-RECENT_WEEKS:]
        if looks[week]:
            mean = sum(past[1:], past[0]) / np.float32(len(past))
            now = settled(_chance(few, expected.at(week), mean, level.log_likelihood, threshold))
            found[week, unsettled[now]] = True
            left = np.flatnonzero(~now)
            unsettled, level, past = unsettled[left], level.only(left), [each.take(left, axis=0) for each in past]
    return found


def _today(few: Fit, futures: int) -> tuple[Level, list[Singles]]:
    """This week's level, certain in each draw, with the log of the draws' weights; and the last weeks' levels, each (F, N)."""
    with np.errstate(divide="ignore"):
        log_weight = np.log(few.draws.weight).astype(np.float32)
    recent = [np.tile(each, (futures, 1)) for each in few.draws.level(recent_weeks(few.design)).astype(np.float32)]
    return Level(recent[-1], np.zeros_like(recent[-1]), np.tile(log_weight, (futures, 1))), recent


def _moved_on(few: Fit, level: Level) -> Level:
    """To the week after: the level wanders (autoregressive of order one)."""
    persistence, spread = (part[few.draws.node].astype(np.float32) for part in (few.nodes.persistence, few.nodes.spread))
    variance = persistence**2 * level.variance + spread**2 * (1.0 - persistence**2)
    return level._replace(mean=persistence * level.mean, variance=variance)


class _Expected(NamedTuple):
    """What each draw expects of the weeks to come, before their levels."""

    bases: Array  # (kinds, V, N) of each kind of question; the third is a day that follows an unknown one
    exposure: Array  # (V, N)
    beside: Array  # (V, N)

    def at(self, week: int) -> _Expected:
        return _Expected(*(part[..., week, :] for part in self))


def _expected(few: Fit, ends: tuple[int, ...]) -> _Expected:
    """From the exposure in the middle of each week."""
    last = np.array(ends) - 1
    days = few.design.n_days + last - np.minimum(last, WEEK // 2)
    b, centre, second = few.draws.coefficients, few.design.centre, few.second
    exposure, beside = few.exposure_on(few.exposure, days), few.beside_on(days)
    a = b[USUAL] + b[EFFECT] * exposure + beside
    bases = [a + b[CARRY] * (1.0 - centre), a - b[CARRY] * centre, a]
    if second is not None:
        bases += [alpha + second_effect(second, b) * exposure for alpha in intercepts(second, b)]
    return _Expected(np.array(bases), exposure, beside)


def _chance(few: Fit, expected: _Expected, level: Singles, log_weight: Singles, threshold: float) -> Array:
    """P(R >= threshold) in each future, (F,)."""
    b = few.draws.coefficients
    if few.second is None:
        reading = Reading(expected.bases[2], b[USUAL] + expected.beside, b[CARRY], few.design.centre)
        return reduced(level, log_weight, reading, threshold)
    precise, exposures = level.astype(np.float64), (expected.exposure, np.zeros_like(expected.exposure))
    treated, untreated = (few.value(precise, exposure, expected.beside) for exposure in exposures)
    return share_of(1.0 - treated / untreated >= threshold, log_weight)


def refits(
    fit: Fit,
    settled: Callable[[Array], Flags],
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
