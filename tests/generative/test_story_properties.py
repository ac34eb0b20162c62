"""What holds of every story, whatever is told and in which order."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.problems import BadInput
from cleardays.trial.story import phases
from cleardays.trial.story.story import Story, fold, require
from reference import stories
from reference.plan_files import START
from reference.stories import PERSON, TRIAL, placed

DRAFT, PLAN = stories.plan_of()
FOLLOWED = (phases.TITRATION, phases.MAINTENANCE, phases.REVIEW, phases.DECISION, phases.TAPER)
BEFORE = stories.days(START - timedelta(days=28), "X00X0X0" * 4)
DIARY = fold("sam", placed(BEFORE)).diary

ROLES = st.sampled_from(["person", "helper", "clinician", "nurse", "software"])
DAYS = st.integers(-30, 200).map(lambda number: START + timedelta(days=number))


def anything(day, by):
    """One event of any kind, told by anybody on any day; most of them cannot be."""
    return st.sampled_from(
        [
            stories.opened(day),
            *(stories.screened(day, verdict) for verdict in ("proceed", "ask", "refuse")),
            stories.planned(DRAFT, day),
            stories.confirmation(PLAN, day),
            stories.confirmation(PLAN, day, by=by),
            stories.begun(DIARY),
            stories.begun(DIARY, start=day),
            stories.review_opened(day),
            stories.answered(day),
            *(stories.decided(day, word) for word in phases.DECISIONS),
            stories.decided(day, by=by),
            *(stories.ended(day, ending) for ending in phases.ENDINGS),
            stories.day_told(day, "mild"),
        ]
    )


# Some way along the journey first, so that what comes after meets every phase.
JOURNEY = stories.journey()
ROWS = st.tuples(
    st.integers(0, len(JOURNEY)),
    st.lists(st.tuples(DAYS, ROLES).flatmap(lambda told: anything(told[0], PERSON._replace(role=told[1]))), max_size=8),
).map(lambda told: [*JOURNEY[: told[0]], *told[1]])


def let_in(events):
    """The story, and the events that were let in, as a store does it."""
    story, kept = Story("sam"), []
    for event in events:
        try:
            after = require(story, event)
        except BadInput:
            continue
        story, kept = after, [*kept, event]
    return story, kept


@given(ROWS)
@settings(max_examples=50)
def test_a_trial_is_followed_only_by_a_plan_that_a_clinician_confirmed(events):
    story, _ = let_in(events)
    for trial in story.trials.values():
        if trial.phase in FOLLOWED:
            assert trial.confirmed is not None
            assert trial.begun_on == trial.confirmed.start


@given(ROWS)
@settings(max_examples=40)
def test_what_was_let_in_folds_to_the_same_trials(events):
    story, kept = let_in(events)
    assert fold("sam", placed(kept)).trials == story.trials


@given(ROWS)
@settings(max_examples=40)
def test_nothing_that_was_told_is_forgotten_by_what_comes_after(events):
    story, kept = Story("sam"), []
    for event in events:
        before = story.trials.get(TRIAL)
        try:
            story = require(story, event)
        except BadInput:
            assert story.trials.get(TRIAL) == before
            continue
        kept.append(event)
        after = story.trials.get(TRIAL)
        if before is not None:
            for held in ("screened", "plans", "answers", "decisions"):
                earlier = getattr(before, held)
                assert getattr(after, held)[: len(earlier)] == earlier
            assert before.baseline is None or after.baseline == before.baseline
            assert before.begun_on is None or after.begun_on == before.begun_on


@given(ROWS)
@settings(max_examples=40)
def test_every_decision_to_go_on_rests_on_an_answer_and_is_a_clinicians(events):
    story, kept = let_in(events)
    assert all(event.by.role == "clinician" for event in kept if event.kind in (phases.DECIDED, phases.CONFIRMED))
    for trial in story.trials.values():
        for decision in trial.decisions:
            assert decision.reasons
            assert decision.answered is not None or decision.decision == phases.STOP


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["clear", "mild", "severe"]), st.integers(0, 5)), max_size=40))
def test_the_diary_holds_each_day_once_as_it_was_told_last(told):
    first = [stories.day_told(START + timedelta(days=n), level, START + timedelta(days=n + late)) for n, level, late in told]
    story = fold("sam", placed(first))
    last = {START + timedelta(days=number): level for number, level, _ in told}
    assert {record.date: record.headache for record in story.diary.records} == last
    assert [record.date for record in story.diary.records] == sorted(last)


@given(ROWS, st.integers(0, 200))
@settings(max_examples=30)
def test_a_story_as_of_an_instant_can_always_be_told_and_only_grows(events, number):
    _, kept = let_in(events)
    then, later = (fold("sam", placed(kept), until=stories.at(START + timedelta(days=n))) for n in (number, number + 30))
    assert then.seq <= later.seq
    assert set(then.trials) <= set(later.trials)
