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

from cleardays.evidence.certainty import judge
from cleardays.evidence.population import INDICATIONS, People
from cleardays.evidence.prior.arms import ArmRate
from cleardays.evidence.prior.comparisons import facts_of, network_of, rounded, split_of, trial_of
from cleardays.evidence.prior.expected import expect, studies_in
from cleardays.evidence.prior.pooled import Pool, as_study, pool_rates
from cleardays.evidence.prior.sensitivity import Pools, Variant, variants
from cleardays.evidence.prior.stored import Expected
from cleardays.evidence.reading import all_studies
from cleardays.evidence.records import PLACEBO, Study
from cleardays.evidence.speaking import MIGRAINE_INDICATIONS, named_in, no_prior, speaking
from cleardays.evidence.synthesis.network import Synthesis, synthesise

VERSION = "2026.1"
_DIGITS = 6
_Z = 1.959963984540054


def build(records: Sequence[Study]) -> dict[str, dict[str, Any]]:
    """The documents of all treatments of the studies, and `network` for those that a trial connects with placebo."""
    pools = Pools(records)
    pool = pools.usual
    network = synthesise([as_study(rates) for rates in pool.rates], "ROM", reference=PLACEBO)
    treatments = sorted({name for record in records for name in named_in(record)} - {PLACEBO})
    documents = {
        treatment: {
            "version": VERSION,
            "treatment": treatment,
            "indications": {name: _indication(pools, network, treatment, name) for name in INDICATIONS},
            "no_prior": _no_priors(records, pool, treatment),
        }
        for treatment in treatments
    }
    return {**documents, "network": {"version": VERSION, **network_of(pool, network)}}


def _no_priors(records: Sequence[Study], pool: Pool, treatment: str) -> dict[str, Any]:
    """Why there is no prior, for each indication of migraine without one."""
    without = (name for name in MIGRAINE_INDICATIONS if not _direct(pool, treatment, name))
    return {name: no_prior(treatment, name, tuple(speaking(records, treatment, name))).document() for name in without}


def _direct(pool: Pool, treatment: str, indication: str) -> tuple[str, ...]:
    return studies_in(pool, treatment, INDICATIONS[indication]) if indication in INDICATIONS else ()


def _indication(pools: Pools, network: Synthesis, treatment: str, indication: str) -> dict[str, Any] | None:
    pool, people = pools.usual, INDICATIONS[indication]
    direct = _direct(pool, treatment, indication)
    mine = [rates for rates in pool.rates if rates[0].study.id in direct]
    if not mine:
        return None
    trials = [trial_of(rates, treatment) for rates in mine]
    certainty = judge(facts_of(pool, network, treatment, people, mine, trials), ())
    expected = expect(pool, treatment, indication, certainty=certainty.level)
    stopped = _stopped(mine, treatment)
    return {
        "expected": as_document(cast(Expected, expected)),
        "natural_change": _told(pool.natural_change(people)),
        "effect": _told(pool.effect(treatment, people)),
        "days_before": pool.days_before(people),
        "trials": trials,
        "stopped_for_harm": stopped,
        "leave_one_out": [_without(pool, treatment, people, each) for each in direct],
        "direct_and_indirect": split_of(pool, treatment, people),
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
    return {name: list(value) if isinstance(value, tuple) else rounded(value) for name, value in told.items()}


def _told(found: tuple[float, float, float]) -> dict[str, float]:
    """A log ratio as a ratio of rates, with its interval and that of the next trial."""
    estimate, se, tau = found
    wide = float(np.hypot(se, tau))
    told = {"log_ratio": estimate, "se": se, "tau": tau, "ratio": float(np.exp(estimate))}
    for name, spread in (("", se), ("predicted_", wide)):
        told[f"{name}lower"], told[f"{name}upper"] = (float(np.exp(estimate + side * _Z * spread)) for side in (-1.0, 1.0))
    return {name: rounded(value) for name, value in told.items()}


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
    return rounded(stopped / people) if people else None


def _without(pool: Pool, treatment: str, people: People, study: str) -> dict[str, Any]:
    """The effect without one of its trials; None where the treatment is then connected with placebo no more."""
    rest = pool_rates([rates for rates in pool.rates if rates[0].study.id != study], pool.assumed)
    ratio = None
    if treatment in rest.treatments:
        ratio = rounded(float(np.exp(rest.effect(treatment, people)[0])))
    return {"study": study, "ratio": ratio}


def _variant(variant: Variant) -> dict[str, Any]:
    return {name: rounded(value) for name, value in variant._asdict().items()}


def main(folder: str) -> None:
    """Write the files of all treatments."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, document in build(all_studies()).items():
        text = json.dumps(document, indent=None, separators=(",", ":"), sort_keys=True)
        Path(folder, f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
