"""`cleardays catalogue check`: everything that must hold of the catalogue, without an exemption."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleardays.catalogue.check import check_catalogue, treatment_schema
from cleardays.catalogue.check_screening import check_screening
from cleardays.catalogue.planning import check_planning
from cleardays.catalogue.treatments import Treatment, load_treatment, treatment_ids
from cleardays.problems import Problem
from cleardays.sources import all_sources

_KINDS = ("label", "guideline", "study", "review", "registry", "method", "data", "policy", "secondary", "article")
_CONFIDENCES = ("confirmed", "secondary", "derived", "unconfirmed")
_OF_ROW = "of row"


def check_everything() -> list[Problem]:
    """All that is wrong; what does not fit its schema is told first and alone."""
    found = check_catalogue()
    if found:
        return found
    units = [problem for name in treatment_ids() for problem in check_units(load_treatment(name))]
    indications = {name for treatment in treatment_ids() for name in load_treatment(treatment).indications}
    return [*check_screening(), *check_planning(sorted(indications)), *check_sources(), *units]


def check_sources() -> Iterator[Problem]:
    """Each source has a kind and words to find it by; what is not our own, also the day it was read and how sure it is."""
    for key, source in all_sources().items():
        if source.kind not in _KINDS:
            yield Problem(f"sources.toml, {key}", f"{source.kind!r} is no kind.", f"Write one of {', '.join(_KINDS)}.")
        if len(source.citation) < 10:
            yield Problem(f"sources.toml, {key}", "nobody could find it by these words.", "Write what it is and where.")
        if source.kind == "policy":
            continue
        if source.checked is None:
            yield Problem(f"sources.toml, {key}", "the day on which it was read is missing.", "Add checked.")
        if source.confidence not in _CONFIDENCES:
            what = "how sure it is is missing."
            yield Problem(f"sources.toml, {key}", what, f"Add confidence: {', '.join(_CONFIDENCES)}.")


def check_units(treatment: Treatment) -> Iterator[Problem]:
    """Every number has a unit: that of its key, as the schema says it, or the one of its row."""
    tables = treatment_schema()["properties"]
    for table, fact in treatment.all_facts():
        for key, value in fact.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                unit = _unit_of(tables[table]["items"]["properties"][key], fact)
                if unit is None:
                    yield Problem(f"{treatment.id}.toml, {table}", f"{key} has no unit.", "Add unit to the row.")


def _unit_of(declared: Mapping[str, Any], fact: Mapping[str, Any]) -> str | None:
    unit: str | None = declared.get("x-unit")
    return fact.get("unit") if unit == _OF_ROW else unit
