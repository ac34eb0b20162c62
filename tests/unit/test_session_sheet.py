"""The sheet of one supervised session: the catalogue's facts, and no amount."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cleardays.catalogue.treatments import load_treatment
from cleardays.plan.session_rules import DURING, MEASURES, limits_of, session_treatments, supervised_treatment, times_of
from cleardays.plan.session_sheet import session_sheet
from cleardays.plan.session_studied import compare, for_migraine, quantity, studied
from cleardays.problems import BadInput

ON = date(2026, 3, 2)
WRITTEN_AMOUNT = re.compile(r"\d\s*(mg|ug|mcg|g|mL)\b")


def test_ketamine_and_esketamine_are_the_ones_given_as_a_supervised_session():
    assert session_treatments() == ("esketamine", "ketamine")


@pytest.mark.parametrize("name", ["lamotrigine", "onabotulinumtoxina", "eptinezumab"])
def test_another_treatment_has_no_such_sheet(name):
    with pytest.raises(BadInput, match="not given as one supervised session"):
        session_sheet(name, ON)


@pytest.mark.parametrize(("name", "route"), [("Ketalar", "intravenous"), ("Spravato", "intranasal")])
def test_amount_rate_and_unit_are_left_to_the_clinician(name, route):
    sheet = session_sheet(name, ON)
    assert (sheet.amount, sheet.rate, sheet.unit, sheet.needs) == (None, None, None, "clinician")
    assert sheet.session() == {
        "on": "2026-03-02", "route": route, "amount": None, "rate": None, "unit": None, "sites": [],
        "observe_min": 120, "needs": "clinician",
    }  # fmt: skip


def words_with_their_place(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from words_with_their_place(each, place or key)
    elif isinstance(value, list):
        for each in value:
            yield from words_with_their_place(each, place)
    elif isinstance(value, str):
        yield place, value


@pytest.mark.parametrize("name", ["ketamine", "esketamine"])
def test_an_amount_stands_only_with_what_was_studied(name):
    document = json.loads(json.dumps(session_sheet(name, ON).document()))
    found = {place for place, text in words_with_their_place(document) if WRITTEN_AMOUNT.search(text)}
    assert found == {"ketamine": {"studied", "evidence"}, "esketamine": {"studied"}}[name]
    assert all(row["is"].startswith("What was studied, not a dose") for row in document["studied"])


def test_every_figure_of_the_sheet_is_one_of_the_catalogue():
    sheet = session_sheet("ketamine", ON)
    rows = load_treatment("ketamine").facts("study_dose")
    assert {(each.low, each.high, each.unit) for each in sheet.studied} == {
        (row.get("low"), row.get("high"), row.get("unit")) for row in rows
    }


def test_each_studied_figure_stands_beside_what_came_of_it():
    verdicts = {each.source: each.verdict for each in studied(load_treatment("ketamine"))}
    assert verdicts[("Etchison2018",)] == "negative"
    assert verdicts[("Lauritsen2016",)] == verdicts[("Schwenk2018",)] == "uncontrolled"
    assert verdicts[("Kaube2000", "Afridi2013")] == "mixed"
    assert verdicts[("INPHARMD-KET", "LLD-KET")] == verdicts[("GUIDELINECENTRAL",)] == "not for migraine"
    assert verdicts[("HEALTHCENTRAL",)] == verdicts[("label-knowledge",)] == "no result in this catalogue"


def test_no_randomised_trial_of_prevention_is_said_on_the_sheet():
    outcomes = [row["outcome"] for row in session_sheet("ketamine", ON).evidence]
    assert "No randomised trial of ketamine for prevention was found." in outcomes


def test_vital_signs_are_read_at_the_minutes_of_the_catalogue():
    assert times_of(load_treatment("ketamine")).due(50) == (0, 5, 10, 15, 30, 45)
    assert session_sheet("ketamine", ON).due[-1] == 120
    assert times_of(load_treatment("esketamine")).due(120) == (0, 40)


def test_each_limit_says_what_to_do_and_where_it_comes_from():
    limits = limits_of(load_treatment("ketamine"))
    assert all(each.do in ("stop", "hold", "call") and each.source for each in limits)
    found = {(each.measure, each.above, each.below): each.do for each in limits if each.phase == DURING}
    assert found[("sbp", 180, None)] == found[("dbp", 110, None)] == found[("spo2", None, 92)] == "stop"
    assert found[("heart_rate", 120, None)] == found[("heart_rate", None, 45)] == "stop"
    assert found[("respiratory_rate", None, 10)] == found[("rousable", None, None)] == "stop"
    assert found[("spo2", None, 90)] == found[("sbp", 140, None)] == "call"
    assert {(each.above, each.do) for each in limits if (each.phase, each.measure) == ("before", "sbp")} == {
        (140, "hold"), (160, "hold"),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["ketamine", "esketamine"])
def test_the_limits_of_the_rules_are_those_of_the_monitoring(name):
    treatment = load_treatment(name)
    watched = {
        (row["number"], row.get("above"), row.get("below"))
        for row in treatment.facts("monitor")
        if row.get("number") in MEASURES and "during" in row["timing"]
    }
    stops = {(each.measure, each.above, each.below) for each in limits_of(treatment) if each.do == "stop"}
    for number, above, below in watched:
        assert not above or (number, above, None) in stops
        assert not below or (number, None, below) in stops


def test_the_sheet_names_what_blocks_the_session_that_day():
    sheet = session_sheet("ketamine", ON)
    forbidding = {each.what for each in sheet.medicines_that_day if each.severity == "contraindicated"}
    assert forbidding == {"opioid taken in the last 24 hours", "benzodiazepine taken in the last 24 hours"}
    assert {each.what for each in sheet.blocks} == {
        "ketamine without supervision", "a second session before the 28-day review",
    }  # fmt: skip


def test_the_review_comes_28_days_after_the_session():
    sheet = session_sheet("esketamine", ON)
    assert (sheet.review_on - ON).days == 28
    assert "no-food-2-h-before" in sheet.conditions
    assert "escort" in sheet.conditions


def test_the_document_of_a_sheet_is_json():
    document = session_sheet("ketamine", ON).document()
    assert json.loads(json.dumps(document)) == document
    assert document["on"] == "2026-03-02"
    assert document["times"]["then_every_min"] == 15


@pytest.mark.parametrize(
    ("amount", "unit", "route", "weight", "where"),
    [
        (14, "mg", "intravenous", 70, "inside"),
        (0.25, "mg/kg", "intravenous", None, "inside"),
        (0.1, "mg/kg", "intravenous", None, "below"),
        (0.5, "mg/kg", "intravenous", None, "above"),
        (5, "ug/kg/min", "intravenous", None, "inside"),
        (200, "mg/h", "intravenous", 70, "above"),
        (25, "mg", "intranasal", None, "inside"),
        (26, "mg", "intranasal", None, "above"),
        (2, "sprays", "intranasal", None, "none"),
        (40, "mg", "intramuscular", 70, "none"),
        (80, "ug/kg", "subcutaneous", 70, "none"),
    ],
)
def test_what_was_given_is_compared_with_what_was_studied(amount, unit, route, weight, where):
    found = compare("amount", amount, unit, route, weight, studied(load_treatment("ketamine")))
    assert found.where == where
    assert all(for_migraine(each) and each.confidence != "unconfirmed" for each in found.ranges)


def test_a_weight_that_was_not_told_is_said():
    rows = studied(load_treatment("ketamine"))
    assert compare("amount", 14, "mg", "intravenous", None, rows).weight_assumed == 70
    assert compare("amount", 14, "mg", "intravenous", 60, rows).weight_assumed is None
    assert compare("amount", 0.2, "mg/kg", "intravenous", None, rows).weight_assumed is None


@pytest.mark.parametrize("unit", ["spray", "mg/kg/kg", "mg/h/min", "mg/day", "d", ""])
def test_a_unit_that_is_no_weight_is_not_compared(unit):
    assert quantity(1.0, unit) is None


def test_esketamine_has_no_figure_for_migraine_to_compare_with():
    treatment = supervised_treatment("Spravato")
    assert {each.verdict for each in studied(treatment)} == {"not for migraine"}
    assert compare("amount", 56, "mg", "intranasal", 70, studied(treatment)).where == "none"


def test_the_example_of_the_page_runs(capsys):
    page = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "supervise-a-session.md"
    for code in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(code, page.name, "exec"), {})
    assert "session.oxygen-low" in capsys.readouterr().out
