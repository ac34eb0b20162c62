"""Does the catalogue hold together? Every fact with its source, every reference resolved, every protocol sound.

`cleardays catalogue check` runs it; so do the tests, without an exemption.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from cleardays.catalogue.effects import effect_classes
from cleardays.catalogue.medicine_table import name_table
from cleardays.catalogue.reading import check_index, data_folder
from cleardays.catalogue.screening_rules import leaves_of
from cleardays.catalogue.treatments import Treatment, as_treatment, mean_daily, treatment_ids, treatment_text
from cleardays.problems import Problem
from cleardays.sources import all_sources, source_keys

_ROUNDING_H = 1.0


def check_catalogue() -> list[Problem]:
    """Everything that is wrong with the packaged catalogue; empty when nothing is."""
    problems = [problem for name in treatment_ids() for problem in check_file(name, treatment_text(name))]
    return [*problems, *_check_classes(), *check_index()]


def check_file(name: str, text: str) -> list[Problem]:
    """Everything that is wrong with one treatment file."""
    document = tomllib.loads(text)
    problems = list(against_schema(f"{name}.toml", document, treatment_schema()))
    if problems:
        return problems
    treatment = as_treatment(document)
    checks = (_check_head(name, treatment), check_facts(treatment), check_references(treatment), _check_protocols(treatment))
    return [problem for found in (*checks, _check_restart(treatment), _check_sites(treatment)) for problem in found]


def treatment_schema() -> dict[str, Any]:
    """The JSON Schema of a treatment file."""
    text = data_folder().joinpath("treatment.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def against_schema(name: str, document: dict[str, Any], schema: dict[str, Any]) -> Iterator[Problem]:
    """Where a document does not fit its schema."""
    import jsonschema  # only this command needs it

    plain = json.loads(json.dumps(document, default=str))  # TOML has dates, JSON Schema knows them as text
    for error in jsonschema.Draft202012Validator(schema).iter_errors(plain):
        where = ", ".join(str(part) for part in error.absolute_path)
        yield Problem(f"{name}, {where}", f"{error.message[:200]}.", "See docs/reference/catalogue.md.")


def _check_head(name: str, treatment: Treatment) -> Iterator[Problem]:
    if treatment.id != name:
        yield Problem(f"{name}.toml", f"its id is {treatment.id}.", "Name the file after the id.")
    if name not in {entry.medicine.id for entry in name_table().entries}:
        yield Problem(f"{name}.toml", "no name leads to it.", "Add it to medicine_names.toml.")


def check_facts(treatment: Treatment) -> Iterator[Problem]:
    """Every source is known, no fact is surer than its sources, and no rule stands there twice."""
    known = all_sources()
    for table, fact in treatment.all_facts():
        where = _where(treatment, table, fact)
        for key in source_keys(fact):
            if key not in known:
                yield Problem(where, f"the source {key} is not known.", "Add it to sources.toml, or correct it.")
        read = [known[key].confidence for key in source_keys(fact) if key in known]
        if fact["confidence"] == "confirmed" and read and not {None, "confirmed"} & set(read):
            what = "it is confirmed, but none of its sources was read at first hand."
            yield Problem(where, what, "Write secondary or unconfirmed.")
    codes = Counter(
        (rule["code"], json.dumps([rule["when"], rule.get("jurisdiction"), rule.get("only")], sort_keys=True))
        for rule in treatment.facts("rule")
    )
    for (code, _), times in codes.items():
        if times > 1:
            yield Problem(f"{treatment.id}.toml", f"the rule {code} stands there {times} times.", "Keep one.")


def check_references(treatment: Treatment) -> Iterator[Problem]:
    """Every medicine and every class that a condition names is there."""
    medicines = {entry.medicine.id for entry in name_table().entries}
    classes = effect_classes()
    for table, fact in treatment.all_facts():
        for leaf in leaves_of(fact.get("when")):
            for name in leaf.get("medicine", ()):
                if name not in medicines:
                    yield Problem(_where(treatment, table, fact), f"there is no medicine {name}.", "Use a catalogue id.")
            for name in leaf.get("class", ()):
                if name not in classes:
                    yield Problem(_where(treatment, table, fact), f"there is no class {name}.", "Add it to effects.toml.")
    for fact in treatment.facts("silent"):
        for name in fact.get("names", ()):
            if name not in medicines and name not in classes:
                yield Problem(_where(treatment, "silent", fact), f"{name} is no medicine and no class.", "Correct it.")


def _check_protocols(treatment: Treatment) -> Iterator[Problem]:
    """Steps follow each other day by day, only the last is open, and no dose is above a limit of its protocol."""
    for protocol in treatment.facts("protocol"):
        where, steps = _where(treatment, "protocol", protocol), protocol["steps"]
        for before, after in pairwise(steps):
            if before.get("to_day") is None or after["from_day"] != before["to_day"] + 1:
                yield Problem(where, "its steps do not follow each other day by day.", "Correct from_day and to_day.")
        if steps[-1].get("to_day") is not None or steps[0]["from_day"] != 1:
            yield Problem(where, "it does not begin on day 1, or its last step has an end.", "Correct from_day and to_day.")
        daily = [mean_daily(step) for step in steps]
        rising = [step for step, if_needed in zip(daily, (s.get("if_needed") for s in steps), strict=True) if not if_needed]
        if protocol.get("kind", "titration") == "titration" and rising != sorted(rising):
            yield Problem(where, "its doses do not rise.", "Correct the steps, or its kind.")
        limit = protocol.get("hard_max") or protocol.get("usual_max")
        if limit is not None and max(daily) > limit:
            yield Problem(where, f"a step has {max(daily):g} a day, above {limit:g}.", "Correct the step or the limit.")


def _check_restart(treatment: Treatment) -> Iterator[Problem]:
    """A gap that was worked out is as many half-lives as its row says."""
    for row in treatment.facts("restart"):
        half_life, times, gap = row.get("half_life_h"), row.get("half_lives"), row["gap_h"]
        if half_life is None or isinstance(gap, list):
            continue
        if times is None or abs(times * half_life - gap) > _ROUNDING_H:
            what = f"{gap} h are not {'any stated number of' if times is None else times} half-lives of {half_life} h."
            yield Problem(_where(treatment, "restart", row), what, "Correct one of the three.")


def _check_sites(treatment: Treatment) -> Iterator[Problem]:
    """The sites of an injection add up to the total that the file states beside them, each with the same units."""
    sites = treatment.facts("site")
    for total in treatment.facts("site_total"):
        found = {name: sum(site[name] for site in sites) for name in ("units", "sites")}
        if any(found[name] != total[name] for name in found):
            what = f"the sites add up to {found}, not {total['units']} units in {total['sites']} sites."
            yield Problem(f"{treatment.id}.toml, site", what, "Correct the table.")
        for site in sites:
            if site["units"] * total["sites"] != site["sites"] * total["units"]:
                yield Problem(_where(treatment, "site", site), "its units are not those of its sites.", "Correct the row.")
    if sites and not treatment.facts("site_total"):
        yield Problem(f"{treatment.id}.toml, site", "the total is not stated beside the sites.", "Add site_total.")


def _check_classes() -> Iterator[Problem]:
    medicines, known = {entry.medicine.id for entry in name_table().entries}, all_sources()
    for name, found in effect_classes().items():
        for member in sorted(found.members - medicines):
            yield Problem(f"effects.toml, {name}", f"there is no medicine {member}.", "Add it to medicine_names.toml.")
        for source in found.source:
            if source not in known:
                yield Problem(f"effects.toml, {name}", f"the source {source} is not known.", "Add it to sources.toml.")


def _where(treatment: Treatment, table: str, fact: Mapping[str, Any]) -> str:
    label = next(
        (str(fact[key]) for key in ("code", "id", "what", "term", "study", "muscle", "event", "says") if key in fact), ""
    )
    return f"{treatment.id}.toml, {table} {label[:60]}".rstrip()
