"""`cleardays screen` as a user meets it: its answer, its words, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from importlib import resources

import jsonschema
import pytest

from cleardays.plan.person_reading import FIELDS

PERSON = {
    "age": 34, "sex": "female", "weight_kg": 62, "conditions": ["migraine with aura"], "medicines": ["valproate"],
    "pregnancy": "no", "breastfeeding": False, "contraception": "copper_iud", "allergies": [], "past_reactions": [],
    "egfr_ml_min": 95, "liver": "normal", "blood_pressure": [118, 74], "heart_rate": 72, "diary_flags": [],
    "week_of_treatment": 0,
}  # fmt: skip


def cleardays(*arguments, person=None):
    given = None if person is None else person if isinstance(person, str) else json.dumps(person)
    command = [sys.executable, "-m", "cleardays", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def schema(name):
    return json.loads(resources.files("cleardays.cli").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8"))


def screened(treatment, person, *options):
    done = cleardays("screen", treatment, "--person", "-", "--json", *options, person=person)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(person, treatment="lamotrigine", *options):
    done = cleardays("screen", treatment, "--person", "-", "--json", *options, person=person)
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    document = json.loads(done.stdout)
    jsonschema.validate(document, schema("problems"))
    assert done.stderr.strip()
    return document["problems"]


def test_it_gives_the_document_of_its_schema():
    found = screened("lamotrigine", PERSON)
    jsonschema.validate(found, schema("screen"))
    assert found["verdict"] == "ask"
    assert found["jurisdiction"] == "any"
    assert found["alerts"][0]["code"] == "interaction.valproate"
    assert found["alerts"][0]["severity"] == "major"


def test_the_schema_of_a_person_has_the_keys_that_are_read():
    assert set(schema("person")["properties"]) == set(FIELDS)
    jsonschema.validate(PERSON, schema("person"))


def test_any_name_of_a_treatment_will_do():
    ids = {screened(name, PERSON)["treatment"] for name in ("Lamictal", "N03AX09", "lamotrigine")}
    assert ids == {"lamotrigine"}
    acute = {"sumatriptan": "proceed", "Cafergot": "proceed", "combined pill": "ask", "Excedrin": "proceed"}
    healthy = {**PERSON, "medicines": []}
    assert {name: screened(name, healthy)["verdict"] for name in acute} == acute


def test_the_words_say_what_to_do_and_where_it_comes_from(tmp_path):
    file = tmp_path / "person.json"
    file.write_text(json.dumps({**PERSON, "medicines": ["Depakote", "Zorbaquexin"]}))
    done = cleardays("screen", "lamotrigine", "--person", str(file), "--indication", "migraine-with-aura")
    assert done.returncode == 0
    assert done.stdout.startswith("lamotrigine: ASK")
    parts = ("MAJOR: valproate", "Do: ", "LTG-FR", "Must be answered first:", "Zorbaquexin", "Read Depakote as", "no advice")
    for part in parts:
        assert part in done.stdout, part


def test_a_name_that_is_not_known_is_asked_about_and_never_passes():
    found = screened("lamotrigine", {**PERSON, "medicines": ["valporoate"]})
    (asked,) = [each for each in found["unknown"] if "valporoate" in each["question"]]
    assert asked["required"]
    assert "valpro" in asked["question"].replace("valporoate", "")
    assert found["verdict"] == "ask"


def test_nothing_told_is_never_safe():
    found = screened("lamotrigine", {})
    assert found["alerts"] == []
    assert found["verdict"] == "ask"
    assert {"medicines", "conditions"} <= {each["name"] for each in found["unknown"]}


def test_a_pair_that_the_catalogue_does_not_hold_is_no_bad_input():
    found = screened("onabotulinumtoxina", {**PERSON, "medicines": []}, "--indication", "cocaine-recovery")
    assert "indication" in {each["name"] for each in found["unknown"]}
    assert found["verdict"] == "ask"


def test_a_diary_tells_the_days(tmp_path):
    """Triptans on every other day for four times 28 days are overuse; the same person without the diary is not asked to be."""
    first, days = date(2026, 1, 1), tmp_path / "days.csv"
    rows = [f"{first + timedelta(d)},{'mild,1,triptan' if d % 2 else 'clear,0,'}" for d in range(112)]
    days.write_text("date,headache,acute_doses,acute_classes\n" + "\n".join(rows))
    person = {**PERSON, "medicines": []}
    assert "medication-overuse" not in {alert["code"] for alert in screened("candesartan", person)["alerts"]}
    (alert,) = [a for a in screened("candesartan", person, "--diary", str(days))["alerts"] if a["code"] == "medication-overuse"]
    assert alert["severity"] == "moderate"
    assert "8.2.2" in alert["because"]


BAD = [
    ({**PERSON, "age": 210}, "age", "cannot be"),
    ({**PERSON, "egfr_ml_min": -5}, "egfr_ml_min", "cannot be"),
    ({**PERSON, "egrf": 90}, "egrf", "no such key"),
    ({**PERSON, "sex": "male", "contraception": "none", "pregnancy": "yes"}, "pregnancy", "cannot both be"),
    ({**PERSON, "blood_pressure": [74, 118]}, "blood_pressure", "first is the higher"),
    ({**PERSON, "headache_days_per_28": 4, "migraine_days_per_28": 9}, "migraine_days_per_28", "more than"),
    ({**PERSON, "acute_days_per_28": {"triptan": 9, "any": 4}}, "acute_days_per_28", "more than"),
    ({**PERSON, "medicines": "valproate"}, "medicines", "no list"),
    ({**PERSON, "medicines": [{"daily_dose": 5}]}, "medicines[1].name", "missing"),
    ({**PERSON, "medicines": [{"name": "x", "started_days_ago": 3, "stopped_days_ago": 9}]}, "medicines[1]", "stopped before"),
    ({**PERSON, "conditions": ["chronic migraine", "episodic migraine"]}, "conditions", "cannot both be now"),
    ({**PERSON, "liver": "fatty"}, "liver", "none of the answers"),
    ({**PERSON, "breastfeeding": "yes"}, "breastfeeding", "neither true nor false"),
    ({**PERSON, "proposed": {"amount": 25}}, "proposed.action", "missing"),
    ({**PERSON, "labs": {"sodium": 140}}, "labs.sodium", "no such key"),
    ([], "person", "no object"),
    ("{", "standard input", "no JSON"),
    ('{"age": 3, "age": 4}', "standard input", "twice"),
    ('{"age": NaN}', "age", "no number"),
]


@pytest.mark.parametrize(("person", "where", "said"), BAD, ids=[said + " " + where for _, where, said in BAD])
def test_what_cannot_be_is_a_problem_with_a_message(person, where, said):
    problems = refused(person)
    assert any(problem["where"].startswith(where) and said in problem["what"] for problem in problems), problems
    assert all(problem["try_this"] for problem in problems)


def test_every_problem_is_told_at_once():
    problems = refused({**PERSON, "age": 210, "egfr_ml_min": -5, "heart_rate": "fast"})
    assert {problem["where"] for problem in problems} == {"age", "egfr_ml_min", "heart_rate"}


def test_a_treatment_that_is_not_known_is_a_problem_with_suggestions():
    (problem,) = refused(PERSON, "lamotrigone")
    assert "lamotrigine" in problem["what"]


def test_wrong_options_are_problems():
    assert refused(PERSON, "lamotrigine", "--indication", "headache")
    assert refused(PERSON, "lamotrigine", "--jurisdiction", "mars")
    assert cleardays("screen", "lamotrigine", "--person", "/no/such/file").returncode == 2
