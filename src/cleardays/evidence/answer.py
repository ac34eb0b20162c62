"""What is known of one treatment for people with one indication, in one document: the answer of `cleardays evidence`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from cleardays.evidence.certainty import judge
from cleardays.evidence.claims import Claim, all_claims
from cleardays.evidence.findings import filled, treatments_of
from cleardays.evidence.population import INDICATIONS, MIGRAINE
from cleardays.evidence.prior.stored import from_document, network_of_all, stored
from cleardays.evidence.reading import all_studies, load_study
from cleardays.evidence.records import Row, Study
from cleardays.evidence.speaking import PEOPLE_OF, named_in, no_prior, open_studies, speaking
from cleardays.sources import Reason

REDUCTIONS = (0.3, 0.5, 0.75)
_VERDICTS = ("for", "against", "mixed", "unclear")


def describe(treatment: str, indication: str) -> dict[str, Any]:
    """The document.

    Args:
        treatment: catalogue id.
        indication: catalogue id.

    Returns:
        Keys and meaning: docs/reference/evidence.md. Ratios are of rates, below 1 fewer days; `expected` is None where
        no trial of such people compares the treatment with anything, and `no_prior` says why.
    """
    told = _stored(treatment, indication)
    studies = tuple(speaking(all_studies(), treatment, indication))
    expected = None if told is None else from_document(told["expected"])
    certainty = _uncompared(studies) if told is None else told["certainty"]
    return {
        "treatment": treatment,
        "indication": indication,
        "certainty": certainty,
        "effect": None if told is None else told["effect"],
        "natural_change": None if told is None else told["natural_change"],
        "of_100": None if expected is None else _of_100(expected.multiplier, expected.placebo),
        "days_before": None if told is None else told["days_before"],
        "stopped_for_harm": None if told is None else told["stopped_for_harm"],
        "expected": None if told is None else told["expected"],
        "no_prior": None if told is not None else no_prior(treatment, indication, studies).document(),
        "trials": [] if told is None else told["trials"],
        "leave_one_out": [] if told is None else told["leave_one_out"],
        "direct_and_indirect": None if told is None else told["direct_and_indirect"],
        "sensitivity": [] if told is None else told["sensitivity"],
        "studies": [_study(study, indication, () if expected is None else expected.studies) for study in studies],
        "findings": _findings(studies, treatment),
        "claims": [_claim(claim) for claim in all_claims() if claim.treatment == treatment],
        "other_people": [_elsewhere(study) for study in _in_other_people(treatment, indication, studies)],
    }


def _stored(treatment: str, indication: str) -> Mapping[str, Any] | None:
    document = stored(treatment)
    return None if document is None else document["indications"].get(indication)


def _in_other_people(treatment: str, indication: str, studies: tuple[Study, ...]) -> Iterator[Study]:
    """Studies of the treatment in other kinds of migraine: what they found may not hold for these people."""
    if indication not in PEOPLE_OF or indication.endswith("-recovery"):
        return
    for study in all_studies():
        if study not in studies and treatment in named_in(study) and study.results and study.population in MIGRAINE:
            yield study


def _elsewhere(study: Study) -> dict[str, Any]:
    return {"id": study.id, "name": study.name, "people": study.population, "compares": study.compares}


def _of_100(multiplier: np.ndarray[Any, Any], placebo: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Of 100 people like those in the trials: with so large a reduction or a larger one, and with more days than before."""

    def shares(values: np.ndarray[Any, Any]) -> dict[str, int]:
        found = {f"reduction_ge_{round(100 * least)}": float((values <= 1.0 - least).mean()) for least in REDUCTIONS}
        return {name: round(100 * share) for name, share in {**found, "worse": float((values > 1.0).mean())}.items()}

    return {"treated": shares(multiplier), "placebo": shares(placebo)}


def _uncompared(studies: tuple[Study, ...]) -> dict[str, object]:
    """Of trials that compare something, but not days: their certainty is not judged by pooling."""
    comparing = [study for study in studies if study.compares]
    if not comparing:
        return judge(None, open_studies(studies)).document()
    names = ", ".join(study.name for study in comparing)
    because = f"Not judged: {names} compare something, but print nothing that can be pooled with others on days."
    reason = Reason("evidence.certainty", because, ("evidence-model",), "design")
    return {"level": None, "start": "high", "domains": [], "reason": reason.document()}


def _study(study: Study, indication: str, used: tuple[str, ...]) -> dict[str, Any]:
    """One study: who, what was compared, its figures as printed, and whether the prior uses it."""
    head = study.head
    return {
        "id": study.id,
        "name": study.name,
        "year": head.get("year"),
        "registry": list(head.get("registry", ())),
        "kind": head["kind"],
        "design": head.get("design"),
        "randomised": head.get("randomised"),
        "blinding": head.get("blinding"),
        "people": {"kind": study.population, "failed_preventives": study.failed_preventives},
        "compares": study.compares,
        "used": study.id in used,
        "not_used": None if study.id in used else _why_not(study, indication),
        "arms": [
            {"id": name, "treatment": arm.of["treatment"], "dose": arm.of.get("dose")} for name, arm in study.arms.items()
        ],
        "results": [_figures(row) for row in study.results],
        "differences": [_figures(row) for row in study.differences],
        "bias": None if "bias" not in head else dict(head["bias"]),
        "source": list(head["source"]),
        "confidence": head["confidence"],
    }


def _why_not(study: Study, indication: str) -> str:
    apart = study.head.get("kept_apart")
    if apart:
        return str(apart["because"])
    if study.head["kind"] != "trial":
        return "It is no trial with arms of its own."
    if not study.compares:
        return "Nobody was allotted to a comparison by chance."
    if not study.results:
        return "No figures of it are held."
    pooled = network_of_all()["studies"]
    if study.id in pooled:
        return "It speaks of other people." if indication in INDICATIONS else "It was pooled for migraine, not for this."
    if study.people & {group for name in pooled for group in load_study(name).people}:
        return "Its people are counted in another trial."
    return (
        "It prints nothing that can be pooled on days: a mean with its people or error, or a share of responders, is missing."
    )


def _figures(row: Row) -> dict[str, Any]:
    cells = {
        name: {"value": cell.value, "source": list(cell.source), "confidence": cell.confidence}
        for name, cell in row.cells.items()
    }
    return {**row.of, "cells": cells}


def _claim(claim: Claim) -> dict[str, Any]:
    """What a popular page says, whether it leans on a study that was found, and what is known."""
    return {
        "says": claim.says,
        "article": claim.article,
        "kind": claim.kind,
        "traced": claim.traced,
        "leans_on": claim.leans_on,
        "answer": claim.answer,
        "source": list(claim.source),
        "confidence": claim.confidence,
    }


def _findings(studies: tuple[Study, ...], treatment: str) -> dict[str, list[dict[str, Any]]]:
    """What the studies say, those for it beside those against it."""
    found: dict[str, list[dict[str, Any]]] = {verdict: [] for verdict in _VERDICTS}
    for study in studies:
        for finding in study.findings:
            if treatment in treatments_of(finding):
                said = filled(study, finding)
                found[finding["finding"]].append(
                    {
                        "study": said["study"],
                        "says": said["outcome"],
                        "compares": study.compares or study.head["kind"] == "review",
                        "source": said["source"],
                        "confidence": said["confidence"],
                    }
                )
    return found
