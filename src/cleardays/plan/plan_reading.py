"""A plan file as it was written: checked against its schema, then read key by key, so that writing it again gives the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from cleardays.plan.alerts import Alert
from cleardays.plan.care import Part
from cleardays.plan.confirmed import read_confirmation
from cleardays.plan.file_checks import faults, gap_or_overlap
from cleardays.plan.journal import FORMAT, FORMAT_VERSION, Entry, PlanFile
from cleardays.plan.judging import Review, StopRule
from cleardays.plan.monitoring import Check
from cleardays.plan.plan import Plan, PlanAlert
from cleardays.plan.screening import Question
from cleardays.plan.sessions import Session
from cleardays.plan.steps import Step, exact
from cleardays.plan.strict_json import Unfit, strict_json
from cleardays.plan.toxin_sites import Site
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.sources import Reason

if TYPE_CHECKING:
    from jsonschema import ValidationError

_MOST_PROBLEMS = 8
_AS_WRITTEN = "Take the file as cleardays wrote it."
# A document of the right shape may still hold a day that is none, or a sum that cannot be.
_UNREADABLE = (ArithmeticError, LookupError, TypeError, ValueError)
Row = Mapping[str, Any]


def parse_plan(raw: str, name: str) -> PlanFile:
    """The text of a plan file.

    Args:
        raw: the text.
        name: how to call the file in a problem.

    Raises:
        BadInput: no JSON, no plan, one of a newer version, or one that was changed so that it holds no longer.
    """
    document = _document(raw, name)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadInput(Problem(name, "it is no plan file.", "Draft a plan with cleardays plan draft --json."))
    version = document.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        what = f"the plan is of format {version}; this cleardays reads up to {FORMAT_VERSION}."
        raise BadInput(Problem(name, what, "Install a newer cleardays; nothing of the file was changed."))
    _require_schema(document, name)
    try:
        found = _file(document)
        same = json.loads(json.dumps(found.document())) == document
        wrong = [*faults(found), *_of_the_past(found)] if same else []
    except _UNREADABLE:
        same, wrong = False, []
    if not same:
        raise BadInput(Problem(name, "what it says does not hold together.", _AS_WRITTEN))
    if wrong:
        raise BadInput([Problem(f"{name}, {where}", what, _AS_WRITTEN) for where, what in wrong[:_MOST_PROBLEMS]])
    return found


def _document(raw: str, name: str) -> object:
    try:
        return strict_json(raw)
    except Unfit as unfit:
        raise BadInput(Problem(name, f"{unfit}.", _AS_WRITTEN)) from None
    except (ValueError, RecursionError):
        raise BadInput(Problem(name, "it is no JSON.", "Draft a plan with cleardays plan draft --json.")) from None


def _of_the_past(file: PlanFile) -> Iterator[tuple[str, str]]:
    """Whether each version says something that can be read, and covers its days."""
    for at, entry in enumerate(file.entries):
        steps = tuple(read_step(row) for row in entry.after["steps"])
        sessions = tuple(_session(row) for row in entry.after["sessions"])
        says = {"steps": [each.document() for each in steps], "sessions": [each.document() for each in sessions]}
        if json.loads(json.dumps(says)) != {key: entry.after[key] for key in says} or gap_or_overlap(steps):
            yield f"history.{at}.after", "what it said does not hold together."


@cache
def plan_schema() -> dict[str, Any]:
    """The JSON schema of a plan."""
    text = resources.files("cleardays.plan").joinpath("plan.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _require_schema(document: object, name: str) -> None:
    import jsonschema  # drafting a plan does not need it

    checker = jsonschema.Draft202012Validator(plan_schema(), format_checker=jsonschema.FormatChecker())
    errors = sorted(map(_deepest, checker.iter_errors(document)), key=lambda error: list(map(str, error.absolute_path)))
    if errors:
        problems = [
            Problem(
                f"{name}, {'.'.join(map(str, error.absolute_path)) or 'the whole'}",
                f"{error.message[:200]}.",
                _AS_WRITTEN,
            )
            for error in errors[:_MOST_PROBLEMS]
        ]
        raise BadInput(problems)


def _deepest(error: ValidationError) -> ValidationError:
    """What is wrong within one of several forms, and not that none of them fits."""
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return error


def _file(row: Row) -> PlanFile:
    confirmed = row["confirmed"]
    entries = tuple(Entry(**{**entry, "on": _day(entry["on"])}) for entry in row["history"])
    return PlanFile(
        _plan(row),
        entries,
        None if confirmed is None else read_confirmation(confirmed),
        row["calendar_id"],
        bool(row.get("simulated")),
    )


def _plan(row: Row) -> Plan:
    stop, review = row["stop_rule"], row["review"]
    return Plan(
        row["status"],
        row["treatment"],
        row["indication"],
        row["jurisdiction"],
        _day(row["start"]),
        row["catalogue_version"],
        tuple(_alert(each) for each in row["alerts"]),
        tuple(Question(**each) for each in row["unknown"]),
        row["protocol"],
        row["protocol_confidence"],
        row["variant"],
        tuple(row["other_protocols"]),
        None if row["target"] is None else Dose.parse(row["target"]),
        _maybe(row["target_from"]),
        tuple(read_step(each) for each in row["steps"]),
        tuple(_session(each) for each in row["sessions"]),
        tuple(Check(**_with_days(each, "on", "until"), source=tuple(each["source"])) for each in row["monitoring"]),
        row["restart_after_gap_h"],
        None if row["restart"] is None else _reason(row["restart"]),
        tuple(read_step(each) for each in row["taper"]),
        None if review is None else Review(_day(row["review_on"]), _reason(review)),
        None if stop is None else _stop_rule(stop),
        tuple(Part(**_with_days(each, "on", "until")) for each in row["parts"]),
        tuple(read_step(each) for each in row["waiting"]),
        tuple(_reason(each) for each in row["reasons"]),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _maybe(text: str | None) -> date | None:
    return None if text is None else _day(text)


def _with_days(row: Row, *names: str) -> dict[str, Any]:
    """The keys of a row with its days read; its source is read by whoever asks."""
    return {**{key: value for key, value in row.items() if key != "source"}, **{name: _maybe(row[name]) for name in names}}


def _reason(row: Row) -> Reason:
    return Reason(row["rule"], row["because"], tuple(row["source"]), row.get("confidence"))


def read_step(row: Row) -> Step:
    """A step as a document has it."""
    amounts = tuple(exact(each) for each in row["amounts"])
    days = (_day(row["from"]), _maybe(row["to"]))
    counted = None if row["counted_from"] == row["from"] else _day(row["counted_from"])
    reason, needed = _reason(row["reason"]), bool(row["if_needed"])
    return Step(*days, amounts, row["every_days"], row["unit"], reason, needed, row["when"], counted)


def _session(row: Row) -> Session:
    sites = tuple(Site(each["muscle"], each["side"], exact(each["units"]), each["added"]) for each in row["sites"])
    amount = None if row["amount"] is None else exact(row["amount"])
    said = (sites, row["observe_min"], tuple(row["prepare"]), _reason(row["reason"]))
    return Session(_day(row["on"]), row["route"], amount, row["unit"], *said)


def _alert(row: Row) -> PlanAlert:
    said = {key: row[key] for key in ("code", "severity", "subject", "because", "action", "confidence")}
    return PlanAlert(Alert(**said, source=tuple(row["source"]), jurisdiction=tuple(row["jurisdiction"])), row["answered"])


def _stop_rule(row: Row) -> StopRule:
    window = (_day(row["window"]["from"]), _day(row["window"]["to"]))
    said = (row["says"], tuple(row["source"]), row["confidence"], row["payer"])
    return StopRule(tuple(row["outcomes"]), row["threshold"], window, *said)
