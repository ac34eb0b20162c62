"""What the trials say together: the natural change in placebo arms, the effect of each treatment, and how people differ.

Natural change and effects are log ratios of rates, each with priors and a between-trial spread of its own (`hierarchy`).
Chronic migraine and failed preventives are covariates: people in whom several preventives failed change hardly on placebo.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.evidence.population import MIGRAINE, People, alike, people_of, same_kind
from cleardays.evidence.prior.arms import PREFERRED, ArmRate, Assumptions, is_placebo, rates_of
from cleardays.evidence.records import PLACEBO
from cleardays.evidence.records import Study as Record
from cleardays.evidence.synthesis.studies import Network, Study, join, parts_of
from cleardays.numerics.hierarchy import Posterior, posterior

Array = NDArray[np.float64]

# Vague for effects, for the natural change around none; a covariate that changes the rate by a third is not rare.
EFFECT_SD, NATURAL_SD, COVARIATE_SD = 1.0, 0.5, 0.3
TAU_SCALE = 0.25
_WEIGHT_OF_OTHERS = 600.0  # people; how much the spread in other arms counts for one treatment's own


class Pool(NamedTuple):
    """All of it, for every treatment that a trial connects with placebo."""

    assumed: Assumptions
    rates: tuple[tuple[ArmRate, ...], ...]  # of each study used
    treatments: tuple[str, ...]  # placebo first
    natural: Posterior  # of (level, chronic, failed)
    natural_k: int
    effects: Posterior  # of each treatment against placebo, then (chronic, failed)

    def natural_change(self, people: People) -> tuple[float, float, float]:
        """log R on placebo in people like these: mean, standard error, and tau (root of its mean square)."""
        row = np.array([[1.0, *people.values]])
        found = self.natural.of(row)
        return float(found.centre[0]), float(found.spread[0]), _root_mean_square_tau(self.natural)

    def effect(self, treatment: str, people: People) -> tuple[float, float, float]:
        """log R on the treatment minus log R on placebo in people like these: mean, standard error, and tau."""
        row = np.zeros((1, len(self.treatments) - 1 + 2))
        row[0, self.treatments.index(treatment) - 1] = 1.0
        row[0, -2:] = people.values
        found = self.effects.of(row)
        return float(found.centre[0]), float(found.spread[0]), _root_mean_square_tau(self.effects)

    def days_before(self, people: People) -> float:
        """Days per 28 at baseline in such people, averaged over those in the trials."""
        read = [rate for rates in self.rates for rate in rates if rate.before is not None]
        told = [(rate.before, rate.people) for rate in read]
        near = [(rate.before, rate.people) for rate in read if alike(people_of(rate.study), people)]
        days, people_in = (np.array(part) for part in zip(*(near or told), strict=True))
        return float(days @ people_in / people_in.sum())

    def ratio(self, change: float, people: People) -> float:
        """R of a change on the pool's scale, for people with as many days as those in the trials."""
        if self.assumed.scale == "log":
            return float(np.exp(change))
        before = min(self.days_before(people) / 28.0, 0.98)
        odds = before / (1.0 - before) * np.exp(change)
        return float(odds / (1.0 + odds) / before)

    def spread(self, treatment: str, people: People) -> tuple[float, tuple[str, ...]]:
        """c^2 between people, with the studies it is from: the treatment's own arms, and those of others as 200 people."""
        own, others = [], []
        for rates in self.rates:
            for rate in rates:
                if rate.spread is None or (rate.treatment == PLACEBO) != (treatment == PLACEBO):
                    continue
                near = same_kind(people_of(rate.study), people)
                if rate.treatment == treatment and near:
                    own.append((np.log(rate.spread.c2), rate.people, rate.study.id))
                elif near or rate.treatment == treatment:
                    others.append((np.log(rate.spread.c2), rate.people, rate.study.id))
        weight = sum(people for _, people, _ in own)
        total = sum(value * people for value, people, _ in own)
        if others:
            size = sum(people for _, people, _ in others)
            total += _WEIGHT_OF_OTHERS * sum(value * people for value, people, _ in others) / size
            weight += _WEIGHT_OF_OTHERS
        if not weight:
            return self.assumed.c2_unknown, ()
        return float(np.exp(total / weight)), tuple(sorted({name for _, _, name in (own or others)}))


def _root_mean_square_tau(found: Posterior) -> float:
    return float(np.sqrt(found.weight @ found.tau**2))


def pool_trials(records: Sequence[Record], assumed: Assumptions | None = None, *, kept_apart: bool = False) -> Pool:
    """Pool all that compare something in migraine.

    Args:
        records: the studies; of those that share people the one that tells most counts.
        assumed: what the trials do not print.
        kept_apart: whether studies that are kept apart, but may stand in a sensitivity analysis, are taken in.
    """
    assumed = assumed or Assumptions()
    candidates = []
    for record in records:
        apart = record.head.get("kept_apart")
        if record.population in MIGRAINE and not (apart and not (kept_apart and apart.get("sensitivity"))):
            found = tuple(rates_of(record, assumed))
            if found:
                candidates.append(found)
    rates, seen = [], set[str]()
    for each in sorted(candidates, key=_best_first):
        if not seen & each[0].study.people:
            seen |= each[0].study.people
            rates.append(each)
    return pool_rates(sorted(rates, key=lambda each: each[0].study.id), assumed)


def _best_first(rates: tuple[ArmRate, ...]) -> tuple[int, bool, str]:
    """Of studies that share people: the better outcome, then a baseline that was read, then by name."""
    first = rates[0]
    return PREFERRED.index(first.outcome), any(rate.before is None for rate in rates), first.study.id


def pool_rates(rates: Sequence[tuple[ArmRate, ...]], assumed: Assumptions) -> Pool:
    """Pool the arms of studies, those that are connected with placebo."""
    connected = _connected(rates)
    slopes = COVARIATE_SD if assumed.covariates else 1e-6
    natural, count = _natural(connected, slopes)
    treatments, effects = _effects(connected, slopes)
    return Pool(assumed, tuple(connected), treatments, natural, count, effects)


def _connected(rates: Sequence[tuple[ArmRate, ...]]) -> list[tuple[ArmRate, ...]]:
    """Those that are connected with placebo, if only by way of other treatments."""
    studies = [as_study(each) for each in rates]
    mine = next((set(part) for part in parts_of(studies) if PLACEBO in part), set[str]())
    return [each for each in rates if each[0].treatment in mine]


def as_study(rates: tuple[ArmRate, ...]) -> Study:
    """Log ratios against the first arm (placebo, where there is one), with the variance of that arm shared."""
    ordered = sorted(rates, key=lambda rate: (not is_placebo(rate), rate.treatment))
    ratios = [rate.log_ratio for rate in ordered]
    value = np.array([rate.log_level for rate in ordered] if None in ratios else ratios, dtype=float)
    variance = np.array([rate.variance for rate in ordered])
    covariance = np.diag(variance[1:]) + variance[0]
    return Study(ordered[0].study.id, tuple(rate.treatment for rate in ordered), value[1:] - value[0], covariance)


def network_in(pool: Pool) -> Network:
    """The network of a pool around placebo."""
    return join([as_study(each) for each in pool.rates], PLACEBO)


def _natural(rates: Sequence[tuple[ArmRate, ...]], slopes: float) -> tuple[Posterior, int]:
    arms = [rate for each in rates for rate in each if is_placebo(rate) and rate.log_ratio is not None]
    y = np.array([rate.log_ratio for rate in arms], dtype=float)
    x = np.array([[1.0, *people_of(rate.study).values] for rate in arms]).reshape(-1, 3)
    variance = np.diag([rate.variance for rate in arms])
    sd = np.array([NATURAL_SD, slopes, slopes])
    return posterior(y, x, variance, np.eye(len(y)), mean=np.zeros(3), sd=sd, tau_scale=TAU_SCALE), len(arms)


def _effects(rates: Sequence[tuple[ArmRate, ...]], slopes: float) -> tuple[tuple[str, ...], Posterior]:
    """A network around placebo; each covariate changes the effect of every treatment against placebo alike."""
    network = join([as_study(each) for each in rates], PLACEBO)
    of_study = {each[0].study.id: people_of(each[0].study).values for each in rates}
    active = network.design.sum(axis=1)
    by_row = np.concatenate(
        [np.repeat([of_study[study.name]], len(study.estimate), axis=0) for study in network.studies], axis=0
    )
    x = np.column_stack([network.design, active[:, None] * by_row])
    sd = np.concatenate([np.full(network.design.shape[1], EFFECT_SD), np.full(2, slopes)])
    found = posterior(
        network.estimate, x, network.covariance, network.between, mean=np.zeros(x.shape[1]), sd=sd, tau_scale=TAU_SCALE
    )
    return network.treatments, found
