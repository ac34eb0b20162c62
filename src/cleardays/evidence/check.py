"""Do the studies hold together? Schema, sources, arms, impossible figures, and figures written twice."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from cleardays.evidence.check_figures import check_figures, rows_of, where_of
from cleardays.evidence.findings import PLACE, cells_of, filled
from cleardays.evidence.reading import data_folder, read_data, read_tables, study_ids, study_text
from cleardays.evidence.records import Study, as_study
from cleardays.problems import Problem
from cleardays.sources import CONFIDENCES, all_sources, source_keys

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


def check_studies() -> list[Problem]:
    """Everything that is wrong with the packaged studies; empty when nothing is."""
    found = [problem for name in study_ids() for problem in check_file(name, study_text(name))]
    return [*found, *check_made()]


def check_made() -> Iterator[Problem]:
    """What was made from the files for speed says the same as the files, with every figure as it is printed."""
    for name in study_ids():
        if repr(read_data(f"studies/{name}")) != repr(read_tables(study_text(name))):
            yield Problem(f"{name}.toml.json", "it says something else than the TOML.", "Install the package again.")


def check_file(name: str, text: str) -> list[Problem]:
    """Everything that is wrong with one file."""
    try:
        document = read_tables(text)
    except tomllib.TOMLDecodeError as error:
        return [Problem(f"{name}.toml", f"it is no TOML ({error}).", "Correct it.")]
    problems = list(against_schema(name, document, study_schema()))
    if problems:
        return problems
    study = as_study(document)
    checks = (_check_head(name, study), _check_arms(study), _check_sources(study, document), check_figures(study))
    return list(chain(*checks, _check_findings(study)))


def study_schema() -> dict[str, Any]:
    """The JSON Schema of a study file."""
    schema: dict[str, Any] = json.loads(data_folder().joinpath("study.schema.json").read_text(encoding="utf-8"))
    return schema


def against_schema(name: str, document: dict[str, Any], schema: dict[str, Any]) -> Iterator[Problem]:
    """Where a file does not fit its schema."""
    import jsonschema  # only the check needs it

    for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
        where = ", ".join(str(part) for part in error.absolute_path)
        yield Problem(f"{name}.toml, {_named(document, list(error.absolute_path)) or where}", f"{error.message[:200]}.", _SEE)


_SEE = "See docs/reference/evidence-data.md."


def _named(document: dict[str, Any], path: list[Any]) -> str:
    """A place in words: which arm, which outcome, which column."""
    if len(path) < 2 or not isinstance(path[1], int):
        return ""
    row = document[path[0]][path[1]]
    said = [str(path[0]), *(str(row[key]) for key in ("id", "arm", "outcome") if key in row), *map(str, path[2:3])]
    return ", ".join(said)


def _check_head(name: str, study: Study) -> Iterator[Problem]:
    if study.id != name:
        yield Problem(f"{name}.toml", f"its id is {study.id}.", "Name the file after the id.")
    if study.head["kind"] == "trial" and study.results and "design" not in study.head:
        yield Problem(f"{name}.toml, design", "a trial with results needs its design.", _SEE)
    if study.compares and len({row.of["treatment"] for row in study.arms.values()}) < 2 and study.results:
        what = "it is randomised, but its arms hold one treatment: nothing to compare it with."
        yield Problem(f"{name}.toml, arm", what, "Add the arm that it was compared with.")


def _check_arms(study: Study) -> Iterator[Problem]:
    for row in chain(study.results, study.differences):
        for side in ("arm", "against"):
            if side in row.of and row.of[side] not in study.arms:
                what = f"{row.of[side]} is none of its arms."
                yield Problem(
                    f"{study.id}.toml, {where_of(row)}, column {side}", what, f"Its arms are {', '.join(study.arms)}."
                )
    seen = set()
    for row in study.results:
        key = (row.of["arm"], row.of["outcome"], row.of.get("part"))
        if key in seen:
            yield Problem(f"{study.id}.toml, {where_of(row)}", "it stands there twice.", "Keep one, or give them parts.")
        seen.add(key)
    units: dict[tuple[str, str | None], set[Any]] = {}
    for row in study.results:
        units.setdefault((row.of["outcome"], row.of.get("part")), set()).add(row.of.get("unit_days"))
    for (outcome, _), found in units.items():
        if len(found) > 1:
            what = f"its arms count {outcome} in different units ({', '.join(sorted(map(str, found)))} days)."
            yield Problem(f"{study.id}.toml, column unit_days", what, "Bring them to one.")


def _check_sources(study: Study, document: dict[str, Any]) -> Iterator[Problem]:
    known = all_sources()
    keys = chain(
        study.head["source"],
        *(cell.source for row in rows_of(study) for cell in row.cells.values()),
        *(finding["source"] for finding in document.get("finding", ())),
    )
    for key in dict.fromkeys(source_keys({"source": list(keys)})):
        if key not in known:
            yield Problem(f"{study.id}.toml", f"the source {key} is not known.", "Add it to sources.toml, or correct it.")
    for row in rows_of(study):
        for name, cell in row.cells.items():
            read = [known[key].confidence for key in source_keys({"source": cell.source}) if key in known]
            if cell.confidence == "confirmed" and read and not {None, "confirmed"} & set(read):
                what = "it is confirmed, but none of its sources was read at first hand."
                yield Problem(f"{study.id}.toml, {where_of(row)}, column {name}", what, "Write secondary or unconfirmed.")


def _check_findings(study: Study) -> Iterator[Problem]:
    """Every figure in words comes from a cell: no number is written a second time."""
    values = {abs(float(cell.value)) for row in rows_of(study) for cell in row.cells.values()}
    ids = [finding["id"] for finding in study.findings]
    for finding in study.findings:
        where = f"{study.id}.toml, finding {finding['id']}"
        if ids.count(finding["id"]) > 1:
            yield Problem(where, "it stands there twice.", "Give each its own id.")
        try:
            filled(study, finding)
        except KeyError as error:
            yield Problem(where, f"there is no figure at {error}.", "Correct the place, or add the figure.")
        else:
            yield from _check_sureness(study, finding, where)
        for number in _NUMBER.findall(PLACE.sub("", finding["says"])):
            if float(number) in values - _THRESHOLDS and float(number) > 12:
                yield Problem(f"{where}, column says", f"{number} is a figure of the study.", "Put its place in braces.")


_THRESHOLDS = {50.0, 75.0, 100.0}  # by how much less a responder is defined; no figure of a study


def _check_sureness(study: Study, finding: Mapping[str, Any], where: str) -> Iterator[Problem]:
    """What is said is no surer than the figures in it."""
    for cell in cells_of(study, finding):
        if CONFIDENCES.index(cell.confidence) > CONFIDENCES.index(finding["confidence"]):
            what = f"it is {finding['confidence']}, and its figure {cell.value} is {cell.confidence}."
            yield Problem(f"{where}, column confidence", what, f"Write {cell.confidence}, or leave the figure out.")
