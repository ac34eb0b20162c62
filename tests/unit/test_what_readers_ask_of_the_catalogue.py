"""What a careful reader of popular articles asks of the catalogue and the screen: docs/reference/requirements.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleardays.catalogue.effects import effect_classes
from cleardays.catalogue.resolving import resolve
from cleardays.catalogue.treatments import find_treatment, load_treatment, treatment_ids
from cleardays.plan.person_reading import read_person
from cleardays.plan.results import results_of, with_results
from cleardays.plan.screening import screen

PAGES = Path(__file__).resolve().parents[2] / "docs" / "reference" / "treatments"


def page(name):
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def alerts(treatment, **person):
    found = screen(treatment, read_person({"medicines": [], "conditions": [], **person}))
    return {alert.code: alert for alert in found.alerts}


def test_brands_and_forms_are_one_medicine():
    assert {find_treatment(name).id for name in ("Lamictal", "Lamictal XR", "lamotrigine ODT")} == {"lamotrigine"}
    kinds = {form["kind"] for form in load_treatment("lamotrigine").facts("form")}
    assert any("extended-release" in kind for kind in kinds)


def test_a_medicine_has_classes_and_main_uses():
    lamotrigine = load_treatment("lamotrigine")
    assert {"antiseizure", "mood_stabiliser"} <= set(lamotrigine.classes)
    on_label = {row["indication"] for row in lamotrigine.facts("status") if row["standing"] == "on-label"}
    assert {"epilepsy", "bipolar-i-maintenance"} <= on_label


def test_approval_is_by_medicine_use_and_place_and_apart_from_the_evidence():
    for name in treatment_ids():
        for row in load_treatment(name).facts("status"):
            assert "grade" not in row
    (botox,) = [
        row
        for row in load_treatment("onabotulinumtoxina").facts("status")
        if row["indication"] == "chronic-migraine" and row.get("jurisdiction") == ["us"] and str(row.get("since", "")) == "2010"
    ]
    assert botox["standing"] == "on-label"
    assert "Off-label" in page("lamotrigine")
    assert "less strictly" in page("lamotrigine")


def test_a_mechanism_says_whether_it_is_proven_and_a_contradiction_is_flagged():
    standing = {row["standing"] for row in load_treatment("lamotrigine").facts("mechanism")}
    assert "presumed" in standing or "unproven" in standing
    claims = [row for row in with_results(load_treatment("ketamine")).facts("popular_claim") if "reuptake" in row["says"]]
    assert claims
    assert "contradict" in page("ketamine")


def test_who_may_want_a_preventive():
    few = alerts("propranolol", headache_days_per_28=3)["caution.few-headache-days"]
    assert few.severity == "minor"
    assert "caution.few-headache-days" not in alerts("propranolol", headache_days_per_28=4)
    assert "caution.few-headache-days" not in alerts("sumatriptan", headache_days_per_28=3)


def test_effects_stand_side_by_side_and_sources_that_differ_are_named():
    side_by_side = page("side-effects")
    for name in ("Baclofen", "Topiramate", "Botox"):
        assert name in side_by_side
    dizziness = [row for row in load_treatment("baclofen").facts("side_effect") if row["term"] == "dizziness"]
    assert len({tuple(row["source"]) for row in dizziness}) > 1
    for row in dizziness:
        for source in row["source"]:
            assert source in side_by_side


def test_a_serious_rash_is_a_red_flag_and_named():
    assert alerts("lamotrigine", week_of_treatment=3, diary_flags=["rash"])["red-flag.rash"].severity == "critical"
    assert "Stevens-Johnson" in page("lamotrigine")


def test_the_target_depends_on_what_it_is_for():
    targets = {row["id"]: row.get("target") for row in load_treatment("lamotrigine").facts("protocol")}
    limits = {row["id"]: row.get("usual_max") for row in load_treatment("lamotrigine").facts("protocol")}
    assert targets["lamotrigine/migraine-prevention/neutral"] < limits["lamotrigine/epilepsy-adjunct-us/neutral"]


@pytest.mark.parametrize(
    ("one", "other"), [("lamotrigine", "combined pill"), ("lamotrigine", "valproate"), ("amitriptyline", "sumatriptan")]
)
def test_an_interaction_is_seen_from_both_sides(one, other):
    for treatment, taken in ((one, other), (other, one)):
        assert any(code.startswith("interaction.") for code in alerts(treatment, medicines=[taken])), (treatment, taken)


@pytest.mark.parametrize("name", sorted({*treatment_ids()} - {"rimegepant"}))  # it is approved against an attack too
def test_a_preventive_is_never_offered_against_an_attack(name):
    assert "never take it, or more of it, to end an attack" in page(name)


def test_preventives_stand_by_class():
    assert {"propranolol", "metoprolol", "timolol", "atenolol"} <= effect_classes()["beta_blocker"].members
    assert resolve("beta blocker").is_group


def test_one_record_with_separate_evidence_and_status_by_use():
    lamotrigine = load_treatment("lamotrigine")
    uses = {row["indication"] for row in results_of(lamotrigine)}
    assert {"migraine-with-aura", "cocaine-recovery-bipolar", "methamphetamine-recovery"} <= uses
    assert {"alcohol-recovery", "alcohol-recovery-bipolar"} <= set(lamotrigine.indications)


def test_racemic_and_esketamine_are_apart():
    assert find_treatment("Spravato").id == "esketamine"
    assert find_treatment("Ketalar").id == "ketamine"
    for name in ("ketamine", "esketamine"):
        assert load_treatment(name).facts("protocol") == ()
        assert "action.unsupervised" in alerts(name, supervised=False)


def test_toxin_given_for_looks_counts_too():
    last = {"weeks_ago": 6, "product": "Dysport", "units": 60, "site_use": "cosmetic"}
    found = alerts("onabotulinumtoxina", last_session=last, conditions=["chronic migraine"])
    assert any(alert.severity == "major" for alert in found.values())


def test_escalating_use_is_watched():
    assert (
        alerts("ketamine", week_of_treatment=8, diary_flags=["escalating_use"])["red-flag.escalating-use"].severity == "major"
    )
