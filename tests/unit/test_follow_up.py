"""A running plan against its diary: what was attended, what should have gone, what nobody answered."""

from __future__ import annotations

from datetime import date, timedelta

from cleardays.diary.entries import Beside, Event
from cleardays.diary.records import DayRecord, Diary
from cleardays.plan.care import Part, attendance
from cleardays.plan.draft import Wish, draft
from cleardays.plan.follow_up import follow_up
from cleardays.plan.journal import begin
from cleardays.plan.person_reading import read_person

START = date(2026, 3, 2)
GROUP = Part("support-group", "Tuesday group", START, 7)
PERSON = read_person({"age": 45, "sex": "male", "medicines": [], "conditions": [], "egfr_ml_min": 95})


def plan_of(treatment="lamotrigine", indication="alcohol-recovery", parts=()):
    wish = Wish(treatment, indication, START, parts=parts)
    return begin(wish, PERSON, draft(wish, PERSON))


def seen(file, on, *events):
    diary = Diary((DayRecord(date=START),), beside=Beside(events=events))
    return follow_up(file, diary, on)


def effect(term, day=3, **told):
    return Event(date=START + timedelta(days=day), kind="side_effect", term=term, **told)


def test_an_effect_that_should_have_gone_is_told_and_one_that_ended_is_not():
    toxin = plan_of("onabotulinumtoxina", "chronic-migraine")
    on = START + timedelta(days=30)
    found = seen(
        toxin, on, effect("pain at the site"), effect("drooping lid"), effect("headache", until=START + timedelta(days=8))
    )
    assert [each.event.term for each in found.overdue] == ["pain at the site"]
    assert found.overdue[0].days == 27
    assert found.overdue[0].source
    later = seen(toxin, START + timedelta(days=100), effect("drooping lid"))
    assert [each.event.term for each in later.overdue] == ["drooping lid"]


def test_what_the_diary_tells_of_later_days_is_not_looked_at():
    found = seen(plan_of(), START + timedelta(days=2), effect("nausea", day=3))
    assert found.overdue == ()


def test_an_action_without_a_result_is_asked_about():
    tried = effect("nausea", action="with food")
    helped = effect("dizzy", action="evening dose", helped=True)
    found = seen(plan_of(), START + timedelta(days=9), tried, helped, effect("tired"))
    assert found.unanswered == (tried,)
    assert found.answered == (helped,)


def test_attendance_counts_what_was_logged_and_no_more():
    file = plan_of(parts=(GROUP,))
    came = Event(date=START, kind="care", term="tuesday group", attended=True)
    stayed_away = Event(date=START + timedelta(days=14), kind="care", term="Tuesday group", attended=False)
    (care,) = seen(file, START + timedelta(days=27), came, stayed_away).care
    assert (care.due, care.came, care.missed, care.unlogged) == (4, 1, 1, 2)
    assert attendance(GROUP, {}, START - timedelta(days=1)).due == 0


def test_a_recovery_plan_without_other_care_says_that_it_is_incomplete():
    alone, with_group = plan_of(), plan_of(parts=(GROUP,))
    assert "care.lacking" in [reason.rule for reason in alone.plan.reasons]
    assert "care" in [question.name for question in alone.plan.unknown]
    assert "care.lacking" not in [reason.rule for reason in with_group.plan.reasons]
    exercise = plan_of(parts=(Part("exercise", "walking", START, 1),))
    assert "care.lacking" in [reason.rule for reason in exercise.plan.reasons]
    assert "care.lacking" not in [reason.rule for reason in plan_of(indication="migraine-with-aura").plan.reasons]


def test_a_rash_is_watched_daily_for_eight_weeks_then_at_every_contact_to_month_six():
    watched = [check for check in plan_of().plan.monitoring if "rash" in check.what]
    daily, at_contacts = watched
    assert (daily.on, daily.until, daily.every_days) == (START, START + timedelta(days=55), 1)
    assert (at_contacts.on, at_contacts.until) == (START + timedelta(days=56), START + timedelta(days=181))
    assert "stop" in daily.action
    assert "emergency" in daily.action
    assert daily.threshold
    assert daily.source


def test_the_next_step_waits_for_its_days_and_for_a_red_flag_to_be_settled():
    file, second = plan_of(), START + timedelta(days=14)
    early = seen(file, second - timedelta(days=4)).next_step
    assert [reason.rule for reason in early.open] == ["gate.days"]
    assert early.step.daily == 50
    assert seen(file, second).next_step.document()["released"]
    told = {"date": START + timedelta(days=10), "kind": "red_flag", "term": "rash_or_fever"}
    held = seen(file, second, Event(**told)).next_step
    assert [reason.rule for reason in held.open] == ["gate.red-flag"]
    assert seen(file, second, Event(**told, outcome="resolved")).next_step.open == ()
    before = {**told, "date": START - timedelta(days=3)}
    assert seen(file, second, Event(**before)).next_step.open == ()
    assert seen(file, START + timedelta(days=60)).next_step is None
    assert {check.on for check in early.checks} == {second}


def test_checks_of_the_week_are_due():
    found = seen(plan_of(), START + timedelta(days=10))
    assert any("rash" in check.what and check.every_days == 1 for check in found.checks)
    assert all(check.until is None or check.until >= found.on for check in found.checks)
