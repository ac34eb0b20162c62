"""What a simulated person lives, day by day, and the long-run truth behind it.

Days are a chain of two states in log odds, amounts are chains of their own. None of it is the model that judges: the
effect follows the dose with a bend, a session's effect fades, and ratings and drinks are no steps of odds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cleardays.response.chain import level_for_rate, long_run_rate
from cleardays.trial.demonstration.drawing import Array, drift, uniform
from cleardays.trial.demonstration.truth import Amounts, Case, Days, Effect

MONTH = 28
AURA, HEADACHE, USE, CRAVING, DRINKS = "aura_day", "headache_day", "use_day", "craving", "drinks"
MOOD = "mood"
_RATINGS = (CRAVING, MOOD)
_CENTRE = 0.5  # of the previous-day term
_MOST_RATING, _MOST_DRINKS = 10, 60
_SETTLED = 200  # steps until a chain of ratings has forgotten where it began


class Lived(NamedTuple):
    """Each day from the first of the diary: the drift, the share of the full effect, and what was had, by outcome."""

    drift: Array
    effect: Array
    had: Mapping[str, Array]


def live(case: Case, seed: int, days: int, shares: Array) -> Lived:
    """So many days.

    Args:
        case: the truth.
        seed: fixes everything.
        days: how many, from the first of the diary.
        shares: of the target dose that was taken, on each of these days; of sessions 1 on the day of one.
    """
    moved = drift(seed, *case.drift)[:days]
    effect = _of_sessions(case.effect, shares) if case.effect.lasts_days is not None else _of_doses(case.effect, shares)
    chances = uniform(seed, "days", len(case.days))
    had = {
        name: _chain(law, moved + _delta(case, name) * effect, chances[:, at])
        for at, (name, law) in enumerate(case.days.items())
    }
    dice = uniform(seed, "amounts", 1 + len(_RATINGS))
    had |= {name: _ratings(case, name, moved, effect, dice[:, at]) for at, name in enumerate(_RATINGS) if name in case.amounts}
    if DRINKS in case.amounts:
        had[DRINKS] = _drinks(case, moved, effect, had[USE], dice[:, -1])
    if AURA in had:  # a headache follows an aura, or comes by itself
        follows = uniform(seed, "aura", 1)[:days, 0] < case.aura_then_headache
        had[HEADACHE] = np.maximum(had[HEADACHE], had[AURA] * follows)
    return Lived(moved, effect, had)


def long_run(case: Case, outcome: str, moved: float, effect: float) -> float:
    """What an outcome would come to in the long run at one level and one share of the effect.

    Days and drinks per 28 days, a rating as the mean of a day.
    """
    if outcome in _RATINGS:
        aimed = _aimed(case, outcome, moved, effect)
        rows = np.array([_rating_law(case.amounts[outcome], aimed, value) for value in range(_MOST_RATING + 1)])
        share = np.full(len(rows), 1 / len(rows))
        for _ in range(_SETTLED):
            share = share @ rows
        return float(share @ np.arange(len(rows)))
    if outcome == DRINKS:
        return MONTH * _rate(case, USE, moved, effect) * _mean_drinks(case, moved, effect)
    own = _rate(case, outcome, moved, effect)
    if outcome == HEADACHE and AURA in case.days:
        own = 1 - (1 - own) * (1 - case.aura_then_headache * _rate(case, AURA, moved, effect))
    return MONTH * own


def _rate(case: Case, name: str, moved: float, effect: float) -> float:
    """The long-run share of days of one chain."""
    law = case.days[name]
    at = _own_level(law) + moved + _delta(case, name) * effect
    return float(long_run_rate(np.asarray(at), law.carry_over, _CENTRE))


def _own_level(law: Days) -> float:
    return float(level_for_rate(np.asarray(law.per_28 / MONTH), law.carry_over, _CENTRE))


def _delta(case: Case, name: str) -> float:
    """The full effect on a chain of days in log odds: at the own level it takes away the declared share.

    Of drinks half of it (in logarithms) falls on whether any is drunk, half on how much.
    """
    law, left = case.days[name], 1 - case.effect.reduction.get(name, 0.0)
    if name == USE and DRINKS in case.effect.reduction:
        left = math.sqrt(1 - case.effect.reduction[DRINKS])
    to = level_for_rate(np.asarray(left * law.per_28 / MONTH), law.carry_over, _CENTRE)
    return float(to) - _own_level(law)


def _chain(law: Days, eta: Array, chances: Array) -> Array:
    own, had, found = _own_level(law), law.per_28 / MONTH > _CENTRE, np.empty(len(eta))
    for day, (at, chance) in enumerate(zip(eta.tolist(), chances.tolist(), strict=False)):
        had = chance < 1 / (1 + math.exp(-(own + at + law.carry_over * (had - _CENTRE))))
        found[day] = had
    return found


def _ratings(case: Case, name: str, moved: Array, effect: Array, dice: Array) -> Array:
    law, found = case.amounts[name], np.empty(len(moved))
    yesterday = round(law.mean)
    for day in range(len(moved)):
        chances = np.cumsum(_rating_law(law, _aimed(case, name, float(moved[day]), float(effect[day])), yesterday))
        yesterday = int(np.searchsorted(chances, dice[day] * chances[-1]))
        found[day] = yesterday
    return found


def _aimed(case: Case, name: str, moved: float, effect: float) -> float:
    """The rating of a day before yesterday's is carried over."""
    law = case.amounts[name]
    return (law.mean + law.follows * moved) * (1 - case.effect.reduction.get(name, 0.0) * effect)


def _rating_law(law: Amounts, aimed: float, yesterday: int) -> Array:
    """The chances of 0 to 10: a rounded normal around a mean of today's aim and yesterday's rating."""
    middle = (1 - law.carry_over) * aimed + law.carry_over * yesterday
    below = [0.5 * (1 + math.erf((k + 0.5 - middle) / (law.scatter * math.sqrt(2)))) for k in range(_MOST_RATING)]
    return np.diff(np.array([0.0, *below, 1.0]))


def _mean_drinks(case: Case, moved: float, effect: float) -> float:
    """On a day of use; never less than one."""
    law = case.amounts[DRINKS]
    left = 1 - math.sqrt(1 - case.effect.reduction.get(DRINKS, 0.0))
    return max(1.0, law.mean * math.exp(law.follows * moved) * (1 - left * effect))


def _drinks(case: Case, moved: Array, effect: Array, used: Array, dice: Array) -> Array:
    """One and a Poisson number more on each day of use."""
    found = np.zeros(len(moved))
    for day in np.flatnonzero(used):
        more = _mean_drinks(case, float(moved[day]), float(effect[day])) - 1
        chance, below, number = math.exp(-more), 0.0, 0
        while below + chance < dice[day] and number < _MOST_DRINKS:
            below, number = below + chance, number + 1
            chance *= more / number
        found[day] = 1 + number
    return found


def _of_doses(effect: Effect, shares: Array) -> Array:
    """The share of the full effect: the dose with a bend (Emax), reached and lost with the time of the onset."""
    bent = shares * (1 + effect.half_at) / (shares + effect.half_at)
    pace, reached, found = 1 - math.exp(-1 / effect.onset_days), 0.0, np.empty(len(shares))
    for day, aimed in enumerate(bent.tolist()):
        reached += (aimed - reached) * pace
        found[day] = reached
    return found


def _of_sessions(effect: Effect, shares: Array) -> Array:
    """The share of the full effect since the sessions: it comes on, lasts, and fades; the most that any of them gives."""
    assert effect.lasts_days is not None
    days, found = np.arange(len(shares)), np.zeros(len(shares))
    for on in np.flatnonzero(shares):
        since = np.maximum(days - on, 0)
        worn_off = np.exp(-np.maximum(since - effect.lasts_days, 0) / effect.fades_days)
        course = (1 - np.exp(-since / effect.onset_days)) * worn_off
        found = np.maximum(found, np.where(days >= on, course, 0.0))
    return found


def mean_over(case: Case, outcome: str, drifts: Sequence[float], effects: Sequence[float]) -> float:
    """The mean of the long-run truths of some days."""
    pairs = dict.fromkeys(zip(drifts, effects, strict=True), 0)
    for pair in zip(drifts, effects, strict=True):
        pairs[pair] += 1
    return sum(many * long_run(case, outcome, *pair) for pair, many in pairs.items()) / len(drifts)
