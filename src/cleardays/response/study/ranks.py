"""Simulation-based calibration: where the truth lies among the posterior draws.

People are drawn from exactly the priors that they are then fitted with; then the rank of the truth among the draws
is uniform for every quantity, whatever the diary, if and only if the computation is right on average.
Source: Talts, Betancourt, Simpson, Vehtari and Gelman (2018).

A rank is given as the share of the (weighted) draws below the truth. The engine centres its previous-day term on the
diary's own share of days, so a diary is drawn again with the same random numbers until that constant is the one it
was drawn with. After an unknown day the truth goes on from the unknown state.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.chain import long_run_rate
from cleardays.response.priors import Priors
from cleardays.response.study import engine
from cleardays.response.study.effects import lagged
from cleardays.response.study.levels import weekly
from cleardays.response.study.person import MONTH, TREATMENT, Array, Mask, diary_of
from cleardays.response.study.run import generator

QUANTITIES = {
    "level": "usual level and weekly level, last four weeks",
    "carry": "carry-over from the day before",
    "effect": "effect on the logit scale",
    "current": "days per 28 now",
    "untreated": "days per 28 without the treatment",
    "reduction": "R, the share taken away",
}
BINS = 20
_BEFORE, _AFTER = 28, 84
_MOST_ROUNDS = 30  # of looking for the diary whose own share is the one that it was drawn with
_SERIES_TERMS = 101


class RankWorld(NamedTuple):
    """People drawn from the engine's own reference priors."""

    name: str
    says: str
    missing: float  # share of the days


RANK_WORLDS = {
    "ranks-complete": RankWorld("ranks-complete", "drawn from the reference priors, every day known", 0.0),
    "ranks-missing": RankWorld("ranks-missing", "drawn from the reference priors, a fifth of the days missing", 0.2),
}


class Drawn(NamedTuple):
    """A diary drawn from the priors, with what is to be ranked."""

    days: DaySeries
    exposure: ExposureSeries
    level: float  # with the previous-day term centred as the engine does
    carry: float
    effect: float
    now: float  # share of the full effect on the last day


def draw_person(random: np.random.Generator, priors: Priors, missing: float) -> Drawn:
    """One diary from the priors: 28 days before the start, 84 after it."""
    spread = priors.spread_median * math.exp(priors.spread_log_sd * random.normal())
    odds = priors.persistence_median / (1 - priors.persistence_median)
    persistence = 1 / (1 + math.exp(-math.log(odds) - priors.persistence_logit_sd * random.normal()))
    tau = priors.onset_median_days * math.exp(priors.onset_log_sd * random.normal())
    usual = random.normal(priors.level_mean, priors.level_sd)
    carry = random.normal(priors.carry_mean, priors.carry_sd)
    effect = random.normal(priors.effect.means[0], priors.effect.sds[0])
    levels = weekly(spread, persistence)(random, _BEFORE + _AFTER)
    exposure = np.concatenate([np.zeros(_BEFORE), lagged(np.ones(_AFTER), tau)])
    eta = usual + levels + effect * exposure
    chances, known = random.random(len(eta)), random.random(len(eta)) >= missing
    days, drawn_with = _settled_diary(eta, carry, chances, known)
    # where no diary has its own share: the same days, said with the constant that the engine will use
    usual += carry * (engine.centre_of(days) - drawn_with)
    begun = ExposureSeries.started(TREATMENT, days.first_day + timedelta(days=_BEFORE))
    return Drawn(days, begun, usual + float(levels[-MONTH:].mean()), carry, effect, float(exposure[-1]))


def _settled_diary(eta: Array, carry: float, chances: Array, known: Mask) -> tuple[DaySeries, float]:
    """A diary, and the constant that it was drawn with: its own, unless there is no such diary."""
    centre = 0.5
    days = _diary(eta, carry, centre, chances, known)
    for _ in range(_MOST_ROUNDS):
        found = engine.centre_of(days)
        if found == centre:
            break
        centre = found
        days = _diary(eta, carry, centre, chances, known)
    return days, centre


def _diary(eta: Array, carry: float, centre: float, chances: Array, known: Mask) -> DaySeries:
    states, had = list[bool | None](), False
    for day, (at, chance, seen) in enumerate(zip(eta.tolist(), chances.tolist(), known.tolist(), strict=True)):
        if day:
            had = chance < 1 / (1 + math.exp(-at - carry * (had - centre)))
        else:
            had = chance < float(long_run_rate(np.asarray(at), carry, centre))  # nothing is known of the day before
        states.append(had if seen else None)
    return diary_of(tuple(states), (False,) * len(states), _BEFORE)


def rank_person(world: RankWorld, index: int, seed: int) -> dict[str, float]:
    """The share of draws below the truth, for each quantity."""
    drawn = draw_person(generator(seed, world.name, index), engine.study_priors(), world.missing)
    found = engine.posterior(drawn.days, drawn.exposure, seed=1 + index)
    untreated, current = (
        MONTH * float(long_run_rate(np.asarray(drawn.level + effect), drawn.carry, found.centre))
        for effect in (0.0, drawn.effect * drawn.now)
    )
    truth = {
        "level": drawn.level,
        "carry": drawn.carry,
        "effect": drawn.effect,
        "current": current,
        "untreated": untreated,
        "reduction": 1 - current / untreated,
    }
    return {name: rank(getattr(found, name), found.weight, truth[name]) for name in QUANTITIES}


def rank(draws: Array, weight: Array, truth: float) -> float:
    """The share of weighted draws below the truth."""
    return float(weight[draws < truth].sum() / weight.sum())


class Ranks(NamedTuple):
    """How uniform the ranks of one quantity are.

    `difference`: the greatest distance of their empirical distribution from the uniform one. Each statistic comes
    with the probability of one at least as large if the ranks are uniform.
    """

    quantity: str
    people: int
    counts: tuple[int, ...]
    chi_square: float
    chi_square_p: float
    difference: float
    difference_p: float

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "says": QUANTITIES[self.quantity], "counts": list(self.counts)}


def judge_ranks(quantity: str, ranks: Sequence[float]) -> Ranks:
    """Histogram of 20 bins, chi-square against equal counts, and the greatest distance of the distributions."""
    found = np.sort(np.asarray(ranks, dtype=float))
    people = len(found)
    counts = np.bincount(np.minimum((found * BINS).astype(int), BINS - 1), minlength=BINS)
    expected = people / BINS
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    steps = np.arange(people + 1) / people
    difference = float(max((steps[1:] - found).max(), (found - steps[:-1]).max()))
    return Ranks(
        quantity,
        people,
        tuple(counts.tolist()),
        chi_square,
        chi_square_above(chi_square, BINS - 1),
        difference,
        distance_above(difference, people),
    )


def chi_square_above(value: float, degrees: int) -> float:
    """P(chi-square with so many degrees of freedom >= value), exactly.

    Source: Abramowitz & Stegun (1964), 26.4.4 and 26.4.5.
    """
    half = value / 2
    if degrees % 2:
        total, terms = math.erfc(math.sqrt(half)), [(k + 0.5) for k in range((degrees - 1) // 2)]
    else:
        total, terms = 0.0, [float(k) for k in range(degrees // 2)]
    for power in terms:
        total += math.exp(power * math.log(half) - half - math.lgamma(power + 1)) if half else float(power == 0)
    return min(1.0, total)


def distance_above(distance: float, people: int) -> float:
    """P(greatest distance >= value) for uniform ranks, by Kolmogorov's series with Stephens' (1970) correction."""
    root = math.sqrt(people)
    scaled = distance * (root + 0.12 + 0.11 / root)
    terms = (2 * (-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, _SERIES_TERMS))
    return min(1.0, max(0.0, sum(terms))) if scaled > 0.2 else 1.0
