"""The record of a supervised session: read, judged, and the gate before the next one."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cleardays.plan.person_reading import read_person
from cleardays.plan.session_gate import Earlier, Review, may_start
from cleardays.plan.session_judge import judge
from cleardays.plan.session_reading import read_session_record
from cleardays.problems import BadInput
from reference.sessions import DUE, NEEDS, quiet, reading, with_reading


def judged(**other):
    return judge(read_session_record(quiet(**other)))


def codes(found, phase=None, minute=None):
    return {
        each.alert.code
        for each in found.alerts
        if (phase is None or each.phase == phase) and (minute is None or each.minute == minute)
    }


def test_a_quiet_session_raises_nothing():
    found = judged()
    assert (found.alerts, found.missed, found.stop_from, found.blocked, found.discharge) == ((), (), None, False, "in_order")
    assert [each.where for _, each in found.compared] == ["inside"]


def test_a_record_is_read_back_as_it_was_written():
    record = read_session_record(
        quiet(
            events=[{"minute": 12, "what": "chest pain", "until_minute": 14}],
            actions=[{"minute": 13, "what": "stopped", "medicine": "midazolam", "result": "calm", "result_minute": 20}],
            vitals=[reading(0, consciousness=5, pain=7, dissociation=3), reading(5, spo2=None, rousable=False)],
        )
    )
    assert read_session_record(json.loads(json.dumps(record.document()))) == record


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"sbp": 181}, "session.blood-pressure-high"),
        ({"dbp": 111}, "session.blood-pressure-high"),
        ({"heart_rate": 121}, "session.heart-rate-high"),
        ({"heart_rate": 44}, "session.heart-rate-low"),
        ({"spo2": 91}, "session.oxygen-low"),
        ({"respiratory_rate": 9}, "session.breathing-slow"),
        ({"rousable": False}, "session.not-rousable"),
    ],
)
def test_a_stop_criterion_is_told_at_its_minute_with_its_source(value, code):
    found = judged(vitals=with_reading(15, **value))
    (alert,) = [each for each in found.alerts if each.alert.code == code]
    assert (alert.minute, alert.phase, alert.alert.severity) == (15, "during", "critical")
    assert alert.alert.source
    assert found.stop_from == 15
    assert {"session.not-stopped", "session.no-action"} <= codes(found, minute=15)


@pytest.mark.parametrize("value", [{"sbp": 180}, {"dbp": 110}, {"heart_rate": 120}, {"heart_rate": 45}, {"spo2": 92}])
def test_a_value_at_the_limit_is_not_beyond_it(value):
    assert judged(vitals=with_reading(15, **value)).stop_from is None


def test_stopped_and_answered_in_time_is_not_told_as_neglected():
    found = judged(
        vitals=with_reading(15, spo2=90),
        given=[{"from_minute": 0, "until_minute": 16, "route": "iv", "rate": 18, "rate_unit": "mg/h"}],
        actions=[{"minute": 15, "what": "stopped, oxygen", "result": "97 %", "result_minute": 20}],
    )
    assert codes(found) == {"session.oxygen-low"}


def test_an_action_long_after_does_not_answer():
    found = judged(vitals=with_reading(15, spo2=90), actions=[{"minute": 60, "what": "oxygen", "result": "97 %"}])
    assert "session.no-action" in codes(found, minute=15)


def test_an_action_without_its_result_is_told():
    found = judged(actions=[{"minute": 20, "what": "warm blanket"}])
    assert codes(found) == {"session.result-missing"}


def test_a_change_in_the_session_needs_its_reason_and_notes_are_kept():
    first = {"from_minute": 0, "until_minute": 10, "route": "intravenous", "rate": 6, "rate_unit": "mg/h"}
    then = {**first, "from_minute": 10, "until_minute": 20, "rate": 8}
    assert "session.change-without-reason" in codes(judged(given=[first, then]), minute=10)
    assert "session.change-without-reason" not in codes(judged(given=[first, {**then, "why": "tolerated"}]))
    record = read_session_record({**quiet(given=[first, {**then, "why": "tolerated"}]), "note": "calm"})
    assert record.note == "calm"
    assert record.document()["given"][1]["why"] == "tolerated"


def test_a_reading_that_was_missed_is_told_and_not_taken_as_normal():
    found = judged(vitals=[reading(minute) for minute in DUE if minute != 45])
    assert [(each.minute, len(each.measures)) for each in found.missed] == [(45, 6)]
    assert codes(found) == {"session.reading-missing"}


def test_a_value_that_was_not_read_is_missed_alone():
    found = judged(vitals=with_reading(45, spo2=None, rousable=None))
    assert found.missed[0].measures == ("spo2", "rousable")


def test_a_reading_a_little_late_counts():
    assert not judged(vitals=[reading(minute + 2 if minute == 45 else minute) for minute in DUE]).missed
    assert judged(vitals=[reading(minute + 8 if minute == 45 else minute) for minute in DUE]).missed


def test_without_a_reading_before_the_start_it_is_missed():
    assert judged(vitals=[reading(minute) for minute in DUE if minute]).missed[0].minute == 0


def test_a_running_session_is_judged_up_to_now():
    running = quiet(discharge=None, vitals=[reading(minute) for minute in (0, 5, 10, 15)])
    record = read_session_record(running)
    assert judge(record).discharge == "not_yet"
    assert not judge(record, now_minute=32).missed
    assert [each.minute for each in judge(record, now_minute=40).missed] == [30]


@pytest.mark.parametrize(("sbp", "dbp", "severity", "blocked"), [(150, 85, "major", False), (162, 85, "contraindicated", True)])
def test_high_pressure_before_the_start_delays_or_blocks(sbp, dbp, severity, blocked):
    found = judged(vitals=with_reading(0, sbp=sbp, dbp=dbp))
    (alert,) = [each.alert for each in found.alerts if each.alert.code == "session.blood-pressure-before"]
    assert (alert.severity, found.blocked) == (severity, blocked)


@pytest.mark.parametrize("name", ["lorazepam", "diazepam", "codeine", "tramadol", "opioid"])
def test_a_benzodiazepine_or_opioid_that_day_blocks(name):
    assert judged(medicines=[{"name": name, "hours_before": 3}]).blocked
    assert judged(medicines=[{"name": name}]).blocked, "told without hours it was taken that day"


def test_one_taken_days_ago_is_told_and_does_not_block():
    found = judged(medicines=[{"name": "codeine", "hours_before": 60}])
    assert codes(found) == {"interaction.opioid"}
    assert not found.blocked


def test_staff_may_give_a_benzodiazepine_but_not_an_opioid():
    def given(name):
        return judged(actions=[{"minute": 20, "what": name, "medicine": name, "result": "calm"}])

    assert {each.alert.severity for each in given("midazolam").alerts} == {"major"}
    assert "contraindicated" in {each.alert.severity for each in given("morphine").alerts}


def test_medicines_that_were_not_told_or_not_understood_are_asked_for():
    assert codes(judged(medicines=None)) == {"session.medicines-not-told"}
    assert codes(judged(medicines=[{"name": "Zorbaquexin"}])) == {"session.medicine-unclear"}


@pytest.mark.parametrize("other", [{"place": "home"}, {"supervised": False}, {"place": "home", "supervised": None}])
def test_at_home_or_unsupervised_blocks(other):
    found = judged(**other)
    assert codes(found) == {"action.unsupervised"}
    assert found.blocked


def test_a_condition_that_was_not_met_or_not_told_is_said():
    found = judged(prepared={**dict.fromkeys(NEEDS[:3], True), "fasting": False})
    assert codes(found) == {"session.need-not-met"}
    assert codes(judged(prepared=dict.fromkeys(NEEDS[:3], True))) == {"session.need-not-told"}


def leaving(**other):
    return {"minute": 155, "escort": True, "steady": True, "told_no_driving": True, "review_on": "2026-03-30", **other}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"escort": False}, "action.no-escort"),
        ({"escort": None}, "session.escort-not-told"),
        ({"steady": False}, "session.discharge-unstable"),
        ({"steady": None}, "session.stability-not-told"),
    ],
)
def test_a_discharge_without_escort_or_steadiness_is_not_in_order(change, code):
    found = judged(discharge=leaving(**change))
    assert codes(found) == {code}
    assert found.discharge == "not_in_order"


def test_observation_counts_from_the_end_of_what_was_given():
    longer = [{"from_minute": 0, "until_minute": 60, "route": "iv", "rate": 18, "rate_unit": "mg/h"}]
    assert "session.discharge-too-early" in codes(judged(given=longer), "discharge")
    running = [{**longer[0], "until_minute": None}]
    assert "session.discharge-too-early" in codes(judged(given=running), "discharge")


def test_nobody_leaves_on_what_was_not_read():
    found = judged(vitals=[reading(minute) for minute in DUE if minute < 150])
    assert codes(found, "discharge") == {"session.stability-not-read"}


def test_a_finding_that_is_still_there_keeps_the_person():
    found = judged(
        events=[{"minute": 100, "what": "dizziness"}], actions=[{"minute": 100, "what": "lay down", "result": "less"}]
    )
    assert "session.discharge-unstable" in codes(found, "discharge")
    ended = judged(
        events=[{"minute": 100, "what": "dizziness", "until_minute": 120}],
        actions=[{"minute": 100, "what": "lay down", "result": "gone"}],
    )
    assert not codes(ended, "discharge")


@pytest.mark.parametrize(
    ("what", "code", "stops"),
    [
        ("chest pain", "red-flag.chest-pain", True),
        ("severe agitation", "session.finding", True),
        ("facial swelling", "red-flag.facial-swelling", True),
        ("hallucinations", "red-flag.hallucinations", False),
        ("emergence reaction", "session.finding", False),
        ("giggling", "session.finding-not-known", False),
    ],
)
def test_findings_are_told_and_those_of_the_stop_criteria_stop(what, code, stops):
    found = judged(events=[{"minute": 20, "what": what, "until_minute": 25}])
    assert code in codes(found, minute=20)
    assert (found.stop_from == 20) is stops


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"told_no_driving": None}, "session.driving-not-told"),
        ({"review_on": None}, "session.review-not-planned"),
        ({"review_on": "2026-03-29"}, "session.review-too-early"),
    ],
)
def test_what_was_not_told_or_planned_at_the_end_is_said(change, code):
    assert codes(judged(discharge=leaving(**change))) == {code}


def test_what_was_given_outside_the_studied_figures_is_flagged_with_them():
    given = [{"from_minute": 0, "until_minute": 20, "route": "iv", "rate": 300, "rate_unit": "mg/h"}]
    (alert,) = judged(given=given).alerts
    assert alert.alert.code == "session.outside-studied"
    assert "not a dose" in alert.alert.because
    assert "Lauritsen2016" in alert.alert.source


def test_an_anaesthetic_amount_is_told_by_the_rule_on_it():
    given = [{"from_minute": 0, "route": "iv", "amount": 150, "unit": "mg"}]
    assert {"action.anaesthetic-dose", "session.outside-studied"} <= codes(judged(given=given))


def test_an_amount_that_was_not_entered_is_asked_for():
    assert codes(judged(given=[{"from_minute": 0, "route": "iv"}])) == {"session.amount-not-entered"}


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ({"vitals": [reading(10), reading(5)]}, "record.vitals[2].minute"),
        ({"vitals": [reading(10), reading(10)]}, "record.vitals[2].minute"),
        ({"vitals": [reading(-5)]}, "record.vitals[1].minute"),
        ({"vitals": [reading(0), reading(5, sbp=80, dbp=90)]}, "record.vitals[2].dbp"),
        ({"vitals": [reading(0, spo2=101)]}, "record.vitals[1].spo2"),
        ({"vitals": [reading(0, heart_rate=True)]}, "record.vitals[1].heart_rate"),
        ({"vitals": [reading(0, pulse=70)]}, "record.vitals[1].pulse"),
        ({"vitals": [reading(160)]}, "record.vitals[1].minute"),
        ({"given": [{"from_minute": 9, "until_minute": 3, "route": "iv"}]}, "record.given[1].until_minute"),
        ({"given": [{"from_minute": 0, "route": "iv", "amount": 5}]}, "record.given[1].unit"),
        ({"given": [{"from_minute": 0, "route": "iv", "rate": 5, "rate_unit": "mg"}]}, "record.given[1].rate_unit"),
        ({"given": [{"from_minute": 0, "route": "by drone"}]}, "record.given[1].route"),
        ({"events": [{"minute": 9, "what": "a"}, {"minute": 3, "what": "b"}]}, "record.events[2].minute"),
        ({"actions": [{"minute": 3}]}, "record.actions[1].what"),
        ({"entered_by": " "}, "record.entered_by"),
        ({"entered_by": None}, "record.entered_by"),
        ({"place": "garden"}, "record.place"),
        ({"on": "02.03.2026"}, "record.on"),
        ({"start": "9:30"}, "record.start"),
        ({"treatment": "lamotrigine"}, "record.treatment"),
        ({"treatment": "Zorbaquexin"}, "record.treatment"),
        ({"prepared": {"luck": True}}, "record.prepared.'luck'"),
        ({"prepared": {"fasting": "yes"}}, "record.prepared.fasting"),
        ({"prepared": []}, "record.prepared"),
    ],
)
def test_bad_input_is_refused_by_row_and_field(other, where):
    with pytest.raises(BadInput) as bad:
        read_session_record(quiet(**other))
    assert where in {problem.where for problem in bad.value.problems}


@pytest.mark.parametrize("document", [None, [], "x", {}])
def test_what_is_no_record_is_refused(document):
    with pytest.raises(BadInput):
        read_session_record(document)


PERSON = {
    "age": 44, "sex": "male", "conditions": ["refractory migraine"], "medicines": [], "allergies": [], "past_reactions": [],
    "liver": "normal", "blood_pressure": [124, 78], "heart_rate": 70, "supervised": True, "escort": True,
    "headache_days_per_28": 20, "acute_days_per_28": {"any": 4}, "diary_flags": [],
}  # fmt: skip
ON = date(2026, 4, 10)
FIRST = date(2026, 3, 2)


def gate(earlier=(), treatment="ketamine", on=ON, **person):
    return may_start(treatment, read_person({**PERSON, **person}), on=on, earlier=earlier)


def test_a_first_session_may_start_where_nothing_forbids_it():
    found = gate()
    assert (found.answer, found.alerts) == ("ready", ())
    assert json.loads(json.dumps(found.document()))["on"] == "2026-04-10"


def test_earlier_sessions_that_nobody_told_are_asked_for():
    found = gate(None)
    assert found.answer == "ask"
    assert "earlier" in {question.name for question in found.unknown if question.required}


@pytest.mark.parametrize("product", ["ketamine", "Spravato"])
def test_a_second_session_before_its_review_is_refused(product):
    assert gate([Earlier(FIRST, product)]).answer == "refused"
    assert gate([Earlier(FIRST, product, Review(date(2026, 3, 29), "Dr B", another=True))]).answer == "refused"
    assert gate([Earlier(FIRST, product, Review(date(2026, 3, 30), "Dr B", another=True))]).answer == "ready"


def test_the_review_may_decide_against_another():
    found = gate([Earlier(FIRST, "ketamine", Review(date(2026, 3, 30), "Dr B", another=False))])
    assert found.answer == "refused"
    assert {each.code for each in found.alerts} == {"session.review-against"}


def test_only_the_last_session_needs_its_review_now():
    reviewed = Earlier(date(2026, 1, 5), "ketamine", Review(date(2026, 2, 2), "Dr B", another=True))
    assert gate([reviewed]).answer == "ready"
    assert gate([reviewed, Earlier(FIRST, "ketamine")]).answer == "refused"
    assert gate([Earlier(FIRST, "ketamine"), reviewed]).answer == "refused"


def test_a_session_with_something_else_does_not_count_and_an_unknown_one_is_asked_for():
    assert gate([Earlier(date(2026, 4, 1), "eptinezumab")]).answer == "ready"
    assert gate([Earlier(FIRST, "Zorbaquexin")]).answer == "ask"


@pytest.mark.parametrize(
    ("person", "answer"),
    [
        ({"supervised": False}, "refused"),
        ({"supervised": None}, "ask"),
        ({"escort": False}, "ask"),
        ({"escort": None}, "ask"),
        ({"blood_pressure": [150, 92]}, "ask"),
        ({"blood_pressure": [165, 92]}, "refused"),
        ({"blood_pressure": None}, "ask"),
        ({"medicines": [{"name": "lorazepam", "hours_since_last": 5}]}, "refused"),
        ({"medicines": [{"name": "codeine", "hours_since_last": 5}]}, "refused"),
        ({"conditions": ["aneurysm"]}, "refused"),
        ({"sex": "female"}, "ask"),
    ],
)
def test_the_gate_keeps_the_answer_of_the_screen(person, answer):
    assert gate(**person).answer == answer


def test_days_that_cannot_be_are_refused():
    with pytest.raises(BadInput, match=r"earlier\[1\]"):
        gate([Earlier(date(2026, 5, 1), "ketamine")])
    with pytest.raises(BadInput, match="review"):
        gate([Earlier(FIRST, "ketamine", Review(date(2026, 2, 1), "Dr B", another=True))])
