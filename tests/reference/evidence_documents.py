"""Stored documents of trials that do not exist, as `cleardays.evidence.prior.build` writes them; and those that are stored."""

from __future__ import annotations

import json

import numpy as np

from cleardays.evidence.reading import data_folder

EPISODIC, CHRONIC = "episodic-migraine", "chronic-migraine"


def trial(study="smith-2001", against="placebo", log_ratio=-0.3, se=0.1, people=200, outcome="migraine_day"):
    return {
        "study": study,
        "against": against,
        "outcome": outcome,
        "log_ratio": log_ratio,
        "se": se,
        "people": people,
        "change": {},
    }


def told(log_ratio=-0.3, se=0.1, tau=0.1):
    wide = float(np.hypot(se, tau))
    found = {"log_ratio": log_ratio, "se": se, "tau": tau, "ratio": float(np.exp(log_ratio))}
    for name, spread in (("", se), ("predicted_", wide)):
        found |= {
            f"{name}lower": float(np.exp(log_ratio - 1.96 * spread)),
            f"{name}upper": float(np.exp(log_ratio + 1.96 * spread)),
        }
    return found


def quantiles(middle, spread, count=201):
    """Equally likely multipliers, log-logistic around their middle."""
    at = (np.arange(count) + 0.5) / count
    return [round(float(value), 6) for value in middle * np.exp(spread * np.log(at / (1 - at)))]


def variant(changed, chance, placebo=0.25, number=1):
    return {
        "number": number,
        "changed": changed,
        "ratio": 0.6,
        "chance_50": chance,
        "chance_50_placebo": placebo,
        "own_sd": 0.4,
    }


def part(treatment, indication, trials, middle=0.5, spread=0.4, placebo=0.75, certainty="low", sensitivity=(), **effect):
    expected = {
        "treatment": treatment, "indication": indication, "multiplier": quantiles(middle, spread),
        "placebo": quantiles(placebo, spread), "natural": [-0.3, 0.2], "own": [-0.3, 0.2], "ratio": 0.6, "ratio_placebo": 0.8,
        "shared_sd": 0.2, "studies": [each["study"] for each in trials], "people": sum(each["people"] for each in trials),
        "certainty": certainty, "sources": [], "confidence": "confirmed", "natural_studies": [],
        "spread_studies": [], "used": [],
        "family": "gamma", "phi": 0.5,
    }  # fmt: skip
    return {
        "expected": expected, "natural_change": told(-0.25, 0.04, 0.12), "effect": told(**effect), "days_before": 9.0,
        "trials": list(trials), "stopped_for_harm": None, "sensitivity": list(sensitivity),
        "certainty": {"level": certainty, "domains": []},
    }  # fmt: skip


def document(treatment="erenumab", **parts):
    """A treatment; `episodic` and `chronic` are what `part` takes, without them nothing was compared."""
    indications = {EPISODIC: None, CHRONIC: None}
    for name, given in parts.items():
        indication = f"{name}-migraine"
        indications[indication] = part(treatment, indication, **given)
    return {"version": "test", "treatment": treatment, "indications": indications}


TWO = document(
    "erenumab",
    episodic={
        "trials": [
            trial("arise", log_ratio=-0.207, se=0.08, people=577),
            trial("her-mes", "topiramate", -0.443, 0.066, 776),
            trial("tfelt-hansen-1984", log_ratio=-0.27, se=0.12, people=1, outcome="attack"),
        ],
        "sensitivity": [
            variant("log-normal law over people", 0.41),
            variant("whoever stopped for harm (39%) did not respond", 0.12),
            variant("entry limits not corrected for", 0.5),
        ],
    },
    chronic={"trials": [trial("solo", log_ratio=0.4, se=0.3)], "middle": 1.3, "log_ratio": 0.4, "se": 0.3},
)
NETWORK = {
    "version": "test",
    "people": {"placebo": 6582, "erenumab": 1804, "topiramate": 491, "onabotulinumtoxina": 688, "atenolol": 20},
    "pairs": [
        {"one": "erenumab", "other": "placebo", "studies": 4},
        {"one": "erenumab", "other": "topiramate", "studies": 1},
        {"one": "onabotulinumtoxina", "other": "placebo", "studies": 1},
        {"one": "atenolol", "other": "placebo", "studies": 1},
    ],
    "tau": 0.1,
    "studies": [],
}


def stored_documents():
    """What is stored of real treatments, with the network last if there is one."""
    folder = data_folder("expected")
    files = [file for file in folder.iterdir() if file.name.endswith(".json")] if folder.is_dir() else []
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(files, key=lambda file: file.name)]
