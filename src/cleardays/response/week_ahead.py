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
from cleardays.response.chain import MOST_SINGLE

Array = NDArray[np.float64]
Singles = NDArray[np.float32]  # enough for weights, and several times as fast

ROUNDS = 2  # of Newton, for the level of a week

_COUNT = ctypes.c_int64
_WEEK = structure(
    "Week",
    futures=_COUNT, draws=_COUNT, kinds=_COUNT, rounds=_COUNT, most=ctypes.c_double,
    bases=np.ndarray, asked=np.ndarray, yes=np.ndarray, mean=np.ndarray, variance=np.ndarray, gained=np.ndarray,
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
