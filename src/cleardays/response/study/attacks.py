"""People whose headaches are attacks of some hours, with a rest after each: no chain of days, and no logistic.

A semi-Markov process in continuous time. An attack lasts log-normally long, 4 to 72 h; then none can begin for
12 to 36 h; then the next one comes at the person's own pace, which the level and the treatment multiply. A day is
had when any attack touches it.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from cleardays.quantities import ExposureSeries
from cleardays.response.study.effects import lagged, usual_effect
from cleardays.response.study.keeping import most_days
from cleardays.response.study.levels import drift
from cleardays.response.study.person import (
    MONTH,
    START,
    TREATMENT,
    Array,
    Mask,
    Person,
    Truth,
    diary_of,
    is_bad_month,
)

_BEFORE, _AFTER = 28, 84
_USUAL = (4.0, 20.0)
_SHORTEST_H, _LONGEST_H, _LENGTH_LOG_SD = 4.0, 72.0, 0.6
_PERSON_MEDIAN_H, _PERSON_LOG_SD = 18.0, 0.4
_REST_H = (12.0, 36.0)
_ONSET_DAYS, _ONSET_LOG_SD = 14.0, 0.6
_DAY_H = 24
_WARM_UP = 14  # days before the first one that counts
_MOST_MONTHS = 2000
_QUANTILES = np.array([NormalDist().inv_cdf((i + 0.5) / 200) for i in range(200)])


class Attacker(NamedTuple):
    """How a person's attacks come: their median length in hours, and the pace (attacks an hour, when free)."""

    median_h: float
    pace: float


def attack_person(random: np.random.Generator) -> Person:
    """One person with attacks, enrolled after a bad month.

    Truth: the long-run share of days touched by an attack, by renewal theory, at the mean log-pace of the last
    four weeks, with today's effect and without it.
    """
    while True:
        usual = random.uniform(*_USUAL)
        median = _PERSON_MEDIAN_H * math.exp(_PERSON_LOG_SD * random.normal())
        attacker = Attacker(median, pace_for(usual / MONTH, median))
        full = usual_effect(random, usual / MONTH, 0.0)
        tau = _ONSET_DAYS * math.exp(_ONSET_LOG_SD * random.normal())
        effect = full * lagged(np.ones(_AFTER), tau)
        lived = _live(random, attacker, usual, effect)
        if lived is not None:
            break
    states, levels = lived
    at, now = float(levels[-MONTH:].mean()), float(effect[-1])
    untreated, current = (touched_share(attacker.pace * math.exp(a), median) for a in (at, at + now))
    run_in = MONTH * float(states[MONTH : MONTH + _BEFORE].mean())
    truth = Truth(MONTH * current, MONTH * untreated, full == 0.0, usual, run_in)
    kept, recalled = most_days(random, states[MONTH:], _BEFORE)
    exposure = ExposureSeries.started(TREATMENT, START)
    return Person(diary_of(kept, recalled, _BEFORE), exposure, truth, float(states[:MONTH].sum()))


def _live(random: np.random.Generator, attacker: Attacker, usual: float, effect: Array) -> tuple[Mask, Array] | None:
    days, path = MONTH + _BEFORE + _AFTER, drift(random)
    for _ in range(_MOST_MONTHS):
        levels = path(random, days)
        change = levels.copy()
        change[-_AFTER:] += effect
        states = touched_days(random, attacker, np.concatenate([np.full(_WARM_UP, levels[0]), change]))[_WARM_UP:]
        if is_bad_month(int(states[:MONTH].sum()), usual):
            return states, levels
    return None


def touched_days(random: np.random.Generator, attacker: Attacker, change: Array) -> Mask:
    """Which days are touched by an attack when the pace is exp(change) times the own one on each day."""
    hours = np.repeat(attacker.pace * np.exp(change), _DAY_H)
    waited = np.concatenate([[0.0], np.cumsum(hours)])  # of unit exponential time
    clock = np.arange(len(waited), dtype=float)
    states, free_from = np.zeros(len(change), dtype=bool), random.uniform(-_REST_H[1], _REST_H[1])
    while True:
        begun_at = np.interp(max(free_from, 0.0), clock, waited) + random.exponential()
        if begun_at >= waited[-1]:
            return states
        begins = float(np.interp(begun_at, waited, clock))
        length = min(max(attacker.median_h * math.exp(_LENGTH_LOG_SD * random.normal()), _SHORTEST_H), _LONGEST_H)
        states[int(begins // _DAY_H) : math.ceil((begins + length) / _DAY_H)] = True
        free_from = begins + length + random.uniform(*_REST_H)


def touched_share(pace: float, median_h: float) -> float:
    """The long-run share of days that an attack touches, when the pace stays as it is.

    Source: renewal reward theorem (Ross 1996, section 3.6). A cycle is an attack (length D), a rest F and an
    exponential wait X. A whole day fits into the free time F + X with F + X - 24 h of starting points, so
    P(clear) = E max(F + X - 24, 0) / E(D + F + X).
    """
    lengths = np.clip(median_h * np.exp(_LENGTH_LOG_SD * _QUANTILES), _SHORTEST_H, _LONGEST_H)
    rests = _REST_H[0] + (_REST_H[1] - _REST_H[0]) * (np.arange(100) + 0.5) / 100
    short = np.minimum(rests - _DAY_H, 0.0)
    room = np.maximum(rests - _DAY_H, 0.0) + np.exp(pace * short) / pace
    return float(1 - room.mean() / (lengths.mean() + rests.mean() + 1 / pace))


def pace_for(share: float, median_h: float) -> float:
    """The pace at which an attack touches this share of days: the inverse of `touched_share`."""
    low, high = math.log(1e-6), math.log(10.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if touched_share(math.exp(middle), median_h) < share else (low, middle)
    return math.exp(0.5 * (low + high))
