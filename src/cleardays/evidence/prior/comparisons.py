"""What the trials of one treatment say by themselves, and the network that they stand in: for pages, and for certainty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cleardays.evidence.certainty import Facts
from cleardays.evidence.population import COVARIATES, People, people_of
from cleardays.evidence.prior.arms import ArmRate, people_in
from cleardays.evidence.prior.pooled import Pool, as_study, network_in
from cleardays.evidence.records import PLACEBO, Study
from cleardays.evidence.synthesis.gls import System
from cleardays.evidence.synthesis.network import Synthesis
from cleardays.evidence.synthesis.pairwise import summarise
from cleardays.evidence.synthesis.regression import regress, regress_network
from cleardays.numerics.hierarchy import Posterior
from cleardays.problems import BadInput

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
        "people": int(people_in((own[treatment], own[other]))),
        "printed": _printed(rates[0].study, own[treatment].outcome),
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
    split = split_of(pool, treatment, people)
    return Facts(
        tuple(each[0].study for each in rates),
        weights,
        float(sum(trial["people"] for trial in trials)),
        (estimate, se),
        i2,
        split["p"] if split else None,
        sum(weight for weight, trial in zip(weights, trials, strict=True) if trial["against"] == PLACEBO) / sum(weights),
        sum(weight for weight, each in zip(weights, rates, strict=True) if _of_days(each, treatment)) / sum(weights),
        small_studies(network),
    )


def _of_days(rates: tuple[ArmRate, ...], treatment: str) -> bool:
    return any(rate.outcome in _DAYS and rate.by_means for rate in rates if rate.treatment == treatment)


def _printed(study: Study, outcome: str) -> dict[str, float]:
    """The shares of people with half as many days or fewer that the trial printed, by arm, in per cent."""
    rows = ((row.of["arm"], row.sure("responders50_percent")) for row in study.of_outcome(outcome))
    return {str(arm): share for arm, share in rows if share is not None}


def small_studies(network: Synthesis) -> tuple[float, float]:
    """The slope of all effects against placebo on their standard error, and its p."""
    errors = {study.name: float(np.sqrt(np.diag(study.covariance).mean())) for study in network.network.studies}
    found = regress_network(network.network, {"standard error": errors}).slopes[0]
    return found.estimate, found.p


def split_of(pool: Pool, treatment: str, people: People) -> dict[str, Any] | None:
    """Direct and indirect evidence on the treatment against placebo in such people, as ratios.

    The network is fitted once more with the covariates and one column more: by how much studies that compare the two
    differ from what all others let expect (side-splitting; White 2015). None where no study compares the two, or where
    nothing else does.
    """
    network, at = network_in(pool), pool.treatments.index(treatment) - 1
    kind = {rates[0].study.id: people_of(rates[0].study).values for rates in pool.rates}
    active = network.design.sum(axis=1)
    of_row = np.repeat([study.name for study in network.studies], [here.stop - here.start for here in network.rows]).tolist()
    both = {study.name for study in network.studies if {treatment, PLACEBO} <= set(study.treatments)}
    column = np.array([network.design[row, at] if name in both else 0.0 for row, name in enumerate(of_row)])
    covariates = active[:, None] * np.array([kind[name] for name in of_row])
    if not both:
        return None
    system = System(network.estimate, network.design, network.covariance, network.between)
    try:
        found = regress(system, np.column_stack([covariates, column]), (*COVARIATES, "direct"))
    except BadInput:  # nothing else tells the two apart
        return None
    moved = sum(slope.estimate * value for slope, value in zip(found.slopes, people.values, strict=False))
    indirect = float(found.effect[at]) + moved
    away = found.slopes[-1]
    return {
        "direct": rounded(float(np.exp(indirect + away.estimate))),
        "indirect": rounded(float(np.exp(indirect))),
        "p": rounded(away.p),
    }


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
    slope, p = small_studies(network)
    return {
        "people": {name: int(count) for name, count in sorted(people.items())},
        "pairs": [{"one": one, "other": other, "studies": count} for (one, other), count in sorted(pairs.items())],
        "tau": rounded(network.tau),
        "q_within": rounded(network.decomposition.within),
        "q_between": rounded(network.decomposition.between),
        "studies": [rates[0].study.id for rates in pool.rates],
        "slopes": {"natural_change": _slopes(pool.natural), "effect": _slopes(pool.effects)},
        "small_studies": {"slope": rounded(slope), "p": rounded(p)},
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
