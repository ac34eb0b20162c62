"""Simple forecasters in their strongest honest form: what they borrow from other people is what forecasts those people best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from _forecasting.diaries import HORIZON, PersonDays, Questions

Ask = Callable[[PersonDays], Questions]
WINDOW = 28


class Forecaster(Protocol):
    """Gives P(had) of each of the 28 days after each of the days `on`, from what the diary says up to that day, (Q, 28)."""

    def __call__(self, diary: PersonDays, on: np.ndarray) -> np.ndarray: ...


def tuned(outputs: Callable[[np.ndarray], np.ndarray], came: np.ndarray, start: Sequence[float]) -> np.ndarray:
    """The parameters whose forecasts give these states the best log score."""
    asked = ~np.isnan(came)
    truth = came[asked]

    def loss(parameters: np.ndarray) -> float:
        p = np.clip(outputs(parameters)[asked], 1e-9, 1 - 1e-9)
        return -float(np.mean(np.log(np.where(truth > 0.5, p, 1.0 - p))))

    options = {"xatol": 1e-3, "fatol": 1e-7, "maxiter": 4000}
    return np.asarray(minimize(loss, np.asarray(start), method="Nelder-Mead", options=options).x)


def frequency(others: Sequence[PersonDays], ask: Ask) -> Forecaster:
    """(had + a) / (known + a + b) of the last 28 known days; a and b are those that forecast the others best."""
    asked = [(diary, ask(diary)) for diary in others]
    counts = np.concatenate([_last_known(diary, questions.on) for diary, questions in asked])
    came = np.concatenate([questions.came for _, questions in asked])
    parameters = tuned(lambda x: _shares(counts, x), came, (0.0, 1.0))
    return lambda diary, on: _shares(_last_known(diary, on), parameters)


def _last_known(diary: PersonDays, on: np.ndarray) -> np.ndarray:
    """Had and known among the last 28 known days up to each day, (Q, 2)."""
    states = diary.states
    rows = []
    for day in on:
        seen = states[: day + 1]
        seen = seen[~np.isnan(seen)][-WINDOW:]
        rows.append((seen.sum(), len(seen)))
    return np.array(rows, dtype=float).reshape(-1, 2)


def _shares(counts: np.ndarray, parameters: np.ndarray) -> np.ndarray:
    rate, worth = _beta(parameters)
    share = (counts[:, 0] + rate * worth) / (counts[:, 1] + worth)
    return np.repeat(share[:, None], HORIZON, axis=1)


def _beta(parameters: np.ndarray) -> tuple[float, float]:
    """A shared rate and how many days it counts as, from the real line."""
    return float(expit(parameters[0])), float(np.exp(np.clip(parameters[1], -6.0, 8.0)))


class Past(NamedTuple):
    """What a Markov chain reads of the days up to each of Q days."""

    pairs: np.ndarray  # (Q, 4) clear-clear, clear-had, had-clear, had-had among consecutive known days
    last: np.ndarray  # (Q,) the last known state
    silent: np.ndarray  # (Q,) unknown days since


def markov(others: Sequence[PersonDays], ask: Ask) -> Forecaster:
    """A first-order chain on all days so far, each row drawn to the others' row; unknown days are passed through.

    The rows to draw to and how many days they count as are those that forecast the others best.
    """
    asked = [(diary, ask(diary)) for diary in others]
    pasts = [_past(diary, questions.on) for diary, questions in asked]
    past = Past(*(np.concatenate(column) for column in zip(*pasts, strict=True)))
    came = np.concatenate([questions.came for _, questions in asked])
    parameters = tuned(lambda x: _chain(past, x), came, (-0.5, 1.0, 1.0, 1.0))
    return lambda diary, on: _chain(_past(diary, on), parameters)


def _past(diary: PersonDays, on: np.ndarray) -> Past:
    states = diary.states
    pair = np.full(len(states), -1)
    both = np.flatnonzero(~np.isnan(states[1:]) & ~np.isnan(states[:-1])) + 1
    pair[both] = (2 * states[both - 1] + states[both]).astype(int)
    each = np.cumsum(pair[:, None] == np.arange(4), axis=0)
    known = np.flatnonzero(~np.isnan(states))
    last = known[np.searchsorted(known, on, side="right") - 1]
    return Past(each[on].astype(float), states[last], on - last)


def _chain(past: Past, parameters: np.ndarray) -> np.ndarray:
    clear, had = _beta(parameters[:2]), _beta(parameters[2:])
    pairs = past.pairs
    after_clear = (pairs[:, 1] + clear[0] * clear[1]) / (pairs[:, 0] + pairs[:, 1] + clear[1])
    after_had = (pairs[:, 3] + had[0] * had[1]) / (pairs[:, 2] + pairs[:, 3] + had[1])
    today = passed_through(past.last, past.silent, after_clear, after_had)
    days = np.empty((len(today), HORIZON))
    for h in range(HORIZON):
        today = days[:, h] = after_clear + (after_had - after_clear) * today
    return days


def passed_through(last: np.ndarray, silent: np.ndarray, after_clear: np.ndarray, after_had: np.ndarray) -> np.ndarray:
    """P(had) after `silent` days without a word since the state `last`, under a chain that does not change."""
    pull = after_had - after_clear
    steady = after_clear / (1.0 - pull)
    return np.asarray(steady + pull**silent * (last - steady))
