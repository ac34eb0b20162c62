"""The whole plan of a person in one view: everything that is done at once, what is due, and what cannot be told apart."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.diary.beside import Beside
from cleardays.diary.entries import DoseEntry, Event
from cleardays.sources import all_sources
from cleardays.trial.story.story import Story
from cleardays.trial.whole import whole_plan
from reference.plan_files import RASH, plan_file
from reference.told_stories import DR, START, begun, diary_events, diary_of, event, told
from reference.whole_stories import BEFORE, DAY, TODAY, beside, plan_of, whole_story


@pytest.fixture(scope="module")
def whole():
    return whole_plan(whole_story(), TODAY)


def test_every_open_trial_stands_with_its_treatment_phase_next_review_and_what_is_due(whole):
    assert [(each.trial.treatment, each.trial.phase) for each in whole.trials] == [
        ("lamotrigine", "titration"), ("onabotulinumtoxina", "titration")
    ]  # fmt: skip
    assert all(each.trial.review_on is not None for each in whole.trials)
    assert whole.trials[1].due_today is False


def test_a_warning_sign_that_asks_to_stop_leaves_no_dose_due_and_shows_what_to_do(whole):
    assert whole.trials[0].due_today is None
    assert any("Stop lamotrigine" in alert.action for alert in whole.trials[0].follow.findings.alerts)


def test_sessions_and_checks_that_are_due_lie_on_or_after_the_day(whole):
    for each in whole.trials:
        assert all(visit.on >= TODAY for visit in each.sessions)
        assert all(day >= TODAY for due in each.checks for day in due.days)


def test_an_interaction_stands_with_the_medicine_that_brings_it(whole):
    by_name = {each.name: each for each in whole.medicines.taken}
    assert [each.alert.code for each in by_name["valproate"].concerns] == ["interaction.valproate"]
    assert by_name["melatonin"].concerns == ()
    assert by_name["Magnesium"].told_in == ("intake",)
    assert by_name["sumatriptan"].is_acute


def test_a_medicine_that_is_not_known_is_asked_about_and_never_passed_as_safe():
    said = {"part": "medicines", "answer": "told", "entries": [{"what": "Zzyxomab"}]}
    found = whole_plan(told([event("intake.told", said), *begun("first")]), TODAY).medicines.taken
    unknown = next(each for each in found if each.name == "Zzyxomab")
    assert unknown.known_as is None
    assert "no medicine that is known here" in unknown.ask[0]


def test_a_treatment_without_rules_in_the_catalogue_is_said_to_have_none_and_nothing_is_passed_with_it():
    body = {"treatment": "butterbur", "indication": "episodic-migraine", "why": "a friend takes it", "on": str(START)}
    said = {"part": "medicines", "answer": "told", "entries": [{"what": "melatonin"}]}
    story = told([event("intake.told", said), event("trial.opened", body, trial="own")])
    found = whole_plan(story, START + DAY).medicines
    assert (found.screened, found.unscreened) == ((), ("butterbur",))


def test_a_plan_that_was_refused_has_nothing_to_take(whole):
    assert whole.medicines.unscreened == ()
    refused = plan_file(("lamotrigine", "migraine-with-aura"), start=START, **RASH)
    assert refused.plan.status == "refused"
    first = [*begun("first")[:2], event("trial.planned", {"plan": refused.document()}, trial="first")]
    found = whole_plan(told(first), START + DAY).trials[0]
    assert found.due_today is None


def test_two_open_treatments_are_screened_with_one_another():
    file = plan_of("valproate", "episodic-migraine", START + 7 * DAY)
    story = told([*begun("first"), *begun("second", "valproate", "episodic-migraine", START + 7 * DAY, file=file)])
    found = whole_plan(story, START + 20 * DAY)
    assert ("lamotrigine", "interaction.valproate") in {(each.treatment, each.alert.code) for each in found.between}
    assert "valproate" not in {each.name for each in found.medicines.taken}


def test_acute_medicines_are_counted_by_class_and_unknown_days_leave_the_limit_open(whole):
    triptans = next(each for each in whole.acute.limits if each.classes == ("triptan",))
    assert triptans.told == 9  # one of them on a day of which nothing else is told
    assert triptans.reached == "indeterminate"
    assert whole.acute.known < whole.acute.days == 30


def test_without_a_known_day_no_limit_is_said_to_be_kept():
    acute = whole_plan(told(begun("first", diary=diary_of("", BEFORE))), TODAY).acute
    assert (acute.known, acute.any_days) == (0, 0)
    assert {each.reached for each in acute.limits} == {"indeterminate"}


def test_care_of_the_plan_and_care_that_is_only_told_stand_apart(whole):
    assert [each.attendance.part.kind for each in whole.care] == ["sleep", "therapy"]
    assert whole.care[1].last == START + 12 * DAY
    assert [(each.what, each.came, each.missed) for each in whole.care_told] == [("yoga", 1, 1), ("acupuncture", 0, 0)]


def test_what_changed_within_three_weeks_is_said_not_to_be_told_apart(whole):
    pairs = {frozenset((each.one.avenue, each.other.avenue)) for each in whole.avenues.joined}
    assert frozenset(("lamotrigine", "onabotulinumtoxina")) in pairs
    assert frozenset(("lamotrigine", "in bed by eleven")) in pairs
    assert frozenset(("yoga", "in bed by eleven")) not in pairs
    said = [reason.because for reason in whole.avenues.reasons]
    assert any("cannot be told from these weeks" in because for because in said)


def test_changes_that_lie_far_apart_are_not_said_to_show_what_did_it():
    walks = Event(date=START + 60 * DAY, kind="care", term="walks", attended=True)
    diary = diary_of("X000" * 25, BEFORE, beside=Beside(events=(walks,)))
    file = plan_of("onabotulinumtoxina", "chronic-migraine")
    story = told([*begun("botox", "onabotulinumtoxina", "chronic-migraine", file=file), *diary_events(diary)])
    found = whole_plan(story, START + 70 * DAY).avenues
    assert found.joined == ()
    assert [each.rule for each in found.reasons] == ["avenues.apart"]
    assert "does not show which of them did what" in found.reasons[0].because


def test_the_persons_goals_stand_in_their_own_words_and_unanswered_where_nobody_asked(whole):
    assert {each.goal.words for each in whole.goals} == {"go to my sister's wedding", "fewer bad days"}
    assert all(each.answer is None for each in whole.goals)


def test_what_was_revised_is_told_with_why_by_whom_and_the_dose_before_and_after(whole):
    back = next(each for each in whole.revisions if each.kind == "step-back")
    assert (back.why, back.by) == ("dizzy at work", DR.name)
    assert back.was.amount > back.now.amount


def test_a_person_without_any_trial_or_entry_gets_a_view_that_says_what_was_not_asked():
    found = whole_plan(Story("nobody yet"), TODAY)
    assert found.trials == ()
    assert not found.medicines.asked
    assert not found.medicines.none_told
    assert not found.care_asked
    json.dumps(found.document(), allow_nan=False)


def test_medicines_that_were_answered_with_none_are_told_to_be_none():
    found = whole_plan(told([event("intake.told", {"part": "medicines", "answer": "none"})]), TODAY)
    assert found.medicines.none_told


def test_a_trial_whose_plan_was_confirmed_and_not_begun_has_nothing_due():
    found = whole_plan(told(begun("first")[:-1]), START + 3 * DAY).trials[0]
    assert found.due_today is None
    assert found.stands_still[0].rule == "trial.not-begun"


def test_a_stop_that_was_decided_and_stands_in_no_plan_leaves_nothing_due():
    body = {"on": str(START + 30 * DAY), "decision": "stop", "reasons": ["rash"]}
    story = told([*begun("first"), event("trial.decided", body, on=START + 30 * DAY, by=DR, trial="first")])
    found = whole_plan(story, START + 31 * DAY).trials[0]
    assert found.due_today is None
    assert "no way down yet" in found.stands_still[0].because


def test_doses_that_cannot_be_read_against_the_plan_are_said_to_be_so_and_spoil_nothing_else():
    many = [
        DoseEntry(date=START, kind="preventive", drug="lamotrigine", state="taken", time=f"{n % 24:02d}:00") for n in range(30)
    ]
    diary = diary_of("X000" * 10, BEFORE, beside=Beside(doses=tuple(many)))
    found = whole_plan(told([*begun("first"), *diary_events(diary)]), START + 20 * DAY)
    assert "avenues.unread" in {each.rule for each in found.avenues.reasons}
    assert found.trials[0].due_today is True


def test_every_reason_has_sources_that_exist(whole):
    reasons = [*whole.avenues.reasons, *whole.avenues.found]
    assert {key for each in reasons for key in each.source} <= all_sources().keys()


def test_the_same_story_gives_the_same_view(whole):
    again = whole_plan(whole_story(), TODAY)
    assert json.dumps(again.document(), sort_keys=True) == json.dumps(whole.document(), sort_keys=True)


@settings(max_examples=12, deadline=None)
@given(st.integers(-40, 4000))
def test_on_whatever_day_it_is_asked_the_view_can_be_made_and_reads_nothing_later(days):
    on = START + days * DAY
    found = whole_plan(whole_story(), on)
    json.dumps(found.document(), allow_nan=False)
    assert all(each.on <= on + timedelta(days=21) for each in found.avenues.changes)
    assert all(flag.on <= on for flag in found.flags)
    assert all(due >= on for trial in found.trials for check in trial.checks for due in check.days)


def test_the_story_of_these_tests_tells_what_it_is_meant_to():
    assert len(beside().events) == 4
