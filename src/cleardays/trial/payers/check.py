"""Do the packs hold together? Every rule with its source, every name in them resolved. The tests run it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from cleardays.catalogue.check import against_schema
from cleardays.catalogue.treatments import treatment_ids
from cleardays.diary.instruments import instruments
from cleardays.diary.stop_data import rule_names
from cleardays.problems import Problem
from cleardays.sources import all_sources, source_keys
from cleardays.trial.ledger.adequacy import adequacy_rules
from cleardays.trial.payers.packs import ANY, DATA

_SEE = "See docs/reference/payer-packs.md."


def check_packs() -> list[Problem]:
    """Everything that is wrong with the packaged packs; empty when nothing is."""
    schema: dict[str, Any] = json.loads((DATA / "pack.schema.json").read_text(encoding="utf-8"))
    return [
        problem
        for file in sorted(DATA.glob("*.toml"))
        for problem in check_pack(file.stem, file.read_text(encoding="utf-8"), schema)
    ]


def check_pack(name: str, text: str, schema: dict[str, Any]) -> list[Problem]:
    """Everything that is wrong with one file."""
    document = tomllib.loads(text)
    problems = [problem._replace(try_this=_SEE) for problem in against_schema(f"{name}.toml", document, schema)]
    if problems:
        return problems
    rows = [document, *document["criterion"], *([document["pause"]] if "pause" in document else [])]
    found = [problem for row in rows for problem in _check_sources(f"{name}.toml, {row.get('id', 'pause')}", row)]
    return [*found, *_check_head(name, document), *(each for row in document["criterion"] for each in _check_names(name, row))]


def _check_sources(where: str, row: dict[str, Any]) -> Iterator[Problem]:
    known = all_sources()
    for key in source_keys(row):
        if key not in known:
            yield Problem(where, f"the source {key} is not known.", "Add it to sources.toml, or correct it.")
    read = [known[key].confidence for key in source_keys(row) if key in known]
    if row["confidence"] == "confirmed" and read and not {None, "confirmed"} & set(read):
        what = "it is confirmed, but none of its sources was read at first hand."
        yield Problem(where, what, "Write secondary or unconfirmed.")


def _check_head(name: str, document: dict[str, Any]) -> Iterator[Problem]:
    if document["id"] != name:
        yield Problem(f"{name}.toml", f"its id is {document['id']}.", "Name the file after the id.")
    ids = [row["id"] for row in document["criterion"]]
    if len(ids) != len(set(ids)):
        yield Problem(f"{name}.toml", "two rules have one id.", "Name each differently.")
    for treatment in (*document["treatments"], *document.get("extrapolated_to", ())):
        if treatment != ANY and treatment not in treatment_ids():
            yield Problem(f"{name}.toml", f"{treatment} is not in the catalogue.", "Correct its id.")


def _check_names(name: str, row: dict[str, Any]) -> Iterator[Problem]:
    where = f"{name}.toml, {row['id']}"
    known = tuple(adequacy_rules()) if row["kind"] in ("preventives", "tried_enough") else rule_names()
    for key in ("rule", "beside"):
        if key in row and row[key] not in known:
            yield Problem(where, f"{key} {row[key]} is not known.", f"Use one of {', '.join(known)}.")
    if "instrument" in row and row["instrument"] not in instruments():
        yield Problem(where, f"{row['instrument']} is no questionnaire.", f"Use one of {', '.join(instruments())}.")
    if row["kind"] == "days" and not {"at_least", "at_most", "below", "at_least_by_class"} & row.keys():
        yield Problem(where, "it names no number of days.", "Give at_least, at_most, below or at_least_by_class.")
