"""Work out every prior once, and write them beside the studies, one file a treatment.

    python -m cleardays.evidence.prior.build FOLDER

Pooling takes seconds, an answer must not; a test holds what is stored to what is worked out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from cleardays.evidence.certainty import Facts, judge
from cleardays.evidence.prior.arms import ArmRate
from cleardays.evidence.prior.expected import expect, studies_in
from cleardays.evidence.prior.pooled import Pool, as_study
from cleardays.evidence.prior.population import INDICATIONS, People
from cleardays.evidence.prior.sensitivity import Pools, Variant, variants
from cleardays.evidence.prior.stored import Expected
from cleardays.evidence.reading import all_studies
from cleardays.evidence.records import PLACEBO, Study
from cleardays.evidence.synthesis.consistency import split_nodes
from cleardays.evidence.synthesis.network import Synthesis, synthesise
from cleardays.evidence.synthesis.pairwise import summarise

VERSION = "2026.1"
_DIGITS = 6
_DAYS = ("migraine_day", "headache_day", "mod_sev_headache_day")
_Z = 1.959963984540054


def build(records: Sequence[Study]) -> dict[str, dict[str, Any]]:
    """The documents of all treatments that a trial connects with placebo, and `network` for all of them together."""
    pools = Pools(records)
    pool = pools.usual
    network = synthesise([as_study(rates) for rates in pool.rates], "ROM", reference=PLACEBO)
    documents = {
        treatment: {
            "version": VERSION,
            "treatment": treatment,
            "indications": {name: _indication(pools, network, treatment, name) for name in INDICATIONS},
        }
        for treatment in pool.treatments[1:]
    }
    return {**documents, "network": _network(pool, network)}


def _indication(pools: Pools, network: Synthesis, treatment: str, indication: str) -> dict[str, Any] | None:
    pool, people = pools.usual, INDICATIONS[indication]
    direct = studies_in(pool, treatment, people)
    mine = [rates for rates in pool.rates if rates[0].study.id in direct]
    if not mine:
        return None
    certainty = judge(_facts(pool, network, treatment, people, mine), ())
    expected = expect(pool, treatment, indication, certainty=certainty.level)
    trials = [_trial(rates, treatment) for rates in mine]
    stopped = _stopped(mine, treatment)
    return {
        "expected": as_document(cast(Expected, expected)),
        "natural_change": _told(pool.natural_change(people)),
        "effect": _told(pool.effect(treatment, people)),
        "days_before": pool.days_before(people),
        "trials": trials,
        "stopped_for_harm": stopped,
        "sensitivity": [_variant(each) for each in variants(pools, treatment, indication, stopped)],
        "certainty": certainty.document(),
    }


def as_document(found: Expected) -> dict[str, Any]:
    """A prior as it is stored."""
    told = found._asdict()
    for name in ("multiplier", "placebo"):
        told[name] = [round(float(value), _DIGITS) for value in told[name]]
    for name in ("natural", "own"):
        told[name] = [round(value, _DIGITS) for value in told[name]]
    return {name: list(value) if isinstance(value, tuple) else _rounded(value) for name, value in told.items()}


def _rounded(value: Any) -> Any:  # noqa: ANN401  # numbers are rounded, everything else stays
    return round(value, _DIGITS) if isinstance(value, float) else value


def _told(found: tuple[float, float, float]) -> dict[str, float]:
    """A log ratio as a ratio of rates, with its interval and that of the next trial."""
    estimate, se, tau = found
    wide = float(np.hypot(se, tau))
    told = {"log_ratio": estimate, "se": se, "tau": tau, "ratio": float(np.exp(estimate))}
    for name, spread in (("", se), ("predicted_", wide)):
        told[f"{name}lower"], told[f"{name}upper"] = (float(np.exp(estimate + side * _Z * spread)) for side in (-1.0, 1.0))
    return {name: _rounded(value) for name, value in told.items()}


def _trial(rates: tuple[ArmRate, ...], treatment: str) -> dict[str, Any]:
    """One trial of the treatment: its ratio against the other arm, and what each arm did."""
    study = as_study(rates)
    other = study.treatments[0] if study.treatments[0] != treatment else study.treatments[1]
    own = {rate.treatment: rate for rate in rates}
    value = dict(zip(study.treatments, [0.0, *study.estimate.tolist()], strict=True))
    variance = own[treatment].variance + own[other].variance
    return {
        "study": rates[0].study.name,
        "against": other,
        "outcome": own[treatment].outcome,
        "log_ratio": _rounded(value[treatment] - value[other]),
        "se": _rounded(float(np.sqrt(variance))),
        "people": int(own[treatment].people + own[other].people),
        "change": {name: _rounded(rate.log_ratio) for name, rate in own.items() if name in (treatment, other)},
    }


def _stopped(rates: Sequence[tuple[ArmRate, ...]], treatment: str) -> float | None:
    """The share of people on the treatment who stopped for harm, over the trials that say it."""
    stopped, people = 0.0, 0.0
    for each in rates:
        study = each[0].study
        for arm in study.arms.values():
            size = arm.sure("randomised")
            count, percent = arm.sure("stopped_harm_n"), arm.sure("stopped_harm_percent")
            if arm.of["treatment"] == treatment and size and (count is not None or percent is not None):
                stopped += count if count is not None else size * float(percent or 0.0) / 100.0
                people += size
    return _rounded(stopped / people) if people else None


def _variant(variant: Variant) -> dict[str, Any]:
    return {name: _rounded(value) for name, value in variant._asdict().items()}


def _facts(pool: Pool, network: Synthesis, treatment: str, people: People, rates: Sequence[tuple[ArmRate, ...]]) -> Facts:
    trials = [_trial(each, treatment) for each in rates]
    weights = tuple(1.0 / trial["se"] ** 2 for trial in trials)
    against_placebo = [(trial["log_ratio"], trial["se"]) for trial in trials if trial["against"] == PLACEBO]
    i2 = None
    if len(against_placebo) > 1:
        estimates, errors = zip(*against_placebo, strict=True)
        i2 = summarise(estimates, errors, "DL").i2
    estimate, se, _ = pool.effect(treatment, people)
    return Facts(
        tuple(each[0].study for each in rates),
        weights,
        float(sum(trial["people"] for trial in trials)),
        (estimate, se),
        i2,
        _split(network, treatment),
        bool(against_placebo),
        any(trial["outcome"] in _DAYS for trial in trials),
    )


def _split(network: Synthesis, treatment: str) -> float | None:
    """p of direct against indirect evidence on the treatment against placebo."""
    splits = split_nodes(network.network, network.pooled.tau2, network.effect, network.se)
    return next((each.p for each in splits if {each.treatment, each.against} == {treatment, PLACEBO}), None)


def _network(pool: Pool, network: Synthesis) -> dict[str, Any]:
    """Who was compared with whom, for the picture: people by treatment, studies by pair, and the whole network's figures."""
    people: dict[str, float] = {}
    pairs: dict[tuple[str, str], int] = {}
    for rates in pool.rates:
        names = sorted(rate.treatment for rate in rates)
        for rate in rates:
            people[rate.treatment] = people.get(rate.treatment, 0.0) + rate.people
        for index, one in enumerate(names):
            for other in names[index + 1 :]:
                pairs[one, other] = pairs.get((one, other), 0) + 1
    return {
        "version": VERSION,
        "people": {name: int(count) for name, count in sorted(people.items())},
        "pairs": [{"one": one, "other": other, "studies": count} for (one, other), count in sorted(pairs.items())],
        "tau": _rounded(network.tau),
        "studies": [rates[0].study.id for rates in pool.rates],
    }


def main(folder: str) -> None:
    """Write the files of all treatments."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, document in build(all_studies()).items():
        text = json.dumps(document, indent=None, separators=(",", ":"), sort_keys=True)
        Path(folder, f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
