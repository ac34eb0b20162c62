"""Screening cases written from the sources alone: see screening_cases.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from cleardays.plan.alerts import SEVERITIES
from cleardays.plan.person_reading import read_person
from cleardays.plan.screening import screen

TABLE = tomllib.loads(Path(__file__).with_name("screening_cases.toml").read_text(encoding="utf-8"))


def found_for(case):
    base = {key: value for key, value in TABLE["base"].items() if key not in case.get("without", ())}
    person = read_person({**base, **case.get("person", {})})
    return screen(case["treatment"], person, indication=case.get("indication"), jurisdiction=case.get("jurisdiction"))


def at_least(severity, limit):
    return SEVERITIES.index(severity) <= SEVERITIES.index(limit)


def faults_of(case):
    """Everything in which the answer differs from what the case says."""
    found, faults = found_for(case), []
    said = [(alert, f"{alert.code} {alert.subject} {alert.because}") for alert in found.alerts]
    if found.verdict != case.get("verdict", found.verdict):
        faults.append(f"verdict {found.verdict}, not {case['verdict']}")
    for expected in case.get("expect", ()):
        about = [alert for alert, text in said if re.search(expected["about"], text, re.IGNORECASE)]
        exact, least = expected.get("severity"), expected.get("at_least")
        if not any(alert.severity == exact if exact else at_least(alert.severity, least or "minor") for alert in about):
            faults.append(f"no {exact or least} about {expected['about']}")
    for alert, _ in said:
        if "at_most" in case and alert.severity != case["at_most"] and at_least(alert.severity, case["at_most"]):
            faults.append(f"{alert.code} is {alert.severity}, above {case['at_most']}")
        for absent in case.get("absent", ()):
            if re.search(absent, f"{alert.code} {alert.subject}", re.IGNORECASE):
                faults.append(f"{alert.code} ({alert.subject}) should not be there")
    for asked in case.get("unknown", ()):
        if not any(re.search(asked, f"{each.name} {each.question}", re.IGNORECASE) for each in found.unknown):
            faults.append(f"{asked} is not asked")
    return faults


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: case["name"])
def test_the_screen_says_what_the_sources_say(case):
    assert faults_of(case) == []


def test_a_third_of_the_cases_has_nothing_to_flag():
    cases = TABLE["case"]
    assert len(cases) >= 120
    harmless = sum(case.get("at_most") == "minor" for case in cases)
    assert harmless >= 120
    assert harmless >= len(cases) / 3
