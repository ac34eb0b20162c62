"""Futures of a diary, simulated from today's posterior: the days to come, and which of them are written down."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.logistic import sigmoid
from cleardays.response.chain import transitions
from cleardays.response.design import CARRY, EFFECT, HORIZON_DAYS, USUAL, WEEK
from cleardays.response.fit import Fit
from cleardays.response.forecast import today
from cleardays.response.second import Second, drawn_amounts, second_cells, second_effect

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

FUTURES = 64


class Futures(NamedTuple):
    """F simulated futures in V weeks; the first week is what is left of this one (at least a day).

    `asked` and `yes` count, for each week, future and kind of question, how often it was asked and answered with yes: after
    a day had, after a clear day, after one that nobody wrote about, then the second rows' segments. `states` are the days
    (days, F), NaN where nobody wrote.
    """

    ends: tuple[int, ...]  # days from today to the end of each week
    asked: Array  # (V, F, kinds)
    yes: Array  # (V, F, kinds)
    states: Array


def this_week(fit: Fit) -> int:
    """The week of today."""
    return int(fit.design.week_of_day[fit.design.n_days - 1])


def continues(fit: Fit) -> bool:
    """Whether tomorrow belongs to the week of today."""
    return int(fit.design.week_of_day[fit.design.n_days]) == this_week(fit)


def simulate(fit: Fit, ends: tuple[int, ...], seed: int, count: int = FUTURES) -> Futures:
    """Futures from draws chosen by their weight (systematically), logged as often as the last 28 days were."""
    random = np.random.default_rng([seed, 3])
    chosen = np.searchsorted(np.cumsum(fit.draws.weight), (np.arange(count) + 0.5) / count)
    chosen = np.minimum(chosen, len(fit.draws.weight) - 1)
    fit = fit.of_draws(chosen)
    b, second, node = fit.draws.coefficients, fit.second, fit.draws.node
    phi, fresh = fit.nodes.persistence[node], fit.nodes.spread[node] * np.sqrt(1.0 - fit.nodes.persistence[node] ** 2)
    level = fit.draws.level(np.array([this_week(fit)]))[0]
    days = np.arange(fit.design.n_days, fit.design.n_days + ends[-1])
    exposure, beside = fit.exposure_on(fit.exposure, days), fit.beside_on(days)
    recent = fit.days.states[-HORIZON_DAYS:]
    logging = max(sum(state is not None for state in recent) / len(recent), 1.0 / HORIZON_DAYS)
    week = np.array([0 if day < ends[0] else 1 + (day - ends[0]) // WEEK for day in range(ends[-1])])
    levels = [level] if continues(fit) else []
    while len(levels) < len(ends):
        levels.append(phi * (levels[-1] if levels else level) + fresh * random.standard_normal(count))
    path = np.array(levels)[week]
    up, down = transitions(b[USUAL] + path + b[EFFECT] * exposure + beside, b[CARRY], fit.design.centre)
    chance, known = random.random(up.shape), random.random(up.shape) < logging
    had = np.empty((len(week) + 1, count), dtype=bool)
    had[0] = random.random(count) < today(fit)
    for day in range(len(week)):
        had[day + 1] = chance[day] < np.where(had[day], up[day], down[day])
    before, had = had[:-1], had[1:]
    was_known = np.concatenate([np.ones((1, count), dtype=bool), known[:-1]])
    after = np.stack([was_known & before, was_known & ~before, ~was_known], axis=-1) & known[:, :, None]
    begins = np.concatenate([[0], np.array(ends[:-1], dtype=np.int64)])
    asked, yes = (np.add.reduceat(each.astype(float), begins, axis=0) for each in (after, after & had[:, :, None]))
    states = np.where(known, had, np.nan)
    if second is not None:
        tried, passed = _second_answers(second, b, path, exposure, before[0], had, known, random)
        asked = np.concatenate([asked, np.add.reduceat(tried, begins, axis=0)], axis=-1)
        yes = np.concatenate([yes, np.add.reduceat(passed, begins, axis=0)], axis=-1)
    return Futures(ends, asked, yes, states)


def _second_answers(
    second: Second,
    b: Array,
    path: Array,
    exposure: Array,
    today_had: Flags,
    had: Flags,
    known: Flags,
    random: np.random.Generator,
) -> tuple[Array, Array]:
    """How often the second rows' questions are asked and answered with yes on each day (days, F, kinds)."""
    amount, found = today_had.astype(float), []
    for day in range(len(had)):
        moved = path[day] + second_effect(second, b) * exposure[day]
        if second.part:
            amount = (random.random(len(moved)) < sigmoid(b[-second.columns] + moved)).astype(float)
        else:
            amount = drawn_amounts(second, b, moved, amount, random)
        seen = (known[day] & had[day])[:, None]
        found.append([cells * seen for cells in second_cells(second, amount)])
        amount = np.where(had[day], amount, 0.0)
    tried, passed = (np.array(part) for part in zip(*found, strict=True))
    return tried, passed
