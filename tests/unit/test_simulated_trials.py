"""Complete simulated trials: every step may be taken, decisions follow from the answers, and the same seed tells the same."""

from __future__ import annotations

from functools import cache

import pytest

from cleardays.plan.session_judge import judge
from cleardays.trial.demonstration.deciding import LAST, combined
from cleardays.trial.demonstration.journey import simulate
from cleardays.trial.demonstration.truth import case_names, read_case
from cleardays.trial.goals import goals_beside
from cleardays.trial.reviewed import review_of
from cleardays.trial.story import phases
from cleardays.trial.story.events import read_event
from cleardays.trial.story.story import Story, fold, require
from cleardays.trial.story.versions import standing
from reference.stories import as_json

NAMES = case_names()


@cache
def simulated(name):
    """Each case once: nothing of it is ever changed."""
    return simulate(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_event_comes_back_from_json_and_is_let_in_one_after_the_other_as_a_store_does(name):
    whole = simulated(name)
    story = Story(whole.case.person)
    again = [read_event(as_json(event.document()), "event") for event in whole.events]
    for event in again:
        story = require(story, event)
    assert fold(whole.case.person, enumerate(again, 1)) == whole.story


@pytest.mark.parametrize("name", NAMES)
def test_events_are_told_in_the_order_of_their_instants(name):
    instants = [event.at for event in simulated(name).events]
    assert instants == sorted(instants)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_tells_the_same_story_and_another_one_another(name):
    one, again, other = simulated(name), simulate(name), simulate(name, 5)
    assert [event.document() for event in again.events] == [event.document() for event in one.events]
    assert other.story.diary.records != one.story.diary.records


@pytest.mark.parametrize("name", NAMES)
def test_each_decision_is_what_the_table_that_was_declared_says_of_the_verdict_of_its_answer(name):
    whole, case = simulated(name), read_case(name)
    told = whole.story.trials[name].decisions
    assert len(told) == len(whole.decisions)
    for at, decision in enumerate(told):
        if decision.answered is None:
            assert any(effect.ends for effect in case.side_effects)
            assert decision.decision == phases.STOP
            continue
        verdict = combined([review.response.verdict for review in (whole.reviews[at], *whole.beside[at])])
        assert decision.answered.answer["verdict"] == whole.reviews[at].response.verdict
        open_ = verdict in ("cannot_tell", "too_early") and at + 1 == case.looks
        assert decision.decision == case.decisions[LAST if open_ else verdict]["decision"]
        for review, said in zip((whole.reviews[at], *whole.beside[at]), decision.reasons, strict=False):
            assert review.response.verdict.replace("_", " ") in said


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_is_kept_is_the_one_that_the_story_of_that_evening_gives(name):
    whole = simulated(name)
    for answered, review in zip(whole.story.trials[name].answers, whole.reviews, strict=True):
        told = [event for event in whole.events if event.kind == phases.ANSWERED]
        when = next(event.at for event in told if event.body["as_of"] == answered.as_of.isoformat())
        then = fold(whole.case.person, enumerate(whole.events, 1), until=when)
        assert as_json(review_of(then, name, answered.as_of).document()) == as_json(dict(answered.answer))
        assert as_json(review.document()) == as_json(dict(answered.answer))


def test_the_five_end_differently():
    ends = {name: (simulated(name).reviews[-1].response.verdict, simulated(name).decisions[-1].decision) for name in NAMES}
    assert len(set(ends.values())) >= 4, ends


def test_a_red_flag_ends_a_trial_that_was_going_well_without_waiting_for_an_answer():
    whole = simulated("onabotulinumtoxina")
    trial = whole.story.trials["onabotulinumtoxina"]
    assert whole.reviews[-1].response.verdict == "responding"
    assert trial.phase == phases.ENDED
    assert "red-flag.trouble-swallowing" in trial.screened[-1].alerts
    assert trial.screened[-1].verdict == "refuse"
    assert trial.decisions[-1].answered is None
    assert [flag.done[0].done for flag in whole.story.told.flags.values() if flag.code == "red-flag.trouble-swallowing"] == [
        "treatment stopped"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_sign_that_was_shown_was_answered_by_a_clinician(name):
    assert not [flag.code for flag in simulated(name).story.told.flags.values() if flag.open]


@pytest.mark.parametrize("name", NAMES)
def test_the_goals_stood_before_day_one_and_every_decision_after_an_answer_answers_each(name):
    whole = simulated(name)
    beside = goals_beside(whole.story, name)
    decided = [each for each in whole.story.trials[name].decisions if each.answered is not None]
    assert {each.when for each in beside} == {"before day one"}
    assert all(len(each.answers) >= len(decided) for each in beside)


def test_the_ketamine_session_was_supervised_and_no_reading_that_was_due_is_missing_from_its_record():
    whole = simulated("ketamine")
    (held,) = standing(whole.story.told.sessions).values()
    judged = judge(held.file)
    assert held.kind == "supervised"
    assert not judged.missed
    assert judged.discharge == "in_order"
    assert [dose.state for dose in whole.story.diary.beside.doses if dose.kind == "session"] == ["given"]


def test_each_toxin_session_that_was_held_has_its_record_as_the_plan_has_its_sites():
    whole = simulated("onabotulinumtoxina")
    held = standing(whole.story.told.sessions).values()
    assert len(held) == 3
    assert all(each.file.units == 155 for each in held)


def test_where_half_the_days_after_a_session_are_missing_nobody_can_tell_and_the_answer_says_why():
    review = simulated("ketamine").reviews[-1]
    assert review.response.verdict == "cannot_tell"
    assert any("days of the diary are known" in reason.because for reason in review.response.reasons)


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_told_nowhere_in_the_story(name):
    whole = simulated(name)
    told = str([event.document() for event in whole.events])
    assert whole.case.teaches not in told
    assert "reduction = " not in told
