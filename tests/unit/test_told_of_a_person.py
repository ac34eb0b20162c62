"""What is told of a person beside diary and trials: intake, goals, helpers, warning signs, sessions, and who may tell it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cleardays.problems import BadInput
from cleardays.trial.story import kinds, phases
from cleardays.trial.story.events import ROLES, Actor, canonical, read_event
from cleardays.trial.story.intake_told import PARTS
from cleardays.trial.story.story import KINDS, Story, fold, require
from cleardays.trial.story.versions import standing
from reference import every_kind as every
from reference import stories
from reference.every_kind import BEFORE, HELPER, NURSE, consent, consent_withdrawn, goal, intake
from reference.plan_files import START
from reference.stories import DOCTOR, PERSON, TRIAL, day_told, placed, told

REVIEW_ON = START + timedelta(days=120)


def heard(events):
    story = Story("sam")
    for event in events:
        story = require(story, event)
    return story


def refused(events, event):
    """All problems with which an event is refused after others."""
    with pytest.raises(BadInput) as bad:
        require(heard(events), event)
    return " ".join(f"{problem.where}: {problem.what} {problem.try_this}" for problem in bad.value.problems)


def test_every_kind_is_let_in_and_is_the_same_after_it_was_written_and_read():
    events = every.every_kind()
    assert {event.kind for event in events} == set(KINDS)
    story = heard(events)
    back = [read_event(json.loads(canonical(event.document())), "event") for event in events]
    assert back == events
    folded = fold("sam", placed(back))
    assert (folded.told, folded.trials) == (story.told, story.trials)


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_tell_a_kind_is_a_choice_of_roles_and_no_other_role_gets_in(kind):
    event = next(each for each in every.every_kind() if each.kind == kind)
    for role in ROLES:
        if role not in kinds.WHO[kind]:
            with pytest.raises(BadInput, match="is for a"):
                require(Story("sam"), event._replace(by=Actor("Somebody", role)))


def test_confirming_deciding_consenting_and_holding_sessions_are_for_those_who_may_and_never_for_a_helper():
    assert kinds.WHO[phases.CONFIRMED] == kinds.WHO[phases.DECIDED] == ("clinician",)
    assert kinds.WHO[kinds.CONSENTED] == ("person",)
    assert kinds.WHO[kinds.SESSION_HELD] == ("clinician", "nurse")
    never = {phases.CONFIRMED, phases.DECIDED, kinds.CONSENTED, kinds.CONSENT_WITHDRAWN, kinds.SESSION_HELD}
    assert not never & set(kinds.FOR_HELPERS)


# helpers


def test_a_helper_without_consent_tells_nothing_and_the_problem_says_what_the_person_can_do():
    words = refused([], day_told(START)._replace(by=HELPER))
    assert "Jo Sample has no consent to tell day.told" in words
    assert "The person gives it (helper.consented)" in words


def test_a_consent_covers_the_kinds_it_names_and_nothing_else():
    given = [consent(["diary"])]
    assert require(heard(given), day_told(START)._replace(by=HELPER))
    words = refused(given, goal("a", "less pain", by=HELPER))
    assert "has no consent to tell goal.told" in words
    assert "it covers day.told" in words


def test_a_consent_is_for_one_helper_and_not_for_another_of_the_same_family():
    other = HELPER._replace(name="Al Sample")
    assert "Al Sample has no consent" in refused([consent(["diary"])], day_told(START)._replace(by=other))


def test_a_helpers_name_is_the_same_however_a_keyboard_puts_its_accents_together():
    apart, together = "Jose\u0301", "Jos\u00e9"
    for given, acts in ((apart, together), (together, apart)):
        story = heard([consent(["diary"], helper=given), day_told(START)._replace(by=HELPER._replace(name=acts))])
        assert list(standing(require(story, consent_withdrawn(START, helper=acts)).told.consents)) == []


@pytest.mark.parametrize(("day", "stands"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_consent_holds_from_its_first_to_its_last_day(day, stands):
    span = {"from": START.isoformat(), "until": (START + timedelta(days=9)).isoformat()}
    event = day_told(START, written=START + timedelta(days=day))._replace(by=HELPER)
    if stands:
        assert require(heard([consent(["diary"], **span)]), event)
    else:
        assert "it covers" in refused([consent(["diary"], **span)], event)


def test_a_consent_that_was_taken_back_covers_nothing_more_not_even_what_was_written_before():
    events = [consent(["diary"]), day_told(START)._replace(by=HELPER), consent_withdrawn(START + timedelta(days=1))]
    late = day_told(START + timedelta(days=1), written=START)._replace(by=HELPER)
    assert "no consent" in refused(events, late)
    story = heard(events)
    assert standing(story.told.consents) == {}
    assert [version.value is not None for version in story.told.consents[HELPER.name]] == [True, False]
    assert fold("sam", placed(events)).diary.records[0].date == START


def test_a_helper_may_step_down_and_takes_back_nobody_elses_consent():
    both = [consent(["diary"]), consent(["diary"], helper="Al Sample")]
    assert standing(heard([*both, consent_withdrawn(START, by=HELPER)]).told.consents).keys() == {"Al Sample"}
    assert "no other helper" in refused(both, consent_withdrawn(START, helper="Al Sample", by=HELPER))
    assert "no other helper" in refused([], consent_withdrawn(START, by=HELPER))


@pytest.mark.parametrize("kind", ["trial.confirmed", "trial.decided", "helper.consented", "session.held", "anything"])
def test_nobody_can_let_a_helper_confirm_decide_consent_or_hold_a_session(kind):
    assert "none of the answers" in refused([], consent([kind]))


def test_only_the_person_gives_a_consent():
    assert "helper.consented is for a person" in refused([], consent(["diary"], by=HELPER))
    assert "helper.consented is for a person" in refused([], consent(["diary"], by=DOCTOR))


# intake


def test_each_part_of_the_intake_is_optional_and_not_asked_is_never_none():
    story = heard([intake("allergies", "none")])
    assert standing(story.told.intake)["allergies"].answer == "none"
    assert "family" not in story.told.intake
    for part in PARTS:
        for word in ("none", "not known", "rather not say"):
            assert standing(heard([intake(part, word)]).told.intake)[part].answer == word


def test_a_part_told_again_takes_the_place_of_what_was_told_and_loses_none_of_it():
    story = heard([intake("family", "none"), intake("family", entries=[{"what": "migraine", "who": "father"}])])
    first, second = story.told.intake["family"]
    assert (first.value.answer, second.value.entries) == ("none", ({"what": "migraine", "who": "father"},))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"part": "shoes", "answer": "none"}, "no part of the intake"),
        ({"part": "family"}, "answer: it is missing"),
        ({"part": "family", "answer": "told"}, "yet there is nothing"),
        ({"part": "family", "answer": "none", "entries": [{"what": "migraine"}]}, "yet something is told"),
        ({"part": "family", "answer": "told", "entries": [{"who": "mother"}]}, "what: it is missing"),
        ({"part": "family", "answer": "told", "entries": [{"what": "migraine", "dose": 1}]}, "no such key"),
        ({"part": "pregnancy", "answer": "told", "entries": [{"plans": "no"}, {"plans": "yes"}]}, "there is one"),
        ({"part": "family", "taken_back": "slip"}, "nothing"),
    ],
)
def test_an_intake_that_says_nothing_or_two_things_is_refused(body, said):
    assert said in refused([], told(kinds.INTAKE, body, BEFORE))


# goals


def goals_in(*goals):
    """A journey up to the answer of the review, with goals told before it."""
    return [*goals, *stories.journey(REVIEW_ON)[:-1]]


def test_a_decision_to_go_on_waits_for_an_answer_to_every_goal_of_the_person():
    events = goals_in(goal("work", "to work five days"), goal("days", "four days", outcome="headache_day", at_most=4))
    words = refused(events, stories.decided(REVIEW_ON))
    assert "'to work five days'" in words
    assert "'four days'" in words
    assert "Ask the person" in words
    one = [every.answer("work", "partly")]
    assert "the goal days without an answer" in refused(events, stories.decided(REVIEW_ON, goals=one))
    both = [*one, every.answer("days", "reached")]
    story = heard([*events, stories.decided(REVIEW_ON, goals=both)])
    assert [each.answer for each in story.trials[TRIAL].decisions[0].goals] == ["partly", "reached"]


def test_a_goal_that_was_taken_back_needs_no_answer_and_a_stop_waits_for_none():
    events = goals_in(goal("work", "to work five days"))
    back = told(kinds.GOAL, {"entry": "work", "taken_back": "I retired"}, REVIEW_ON)
    assert heard([*events, back, stories.decided(REVIEW_ON)]).trials[TRIAL].phase == "maintenance"
    assert heard([*events, stories.decided(REVIEW_ON, "stop")]).trials[TRIAL].phase == "taper"


def test_an_answer_to_a_goal_that_nobody_told_is_refused():
    words = refused(goals_in(), stories.decided(REVIEW_ON, goals=[every.answer("sail", "reached")]))
    assert "there is no goal 'sail'" in words


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"outcome": "headache_day"}, "go together"),
        ({"at_most": 4}, "go together"),
        ({"outcome": "headache_day", "at_most": 4, "at_least": 2}, "go together"),
        ({"outcome": "headache_day", "at_most": 2.5}, "whole days"),
        ({"outcome": "headache_day", "at_most": 29}, "cannot be"),
        ({"outcome": "luck", "at_most": 4}, "none of the answers"),
        ({"taken_back": "no"}, "tells of it too"),
    ],
)
def test_a_goal_that_is_measured_by_halves_is_refused(body, said):
    assert said in refused([], goal("a", "fewer days", **body))


# warning signs


def test_a_warning_sign_stays_open_until_a_clinician_answers_it_and_keeps_who_saw_it_when():
    nurse_saw = every.flag_shown(to=NURSE, day=START + timedelta(days=1), on=START.isoformat())
    called = every.flag_answered(done="called somebody", by=PERSON)
    story = heard([every.flag_shown(), nurse_saw, called])
    flag = story.told.flags["rash"]
    assert flag.open
    assert [seen.by.name for seen in flag.seen] == [PERSON.name, NURSE.name]
    assert [seen.at for seen in flag.seen] == [stories.at(START), stories.at(START + timedelta(days=1))]
    answered = require(story, every.flag_answered(words="no rash any more")).told.flags["rash"]
    assert not answered.open
    assert [each.done for each in answered.done] == ["called somebody", "examined"]


def test_only_a_clinician_says_that_a_grave_sign_needs_nothing():
    words = refused([every.flag_shown()], every.flag_answered(done="no change needed", by=PERSON))
    assert "for a clinician to tell" in words
    assert (
        not heard([every.flag_shown(tier="advise"), every.flag_answered(done="no change needed", by=PERSON)])
        .told.flags["rash"]
        .open
    )


def test_a_sign_that_was_never_shown_cannot_be_answered_and_another_sign_needs_its_own_name():
    assert "no sign 'rash' was shown" in refused([], every.flag_answered())
    assert "a name of its own" in refused([every.flag_shown()], every.flag_shown(code="mood"))
    body = {**every.flag_shown().body}
    del body["to"]
    assert "who saw it" in refused([], every.flag_shown()._replace(body=body))


# sessions


def test_a_session_is_told_by_a_clinician_or_by_a_nurse_who_names_the_clinician_and_by_nobody_else():
    held = standing(heard([every.session_held()]).told.sessions)["first"]
    assert (held.held_by, held.file.treatment) == (DOCTOR.name, "ketamine")
    for by in (PERSON, HELPER, Actor("cleardays", "software")):
        assert "session.held is for a clinician or nurse" in refused([consent(["diary"])], every.session_held(by=by))
    assert "held_by" in refused([], every.session_held(by=NURSE))
    assert "held_by" in refused([], every.session_held(by=NURSE, held_by="Dr Ada Field"))
    story = heard([every.session_held(by=NURSE, held_by="Dr Ada Field", qualification="anaesthetist")])
    assert standing(story.told.sessions)["first"].qualification == "anaesthetist"


def test_a_session_at_home_or_without_supervision_is_no_supervised_session():
    for change in ({"place": "home"}, {"supervised": False}):
        assert "not supervised" in refused([], every.session_held(record={**every.KETAMINE, **change}))


def test_a_session_of_another_treatment_than_its_trial_is_refused_and_so_is_an_unknown_trial():
    events = [stories.opened(BEFORE)]
    assert "the trial is of lamotrigine" in refused(events, every.session_held(trial=TRIAL))
    assert "there is no trial 'none'" in refused(events, every.session_held(trial="none"))


def test_a_session_told_again_takes_the_place_of_the_first_telling_and_loses_none_of_it():
    again = every.session_held(record={**every.KETAMINE, "note": "the pump was changed"})
    story = heard([every.session_held(), again])
    assert [version.value.record.get("note") for version in story.told.sessions["first"]] == [None, "the pump was changed"]
    back = told(kinds.SESSION_HELD, {"entry": "first", "taken_back": "it was put off"}, START, DOCTOR)
    assert standing(require(story, back).told.sessions) == {}
