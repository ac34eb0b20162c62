"""A week to come against what each draw expects of it: the week's level integrated out, by a Gaussian filter.

A week's days are counted by what they follow, and second rows by their segment: so many questions of a kind, and so many
answered with yes. Given the level, each is a logistic row; the level is Gaussian before, and made Gaussian again after
(Laplace). The kernel does the same where it is there.
"""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics.compiled import Handed, kernel, structure
from cleardays.response.chain import MOST_SINGLE, long_run_rate

Array = NDArray[np.float64]
Singles = NDArray[np.float32]  # enough for weights, and several times as fast

ROUNDS = 2  # of Newton, for the level of a week

_COUNT = ctypes.c_int64
_WEEK = structure(
    "Week",
    futures=_COUNT, draws=_COUNT, kinds=_COUNT, rounds=_COUNT, most=ctypes.c_double,
    bases=np.ndarray, asked=np.ndarray, yes=np.ndarray, mean=np.ndarray, variance=np.ndarray, gained=np.ndarray,
)  # fmt: skip
_REDUCED = structure(
    "Reduced",
    futures=_COUNT, draws=_COUNT, most=ctypes.c_double, threshold=ctypes.c_double,
    treated=np.ndarray, untreated=np.ndarray, had=np.ndarray, clear=np.ndarray, level=np.ndarray, log_weight=np.ndarray,
    chance=np.ndarray,
)  # fmt: skip


class Answers(NamedTuple):
    """What F futures answered in a week, and what N draws expect of each kind of question at level 0 (linear predictor)."""

    bases: Array  # (kinds, N)
    asked: Array  # (F, kinds)
    yes: Array  # (F, kinds)


class Level(NamedTuple):
    """A week's level in each future as each draw believes it, and the log marginal likelihood of what was answered."""

    mean: Singles  # (F, N)
    variance: Singles  # (F, N)
    log_likelihood: Singles  # (F, N)

    def only(self, futures: NDArray[np.int64]) -> Level:
        """The same for some of the futures."""
        return Level(*(part.take(futures, axis=0) for part in self))


def assimilate(before: Level, said: Answers) -> Level:
    """The level after a week's answers, and their log likelihood added to the one there was."""
    kinds = np.flatnonzero(said.asked.any(axis=0))
    given = Answers(np.clip(said.bases[kinds], -MOST_SINGLE, MOST_SINGLE), said.asked[:, kinds], said.yes[:, kinds])
    library = kernel()
    return in_numpy(before, given) if library is None else compiled(before, given, library)


def in_numpy(before: Level, said: Answers) -> Level:
    """`assimilate`, readable. The odds against a yes are those at level 0 times exp(-level): one exponential for all kinds."""
    bases, asked, yes = (part.astype(np.float32) for part in said)
    mean, spread, gained = before
    against_base, passed = np.exp(-bases), yes.sum(axis=1)[:, None]
    at = mean
    for rounds_left in reversed(range(ROUNDS + 1)):
        against_level = np.exp(np.clip(-at, -MOST_SINGLE, MOST_SINGLE))
        slope, information = np.repeat(passed, at.shape[1], axis=1), np.zeros_like(at)
        for against, tried in zip(against_base, asked.T[:, :, None], strict=True):
            odds = against_level * against
            whole = 1.0 + odds
            expected = tried / whole
            if rounds_left:
                slope -= expected
            else:
                gained = gained - tried * np.log(whole)
            expected *= odds
            expected /= whole
            information += expected
        if rounds_left:
            at = at + (spread * slope - (at - mean)) / (1.0 + spread * information)
    narrowed = 1.0 + spread * information
    gained = gained + (yes - asked) @ bases + (passed - asked.sum(axis=1)[:, None]) * at
    away = np.where(spread > 0.0, (at - mean) ** 2 / np.maximum(spread, 1e-30), 0.0)
    return Level(at, spread / narrowed, gained - 0.5 * (away + np.log(narrowed)))


def compiled(before: Level, said: Answers, library: ctypes.CDLL) -> Level:
    """`assimilate` in the kernel."""
    after = Level(*(np.array(part, order="C") for part in before))
    mean, variance, gained = (part.ctypes.data for part in after)
    week = Handed(
        _WEEK, futures=len(before.mean), draws=before.mean.shape[1], kinds=len(said.bases), rounds=ROUNDS, most=MOST_SINGLE,
        **said._asdict(), mean=mean, variance=variance, gained=gained,
    )  # fmt: skip
    if library.cleardays_week(week.pointer) < 0:
        raise MemoryError("no room for a week of these futures")
    return after


class Reading(NamedTuple):
    """What N draws say of a day before its level: the linear predictor with and without the treatment, and the carry-over."""

    treated: Array  # (N,)
    untreated: Array  # (N,)
    carry: Array  # (N,)
    centre: float


def reduced(level: Singles, log_weight: Singles, of: Reading, threshold: float) -> Array:
    """P(R >= threshold) in each future (F,), where that is of the chance of a day; level and log weights are (F, N)."""
    library = kernel()
    if library is None:
        return reduced_in_numpy(level, log_weight, of, threshold)
    return reduced_compiled(level, log_weight, of, threshold, library)


def reduced_in_numpy(level: Singles, log_weight: Singles, of: Reading, threshold: float) -> Array:
    """`reduced`, readable."""
    carry, predictors = of.carry.astype(np.float32), (of.treated.astype(np.float32), of.untreated.astype(np.float32))
    treated, untreated = (long_run_rate(level + a, carry, of.centre) for a in predictors)
    return share_of(1.0 - treated / untreated >= threshold, log_weight)


def share_of(event: NDArray[np.bool_], log_weight: Singles) -> Array:
    """The weighted share of the draws in which something holds, in each future (F,)."""
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    return np.asarray((weight * event).sum(axis=1) / weight.sum(axis=1), dtype=np.float64)


def reduced_compiled(level: Singles, log_weight: Singles, of: Reading, threshold: float, library: ctypes.CDLL) -> Array:
    """`reduced` in the kernel."""
    found, rows = np.empty(len(level)), [np.ascontiguousarray(part) for part in (level, log_weight)]
    asked = Handed(
        _REDUCED, futures=len(level), draws=level.shape[1], most=MOST_SINGLE, threshold=threshold,
        treated=of.treated, untreated=of.untreated,
        had=np.exp(of.carry * (of.centre - 1.0)), clear=np.exp(of.carry * of.centre),
        level=rows[0].ctypes.data, log_weight=rows[1].ctypes.data, chance=found,
    )  # fmt: skip
    if library.cleardays_reduced(asked.pointer) < 0:
        raise MemoryError("no room for these futures")
    return found
