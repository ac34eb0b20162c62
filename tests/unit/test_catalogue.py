"""The catalogue holds together, and its check would notice if it did not."""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import date

import pytest

from cleardays import packaged
from cleardays.catalogue import reading
from cleardays.catalogue.check import check_file
from cleardays.catalogue.checking import check_everything, check_units
from cleardays.catalogue.effects import effect_classes
from cleardays.catalogue.screening_rules import leaves_of
from cleardays.catalogue.treatments import (
    catalogue_version,
    find_treatment,
    load_treatment,
    mean_daily,
    treatment_ids,
    treatment_text,
)  # fmt: skip
from cleardays.plan.person_reading import read_person
from cleardays.plan.screening import screen
from cleardays.problems import BadInput
from cleardays.sources import CONFIDENCES, all_sources

CONTRACT = (
    "lamotrigine", "baclofen", "ketamine", "esketamine", "onabotulinumtoxina", "propranolol", "metoprolol", "timolol",
    "atenolol", "topiramate", "valproate", "amitriptyline", "nortriptyline", "venlafaxine", "candesartan",
    "flunarizine", "erenumab", "fremanezumab", "galcanezumab", "eptinezumab", "atogepant", "rimegepant",
)  # fmt: skip


def test_the_catalogue_holds_together():
    assert check_everything() == []


def test_every_treatment_is_there():
    assert set(treatment_ids()) == set(CONTRACT)


@pytest.mark.parametrize("name", treatment_ids())
def test_every_fact_has_a_source_and_says_how_sure_it_is(name):
    treatment = load_treatment(name)
    assert date.fromisoformat(treatment.checked)
    for table, fact in treatment.all_facts():
        assert fact["source"], table
        assert fact["confidence"] in CONFIDENCES
        for key in fact["source"]:
            source = all_sources()[key.partition(" ")[0]]
            if fact["confidence"] == "confirmed":
                assert source.confidence != "unconfirmed", (name, table, key)


def test_nothing_from_memory_is_called_confirmed():
    for name in treatment_ids():
        for table, fact in load_treatment(name).all_facts():
            if "label-knowledge" in fact["source"]:
                assert fact["confidence"] not in ("confirmed", "secondary"), (name, table)
            if fact["confidence"] == "design":
                assert "catalogue-policy" in fact["source"], (name, table)


def test_ketamine_has_no_schedule_for_the_home():
    assert load_treatment("ketamine").facts("protocol") == ()
    assert load_treatment("esketamine").facts("protocol") == ()


def test_a_treatment_is_found_by_any_of_its_names():
    assert find_treatment("Lamictal").id == "lamotrigine"
    assert find_treatment("BOTOX").id == "onabotulinumtoxina"
    with pytest.raises(BadInput):
        find_treatment("examplamide")


def test_the_version_carries_a_digest():
    version, _, digest = catalogue_version().partition("+")
    assert date.fromisoformat(version)
    assert len(digest) == 12


def test_classes_know_their_members():
    assert "valproate" in effect_classes()["ugt_inhibitor"].members
    assert "opioid" in effect_classes()


def test_the_mean_dose_of_a_step():
    assert mean_daily({"amount": 25, "times_per_day": 1, "every_days": 2}) == 12.5
    assert mean_daily({"amount": 5, "times_per_day": 3, "every_days": 1}) == 15


def test_what_was_made_for_speed_says_the_same_and_is_not_needed(monkeypatch):
    fast = reading.read_data("treatments/baclofen")
    monkeypatch.setattr(packaged, "made_from", lambda *_: None)
    slow = reading.read_data("treatments/baclofen")
    assert json.loads(json.dumps(slow, default=str)) == json.loads(json.dumps(fast, default=str))


def test_every_packaged_table_that_was_made_for_speed_says_the_same():
    files = sorted(packaged.PACKAGE.rglob("*.toml"))
    assert len(files) > 30
    for file in files:
        content = file.read_bytes()
        made = packaged.made_from(file, content)
        assert made is None or made == json.loads(json.dumps(tomllib.loads(content.decode()), default=str)), file


def test_a_table_made_from_other_content_is_not_used(tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text("days = 28\n", encoding="utf-8")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    made = tmp_path / "rules.toml.json"
    made.write_text(json.dumps({"sha256": digest, "tables": {"days": 28, "made": True}}), encoding="utf-8")
    assert packaged.read_toml(file) == {"days": 28, "made": True}
    file.write_text("days = 30\n", encoding="utf-8")
    assert packaged.read_toml(file) == {"days": 30}
    for broken in ("no JSON", "[]"):
        made.write_text(broken, encoding="utf-8")
        assert packaged.read_toml(file) == {"days": 30}


def test_the_check_notices_a_number_without_a_unit():
    treatment = load_treatment("lamotrigine")
    dose = {"use": "x", "says": "x", "low": 25, "source": ["LTG-FR"], "confidence": "confirmed"}
    broken = treatment._replace(tables={"study_dose": (dose,)})
    assert [problem.what for problem in check_units(broken)] == ["low has no unit."]


def test_pairs_that_must_not_alert_are_silent_from_both_sides():
    person = {"age": 34, "sex": "male", "conditions": [], "allergies": [], "past_reactions": [], "egfr_ml_min": 95}
    pairs = {
        (name, member)
        for name in treatment_ids()
        for row in load_treatment(name).facts("silent")
        for told in row.get("names", ())
        for member in (effect_classes()[told].members if told in effect_classes() else {told})
    }
    assert len(pairs) > 60
    for one, other in pairs:
        for treatment, taken in ((one, other), (other, one)):
            found = screen(treatment, read_person({**person, "medicines": [taken]}))
            assert [a.code for a in found.alerts if a.code.startswith("interaction")] == [], (treatment, taken)


BROKEN = [
    ('source = ["', 'source = ["No-Such-Source", "', "is not known"),
    ('confidence = "', 'certainty = "', "confidence"),
    ("every_days = 1", "every_days = 0", "minimum"),
    ('medicine = ["', 'medicine = ["no-such-medicine", "', "there is no medicine"),
    ('severity = "major"', 'severity = "grave"', "grave"),
]


@pytest.mark.parametrize(("text", "instead", "said"), BROKEN)
def test_the_check_notices(text, instead, said):
    file = treatment_text("lamotrigine")
    assert text in file
    problems = check_file("lamotrigine", file.replace(text, instead, 1))
    assert any(said in problem.what for problem in problems)


def test_the_check_notices_a_step_too_early_and_a_dose_too_high():
    document = tomllib.loads(treatment_text("lamotrigine"))
    protocol = next(p for p in document["protocol"] if len(p["steps"]) > 2 and "to_day" in p["steps"][0])
    last = protocol["steps"][0]["to_day"]
    file = treatment_text("lamotrigine")
    assert any(
        "day by day" in p.what for p in check_file("lamotrigine", file.replace(f"to_day = {last}", f"to_day = {last + 1}", 1))
    )


def test_the_check_notices_a_gap_that_is_not_its_half_lives():
    file = treatment_text("lamotrigine")
    for wrong in (file.replace("gap_h = 127", "gap_h = 172", 1), file.replace("half_lives = 5\n", "", 1)):
        assert any("half-lives" in problem.what for problem in check_file("lamotrigine", wrong))


def test_the_check_notices_a_fact_surer_than_its_sources():
    file = treatment_text("lamotrigine")
    second_hand = next(key for key, source in all_sources().items() if source.confidence == "secondary")
    head, _, rest = file.partition("[[missed]]")
    sources, confidence = rest.split("\n")[2:4]
    assert sources.startswith("source")
    assert confidence == 'confidence = "confirmed"'
    instead = rest.replace(sources, f'source = ["{second_hand}"]', 1)
    wrong = f"{head}[[missed]]{instead}"
    assert any("at first hand" in problem.what for problem in check_file("lamotrigine", wrong))


def test_the_check_notices_a_lost_site():
    file = treatment_text("onabotulinumtoxina")
    assert any("add up" in p.what for p in check_file("onabotulinumtoxina", file.replace("units = 10", "units = 15", 1)))


def test_the_single_conditions_of_a_rule():
    when = {"all": [{"medicine": ["a"]}, {"any": [{"not": {"class": ["b"]}}, {"flag": ["rash"]}]}]}
    assert [next(iter(leaf)) for leaf in leaves_of(when)] == ["medicine", "class", "flag"]
