"""Does the ledger of claims hold together? Schema, sources, studies, and nothing traced that names no source."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from cleardays.evidence.check import against_schema
from cleardays.evidence.reading import data_folder, file_text, study_ids
from cleardays.problems import Problem
from cleardays.sources import all_sources, source_keys


def check_claims(treatments: Collection[str]) -> list[Problem]:
    """Everything that is wrong with the packaged claims; `treatments` are the ids that a claim may be about."""
    return check_claims_file(file_text("claims"), treatments)


def check_claims_file(text: str, treatments: Collection[str]) -> list[Problem]:
    """Everything that is wrong with a file of claims."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [Problem("claims.toml", f"it is no TOML ({error}).", "Correct it.")]
    schema: dict[str, Any] = json.loads(data_folder().joinpath("claims.schema.json").read_text(encoding="utf-8"))
    problems = list(against_schema("claims", document, schema))
    if problems:
        return problems
    ids = [row["id"] for row in document["claim"]]
    twice = [Problem(f"claims.toml, {name}", "it stands there twice.", "Keep one.") for name in set(ids) if ids.count(name) > 1]
    return [*twice, *(problem for row in document["claim"] for problem in _check_claim(row, treatments))]


def _check_claim(row: Mapping[str, Any], treatments: Collection[str]) -> Iterator[Problem]:
    where, known = f"claims.toml, {row['id']}", all_sources()
    if row["treatment"] not in treatments:
        yield Problem(f"{where}, treatment", f"{row['treatment']} is no treatment.", "Write the id of one.")
    for key in source_keys(row):
        if key not in known:
            yield Problem(f"{where}, source", f"the source {key} is not known.", "Add it to sources.toml, or correct it.")
    read = {known[key].confidence for key in source_keys(row) if key in known}
    if row["confidence"] == "confirmed" and read and not {None, "confirmed"} & read:
        what = "it is confirmed, but none of its sources was read at first hand."
        yield Problem(f"{where}, confidence", what, "Write secondary or unconfirmed.")
    for study in (*row.get("answered_by", ()), *([row["study"]] if "study" in row else [])):
        if study not in study_ids():
            yield Problem(where, f"{study} is not among the studies.", "Add its file, or correct the id.")
    if row["traced"] != ("study" in row):
        what = "it is traced, but to no study." if row["traced"] else "it names a study, but is not traced."
        yield Problem(f"{where}, traced", what, "Name the study, or write false.")
    if row["traced"] and row["cites"] == "nothing":
        yield Problem(f"{where}, cites", "it is traced, but the page names no source.", "Write false, or what it names.")
