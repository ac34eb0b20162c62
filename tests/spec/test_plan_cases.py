"""Plans written by hand from the sources alone: see plan_cases.toml."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from cleardays.plan.draft import Wish, draft
from cleardays.plan.person_reading import read_person
from cleardays.problems import BadInput
from cleardays.quantities import Dose

TABLE = tomllib.loads(Path(__file__).with_name("plan_cases.toml").read_text(encoding="utf-8"))
START = date(2026, 3, 2)
KEYS = {
    "name", "treatment", "indication", "jurisdiction", "target", "at_most", "wanted", "from", "person", "without", "note",
    "status", "steps", "ceilings", "rise", "needed", "aim", "variant", "gap_h", "no_gap", "review", "threshold", "outcomes", "payer",
    "taper", "taper_days", "sessions", "units", "sites", "muscles", "no_amount", "observe_min", "amounts", "answered",
    "unanswered", "unanswered_or_refused", "because", "asks", "bad",
}  # fmt: skip


def drafted(case):
    base = {key: value for key, value in TABLE["base"].items() if key not in case.get("without", ())}
    person = read_person({**base, **case.get("person", {})})
    target, at_most = (Dose.parse(case[key]) if key in case else None for key in ("target", "at_most"))
    options = case.get("wanted"), case.get("jurisdiction")
    return draft(Wish(case["treatment"], case["indication"], START, target, at_most, *options), person).document()


def day(number):
    return (START + timedelta(days=number)).isoformat()


def dose_on(plan, number):
    """The mean dose on a day, counted from 1; nothing before the first step."""
    on = day(number - 1)
    return next(
        (step["daily_dose"] for step in plan["steps"] if step["from"] <= on and (step["to"] is None or on <= step["to"])), 0
    )


def step_row(step):
    first = (date.fromisoformat(step["from"]) - START).days + 1
    return [first, pytest.approx(step["daily_dose"], abs=1e-5), step["every_days"], step["times_per_day"]]


def about_doses(case, plan):
    if "steps" in case:
        yield "steps", case["steps"], [step_row(step) for step in plan["steps"]]
    for number, most in case.get("ceilings", ()):
        yield f"a dose on day {number} up to {most}", True, 0 < dose_on(plan, number) <= most
    if "rise" in case:
        doses = [0, *(step["daily_dose"] for step in plan["steps"])]
        yield "largest rise", True, max(high - low for low, high in pairwise(doses)) <= case["rise"]
    if "needed" in case:
        yield "if needed", case["needed"], [step["daily_dose"] for step in plan["steps"] if step["if_needed"]]
    if "amounts" in case:
        yield "amounts", case["amounts"], [step["amount"] for step in plan["steps"]]
    yield "target", case.get("aim", plan["target"]), plan["target"]
    yield "variant", case.get("variant", plan["variant"]), plan["variant"]
    yield "gap", None if case.get("no_gap") else case.get("gap_h", plan["restart_after_gap_h"]), plan["restart_after_gap_h"]


def about_the_end(case, plan):
    if "review" in case:
        yield "review", day(case["review"]), plan["review_on"]
    for key in ("threshold", "outcomes", "payer"):
        if key in case:
            yield key, case[key], plan["stop_rule"][key]
    if "taper" in case:
        yield "taper", case["taper"], [step["daily_dose"] for step in plan["taper"]]
    if "taper_days" in case:
        length = date.fromisoformat(plan["taper"][-1]["from"]) - date.fromisoformat(plan["review_on"])
        yield "long enough to stop", True, length.days >= case["taper_days"] and plan["taper"][-1]["daily_dose"] == 0


def about_sessions(case, plan):
    if "sessions" in case:
        yield "sessions", [day(number) for number in case["sessions"]], [session["on"] for session in plan["sessions"]]
    for session in plan["sessions"]:
        units = Counter()
        for site in session["sites"]:
            units[site["muscle"]] += site["units"]
        if "units" in case:
            yield "units", (case["units"],) * 2, (session["amount"], sum(units.values()))
        if "sites" in case:
            yield "sites", case["sites"], len(session["sites"])
        if "muscles" in case:
            yield "muscles", case["muscles"], dict(units)
        if "no_amount" in case:
            yield "no amount", (None, None, "clinician"), (session["amount"], session["rate"], session["needs"])
        if "observe_min" in case:
            yield "watched", case["observe_min"], session["observe_min"]


def about_words(case, plan):
    grave = [alert for alert in plan["alerts"] if alert["severity"] in ("major", "contraindicated", "critical")]
    said = [(f"{alert['code']} {alert['subject']}", alert["answered"]) for alert in grave]
    for key, answered in (("answered", True), ("unanswered", False)):
        if key in case:
            about = [given for text, given in said if re.search(case[key], text, re.IGNORECASE)]
            yield key, True, bool(about) and all(given is answered for given in about)
    if "unanswered_or_refused" in case:
        about = [given for text, given in said if re.search(case["unanswered_or_refused"], text, re.IGNORECASE)]
        yield "not simply drafted", True, bool(about) and (plan["status"] == "refused" or not any(about))
    if "because" in case:
        reasons = " ".join(reason["because"] for reason in plan["reasons"])
        yield "because", True, bool(re.search(case["because"], reasons, re.IGNORECASE))
    if "asks" in case:
        asked = " ".join(f"{each['name']} {each['question']}" for each in plan["unknown"] if each["required"])
        yield "asks", True, bool(re.search(case["asks"], asked, re.IGNORECASE))


def faults_of(case):
    """Everything in which the plan differs from what the case says."""
    if "bad" in case:
        try:
            return [f"it was drafted: {drafted(case)['status']}"]
        except BadInput as bad:
            told = str(bad)
            return [] if re.search(case["bad"], told) else [f"it says: {told}"]
    plan, faults = drafted(case), []
    if plan["status"] != case.get("status", plan["status"]):
        faults.append(f"status {plan['status']}, not {case['status']}")
    if plan["status"] == "refused":
        faults += [key for key in ("steps", "sessions", "taper", "monitoring") if plan[key]]
    for about in (about_doses, about_the_end, about_sessions, about_words):
        faults += [f"{what}: {found}, not {wanted}" for what, wanted, found in about(case, plan) if found != wanted]
    return faults


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: case["name"])
def test_a_plan_is_as_the_sources_have_it(case):
    assert faults_of(case) == []


def test_every_case_says_something_and_nothing_is_misspelt():
    cases = TABLE["case"]
    assert len(cases) >= 60
    assert len({case["name"] for case in cases}) == len(cases)
    for case in cases:
        assert set(case) <= KEYS, case["name"]
        assert {"status", "bad", "unanswered_or_refused"} & set(case), case["name"]
