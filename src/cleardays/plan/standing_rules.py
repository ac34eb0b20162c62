"""Rules that follow from other facts of the catalogue: red flags, doses above a ceiling, two of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleardays.catalogue.screening_rules import Rule, general, rule_books, rules_of
from cleardays.catalogue.treatments import load_treatment, mean_daily, treatment_ids
from cleardays.plan.case import Case
from cleardays.plan.units import unit_of
from cleardays.plan.when import holds

# By what a limit is measured: the mean a day, or what is given at once where it is given seldom.
_PER = {
    "day": "daily_above",
    "24 h": "daily_above",
    "month": "amount_above",
    "12 weeks": "amount_above",
    "3 months": "amount_above",
}
_GOES_ON = ["start", "continue", "increase", "resume"]


def standing_rules(case: Case) -> Iterator[Rule]:
    """All of them for one case, in the form of rules."""
    yield from _red_flags(case)
    yield from _ceilings(case)
    yield from _steps(case)
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
    told = f"Told: {of_all['says']}."
    return f"{told} {row['says']}" if row is not of_all and "says" in row else told


def _action(severity: str, about_all: Mapping[str, Any]) -> str:
    return str(about_all[{"critical": "emergency", "major": "today"}.get(severity, "mention")])


def _ceilings(case: Case) -> Iterator[Rule]:
    """No proposed dose above the greatest that the catalogue knows for this person.

    Of the limits that hold only the lowest is told: two figures for one person would be read as a choice.
    """
    words = general()["dose"]
    for book in rule_books(case.treatment):
        rows = [row for row in rules_of(book, case.treatment, "ceiling") if row.get("per") in _PER]
        hold = [row for row in rows if "when" not in row or holds(row["when"], case).value]
        lowest = min((row["amount"] for row in hold), default=0.0)
        for row in rows:
            if row in hold and row["amount"] > lowest:
                continue
            limit = _PER[row["per"]]
            proposed = {"proposed": _GOES_ON, limit: row["amount"], "unit": unit_of(row["unit"])}
            yield {
                **_said(row),
                "code": words["code"],
                "severity": words["severity"],
                "when": {"all": [proposed, row["when"]]} if "when" in row else proposed,
                "subject": words["subject"],
                "because": row["says"],
                "action": words["action"].format(f"{row['amount']:g} {row['unit']} a {row['per']}"),
            }


def _steps(case: Case) -> Iterator[Rule]:
    """No start above the first step and no step before its week, where the treatment has no rules of its own on that."""
    treatments = [load_treatment(name) for name in sorted(case.treatment.ids & set(treatment_ids()))]
    for treatment in treatments:
        own = {rule["code"] for rule in treatment.facts("rule")}
        tables = [row for row in treatment.facts("protocol") if row.get("kind", "titration") == "titration"]
        if not tables or own & {"action.start-above-first-step", "action.step-too-early", "action.start-too-high"}:
            continue
        week = case.numbers["week_of_treatment"]
        starts = case.proposed is not None and case.proposed.action == "start"
        if starts or week is not None:
            yield _step_rule(tables, 1.0 if starts else max(1.0, week or 0.0))


def _step_rule(tables: list[Mapping[str, Any]], week: float) -> Rule:
    """The greatest dose of any table in that week, against what is proposed."""
    words = general()["step"]
    row = max(tables, key=lambda table: _allowed(table, week))
    most = _allowed(row, week)
    return {
        **_said(row),
        "code": words["code"],
        "severity": words["severity"],
        "when": {"proposed": _GOES_ON, "daily_above": most, "unit": row["unit"]},
        "subject": words["subject"],
        "because": words["because"].format(f"{week:g}", f"{most:g} {row['unit']}"),
        "action": words["action"],
        "confidence": "design",
        "source": [*row["source"], *words["source"]],
    }


def _allowed(table: Mapping[str, Any], week: float) -> float:
    """The mean dose a day at the end of a week of a table, or the start that it allows where that is more."""
    day = 7 * week
    step = next(step for step in reversed(table["steps"]) if step["from_day"] <= day)
    return max(mean_daily(step), float(table.get("start_max", 0)))


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("source", "confidence", "jurisdiction") if key in row}


def _duplicates(case: Case) -> Iterator[Rule]:
    """The same medicine once more, or another of a class of which one takes one."""
    taken = [each for each in case.medicines or () if each.told.stopped_days_ago is None]
    if any(each.is_a.id == case.treatment.id for each in taken) and not case.answers["already_taken"]:
        yield {**general()["same_medicine"], "when": {"all": []}}
    shared = {each.is_a.id for each in taken if each.is_a.id != case.treatment.id and case.treatment.ids & each.is_a.ids}
    if shared:
        yield {**general()["same_ingredient"], "when": {"medicine": sorted(shared)}}
    for row in general()["duplicate"]:
        if row["class"] in case.treatment.classes:
            yield {
                "code": f"duplicate.{row['class'].replace('_', '-')}",
                "severity": row["severity"],
                "when": {"class": [row["class"]]},
                "subject": f"two {row['says']}",
                "because": f"There would be two {row['says']} at once.",
                "action": "One is enough. The clinician says which, and how the other is lowered; stop neither by yourself.",
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
