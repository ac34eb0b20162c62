"""Rows of a supervised session from a form: a reading, something given, a finding, an action, the end; in order of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleardays.plan.session_record import PLACES
from cleardays.problems import BadInput, Problem
from cleardays.web.facts import figure
from cleardays.web.marked import N_

BEFORE, READING, GIVEN, FINDING, ACTION, LEAVE, REMOVE = "before", "reading", "given", "finding", "action", "leave", "remove"
ACTS = (BEFORE, READING, GIVEN, FINDING, ACTION, LEAVE, REMOVE)
# Which list of the record a row goes to, by which of its keys it is ordered, and its fields: numbers, texts, yes or no.
_ROWS: Mapping[str, tuple[str, str]] = {
    READING: ("vitals", "minute"), GIVEN: ("given", "from_minute"), FINDING: ("events", "minute"),
    ACTION: ("actions", "minute"),
}  # fmt: skip
NUMBERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    READING: (
        ("sbp", N_("Upper pressure")), ("dbp", N_("Lower pressure")), ("heart_rate", N_("Heart rate")),
        ("spo2", N_("Oxygen, %")), ("respiratory_rate", N_("Breaths a minute")),
        ("consciousness", N_("Consciousness, 0 to 5")), ("pain", N_("Pain, 0 to 10")),
        ("dissociation", N_("Dissociation score")),
    ),
    GIVEN: (("until_minute", N_("Until minute")), ("amount", N_("Amount")), ("rate", N_("Rate"))),
    FINDING: (("until_minute", N_("Until minute, if it is over")),),
    ACTION: (("result_minute", N_("Result at minute")),),
    LEAVE: (("score", N_("Score of recovery")),),
}  # fmt: skip
TEXTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    READING: (),
    GIVEN: (("unit", N_("Unit of the amount")), ("rate_unit", N_("Unit of the rate, such as mg/h")),
            ("why", N_("Why, if something was given before"))),
    FINDING: (("what", N_("What")),),
    ACTION: (("what", N_("What was done")), ("medicine", N_("Medicine, if one was given")), ("result", N_("What came of it"))),
    LEAVE: (("review_on", N_("Review on")),),
}  # fmt: skip
ANSWERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    READING: (("rousable", N_("Rousable to voice?")),),
    GIVEN: (), FINDING: (), ACTION: (),
    LEAVE: (("escort", N_("Somebody takes them home?")), ("steady", N_("All steady?")),
            ("told_no_driving", N_("Told not to drive until tomorrow?"))),
}  # fmt: skip
_FROM = {GIVEN: "from_minute"}
_MINUTE = "minute"


def with_row(record: Mapping[str, Any], act: str, form: Mapping[str, str], needs: tuple[str, ...]) -> dict[str, Any]:
    """The record with what one form tells.

    Args:
        record: as it stands, as JSON.
        act: one of `ACTS`.
        form: its fields, as typed.
        needs: the conditions of the sheet.

    Raises:
        BadInput: with every field that cannot be used; what the record itself refuses is found out when it is read.
    """
    if act == BEFORE:
        return {**record, **_before(form, needs)}
    if act == REMOVE:
        return _without(record, form)
    row = _row(act, form)
    if act == LEAVE:
        return {**record, "discharge": row}
    name, by = _ROWS[act]
    return {**record, name: sorted([*record.get(name, ()), row], key=lambda each: each[by])}


def _row(act: str, form: Mapping[str, str]) -> dict[str, Any]:
    problems, found = list[Problem](), dict[str, Any]()
    minute = _number(form, _MINUTE, problems)
    if minute is None and not problems:
        problems.append(Problem(_MINUTE, "it does not say when.", "Write the minute from the start; before it is 0."))
    found[_FROM.get(act, _MINUTE)] = minute
    for key, _ in NUMBERS[act]:
        found[key] = _number(form, key, problems)
    if act == GIVEN:
        found["route"] = form.get("route", "").strip() or None
    for key, _ in TEXTS[act]:
        found[key] = form.get(key, "").strip() or None
    for key, _ in ANSWERS[act]:
        found[key] = {"yes": True, "no": False}.get(form.get(key, ""))
    if problems:
        raise BadInput(problems)
    return {key: value for key, value in found.items() if value is not None}


def _number(form: Mapping[str, str], key: str, problems: list[Problem]) -> float | None:
    text = form.get(key, "").strip()
    if not text:
        return None
    found = figure(text)
    if found is None:
        problems.append(Problem(key, "that is no number.", "Write it in figures, or leave it empty."))
    return found


def _before(form: Mapping[str, str], needs: tuple[str, ...]) -> dict[str, Any]:
    problems = list[Problem]()
    place = form.get("place", "").strip()
    if place not in PLACES:
        problems.append(Problem("place", "it is not said where.", "Choose one of those that are shown."))
    weight = _number(form, "weight_kg", problems)
    if problems:
        raise BadInput(problems)
    medicines = [{"name": each.strip()} for each in form.get("medicines", "").split(",") if each.strip()]
    prepared = {
        need: {"yes": True, "no": False}[form[f"need-{need}"]] for need in needs if form.get(f"need-{need}") in ("yes", "no")
    }
    found = {
        "place": place, "start": form.get("start", "").strip() or None, "weight_kg": weight, "prepared": prepared,
        "medicines": medicines if medicines or form.get("no_medicines") == "yes" else None, "supervised": True,
        "note": form.get("note", "").strip() or None,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}


def _without(record: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
    """Without one row that was written by mistake; the version that had it stays in the events."""
    name, _, at = form.get("row", "").partition(":")
    if name == "discharge" and record.get("discharge"):
        return {key: value for key, value in record.items() if key != "discharge"}
    rows = record.get(name, ()) if name in {each for each, _ in _ROWS.values()} else ()
    if not at.isdecimal() or int(at) >= len(rows):
        raise BadInput(Problem("row", "it is not there any more.", "Choose one that is shown."))
    return {**record, name: [row for number, row in enumerate(rows) if number != int(at)]}
