"""The dose-response log: every dose that was taken, the days at it, and what it may not be read as."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.diary.beside import Beside
from cleardays.diary.entries import DoseEntry, Event
from cleardays.diary.outcomes import day_series
from cleardays.plan.change_state import Change
from cleardays.plan.changes import change
from cleardays.problems import BadInput
from cleardays.sources import all_sources
from cleardays.trial.dose_left import AS_PLANNED, AS_TOLD, CHANGED, ENDED
from cleardays.trial.dose_levels import NOTHING, PARTLY, PLANNED, SESSION, TOLD, level_rules
from cleardays.trial.dose_response import dose_response, interval_of
from reference.confirmed_plans import confirmed, drafted
from reference.told_stories import DR, START, begun, diary_events, diary_of, event, told

BEFORE = START - timedelta(days=28)
DAY = timedelta(days=1)


def taken(first, count, amount, **more):
    return tuple(
        DoseEntry(date=first + n * DAY, kind="preventive", drug="lamotrigine", amount=Decimal(amount), unit="mg", state="taken",
                  **more)
        for n in range(count)
    )  # fmt: skip


def story_of(pattern="X000" * 7 + "X00." * 20, doses=(), events=(), file=None, **how):
    diary = diary_of(pattern, BEFORE, beside=Beside(doses=tuple(doses), events=tuple(events)))
    return told([*begun("first", file=file, diary=diary_of("X000" * 7, BEFORE)), *diary_events(diary)], **how)


def doses_of(found):
    return [each.stretch.dose.amount for each in found.levels]


def test_a_dose_that_nobody_told_of_stands_as_planned_and_says_so():
    found = dose_response(story_of(), "first", START + 60 * DAY)
    assert doses_of(found)[:2] == [25, 50]
    assert {each.stretch.evidence for each in found.levels} == {PLANNED}
    assert "doses.assumed" in {reason.rule for reason in found.reasons}


def test_the_log_says_that_doses_follow_one_another_in_time_and_show_nothing_alone():
    said = {reason.rule: reason.because for reason in dose_response(story_of(), "first", START + 60 * DAY).reasons}
    assert "this log alone does not show what a dose did" in said["doses.in-time"]
    assert "1927" in said["doses.interval"]


def test_doses_that_are_told_make_the_level_a_told_one_and_some_of_them_a_partly_told_one():
    doses = (*taken(START, 14, 25), *taken(START + 14 * DAY, 5, 50))
    found = dose_response(story_of(doses=doses), "first", START + 27 * DAY)
    assert [each.stretch.evidence for each in found.levels] == [TOLD, PARTLY]


def test_another_dose_than_the_planned_one_is_a_level_of_its_own_where_it_is_told_for_long_enough():
    stayed = taken(START, 28, 25)
    found = dose_response(story_of(doses=stayed), "first", START + 40 * DAY)
    assert found.levels[0].days == 28
    assert found.levels[0].left.how == AS_TOLD
    assert found.levels[1].stretch.dose.amount > 25


def test_a_dose_left_out_now_and_then_is_counted_and_makes_no_level_of_its_own():
    left_out = DoseEntry(date=START + 3 * DAY, kind="preventive", drug="lamotrigine", state="skipped")
    found = dose_response(story_of(doses=[left_out]), "first", START + 20 * DAY)
    assert doses_of(found) == [25, 50]
    assert found.levels[0].stretch.otherwise == 1


def test_a_week_without_a_dose_is_a_level_without_one():
    gone = [DoseEntry(date=START + n * DAY, kind="preventive", drug="lamotrigine", state="skipped") for n in range(3, 10)]
    found = dose_response(story_of(doses=gone), "first", START + 20 * DAY)
    assert [each.stretch.dose.kind for each in found.levels[:3]] == ["dose", NOTHING, "dose"]
    assert found.levels[1].left.how == AS_TOLD


def test_a_change_of_the_plan_that_ends_a_dose_says_why_and_who():
    file = confirmed(drafted("lamotrigine", "migraine-with-aura", START))
    assert dose_response(story_of(file=file), "first", START + 40 * DAY).levels[0].left.how == AS_PLANNED
    back = confirmed(change(file, Change("step-back", START + 20 * DAY, "dizzy at work", DR.name, {})))
    again = event("trial.confirmed", {"plan": back.document()}, on=START + 19 * DAY, by=DR, trial="first")
    left = dose_response(told([*begun("first", file=file), again]), "first", START + 60 * DAY).levels[1].left
    assert (left.on, left.how, left.by) == (START + 20 * DAY, CHANGED, DR.name)
    assert "dizzy at work" in left.because


def test_doses_that_are_told_after_the_plan_was_stopped_are_a_level_by_the_diary():
    file = confirmed(drafted("lamotrigine", "migraine-with-aura", START))
    ended = change(file, Change("stop", START + 10 * DAY, "a rash", DR.name, {}))
    again = event("trial.planned", {"plan": ended.document()}, on=START + 10 * DAY, trial="first")
    doses = diary_of("", BEFORE, beside=Beside(doses=taken(START + 12 * DAY, 9, "25")))
    found = dose_response(told([*begun("first", file=file), again, *diary_events(doses)]), "first", START + 30 * DAY)
    assert [(each.stretch.dose.kind, each.days) for each in found.levels] == [
        ("dose", 10),
        (NOTHING, 2),
        ("dose", 9),
        (NOTHING, 10),
    ]
    assert "a rash" in found.levels[0].left.because
    assert found.levels[2].stretch.by_diary
    assert found.levels[2].stretch.evidence == TOLD


def test_a_level_that_still_goes_on_was_not_left_and_one_at_the_end_of_the_trial_was():
    story = story_of()
    assert dose_response(story, "first", START + 60 * DAY).levels[-1].left is None
    end = {"on": str(START + 50 * DAY), "ending": "stopped by the person", "why": "could not sleep"}
    story = told([*begun("first"), event("trial.ended", end, on=START + 50 * DAY, trial="first")])
    last = dose_response(story, "first", START + 60 * DAY).levels[-1]
    assert last.stretch.last == START + 50 * DAY
    assert (last.left.how, last.left.because) == (ENDED, "could not sleep")


def test_side_effects_stand_with_the_dose_at_which_they_were_told_and_those_of_others_do_not():
    events = (
        Event(date=START + 2 * DAY, kind="side_effect", term="rash", severity="mild"),
        Event(date=START + 4 * DAY, kind="side_effect", term="Rash", severity="severe", drug="lamotrigine"),
        Event(date=START + 5 * DAY, kind="side_effect", term="cough", drug="lisinopril"),
        Event(date=START + 20 * DAY, kind="side_effect", term="dizziness", since=START + 3 * DAY, attribution="unsure"),
    )
    first, second = dose_response(story_of(events=events), "first", START + 27 * DAY).levels
    assert [(each.term, each.told, each.severity) for each in first.effects] == [("rash", 2, "severe")]
    assert [(each.term, each.since, each.attribution) for each in second.effects] == [("dizziness", START + 3 * DAY, "unsure")]


def test_too_few_known_days_give_no_rate_and_no_interval_and_keep_the_raw_count():
    story = story_of("X000" * 7 + "X......" * 6)
    for each in dose_response(story, "first", START + 40 * DAY).levels:
        for count in each.counts:
            assert count.too_few
            assert (count.per_28, count.lower, count.upper) == (None, None, None)
            assert count.had <= count.known < 14


def test_what_was_written_down_after_the_day_that_is_asked_about_is_not_read():
    story = story_of()
    early = dose_response(story, "first", START + 20 * DAY)
    assert early.levels[-1].stretch.last == START + 20 * DAY


def test_a_trial_that_was_not_begun_has_no_dose_and_says_so():
    found = dose_response(told(begun("first")[:-1]), "first", START + 20 * DAY)
    assert found.levels == ()
    assert [reason.rule for reason in found.reasons] == ["doses.none"]


def test_a_person_without_a_known_day_gets_the_doses_and_no_rate():
    found = dose_response(told(begun("first", diary=diary_of("", BEFORE))), "first", START + 40 * DAY)
    assert doses_of(found)[:2] == [25, 50]
    assert all(count.known == 0 and count.too_few for each in found.levels for count in each.counts)


def test_doses_in_a_unit_that_is_none_of_the_plans_are_not_read_and_said_to_be_left_out():
    odd = DoseEntry(date=START, kind="preventive", drug="lamotrigine", amount=Decimal(1), unit="spoons", state="taken")
    found = dose_response(story_of(doses=[odd]), "first", START + 20 * DAY)
    assert "doses.unread" in {reason.rule for reason in found.reasons}
    assert found.levels[0].stretch.evidence == PLANNED


def test_sessions_of_one_amount_are_one_level_and_another_amount_is_the_next():
    file = confirmed(drafted("onabotulinumtoxina", "chronic-migraine", START))
    given = [
        DoseEntry(
            date=START + n * DAY, kind="session", drug="onabotulinumtoxinA", amount=Decimal(a), unit="units", state="given"
        )
        for n, a in ((0, 155), (84, 155), (168, 195))
    ]
    diary = diary_of("X0" * 150, BEFORE, beside=Beside(doses=tuple(given)))
    told_so = [*begun("botox", "onabotulinumtoxina", "chronic-migraine", file=file), *diary_events(diary)]
    found = dose_response(told(told_so), "botox", START + 200 * DAY)
    assert [(each.stretch.dose.kind, each.stretch.dose.amount, len(each.stretch.sessions)) for each in found.levels] == [
        (SESSION, 155, 2), (SESSION, 195, 1)
    ]  # fmt: skip
    assert found.levels[0].stretch.evidence == TOLD


def test_the_record_of_a_session_says_what_was_given_where_the_plan_said_otherwise():
    file = confirmed(drafted("onabotulinumtoxina", "chronic-migraine", START))
    sites = [{"muscle": "procerus", "units": 5}, {"muscle": "frontalis", "side": "left", "units": 100}]
    record = {"on": str(START), "product": "onabotulinumtoxinA", "unit": "U", "by": DR.name, "sites": sites}
    held = event("session.held", {"entry": "a", "injections": record}, by=DR, trial="botox")
    told_so = [*begun("botox", "onabotulinumtoxina", "chronic-migraine", file=file), held]
    first = dose_response(told(told_so), "botox", START + 30 * DAY).levels[0]
    assert (first.stretch.dose.amount, first.stretch.evidence) == (105, TOLD)


def test_a_session_that_was_given_by_rate_has_no_one_amount():
    file = confirmed(drafted("ketamine", "refractory-migraine", START))
    given = {"from_minute": 0, "until_minute": 60, "route": "intravenous", "rate": 0.2, "rate_unit": "mg/kg/h"}
    about = {"treatment": "ketamine", "on": str(START), "entered_by": DR.name, "place": "hospital", "supervised": True}
    record = {**about, "given": [given]}
    held = event("session.held", {"entry": "a", "supervised": record}, by=DR, trial="ketamine")
    told_so = [*begun("ketamine", "ketamine", "refractory-migraine", file=file), held]
    first = dose_response(told(told_so), "ketamine", START + 3 * DAY).levels[0]
    assert (first.stretch.dose.kind, first.stretch.dose.amount) == (SESSION, None)


def test_an_unknown_trial_is_refused_by_name():
    with pytest.raises(BadInput, match="no trial"):
        dose_response(story_of(), "second", START)


def test_the_rules_of_the_log_have_sources_that_exist():
    for name, rule in level_rules().items():
        if name != "version":
            assert set(rule["source"]) <= all_sources().keys()


@given(st.integers(0, 400), st.integers(1, 400))
def test_the_interval_holds_the_rate_and_stays_within_the_month(had, known):
    had = min(had, known)
    lower, upper = interval_of(had, known)
    assert 0 <= lower <= 28 * had / known + 1e-9
    assert 28 * had / known - 1e-9 <= upper <= 28


MARKS = st.text("X0.", min_size=1, max_size=70)
LOGGED = st.lists(
    st.tuples(st.integers(0, 69), st.sampled_from(["25", "50", "0", "12.5"])), max_size=40, unique_by=lambda p: p[0]
)


def _doses(logged):
    return [
        DoseEntry(
            date=START + n * DAY, kind="preventive", drug="lamotrigine", state="taken" if amount != "0" else "skipped",
            amount=Decimal(amount) if amount != "0" else None, unit="mg" if amount != "0" else None,
        )
        for n, amount in sorted(logged)
    ]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(MARKS, LOGGED, st.integers(0, 80))
def test_every_day_belongs_to_one_level_and_no_unknown_day_is_counted(marks, logged, until):
    story, as_of = story_of("X000" * 7 + marks, doses=_doses(logged)), START + until * DAY
    found = dose_response(story, "first", as_of)
    covered = [each.stretch.first + n * DAY for each in found.levels for n in range(each.days)]
    assert covered == [START + n * DAY for n in range(until + 1)]
    for earlier, later in zip(found.levels, found.levels[1:], strict=False):
        assert earlier.stretch.dose != later.stretch.dose
        assert earlier.left.on == later.stretch.first
    series = day_series(story.diary, "headache_day", as_of=as_of).between(START, as_of)
    own = [next(count for count in each.counts if count.outcome == found.outcomes[0]) for each in found.levels]
    assert all(count.had <= count.known <= count.days for count in own)
    if found.outcomes[0] == "headache_day":
        assert (sum(c.had for c in own), sum(c.known for c in own)) == (series.had, series.known)


@settings(max_examples=15, deadline=None)
@given(MARKS, st.integers(0, 60))
def test_telling_every_dose_as_planned_changes_nothing_but_how_it_is_known(marks, until):
    as_of = START + until * DAY
    assumed = dose_response(story_of("X000" * 7 + marks), "first", as_of)
    doses = [dose for each in assumed.levels for dose in taken(each.stretch.first, each.days, str(each.stretch.dose.amount))]
    known = dose_response(story_of("X000" * 7 + marks, doses=doses), "first", as_of)
    bare = [each._replace(stretch=each.stretch._replace(told=0)) for each in known.levels]
    assert bare == list(assumed.levels)
    assert {each.stretch.evidence for each in known.levels} == {TOLD}


def test_a_day_told_later_changes_the_count_of_its_level_alone():
    story, as_of = story_of("X000" * 7 + "X00." * 5), START + 30 * DAY
    more = replace(story, diary=diary_of("X000" * 7 + "X00X" + "X00." * 4, BEFORE))
    before, after = dose_response(story, "first", as_of), dose_response(more, "first", as_of)
    assert before.levels[1:] == after.levels[1:]
    assert after.levels[0].counts != before.levels[0].counts
