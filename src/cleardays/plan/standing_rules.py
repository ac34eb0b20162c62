"""Rules that follow from other facts of the catalogue: red flags, doses above a ceiling, two of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleardays.catalogue.screening_rules import Rule, general, rule_books, rules_of
from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.plan.case import Case
from cleardays.plan.units import unit_of

_GOES_ON = ["start", "continue", "increase", "resume"]


def standing_rules(case: Case) -> Iterator[Rule]:
    """All of them for one case, in the form of rules."""
    yield from _red_flags(case)
    yield from _ceilings(case)
    yield from _duplicates(case)
    yield from _candidate(case)


def _red_flags(case: Case) -> Iterator[Rule]:
    """What the treatment says of a finding; where it says nothing, what holds for all."""
    about_all = general()["red_flags"]
    running = case.session is not None and bool(case.session["minute"])
    before_start = not running and (case.numbers["week_of_treatment"] == 0 or _starts(case))
    own: set[str] = set()
    for book in rule_books(case.treatment):
        own.update(flag for rule in rules_of(book, case.treatment) for flag in rule["when"].get("flag", ()))
        for row in rules_of(book, case.treatment, "red_flag"):
            for flag in row["flags"]:
                own.add(flag)
                yield _flag_rule(flag, row, about_all, before_start=before_start)
    for flag, row in about_all["flags"].items():
        if flag not in own:
            yield _flag_rule(flag, row, about_all, before_start=before_start)


def _starts(case: Case) -> bool:
    return case.numbers["week_of_treatment"] is None and case.proposed is not None and case.proposed.action == "start"


def _flag_rule(flag: str, row: Mapping[str, Any], about_all: Mapping[str, Any], *, before_start: bool) -> Rule:
    of_all = about_all["flags"][flag]
    severity, action = row["severity"], row.get("action") or of_all.get("action") or _action(row["severity"], about_all)
    if before_start and severity == "critical" and not of_all.get("always", False):
        severity, action = about_all["before_start"], f"{about_all['before_start_action']} {action}"
    weeks = {key: row[key] for key in ("from_week", "to_week") if key in row}
    return {
        "code": f"red-flag.{flag.replace('_', '-')}",
        "severity": severity,
        "when": {"flag": [flag], **weeks},
        "subject": of_all["says"],
        "because": _because(row, of_all),
        "action": action,
        "source": row.get("source", about_all["source"]),
        "confidence": row.get("confidence", about_all["confidence"]),
        **({"jurisdiction": row["jurisdiction"]} if "jurisdiction" in row else {}),
    }


def _because(row: Mapping[str, Any], of_all: Mapping[str, Any]) -> str:
    told = f"{of_all['says'][0].upper()}{of_all['says'][1:]} was told."
    return f"{told} {row['says']}" if row is not of_all and "says" in row else told


def _action(severity: str, about_all: Mapping[str, Any]) -> str:
    return str(about_all[{"critical": "emergency", "major": "today"}.get(severity, "mention")])


def _ceilings(case: Case) -> Iterator[Rule]:
    """No proposed dose above the greatest that the catalogue knows for this person."""
    words = general()["dose"]
    for name in sorted(case.treatment.ids & set(treatment_ids())):
        treatment = load_treatment(name)
        for row in treatment.facts("ceiling"):
            if row.get("per") not in ("day", "24 h"):
                continue
            proposed = {"proposed": _GOES_ON, "daily_above": row["amount"], "unit": unit_of(row["unit"])}
            yield {
                "code": words["code"],
                "severity": words["severity"],
                "when": {"all": [proposed, row["when"]]} if "when" in row else proposed,
                "subject": words["subject"],
                "because": row["says"],
                "action": words["action"],
                "source": row["source"],
                "confidence": row["confidence"],
                **({"jurisdiction": row["jurisdiction"]} if "jurisdiction" in row else {}),
            }


def _duplicates(case: Case) -> Iterator[Rule]:
    """The same medicine once more, or another of a class of which one takes one."""
    taken = [each for each in case.medicines or () if each.told.stopped_days_ago is None]
    own = [each for each in taken if case.treatment.ids & each.is_a.ids]
    about_to_start = case.proposed.action == "start" if case.proposed else case.numbers["week_of_treatment"] in (None, 0)
    if own and about_to_start:
        yield {**general()["same_medicine"], "when": {"all": []}}
    for row in general()["duplicate"]:
        if row["class"] in case.treatment.classes:
            yield {
                "code": f"duplicate.{row['class'].replace('_', '-')}",
                "severity": row["severity"],
                "when": {"class": [row["class"]]},
                "subject": f"two {row['says']}",
                "because": f"There would be two {row['says']} at once.",
                "action": "Take one of them, or have the clinician write down why both.",
                "source": row["source"],
                "confidence": row["confidence"],
            }


def _candidate(case: Case) -> Iterator[Rule]:
    """Whether a preventive against migraine is worth a thought for somebody with so few headache days."""
    own = [load_treatment(name) for name in sorted(case.treatment.ids & set(treatment_ids()))]
    for_recovery = case.indications is not None and all("recovery" in each for each in case.indications)
    if any("migraine" in each for treatment in own for each in treatment.indications) and not for_recovery:
        row = general()["candidate"]
        yield {**row, "when": {"number": "headache_days_per_28", "below": row["below"]}}
