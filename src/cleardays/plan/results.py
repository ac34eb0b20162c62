"""What studies found of a treatment, and what popular pages say: the catalogue names findings, the evidence holds both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleardays.catalogue.treatments import Treatment, load_treatment, treatment_ids
from cleardays.evidence.claims import Claim, claims_about
from cleardays.evidence.findings import finding_of, treatments_of
from cleardays.evidence.reading import load_study, study_ids
from cleardays.problems import Problem

Row = Mapping[str, Any]
_TOLD = (
    "trial", "study", "year", "design", "n", "duration", "outcome", "finding", "bias", "indication", "population", "note",
    "source", "confidence",
)  # fmt: skip


def results_of(treatment: Treatment) -> tuple[Row, ...]:
    """What each finding of the catalogue's rows says, in their order; `trial` is the study's id, `finding` how it speaks.

    Raises:
        BadInput: there is no such study.
        KeyError: the study has no such finding.
    """
    return tuple(_told(row) for row in treatment.facts("evidence"))


def with_results(treatment: Treatment) -> Treatment:
    """The treatment with what the studies found in place of the rows that name it, and with the claims of popular pages."""
    claims = tuple(_claimed(claim) for claim in claims_about(treatment.id))
    told = {"evidence": results_of(treatment), **({"popular_claim": claims} if claims else {})}
    return treatment._replace(tables={**treatment.tables, **told})


def _claimed(claim: Claim) -> Row:
    """A claim as a row: `by` is the kind of page, `leans_on` a study or why none is named."""
    said = {"says": claim.says, "by": claim.kind, "article": claim.article, "leans_on": claim.leans_on, "answer": claim.answer}
    noted = {} if claim.note is None else {"note": claim.note}
    answered = {"answered_by": list(claim.answered_by)} if claim.answered_by else {}
    return {**said, **noted, **answered, "traced": claim.traced, "source": list(claim.source), "confidence": claim.confidence}


def _told(row: Row) -> Row:
    found = finding_of(load_study(row["trial"]), row["finding"])
    return {key: found[key] for key in _TOLD if key in found}


def _named(row: Row) -> tuple[str, str]:
    return row["trial"], row["finding"]


def check_results() -> Iterator[Problem]:
    """Every row of the catalogue names a finding on its treatment, once; every finding is named by all that it speaks of."""
    named = {name: [_named(row) for row in load_treatment(name).facts("evidence")] for name in treatment_ids()}
    studies = map(load_study, study_ids())
    there = {(study.id, finding["id"]): treatments_of(finding) for study in studies for finding in study.findings}
    for treatment, rows in named.items():
        for study, finding in rows:
            where = f"{treatment}.toml, evidence {study} {finding}"
            if treatment not in there.get((study, finding), ()):
                what = f"there is no finding {finding} on {treatment} in the study {study}."
                yield Problem(where, what, "Add it to the study, or correct the row.")
            elif rows.count((study, finding)) > 1:
                yield Problem(where, "it stands there twice.", "Keep one.")
    for (study, finding), treatments in there.items():
        for treatment in treatments:
            if (study, finding) not in named.get(treatment, ()):
                what = f"{treatment} does not show it."
                yield Problem(f"{study}.toml, finding {finding}", what, f"Add a row of evidence to {treatment}.toml.")
