"""How rules are applied: what holds, what hangs, and from which side."""

from __future__ import annotations

import pytest

from cleardays.catalogue.treatments import treatment_ids
from cleardays.plan import pairs
from cleardays.plan.case import case_of
from cleardays.plan.overuse import overuse_alerts
from cleardays.plan.pairs import check_pairs
from cleardays.plan.person import Person
from cleardays.plan.person_reading import read_person
from cleardays.plan.screening import find_screened, screen
from cleardays.plan.when import holds
from cleardays.problems import BadInput

TOLD = {
    "age": 40, "sex": "male", "conditions": [], "medicines": [], "allergies": [], "past_reactions": [], "egfr_ml_min": 95,
    "dialysis": False, "liver": "normal", "blood_pressure": [118, 74], "heart_rate": 72,
    "labs": {"potassium": 4.2, "qtc_ms": 410}, "genotypes": [], "diary_flags": [], "week_of_treatment": 0,
    "supervised": True, "escort": True,
}  # fmt: skip


def found(treatment, **told):
    return screen(treatment, read_person({**TOLD, **told}))


def severities(treatment, **told):
    return {alert.code: alert.severity for alert in found(treatment, **told).alerts}


def asked(treatment, **told):
    return {question.name for question in found(treatment, **told).unknown}


def test_a_class_as_the_treatment_is_asked_for_exactly():
    answer = found("triptan", medicines=["moclobemide"])
    assert answer.verdict == "ask"
    assert "treatment.which" in {question.name for question in answer.unknown if question.required}
    with pytest.raises(BadInput, match="is a class of medicines"):
        screen("beta blocker", Person())


def test_a_class_that_may_hold_what_a_rule_is_about_has_to_be_told():
    answer = found("lamotrigine", medicines=["anticonvulsant"])
    assert answer.verdict == "ask"
    assert any(question.required and question.name.startswith("medicines.") for question in answer.unknown)


def test_what_was_taken_today_counts_though_it_was_stopped_today():
    taken = [{"name": "ergotamine", "stopped_days_ago": 0.2, "hours_since_last": 5}]
    assert severities("sumatriptan", medicines=taken)["interaction.ergot"] == "contraindicated"
    assert "interaction.ergot" not in severities("sumatriptan", medicines=[{"name": "ergotamine", "hours_since_last": 30}])


def test_a_medicine_that_acts_on_after_its_end_still_speaks_from_the_other_side():
    def code(days):
        return severities("sertraline", medicines=[{"name": "phenelzine", "stopped_days_ago": days}]).get(
            "interaction.phenelzine"
        )

    assert code(3) == "contraindicated"
    assert code(30) is None


def test_a_dose_that_is_not_told_leaves_the_rule_open():
    when = {"all": [{"class": ["nsaid"], "daily_above": 1000, "unit": "mg"}]}
    for told in ({"name": "ibuprofen"}, {"name": "ibuprofen", "daily_dose": 3, "unit": "tablets"}):
        case = case_of(find_screened("lamotrigine"), read_person({"medicines": [told]}), None)
        for rule in (when, {"any": when["all"]}, {"not": {"answer": "sex", "in": ["male"]}}):
            assert holds(rule, case).value is None
            assert holds(rule, case).missing
    sure = {"name": "ibuprofen", "daily_dose": 1.2, "unit": "g"}
    assert holds(when, case_of(find_screened("lamotrigine"), read_person({"medicines": [sure]}), None)).value is True


def test_the_dose_that_is_proposed_counts_from_the_other_side():
    high = {"action": "start", "amount": 1000, "unit": "mg", "times_per_day": 3}
    low = {"action": "start", "amount": 100, "unit": "mg", "times_per_day": 1}
    grave = severities("aspirin", medicines=["valproate"], proposed=high).get("interaction.valproate")
    light = severities("aspirin", medicines=["valproate"], proposed=low).get("interaction.valproate")
    assert grave == "moderate"
    assert light in (None, "minor")


def test_two_products_with_one_ingredient_are_seen_whatever_is_done():
    for proposed in (None, {"action": "continue"}):
        told = {} if proposed is None else {"proposed": proposed}
        assert severities("co-codamol", medicines=["paracetamol"], **told)["duplicate.same-ingredient"] == "major"


def test_a_treatment_that_is_listed_because_it_is_taken_is_no_second_one():
    assert "duplicate.same-medicine" in severities("lamotrigine", medicines=["Lamictal"])
    later = {"medicines": ["Lamictal"], "week_of_treatment": 9}
    assert "duplicate.same-medicine" not in severities("lamotrigine", **later)


def test_findings_are_asked_once_a_treatment_runs():
    told = {key: value for key, value in TOLD.items() if key not in ("diary_flags", "week_of_treatment")}
    running = screen("candesartan", read_person({**told, "proposed": {"action": "continue"}}))
    assert "diary_flags" in {question.name for question in running.unknown}
    starting = screen("candesartan", read_person({**told, "proposed": {"action": "start"}}))
    assert "diary_flags" not in {question.name for question in starting.unknown}


def test_an_allergy_to_a_family_is_one_to_each_and_a_vague_one_is_asked():
    assert severities("sumatriptan", allergies=["triptans"])["contraindication.hypersensitivity"] == "contraindicated"
    assert "contraindication.hypersensitivity" not in severities("paracetamol", allergies=["painkillers"])
    assert any(name.startswith("allergies.") for name in asked("paracetamol", allergies=["painkillers"]))


def test_no_known_allergies_is_an_empty_list():
    assert found("propranolol", allergies=["NKDA"], medicines=["none"]).verdict == found("propranolol").verdict == "proceed"


def test_a_word_that_is_no_route_is_asked_about():
    proposed = {"action": "start", "amount": 25, "unit": "mg", "times_per_day": 1}
    assert "scope.route" not in severities("lamotrigine", proposed={**proposed, "route": "tablet"})
    assert "scope.route" not in severities("lamotrigine", proposed={**proposed, "route": "by the moon"})
    assert severities("baclofen", proposed={**proposed, "amount": 5, "route": "intrathecal"})["scope.route"] == "major"


def test_tablets_are_no_milligrams():
    proposed = {"action": "increase", "amount": 50, "unit": "mg", "times_per_day": 1}
    medicines = [{"name": "lamotrigine", "daily_dose": 1, "unit": "tablet", "started_days_ago": 30}]
    told = {"medicines": medicines, "week_of_treatment": 5, "proposed": proposed}
    assert "proposed.current_daily_dose" in asked("lamotrigine", **told)
    assert "action.step-too-large" not in severities("lamotrigine", **told)


def test_a_jurisdiction_names_no_text_of_another():
    proposed = {"action": "start", "amount": 120, "unit": "mg", "times_per_day": 1}
    answer = screen("atogepant", read_person({**TOLD, "proposed": proposed}), jurisdiction="us")
    (alert,) = [alert for alert in answer.alerts if alert.code == "action.dose-above-ceiling"]
    assert set(alert.jurisdiction) <= {"us"}


@pytest.mark.parametrize(("days", "severity"), [(0, "contraindicated"), (7, "contraindicated"), (14, None)])
def test_the_eighth_day_is_in_the_second_week(days, severity):
    """50 mg is the step of week 3, which begins on day 15."""
    proposed = {"action": "increase", "amount": 50, "unit": "mg", "times_per_day": 1, "current_daily_dose": 25}
    told = {key: value for key, value in TOLD.items() if key != "week_of_treatment"}
    person = read_person({**told, "medicines": [{"name": "lamotrigine", "started_days_ago": days}], "proposed": proposed})
    codes = {alert.code: alert.severity for alert in screen("lamotrigine", person).alerts}
    assert codes.get("action.step-too-early") == severity


def test_days_of_a_class_that_was_not_told_are_not_zero():
    alerts, questions = overuse_alerts(
        read_person({"acute_days_per_28": {"triptan": 0, "any": 20}, "months_at_this_use": 6}), "any"
    )
    assert [alert.severity for alert in alerts] == ["minor"]
    assert questions == ["acute_days_per_28"]
    person = read_person({"acute_days_per_28": {"triptan": 12, "any": 20}, "months_at_this_use": 6})
    alerts, _ = overuse_alerts(person, "any")
    assert [alert.severity for alert in alerts] == ["moderate"]
    assert "Triptan on 12 days in four weeks, limit 10" in alerts[0].because


def test_the_british_count_three_months_as_enough():
    person = read_person({"acute_days_per_28": {"triptan": 12, "any": 12}, "months_at_this_use": 3, "headache_days_per_28": 20})
    assert [overuse_alerts(person, where)[0][0].severity for where in ("us", "uk")] == ["minor", "moderate"]


def test_what_the_catalogue_is_silent_about_is_asked():
    told = {"sex": "female", "pregnancy": "yes", "breastfeeding": False}
    assert "amitriptyline.pregnancy" in asked("amitriptyline", **told)
    assert found("amitriptyline", **told).verdict == "ask"
    assert "onabotulinumtoxina.kidney" not in asked("onabotulinumtoxina", egfr_ml_min=20)


def test_an_inhaler_asks_for_asthma_where_asthma_matters():
    assert "conditions.asthma" in asked("propranolol", medicines=["salbutamol"])
    assert "conditions.asthma" not in asked("propranolol", medicines=["salbutamol"], conditions=["asthma"])
    assert "conditions.asthma" not in asked("lamotrigine", medicines=["salbutamol"])


def test_several_risk_factors_are_several_risk_factors():
    three = ["hypertension", "diabetes", "smoking"]
    assert any("risk factors" in alert.subject for alert in found("sumatriptan", conditions=three).alerts)
    assert not any("risk factors" in alert.subject for alert in found("sumatriptan", conditions=three[:2]).alerts)


def test_a_dose_of_an_anaesthetic_is_no_dose_for_migraine():
    proposed = {"action": "start", "amount": 200, "unit": "mg", "route": "iv"}
    assert severities("ketamine", proposed=proposed, weight_kg=70)["action.anaesthetic-dose"] == "major"
    assert "action.anaesthetic-dose" not in severities("ketamine", proposed={**proposed, "amount": 20}, weight_kg=70)


def test_more_than_the_table_in_its_week():
    proposed = {"action": "increase", "amount": 50, "unit": "mg", "times_per_day": 2, "current_daily_dose": 25}
    assert severities("topiramate", week_of_treatment=1, proposed=proposed)["action.step-too-early"] == "moderate"
    assert "action.step-too-early" not in severities("topiramate", week_of_treatment=4, proposed=proposed)
    start = {"action": "start", "amount": 25, "unit": "mg", "times_per_day": 1}
    assert "action.step-too-early" not in severities("amitriptyline", proposed=start)


def test_a_step_down_to_nothing_is_a_stop_unless_little_is_taken():
    def code(treatment, current):
        proposed = {"action": "taper", "amount": 0, "unit": "mg", "current_daily_dose": current}
        return severities(treatment, week_of_treatment=40, proposed=proposed).get("action.abrupt-stop")

    assert code("propranolol", 160) == "major"
    assert code("propranolol", 80) is None
    assert code("lamotrigine", 200) == "major"
    assert code("lamotrigine", 12.5) is None


def test_a_step_down_that_goes_up_is_an_increase():
    proposed = {"action": "taper", "amount": 250, "unit": "mg", "times_per_day": 1, "current_daily_dose": 200}
    assert "action.dose-above-ceiling" in severities("lamotrigine", week_of_treatment=40, proposed=proposed)


def test_a_dose_without_a_unit_cannot_be_screened():
    answer = found("lamotrigine", proposed={"action": "start", "amount": 250, "times_per_day": 1})
    assert "proposed.unit" in {question.name for question in answer.unknown if question.required}
    assert answer.verdict == "ask"


def test_what_was_stopped_yesterday_still_acts_and_never_eases():
    stopped = [{"name": "valproate", "stopped_days_ago": 1}]
    start = {"action": "start", "amount": 25, "unit": "mg", "times_per_day": 1}
    assert severities("lamotrigine", medicines=stopped, proposed=start)["action.start-above-first-step"] == "contraindicated"
    inducer = [{"name": "carbamazepine", "stopped_days_ago": 1}]
    start = {**start, "amount": 50}
    assert severities("lamotrigine", medicines=inducer, proposed=start)["action.start-above-first-step"] == "contraindicated"


def test_a_result_that_is_not_known_is_asked_about():
    assert severities("lamotrigine", genotypes=["HLA-B*15:02"])["caution.hla-b-1502"] == "major"
    answer = found("lamotrigine", genotypes=["HLA-B*15:02 carrier"])
    assert any("HLA-B" in question.question for question in answer.unknown if question.required)


def test_the_pill_is_stopped_and_the_level_rises():
    lamotrigine = {"name": "lamotrigine", "daily_dose": 200, "unit": "mg", "started_days_ago": 900}
    told = {"sex": "female", "medicines": [lamotrigine, {"name": "Microgynon", "started_days_ago": 900}]}
    because = {}
    for action in ("stop", "continue"):
        answer = found("Microgynon", **told, proposed={"action": action})
        because[action] = next(a.because for a in answer.alerts if a.code == "interaction.lamotrigine")
    assert "rises" in because["stop"]
    assert "falls" not in because["stop"]
    assert "newly" not in because["continue"]


def test_of_several_ceilings_only_the_lowest_is_told():
    proposed = {"action": "continue", "amount": 20, "unit": "mg", "times_per_day": 3}
    answer = found("baclofen", egfr_ml_min=45, week_of_treatment=40, proposed=proposed)
    (alert,) = [alert for alert in answer.alerts if alert.code == "action.dose-above-ceiling"]
    assert "15 mg" in alert.action
    assert "40 mg" not in alert.action


GRAVE = {
    "age": 17, "heart_rate": 40, "egfr_ml_min": 8, "blood_pressure": [190, 118], "liver": "severe", "pregnancy": "yes",
    "dialysis": True, "breastfeeding": True, "supervised": False, "genotypes": ["HLA-B*15:02"],
    "labs": {"potassium": 6.4, "qtc_ms": 520}, "allergies": ["lamotrigine", "Botox", "propranolol"],
    "past_reactions": [{"drug": "topiramate", "reaction": "angioedema"}],
    "conditions": ["asthma", "heart failure", "psychosis", "depression", "myasthenia", "kidney stones"],
    "medicines": ["codeine", "phenelzine", "clarithromycin", "verapamil", "valproate", "lithium"],
}  # fmt: skip
WOMAN = {**TOLD, "sex": "female", "pregnancy": "no", "breastfeeding": False, "contraception": "copper_iud"}


@pytest.mark.parametrize("key", GRAVE)
@pytest.mark.parametrize("treatment", treatment_ids())
def test_an_answer_that_would_hold_the_treatment_is_asked_for_when_it_is_left_out(treatment, key):
    """Left out, it raises no alert and asks; it never counts as harmless."""
    safe = screen(treatment, read_person(WOMAN))
    grave = screen(treatment, read_person({**WOMAN, key: GRAVE[key]}))
    raised = {a.code for a in grave.alerts if a.severity in ("major", "contraindicated")} - {a.code for a in safe.alerts}
    left_out = screen(treatment, read_person({name: value for name, value in WOMAN.items() if name != key}))
    assert not raised & {a.code for a in left_out.alerts}
    if raised:
        names = {question.name.split(".")[0] for question in left_out.unknown}
        # Without the kidney's filtration it is asked for, whether or not dialysis is told.
        assert key in names or (key == "dialysis" and WOMAN["egfr_ml_min"] >= 30), raised


def test_findings_that_are_left_out_under_treatment_are_asked_for():
    for treatment in treatment_ids():
        told = {name: value for name, value in WOMAN.items() if name != "diary_flags"}
        answer = screen(treatment, read_person({**told, "week_of_treatment": 3}))
        assert "diary_flags" in {question.name for question in answer.unknown}, treatment


def test_every_pair_of_treatments_is_as_grave_from_either_side(monkeypatch):
    assert list(check_pairs()) == []
    silent = pairs._gravest
    monkeypatch.setattr(pairs, "_gravest", lambda one, other: 5 if one == "valproate" else silent(one, other))
    assert any("valproate with" in problem.what for problem in check_pairs())
