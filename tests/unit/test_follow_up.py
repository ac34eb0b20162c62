"""A running plan against its diary: what was attended, what should have gone, what nobody answered."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from cleardays.diary.beside import Beside
from cleardays.diary.entries import Attack, Event
from cleardays.diary.records import DayRecord, Diary
from cleardays.plan.care import Part, attendance
from cleardays.plan.draft import Wish, draft
from cleardays.plan.follow_up import follow_up
from cleardays.plan.journal import begin
from cleardays.plan.person_reading import read_person
from cleardays.plan.step_gate import released
from cleardays.plan.steps import Step
from cleardays.plan.told_findings import Held
from cleardays.plan.told_terms import flags_in, reactions_in
from cleardays.sources import Reason

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


@pytest.mark.parametrize(
    ("kind", "term", "code", "says", "source"),
    [
        ("side_effect", "rash", "red-flag.rash", "Stop lamotrigine and be seen the same day.", "catalogue-policy"),
        ("side_effect", "itchy rash on both arms", "red-flag.rash", "Stop lamotrigine", "catalogue-policy"),
        ("side_effect", "rash with fever", "red-flag.rash", "emergency care now", "catalogue-policy"),
        ("side_effect", "suicidal thoughts", "red-flag.suicidal-thoughts", "crisis line", "label-knowledge"),
        ("withdrawal", "seizure", "red-flag.seizure", "emergency number", "DO-2019"),
        ("red_flag", "rash", "red-flag.rash", "Stop lamotrigine and be seen the same day.", "catalogue-policy"),
        ("red_flag", "fever", "red-flag.fever", "Be seen the same day.", "catalogue-policy"),
        ("red_flag", "mucosal_sores", "red-flag.mucosal-sores", "Stop lamotrigine", "label-knowledge"),
        ("red_flag", "head_injury", "red-flag.head-injury", "Call the emergency number.", "DO-2019"),
        ("red_flag", "felt odd", "told.felt-odd", "Call the clinician today.", "catalogue-policy"),
        ("side_effect", "Stevens-Johnson", "contraindication.hypersensitivity", "clinician", "FDAREPORT-LTG"),
    ],
)
def test_a_warning_sign_has_the_words_of_the_treatment_under_whatever_kind_it_was_told(kind, term, code, says, source):
    event = Event(date=START + timedelta(days=10), kind=kind, term=term)
    found = seen(plan_of(), START + timedelta(days=14), event)
    (alert,) = [alert for alert in found.findings.alerts if alert.code == code]
    assert says in alert.action
    assert source in alert.source
    assert not any("A headache unlike" in alert.because for alert in found.findings.alerts)
    assert [reason.rule for reason in found.next_step.open] == ["gate.red-flag"]
    assert (found.today.released.step.daily, found.today.released.waits.daily) == (25, 50)


@pytest.mark.parametrize("term", ["nausea", "odd taste", "no rash", "tired for ten days"])
def test_an_effect_that_is_no_warning_sign_holds_no_step_back(term):
    second = START + timedelta(days=14)
    assert seen(plan_of(), second, effect(term)).today.released.step.daily == 50
    assert seen(plan_of(), second, effect(term, severity="severe")).today.released.step.daily == 25
    assert seen(plan_of(), second, effect(term, serious=True)).today.released.step.daily == 25


def test_the_treatment_decides_what_holds_a_step_back():
    vomiting = Event(date=START + timedelta(days=5), kind="side_effect", term="vomiting")
    for file, holds in ((plan_of(), False), (plan_of("propranolol", "episodic-migraine"), False)):
        found = seen(file, START + timedelta(days=60), vomiting)
        assert (found.today.released.waits is not None) is holds
        assert found.findings.alerts
    dizzy = seen(plan_of(), START + timedelta(days=14), effect("dizziness"))
    assert dizzy.today.released.step.daily == 25, "the catalogue says: do not go up"


def test_only_terms_that_are_not_known_are_asked_about():
    found = seen(plan_of(), START + timedelta(days=9), effect("odd taste"), effect("nausea"), effect("rash"))
    assert [question.question for question in found.findings.asked] == ["'odd taste' is no finding that is known here."]
    ended = seen(plan_of(), START + timedelta(days=9), effect("odd taste", outcome="resolved"))
    assert [question.name for question in ended.findings.asked] == []


def test_a_sign_told_after_a_rise_leaves_that_dose_and_holds_the_next():
    found = seen(plan_of(), START + timedelta(days=40), effect("new headache", day=20))
    now = found.today.released
    assert (now.step.daily, now.waits.first) == (50, START + timedelta(days=28))


def test_what_the_diary_shows_by_itself_is_told_and_holds_nothing_back():
    on = START + timedelta(days=14)
    long = Attack(date=START + timedelta(days=2), minutes=4 * 24 * 60, headache="severe")
    found = follow_up(plan_of(), Diary((DayRecord(date=START),), beside=Beside(attacks=(long,))), on)
    assert [flag.code for flag in found.seen] == ["long_attack"]
    assert found.next_step.open == ()
    assert found.today.released.step.daily == 50


def test_a_sign_that_was_settled_lets_the_steps_follow_one_by_one_each_for_its_days():
    """Held over two rises, the first is taken when it is settled and the second not before the days at the first are over."""
    file = plan_of()  # 25, from day 14 50, from day 28 100 mg and so on
    told = {"date": START + timedelta(days=13), "kind": "red_flag", "term": "new_headache", "outcome": "resolved"}
    sign = Event(**told, until=START + timedelta(days=30))
    doses = [seen(file, START + timedelta(days=day), sign).today.released.step.daily for day in (13, 29, 30, 43, 44, 45)]
    assert doses == [25, 25, 50, 50, 100, 100]
    waits = seen(file, START + timedelta(days=35), sign).next_step
    assert [reason.rule for reason in waits.open] == ["gate.days"]
    unknown_day = seen(file, START + timedelta(days=30), Event(**told))
    assert [question.name for question in unknown_day.findings.asked] == ["until.new_headache"]


def step(first, last, dose, every_days=1):
    end = None if last is None else START + timedelta(days=last)
    return Step(START + timedelta(days=first), end, (Decimal(dose),), every_days, "mg", Reason("x", "x"))


STEPS = (step(0, 6, 25), step(7, 13, 50), step(14, 20, 100), step(21, 27, 50), step(28, 34, 0), step(35, None, 75))


def held(first, until=None):
    return Held(START + timedelta(days=first), None if until is None else START + timedelta(days=until), Reason("x", "x"))


@pytest.mark.parametrize("stretch", [held(0), held(0, 5), held(7, 9), held(10, 30), held(6, 15), held(30), held(34, 60)])
def test_nothing_rises_while_it_is_held_nor_above_the_plan_nor_before_its_days(stretch):
    days = [START + timedelta(days=n) for n in range(120)]
    taken = [released(STEPS, (stretch,), day) for day in days]
    doses = [0 if now.step is None else now.step.daily for now in taken]
    rises = [day for day, (before, after) in zip(days[1:], pairwise(doses), strict=False) if after > before]
    assert not [day for day in rises if stretch.first <= day and (stretch.until is None or day < stretch.until)]
    for first, later in pairwise(rises):
        assert (later - first).days >= 7
    highest = 0
    for day, dose in zip(days, doses, strict=True):
        highest = max([highest, *(each.daily for each in STEPS if each.first <= day)])
        assert dose <= highest
    assert doses[28:35] == [0] * 7, "what goes down goes down on its day"


def test_without_a_hold_the_steps_are_those_of_the_plan():
    for n in range(80):
        day = START + timedelta(days=n)
        planned = next(each for each in STEPS if each.covers(day))
        assert released(STEPS, (), day).step == planned
    assert released(STEPS, (), START - timedelta(days=1)).step is None


@pytest.mark.parametrize(
    ("term", "flags"),
    [
        ("rash_or_fever", {"rash", "fever"}),
        ("Stiff neck and high fever", {"neck_stiffness", "fever"}),
        ("rashes", {"rash"}),
        ("rash without fever", {"rash"}),
        ("thunderclap headache", {"thunderclap"}),
        ("chest pain", {"chest_pain"}),
        ("trashed", set()),
    ],
)
def test_flags_are_read_in_a_term_word_by_word(term, flags):
    assert flags_in(term) == flags


def test_a_reaction_is_read_in_a_term_and_a_letter_word_only_alone():
    assert reactions_in("hives on the legs") == {"urticaria"}
    assert reactions_in("TEN") == {"toxic-epidermal-necrolysis"}
    assert reactions_in("ten days of it") == frozenset()
    assert reactions_in("nausea") == frozenset()
