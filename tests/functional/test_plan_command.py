"""`cleardays plan draft` as a user meets it: its document, its words, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources

import jsonschema
import pytest

PERSON = {
    "age": 34, "sex": "female", "weight_kg": 62, "conditions": ["chronic migraine"], "medicines": [], "pregnancy": "no",
    "breastfeeding": False, "contraception": "copper_iud", "allergies": [], "past_reactions": [], "egfr_ml_min": 95,
    "dialysis": False, "liver": "normal", "ascites": False, "blood_pressure": [118, 74], "heart_rate": 72, "diary_flags": [],
    "genotypes": [], "headache_days_per_28": 18, "migraine_days_per_28": 10, "supervised": True, "escort": True,
    "week_of_treatment": 0,
}  # fmt: skip
FIRST_FIVE = [
    ("lamotrigine", "migraine-with-aura"), ("baclofen", "chronic-migraine"), ("ketamine", "refractory-migraine"),
    ("esketamine", "refractory-migraine"), ("onabotulinumtoxina", "chronic-migraine"),
]  # fmt: skip
CONTRACT = {
    "status", "protocol", "catalogue_version", "steps", "sessions", "monitoring", "restart_after_gap_h", "taper", "review_on",
    "stop_rule", "alerts", "unknown", "reasons",
}  # fmt: skip
STEP = {"from", "to", "daily_dose", "amount", "unit", "every_days", "times_per_day", "reason"}


def cleardays(*arguments, person=None):
    given = None if person is None else person if isinstance(person, str) else json.dumps(person)
    command = [sys.executable, "-m", "cleardays", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def draft(treatment, indication, *options, person=PERSON, start="2026-03-02"):
    told = ("--person", "-", "--indication", indication, "--start", start)
    return cleardays("plan", "draft", treatment, *told, *options, person=person)


def drafted(*arguments, **given):
    done = draft(*arguments, "--json", **given)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found = json.loads(done.stdout)
    schema = json.loads(resources.files("cleardays.plan").joinpath("plan.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, schema, format_checker=jsonschema.FormatChecker())
    return found


def words(*arguments, **given):
    done = draft(*arguments, **given)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(done):
    """The problems of bad input: exit 2, a message for people, one JSON document."""
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    problems = json.loads(done.stdout)["problems"]
    assert problems
    for problem in problems:
        assert set(problem) == {"where", "what", "try_this"}
        assert all(value.strip() for value in problem.values())
        assert problem["what"] in done.stderr
    return problems


@pytest.mark.parametrize(("treatment", "indication"), FIRST_FIVE)
def test_the_first_five_are_drafted_by_the_contract(treatment, indication):
    found = drafted(treatment, indication)
    assert found["status"] == "proposal"
    assert set(found) >= CONTRACT
    for step in [*found["steps"], *found["taper"]]:
        assert set(step) >= STEP
        assert set(step["reason"]) == {"rule", "because", "source", "confidence"}
    for session in found["sessions"]:
        assert set(session) >= {"on", "route", "amount", "unit", "sites", "observe_min", "needs"}
    for check in found["monitoring"]:
        assert set(check) >= {"on", "until", "what", "threshold", "action", "source"}
    assert found["confirmed"] is None
    assert found["steps"] or found["sessions"]


def test_a_past_start_and_any_name_will_do():
    one, other = (drafted(name, "migraine-with-aura", start="2019-02-27") for name in ("Lamictal", "lamotrigine"))
    assert one["steps"] == other["steps"]
    assert (one["steps"][0]["from"], one["steps"][0]["to"]) == ("2019-02-27", "2019-03-12")


def test_a_leap_day_is_a_day():
    steps = drafted("lamotrigine", "migraine-with-aura", start="2028-02-16")["steps"]
    assert [step["from"] for step in steps] == ["2028-02-16", "2028-03-01", "2028-03-15", "2028-03-22"]


def test_what_is_contraindicated_is_refused_and_exits_0():
    found = drafted("baclofen", "chronic-migraine", person={**PERSON, "egfr_ml_min": 20})
    assert found["status"] == "refused"
    assert any(alert["severity"] == "contraindicated" for alert in found["alerts"])
    assert [found[key] for key in ("steps", "sessions", "taper", "monitoring")] == [[], [], [], []]
    said = words("baclofen", "chronic-migraine", person={**PERSON, "egfr_ml_min": 20})
    assert "REFUSED" in said.splitlines()[0]
    assert "5 mg" not in said.split("CONTRAINDICATED")[0]


def test_a_medicine_nobody_knows_leaves_it_incomplete_without_doses():
    found = drafted("lamotrigine", "migraine-with-aura", person={**PERSON, "medicines": ["Zorbaquexin"]})
    assert found["status"] == "incomplete"
    assert [found[key] for key in ("steps", "taper", "monitoring", "target")] == [[], [], [], None]
    assert any("Zorbaquexin" in each["question"] and each["required"] for each in found["unknown"])
    said = words("lamotrigine", "migraine-with-aura", person={**PERSON, "medicines": ["Zorbaquexin"]})
    assert said.index("Must be answered first") < said.index("Zorbaquexin")


def test_of_a_person_of_whom_nothing_is_told_no_dose_is_drafted():
    for treatment, indication in FIRST_FIVE:
        found = drafted(treatment, indication, person={})
        assert found["status"] == "incomplete"
        assert found["steps"] == []
        assert found["unknown"]


def test_parts_of_care_belong_to_it(tmp_path):
    parts = tmp_path / "parts.json"
    parts.write_text(json.dumps([{"kind": "support-group", "what": "Tuesday group", "every_days": 7}]))
    bare = drafted("lamotrigine", "alcohol-recovery")
    found = drafted("lamotrigine", "alcohol-recovery", "--parts", str(parts))
    assert "care.lacking" in {reason["rule"] for reason in bare["reasons"]}
    assert "care.lacking" not in {reason["rule"] for reason in found["reasons"]}
    assert found["parts"] == [
        {"kind": "support-group", "what": "Tuesday group", "on": "2026-03-02", "every_days": 7, "until": None}
    ]
    assert "Tuesday group" in words("lamotrigine", "alcohol-recovery", "--parts", str(parts))


def test_the_words_never_say_daily_of_what_is_not_taken_daily():
    said = words("lamotrigine", "migraine-with-aura", person={**PERSON, "medicines": ["valproate"]})
    (first,) = [line for line in said.splitlines() if "weeks 1 to 2" in line]
    assert "25 mg every other day (12.5 mg a day on average)" in first
    assert "once a day" not in first
    assert "The plan answers it." in said
    antibody = words("galcanezumab", "chronic-migraine")
    assert "target 120 mg each time" in antibody
    assert "240 mg, one time" in antibody
    assert "120 mg every 30 days" in antibody


def test_the_words_tell_what_a_reader_needs():
    said = words("lamotrigine", "migraine-with-aura")
    for part in ("A DRAFT", "(week 5): 100 mg once a day", "after 13 weeks", "days with aura", "127 hours (5.3 days)",
                 "The way down", "from 2026-06-15 on: none", "no prescription", "LTG-FR", "our choice"):  # fmt: skip
        assert part in said, part
    toxin = words("Botox", "chronic-migraine", "--target", "175 U")
    for part in ("175 U in 35 sites", "corrugator 10 U (2)", "20 U follow the pain", "2026-05-25"):
        assert part in toxin, part
    ketamine = words("ketamine", "refractory-migraine")
    assert "amount and rate: the clinician's" in ketamine
    assert "escort" in ketamine
    assert "mg/kg" not in ketamine


BAD_TARGETS = [
    ("lamotrigine", "migraine-with-aura", "0 mg", "no dose"),
    ("lamotrigine", "migraine-with-aura", "-100 mg", "not an amount"),
    ("lamotrigine", "migraine-with-aura", "100 U", "no dose"),
    ("lamotrigine", "migraine-with-aura", "100 mL", "no dose"),
    ("lamotrigine", "migraine-with-aura", "100", "not an amount"),
    ("lamotrigine", "migraine-with-aura", "plenty", "not an amount"),
    ("lamotrigine", "migraine-with-aura", "", "not an amount"),
    ("lamotrigine", "migraine-with-aura", "NaN mg", "not an amount"),
    ("lamotrigine", "migraine-with-aura", "1e9 mg", "not an amount|more than"),
    ("lamotrigine", "migraine-with-aura", "999999999 mg", "more than"),
    ("lamotrigine", "migraine-with-aura", "201 mg", "more than"),
    ("lamotrigine", "migraine-with-aura", "199.123456 mg", "whole tablets"),
    ("lamotrigine", "migraine-with-aura", "10 mg", "less than the first dose"),
    ("baclofen", "chronic-migraine", "41 mg", "more than"),
    ("baclofen", "chronic-migraine", "3 mg", "less than the first dose"),
    ("baclofen", "chronic-migraine", "17 mg", "whole tablets"),
    ("baclofen", "chronic-migraine", "0.000000001 mg", "less than the first dose"),
    ("ketamine", "refractory-migraine", "35 mg", "clinician's"),
    ("onabotulinumtoxina", "chronic-migraine", "150 U", "155"),
    ("onabotulinumtoxina", "chronic-migraine", "200 U", "195"),
    ("onabotulinumtoxina", "chronic-migraine", "157 U", "5 U"),
    ("onabotulinumtoxina", "chronic-migraine", "0 U", "155"),
    ("onabotulinumtoxina", "chronic-migraine", "155 mg", "U"),
    ("atogepant", "episodic-migraine", "45 mg", "gives"),
    ("erenumab", "chronic-migraine", "140 U", "no dose"),
]


@pytest.mark.parametrize(("treatment", "indication", "target", "said"), BAD_TARGETS)
def test_a_target_that_cannot_be_is_a_problem(treatment, indication, target, said):
    (problem,) = refused(draft(treatment, indication, "--json", f"--target={target}"))
    assert problem["where"] == "--target"
    assert any(part in f"{problem['what']} {problem['try_this']}" for part in said.split("|")), problem


def test_a_limit_of_the_clinician_is_checked_like_a_target():
    for limit, said in (("0 mg", "no dose"), ("5 U", "no dose"), ("2 mg", "above a limit")):
        (problem,) = refused(draft("baclofen", "chronic-migraine", "--json", "--at-most", limit))
        assert problem["where"].startswith("--")
        assert said in problem["what"]


BAD_PERSONS = [
    ({**PERSON, "weight_kg": 0}, "weight_kg"),
    ({**PERSON, "weight_kg": -60}, "weight_kg"),
    ({**PERSON, "weight_kg": 4000}, "weight_kg"),
    ({**PERSON, "weight_kg": "62 kg"}, "weight_kg"),
    ({**PERSON, "age": -1}, "age"),
    ({**PERSON, "shoe_size": 42}, "shoe_size"),
    ([], "person"),
    ("{", "standard input"),
    ("", "standard input"),
    ("null", "person"),
]


@pytest.mark.parametrize(("person", "where"), BAD_PERSONS)
def test_a_person_who_cannot_be_is_a_problem(person, where):
    problems = refused(draft("lamotrigine", "migraine-with-aura", "--json", person=person))
    assert any(problem["where"].startswith(where) for problem in problems)


def test_a_file_that_is_not_there_is_a_problem():
    told = ("--indication", "chronic-migraine", "--start", "2026-03-02", "--json")
    assert "nobody.json" in str(refused(cleardays("plan", "draft", "baclofen", "--person", "nobody.json", *told)))
    assert "nothing.json" in str(refused(draft("baclofen", "chronic-migraine", "--json", "--parts", "nothing.json")))


@pytest.mark.parametrize(
    ("treatment", "indication", "options", "said"),
    [
        ("zorbaquexin", "migraine-with-aura", (), "zorbaquexin"),
        ("sumatriptan", "episodic-migraine", (), "sumatriptan"),
        ("lamotrigine", "hiccups", (), "hiccups"),
        ("lamotrigine", "", (), "indication"),
        ("lamotrigine", "migraine-with-aura", ("--protocol", "fast"), "fast"),
        ("lamotrigine", "migraine-with-aura", ("--jurisdiction", "mars"), "mars"),
    ],
)
def test_a_name_that_is_not_known_is_a_problem(treatment, indication, options, said):
    assert said in str(refused(draft(treatment, indication, "--json", *options)))


@pytest.mark.parametrize("start", ["2026-02-30", "02/03/2026", "tomorrow", "", "2026-3-2", "20260302T10"])
def test_a_day_that_is_none_is_a_problem(start):
    (problem,) = refused(draft("lamotrigine", "migraine-with-aura", "--json", start=start))
    assert problem["where"] == "--start"


@pytest.mark.parametrize("start", ["9999-12-30", "9999-06-01", "0001-01-01"])
def test_a_start_at_the_end_of_the_calendar_is_no_traceback(start):
    for treatment, indication in FIRST_FIVE:
        done = draft(treatment, indication, "--json", start=start)
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 2)
        if done.returncode == 2:
            assert refused(done)


BAD_PARTS = [
    ("{", "no JSON"),
    ("{}", "list"),
    ('[{"kind": "therapy"}]', "missing"),
    ('[{"kind": "magic", "what": "x", "every_days": 7}]', "none of the answers"),
    ('[{"kind": "therapy", "what": "x", "every_days": 0}]', "cannot be"),
    ('[{"kind": "therapy", "what": "x", "every_days": -7}]', "cannot be"),
    ('[{"kind": "therapy", "what": "x", "every_days": 1.5}]', "whole"),
    ('[{"kind": "therapy", "what": "x", "every_days": 7, "on": "soon"}]', "no day"),
    ('[{"kind": "therapy", "what": "x", "every_days": 7, "on": "2026-05-01", "until": "2026-04-01"}]', "before it begins"),
    ('[{"kind": "therapy", "what": "x", "every_days": 7, "until": "2020-01-01"}]', "before it begins"),
]


@pytest.mark.parametrize(("text", "said"), BAD_PARTS)
def test_parts_that_cannot_be_read_are_a_problem(tmp_path, text, said):
    parts = tmp_path / "parts.json"
    parts.write_text(text)
    assert said in str(refused(draft("lamotrigine", "alcohol-recovery", "--json", "--parts", str(parts))))


def test_standard_input_gives_only_one_of_the_two():
    (problem,) = refused(draft("lamotrigine", "alcohol-recovery", "--json", "--parts", "-"))
    assert "standard input" in problem["what"]


def test_without_json_the_message_is_for_people_only():
    done = draft("lamotrigine", "migraine-with-aura", "--target", "300 mg")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "200 mg" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pair_that_the_catalogue_does_not_hold_is_no_bad_input():
    found = drafted("rimegepant", "chronic-migraine")
    assert found["status"] == "incomplete"
    assert found["steps"] == []
    assert any("chronic-migraine" in each["question"] for each in found["unknown"])
