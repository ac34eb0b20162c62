"""A person's story: its events, the phases of a trial, the baseline that stays, the diary that is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cleardays.problems import BadInput
from cleardays.trial.story import phases, steps
from cleardays.trial.story.baseline import digest_of, fix_baseline, read_baseline
from cleardays.trial.story.diary_told import fold_diary
from cleardays.trial.story.events import Actor, canonical, read_event
from cleardays.trial.story.story import KINDS, Story, fold, require
from reference import stories
from reference.plan_files import START
from reference.stories import DOCTOR, PERSON, TRIAL, day_told, placed

REVIEW_ON = START + timedelta(days=120)


def heard(events, story=None):
    """The story after events that a store would have let in."""
    story = story or Story("sam")
    for event in events:
        story = require(story, event)
    return story


def up_to(kind):
    """The journey until just before the first event of a kind."""
    events = stories.journey()
    return events[: next(at for at, event in enumerate(events) if event.kind == kind)]


def refused(events, event):
    """The words with which an event is refused after others."""
    with pytest.raises(BadInput) as bad:
        require(heard(events), event)
    return str(bad.value)


def test_a_journey_goes_from_screening_to_baseline_to_titration_to_review_to_decision_and_on():
    story, seen = Story("sam"), []
    for event in stories.journey():
        story = require(story, event)
        phase = story.trials[TRIAL].phase
        if not seen or seen[-1] != phase:
            seen.append(phase)
    assert seen == ["screening", "baseline", "titration", "review", "decision", "maintenance"]


def test_folding_the_events_gives_the_trials_that_letting_them_in_one_by_one_gave():
    events = stories.journey()
    assert fold("sam", placed(events)).trials == heard(events).trials


def test_every_step_of_the_table_starts_in_a_phase_and_leads_to_one():
    for step in phases.STEPS:
        assert set(step.phases) <= set(phases.PHASES)
        assert step.to is None or step.to in phases.PHASES
        assert phases.ENDED not in step.phases


def test_every_phase_but_the_end_can_be_left():
    left = {phase for step in phases.STEPS if step.to for phase in step.phases}
    assert left == set(phases.OPEN)


def test_nothing_is_begun_by_a_draft():
    events = [event for event in up_to(phases.BEGUN) if event.kind != phases.CONFIRMED]
    assert "no confirmed plan" in refused(events, stories.begun(fold("sam", placed(events)).diary))


def test_nothing_is_begun_by_a_plan_that_was_changed_after_its_confirmation():
    events = up_to(phases.BEGUN)
    draft, _ = stories.plan_of()
    events.append(stories.planned(draft, START))
    assert "no confirmed plan" in refused(events, stories.begun(fold("sam", placed(events)).diary))


def test_nothing_is_begun_on_another_day_than_the_plan_says():
    events = up_to(phases.BEGUN)
    late = stories.begun(fold("sam", placed(events)).diary, start=START + timedelta(days=1))
    assert "not on" in refused(events, late)


def test_nothing_is_begun_after_a_screening_that_refuses():
    events = [*up_to(phases.BEGUN), stories.screened(START, "refuse")]
    words = refused(events, stories.begun(fold("sam", placed(events)).diary))
    assert "the trial is in the phase screening" in words


def test_only_a_clinician_confirms_a_plan():
    _, plan = stories.plan_of()
    event = stories.confirmation(plan, START - timedelta(days=3), by=Actor("Dr Ada Field", "person"))
    assert "for a clinician" in refused(up_to(phases.CONFIRMED), event)


def test_a_confirmation_is_told_by_the_clinician_who_gave_it():
    _, plan = stories.plan_of()
    event = stories.confirmation(plan, START - timedelta(days=3), by=Actor("Dr Someone Else", "clinician"))
    assert "Dr Ada Field confirmed it" in refused(up_to(phases.CONFIRMED), event)


def test_only_a_clinician_decides():
    assert "for a clinician" in refused(up_to(phases.DECIDED), stories.decided(REVIEW_ON, by=PERSON))


@pytest.mark.parametrize("word", ["continue", "adjust", "wait"])
def test_going_on_is_decided_only_upon_an_answer(word):
    assert "attach its answer first" in refused(up_to(phases.ANSWERED), stories.decided(REVIEW_ON, word))


def test_a_stop_waits_for_no_review():
    story = heard([*up_to(phases.REVIEW_OPENED), stories.decided(REVIEW_ON, "stop")])
    assert story.trials[TRIAL].phase == "taper"
    assert story.trials[TRIAL].decisions[0].answered is None
    story = heard([stories.ended(REVIEW_ON)], story)
    assert story.trials[TRIAL].phase == "ended"


def test_a_decision_rests_on_the_answer_as_it_was_then():
    decision = heard(stories.journey()).trials[TRIAL].decisions[0]
    assert decision.answered.as_of == REVIEW_ON
    assert decision.answered.answer == {"verdict": "responding"}
    assert decision.by == DOCTOR.name


def test_a_decision_without_a_reason_or_without_a_next_look_is_none():
    events = up_to(phases.DECIDED)
    assert "no reason" in refused(events, stories.decided(REVIEW_ON, reasons=[]))
    assert "next_review_on" in refused(events, stories.decided(REVIEW_ON, next_review_on=None))
    assert "not after" in refused(events, stories.decided(REVIEW_ON, next_review_on=REVIEW_ON.isoformat()))


@pytest.mark.parametrize(("word", "phase"), [("continue", "maintenance"), ("adjust", "titration"), ("wait", "titration")])
def test_after_a_decision_the_trial_goes_on_and_can_be_reviewed_again(word, phase):
    later = REVIEW_ON + timedelta(days=84)
    story = heard([*up_to(phases.DECIDED), stories.decided(REVIEW_ON, word)])
    assert (story.trials[TRIAL].phase, story.trials[TRIAL].review_on) == (phase, later)
    again = heard([stories.review_opened(later), stories.answered(later), stories.decided(later, "stop")], story)
    assert [each.decision for each in again.trials[TRIAL].decisions] == [word, "stop"]


def test_nothing_follows_the_end():
    events = [*up_to(phases.SCREENED), stories.ended(START, "never begun")]
    for event in (stories.screened(START), stories.review_opened(START), stories.decided(START, "stop")):
        assert "the phase ended" in refused(events, event)


def test_two_trials_run_beside_each_other_and_one_after_the_other():
    story = heard([*stories.journey(), stories.opened(REVIEW_ON, trial="second", treatment="propranolol")])
    assert {name: trial.phase for name, trial in story.trials.items()} == {"first": "maintenance", "second": "screening"}
    assert "was opened already" in refused(stories.journey(), stories.opened(REVIEW_ON))


def test_a_step_of_a_trial_that_nobody_opened_is_refused():
    assert "there is no trial" in refused([], stories.screened(START))


def test_a_plan_of_another_treatment_is_refused():
    other, _ = stories.plan_of("topiramate")
    assert "the trial is of lamotrigine" in refused(up_to(phases.PLANNED), stories.planned(other, START))


def test_a_plan_that_forgets_what_was_followed_is_refused():
    events = up_to(phases.REVIEW_OPENED)
    draft, _ = stories.plan_of(start=START)
    assert "no later version" in refused(events, stories.planned(draft, REVIEW_ON))


def test_a_plan_that_was_edited_by_hand_is_refused():
    draft, _ = stories.plan_of()
    event = stories.planned(draft, START)
    event.body["plan"]["steps"][0]["amount"] = 500
    with pytest.raises(BadInput):
        require(heard(up_to(phases.PLANNED)), event)


def test_the_baseline_stays_as_it_was_fixed_whatever_is_told_later_of_its_days():
    before = heard(stories.journey()).trials[TRIAL].baseline
    changed = [*stories.journey(), day_told(START - timedelta(days=3), "severe", written=REVIEW_ON)]
    story = fold("sam", placed(changed))
    assert story.trials[TRIAL].baseline == before
    assert digest_of(story.diary, before.first, before.last) != before.digest


def test_a_baseline_counts_only_known_days_before_the_start():
    events = stories.days(START - timedelta(days=10), "X0.X0.0000XXX")
    diary, _ = fold_diary(placed(events))
    found = fix_baseline(diary, START, outcomes=("headache_day",), at=stories.at(START))
    counted = found.of("headache_day")
    assert (found.first, found.last) == (START - timedelta(days=10), START - timedelta(days=1))
    assert (counted.had, counted.known, found.days) == (2, 8, 10)
    assert read_baseline(stories.as_json(found.document()), "baseline") == found


def test_a_baseline_of_nothing_known_says_so_and_counts_no_zero():
    diary, _ = fold_diary(placed(stories.days(START, "X0X0")))
    found = fix_baseline(diary, START, outcomes=("headache_day",), at=stories.at(START))
    assert found.method == "nothing known"
    assert found.of("headache_day").per_28 is None


def test_a_day_written_down_later_makes_the_baseline_recalled_in_part():
    events = stories.days(START - timedelta(days=3), "X0")
    events.append(day_told(START - timedelta(days=1), written=START + timedelta(days=9)))
    diary, _ = fold_diary(placed(events))
    found = fix_baseline(diary, START, outcomes=("headache_day",), at=stories.at(START))
    assert (found.recalled, found.method) == (1, "live and recalled")


def test_a_correction_takes_the_place_of_a_day_and_the_first_version_stays_in_the_events():
    first, later = day_told(START, "mild"), day_told(START, "severe", written=START + timedelta(days=2))
    diary, entries = fold_diary(placed([first, later]))
    assert [record.headache for record in diary.records] == ["severe"]
    assert entries["day.told", START.isoformat()].seq == 2
    then = fold("sam", placed([first, later]), until=stories.at(START, 23))
    assert [record.headache for record in then.diary.records] == ["mild"]


def test_a_day_that_is_withdrawn_is_unknown_and_not_clear():
    body = {"of": "day.told", "entry": START.isoformat(), "why": "another day was meant"}
    diary, _ = fold_diary(placed([day_told(START, "mild"), stories.told("entry.withdrawn", body, START)]))
    assert diary.records == ()


def test_a_day_counts_as_told_when_it_was_written_down_unless_it_says_otherwise():
    diary, _ = fold_diary(placed([day_told(START, written=START + timedelta(days=4))]))
    assert diary.records[0].reported_at == stories.at(START + timedelta(days=4))


def test_a_story_as_of_an_instant_never_holds_a_step_without_the_one_before_it():
    events = stories.journey()
    early = events[3]._replace(at=datetime(2099, 1, 1, tzinfo=UTC))
    events[3] = early
    then = fold("sam", placed(events), until=stories.at(START))
    assert then.seq == 3


def test_a_whole_diary_is_told_and_folded_without_loss(example):
    events = stories.whole_diary(example, START)
    diary, _ = fold_diary(placed(events))
    assert (diary.records, diary.about) == (example.records, example.about)


def test_a_cell_that_cannot_be_read_is_refused_with_its_column():
    words = refused([], day_told(START, "dreadful"))
    assert "headache" in words
    assert "dreadful" in words


def test_a_column_that_does_not_exist_is_refused():
    assert "no column" in refused([], day_told(START, zodiac="libra"))


def test_a_day_that_contradicts_itself_is_refused():
    assert "the day is clear" in refused([], day_told(START, "clear", pain_max="7"))


def test_a_note_of_ten_thousand_characters_is_kept_and_a_longer_one_refused():
    note = "ا" * 10_000
    diary, _ = fold_diary(placed([day_told(START, "mild", note=note)]))
    assert diary.records[0].note == note
    assert "more than 10,000" in refused([], day_told(START, "mild", note=note + "x"))


def test_an_unknown_kind_is_refused():
    assert "no kind of event" in refused([], stories.told("horoscope.cast", {}, START))


@pytest.mark.parametrize("event", stories.journey()[:4], ids=lambda event: event.kind)
def test_an_event_reads_back_from_its_document(event):
    assert read_event(stories.as_json(event.document()), "event") == event


def test_an_event_that_is_half_there_is_refused_with_every_fault():
    with pytest.raises(BadInput) as bad:
        read_event({"at": "yesterday", "by": {"name": "", "role": "king"}, "trial": "A B", "body": [], "more": 1}, "line 7")
    assert {problem.where for problem in bad.value.problems} == {
        "line 7, 'more'", "line 7, kind", "line 7, at", "line 7, by.name", "line 7, by.role", "line 7, trial", "line 7, body",
    }  # fmt: skip


def test_equal_values_have_one_text_and_a_number_that_is_none_has_no_text():
    assert canonical({"b": [1, None], "a": "ü"}) == '{"a":"ü","b":[1,null]}'
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))


def test_every_kind_of_event_has_a_name_of_its_own():
    assert len(set(KINDS)) == len(KINDS)


def test_a_clear_day_is_never_made_of_nothing():
    diary, _ = fold_diary(placed(stories.days(START, "X..0")))
    assert [replace(record, reported_at=None).headache for record in diary.records] == ["moderate", "clear"]


def test_a_baseline_of_drinks_keeps_their_mean_over_days_whose_number_is_known():
    told = ["5", "0", None, "3"]
    events = [
        day_told(START + timedelta(days=n - 4), "clear", **({} if drinks is None else {"standard_drinks": drinks}))
        for n, drinks in enumerate(told)
    ]
    diary, _ = fold_diary(placed(events))
    counted = fix_baseline(diary, START, outcomes=("drinks",), at=stories.at(START)).of("drinks")
    assert (counted.had, counted.known) == (2, 3)
    assert counted.mean == pytest.approx(8 / 3)


def test_the_steps_make_the_events_of_a_whole_journey():
    by, first = PERSON, START - timedelta(days=30)
    draft, plan = stories.plan_of()
    story = Story("sam")
    screen = {"verdict": "proceed", "alerts": [], "unknown": [], "catalogue_version": "1", "treatment": "lamotrigine"}
    for event in (
        steps.opening("t", "lamotrigine", stories.INDICATION, "aura", first, at=stories.at(first), by=by),
        steps.screening("t", screen, START, at=stories.at(START), by=by),
        steps.planning("t", draft, at=stories.at(START), by=by),
        steps.planning("t", plan, at=stories.at(START), by=by),
    ):
        story = require(story, event)
    story = replace(story, diary=fold("sam", placed(stories.days(START - timedelta(days=28), "X00X0X0" * 4))).diary)
    story = require(story, steps.beginning(story, "t", START, at=stories.at(START), by=by))
    assert story.trials["t"].baseline.of("headache_day").known == 28
    for event in steps.reviewing("t", REVIEW_ON, {"verdict": "cannot_tell"}, at=stories.at(REVIEW_ON), by=DOCTOR):
        story = require(story, event)
    again = REVIEW_ON + timedelta(days=56)
    story = require(
        story, steps.deciding("t", "wait", ("too few days",), REVIEW_ON, again=again, at=stories.at(again), by=DOCTOR)
    )
    assert story.trials["t"].review_on == again
    stopped = steps.deciding("t", "stop", ("rash",), again, again=None, at=stories.at(again), by=DOCTOR)
    done = steps.ending("t", "finished", "stepped down", again, at=stories.at(again), by=by)
    assert require(require(story, stopped), done).trials["t"].phase == "ended"
    with pytest.raises(BadInput, match="There are t"):
        steps.trial_of(story, "other")


@pytest.mark.parametrize("alerts", [[1], "none", [{"says": "no code"}], 7])
def test_what_are_no_alerts_of_a_screening_is_said_and_not_let_in(alerts):
    story = require(fold("sam", ()), stories.opened(START))
    with pytest.raises(BadInput, match="no alerts of a screening"):
        require(story, stories.screened(START)._replace(body={**stories.screened(START).body, "alerts": alerts}, trial="first"))


def test_a_day_told_otherwise_by_a_second_device_stands_beside_the_first_until_somebody_tells_it_anew():
    also = stories.told("day.also-told", {"cells": {"date": START.isoformat(), "headache": "severe"}}, START)
    events = [day_told(START, "mild"), also]
    diary, entries = fold_diary(placed(events))
    assert [record.headache for record in diary.records] == ["mild"]
    assert entries["day.also-told", START.isoformat()].cells["headache"] == "severe"
    diary, entries = fold_diary(placed([*events, day_told(START, "severe")]))
    assert [record.headache for record in diary.records] == ["severe"]
    assert ("day.also-told", START.isoformat()) not in entries
    withdrawn = stories.told("entry.withdrawn", {"of": "day.also-told", "entry": START.isoformat()}, START)
    diary, entries = fold_diary(placed([*events, withdrawn]))
    assert [record.headache for record in diary.records] == ["mild"]
    assert list(entries) == [("day.told", START.isoformat())]
