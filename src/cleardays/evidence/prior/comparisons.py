"""What the trials of one treatment say by themselves, and the network that they stand in: for pages, and for certainty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cleardays.evidence.certainty import Facts
from cleardays.evidence.population import COVARIATES, People
from cleardays.evidence.prior.arms import ArmRate
from cleardays.evidence.prior.pooled import Pool, as_study
from cleardays.evidence.records import PLACEBO
from cleardays.evidence.synthesis.consistency import split_nodes
from cleardays.evidence.synthesis.network import Synthesis
from cleardays.evidence.synthesis.pairwise import summarise
from cleardays.evidence.synthesis.regression import regress_network
from cleardays.numerics.hierarchy import Posterior

_DIGITS = 6
_DAYS = ("migraine_day", "headache_day", "mod_sev_headache_day")


def rounded(value: Any) -> Any:  # noqa: ANN401  # numbers are rounded, everything else stays
    """As it is stored."""
    return round(value, _DIGITS) if isinstance(value, float) else value


def trial_of(rates: tuple[ArmRate, ...], treatment: str) -> dict[str, Any]:
    """One trial of the treatment: its ratio against the other arm, and what each arm did."""
    study = as_study(rates)
    other = study.treatments[0] if study.treatments[0] != treatment else study.treatments[1]
    own = {rate.treatment: rate for rate in rates}
    value = dict(zip(study.treatments, [0.0, *study.estimate.tolist()], strict=True))
    variance = own[treatment].variance + own[other].variance
    return {
        "study": study.name,
        "name": rates[0].study.name,
        "against": other,
        "outcome": own[treatment].outcome,
        "log_ratio": rounded(value[treatment] - value[other]),
        "se": rounded(float(np.sqrt(variance))),
        "people": int(own[treatment].people + own[other].people),
        "change": {name: rounded(rate.log_ratio) for name, rate in own.items() if name in (treatment, other)},
    }


def facts_of(
    pool: Pool,
    network: Synthesis,
    treatment: str,
    people: People,
    rates: Sequence[tuple[ArmRate, ...]],
    trials: Sequence[dict[str, Any]],
) -> Facts:
    """What certainty is judged by: the trials of a treatment in such people."""
    weights = tuple(1.0 / trial["se"] ** 2 for trial in trials)
    against_placebo = [(trial["log_ratio"], trial["se"]) for trial in trials if trial["against"] == PLACEBO]
    i2 = None
    if len(against_placebo) > 1:
        estimates, errors = zip(*against_placebo, strict=True)
        i2 = summarise(estimates, errors, "DL").i2
    estimate, se, _ = pool.effect(treatment, people)
    split = split_of(network, treatment)
    return Facts(
        tuple(each[0].study for each in rates),
        weights,
        float(sum(trial["people"] for trial in trials)),
        (estimate, se),
        i2,
        split["p"] if split else None,
        bool(against_placebo),
        any(trial["outcome"] in _DAYS for trial in trials),
    )


def split_of(network: Synthesis, treatment: str) -> dict[str, Any] | None:
    """Direct and indirect evidence on the treatment against placebo, as ratios; None where no trial compares the two."""
    for each in split_nodes(network.network, network.pooled.tau2, network.effect, network.se):
        if {each.treatment, each.against} == {treatment, PLACEBO}:
            sign = 1.0 if each.treatment == treatment else -1.0
            indirect = None if each.indirect is None else rounded(float(np.exp(sign * each.indirect[0])))
            return {
                "direct": rounded(float(np.exp(sign * each.direct[0]))),
                "indirect": indirect,
                "direct_share": rounded(each.share),
                "p": None if each.p is None else rounded(each.p),
            }
    return None


def network_of(pool: Pool, network: Synthesis) -> dict[str, Any]:
    """Who was compared with whom, for the picture, and what the whole network says.

    `slopes`: what chronic migraine and failed preventives do to the natural change and to every effect, as ratios.
    `small_studies`: the slope of the effects on their standard error, in all trials against placebo together.
    """
    people: dict[str, float] = {}
    pairs: dict[tuple[str, str], int] = {}
    for rates in pool.rates:
        names = sorted(rate.treatment for rate in rates)
        for rate in rates:
            people[rate.treatment] = people.get(rate.treatment, 0.0) + rate.people
        for index, one in enumerate(names):
            for other in names[index + 1 :]:
                pairs[one, other] = pairs.get((one, other), 0) + 1
    errors = {study.name: float(np.sqrt(np.diag(study.covariance).mean())) for study in network.network.studies}
    small = regress_network(network.network, {"standard error": errors}).slopes[0]
    return {
        "people": {name: int(count) for name, count in sorted(people.items())},
        "pairs": [{"one": one, "other": other, "studies": count} for (one, other), count in sorted(pairs.items())],
        "tau": rounded(network.tau),
        "q_within": rounded(network.decomposition.within),
        "q_between": rounded(network.decomposition.between),
        "studies": [rates[0].study.id for rates in pool.rates],
        "slopes": {"natural_change": _slopes(pool.natural), "effect": _slopes(pool.effects)},
        "small_studies": {"slope": rounded(small.estimate), "se": rounded(small.se), "p": rounded(small.p)},
    }


def _slopes(found: Posterior) -> dict[str, dict[str, float]]:
    """By how much a covariate multiplies the ratio, with its 95 % interval."""
    rows = np.eye(found.mean.shape[1])[-len(COVARIATES) :]
    mixture = found.of(rows)
    ends = {"ratio": mixture.centre, "lower": mixture.quantile(0.025), "upper": mixture.quantile(0.975)}
    return {
        covariate: {name: rounded(float(np.exp(values[at]))) for name, values in ends.items()}
        for at, covariate in enumerate(COVARIATES)
    }
