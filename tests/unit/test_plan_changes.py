"""What becomes of a running plan, against the tables of the sources."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from cleardays.plan.change_state import Change
from cleardays.plan.changes import change
from cleardays.plan.confirmation import confirm, lapsed
from cleardays.plan.draft import Wish, draft
from cleardays.plan.journal import begin
from cleardays.plan.person_document import person_document
from cleardays.plan.person_reading import read_person
from cleardays.plan.steps import step_on
from cleardays.problems import BadInput
from cleardays.quantities import Dose

START = date(2026, 1, 5)
STEADY = date(2026, 3, 2)  # the eighth week on: the last dose is reached
NOON = datetime(2026, 1, 4, 12, tzinfo=UTC)
PLAIN = {
    "age": 40, "sex": "female", "weight_kg": 70, "conditions": [], "medicines": [], "allergies": [], "past_reactions": [],
    "pregnancy": "no", "egfr_ml_min": 95, "liver": "normal", "contraception": "copper_iud", "dialysis": False,
    "supervised": True, "escort": True, "blood_pressure": [120, 80], "breastfeeding": False, "diary_flags": [],
    "ascites": False, "genotypes": [],
}  # fmt: skip


def person(**told):
    return read_person({**PLAIN, **told})


def plan_of(treatment, indication, target=None, **told):
    wish = Wish(treatment, indication, START, None if target is None else Dose.parse(target), told.pop("at_most", None))
    return begin(wish, person(**told), draft(wish, person(**told)))


def lamotrigine(**told):
    return plan_of("lamotrigine", "alcohol-recovery", **told)


def changed(file, kind, on, by=None, **data):
    return change(file, Change(kind, on, "because", by, data))


def told(file, on, **facts):
    return changed(file, "told", on, person=person_document(person(**facts)))


def doses(file, since=START):
    """First days with their mean dose, from a day on."""
    steps = [step for step in file.plan.steps if step.first >= since]
    return [((step.first - since).days, step.daily) for step in steps]


def rules(file):
    return [reason.rule for reason in file.plan.reasons]


# --- Steady on lamotrigine: the tables of the label for another medicine that comes or goes


@pytest.mark.parametrize(("target", "becomes"), [("200 mg", 100), ("100 mg", 50)])
def test_valproate_added_halves_at_once(target, becomes):
    file = told(plan_of("lamotrigine", "migraine-with-aura", target), STEADY, medicines=["valproate"])
    assert doses(file, STEADY) == [(0, Decimal(becomes))]


def test_valproate_stopped_goes_up_by_the_slower_of_the_two_tables():
    file = told(lamotrigine(medicines=["valproate"]), STEADY)
    assert doses(file, STEADY) == [(0, 150), (7, 200)]
    assert "change.told" in rules(file)


def test_an_inducer_stopped_comes_down_over_two_weeks():
    file = told(plan_of("lamotrigine", "migraine-with-aura", "400 mg", medicines=["carbamazepine"]), STEADY)
    assert doses(file, STEADY) == [(0, 400), (7, 300), (14, 200)]


def test_an_inducer_added_goes_up_from_the_doses_of_the_table_only():
    steady = plan_of("lamotrigine", "migraine-with-aura")
    assert doses(told(steady, STEADY, medicines=["carbamazepine"]), STEADY) == [(0, 200), (7, 300), (14, 400)]
    early = told(steady, date(2026, 1, 20), medicines=["carbamazepine"])
    assert doses(early, date(2026, 1, 20)) == [(0, 50)]
    assert "change.rests" in rules(early)


def test_what_is_never_raised_by_itself_goes_on_when_a_clinician_says_so():
    rests = told(plan_of("lamotrigine", "migraine-with-aura"), date(2026, 1, 20), medicines=["carbamazepine"])
    with pytest.raises(BadInput, match="clinician"):
        changed(rests, "go-on", date(2026, 1, 26))
    found = changed(rests, "go-on", date(2026, 1, 26), by="Dr Ada Field")
    assert [dose for _, dose in doses(found, date(2026, 1, 26))] == [50, 100, 200, 300, 400]


def test_valproate_added_in_the_titration_halves_it_and_goes_on_slower():
    file = told(plan_of("lamotrigine", "migraine-with-aura"), date(2026, 1, 22), medicines=["valproate"])
    assert [dose for _, dose in doses(file, date(2026, 1, 22))] == [25, 50, 100]
    first = step_on(file.plan.steps, date(2026, 1, 22))
    assert (first.last - first.first).days + 1 >= 14
    assert file.plan.restart_after_gap_h == 352


def test_the_pill_stopped_comes_down_by_a_quarter_a_week_to_no_less_than_half():
    file = told(lamotrigine(contraception="combined"), STEADY)
    assert doses(file, STEADY) == [(0, 150), (7, 125), (14, 100)]


def test_the_pill_started_raises_nothing():
    file = told(lamotrigine(), STEADY, contraception="combined")
    assert doses(file, STEADY) == [(0, 200)]
    assert {"change.rests", "change.told"} <= set(rules(file))


# --- Gaps, counted from dose to dose, by the half-life of the person's own variant


@pytest.mark.parametrize(
    ("medicines", "hours", "anew"),
    [([], 127, False), ([], 128, True), (["valproate"], 352, False), (["valproate"], 353, True), (["carbamazepine"], 71, True)],
)
def test_lamotrigine_begins_anew_after_five_half_lives(medicines, hours, anew):
    missed, on = date(2026, 3, 2), date(2026, 3, 4)
    file = changed(lamotrigine(medicines=medicines), "gap", on, missed_from=missed.isoformat(), hours=hours)
    first = file.plan.steps[0].daily
    assert (step_on(file.plan.steps, on).daily == first) is anew
    assert ("gap.anew" in rules(file)) is anew
    watched = [check for check in file.plan.monitoring if "rash" in check.what and check.every_days == 1]
    assert (watched[-1].on == on) is anew, "the daily watch for a rash begins anew with the titration"


def test_days_missed_are_days_later():
    file = changed(lamotrigine(), "gap", date(2026, 1, 25), missed_from="2026-01-22", hours=96)
    assert [step.first for step in file.plan.steps] == [START, date(2026, 1, 19), date(2026, 2, 5), date(2026, 2, 12)]


def test_baclofen_after_a_day_without_is_asked_for_and_goes_on_no_higher():
    file = plan_of("baclofen", "chronic-migraine", "30 mg")
    assert step_on(changed(file, "gap", STEADY, missed_from="2026-03-02", hours=24).plan.steps, STEADY).daily == 30
    asked = changed(file, "gap", STEADY, missed_from="2026-03-02", hours=25)
    assert asked.plan.status == "incomplete"
    assert step_on(asked.plan.steps, STEADY).daily == 0
    with pytest.raises(BadInput, match="incomplete"):
        confirm(asked, by="Dr Ada Field", at=NOON)
    with pytest.raises(BadInput, match="never taken up higher"):
        changed(asked, "go-on", STEADY, by="Dr Ada Field", dose="35 mg")
    found = changed(asked, "go-on", STEADY, by="Dr Ada Field", dose="10 mg")
    assert found.plan.status == "proposal"
    assert [dose for _, dose in doses(found, STEADY)] == [10, 15, 20, 25, 30]


# --- Bodies change


def test_weaker_kidneys_bring_baclofen_down_step_by_step():
    file = told(plan_of("baclofen", "chronic-migraine", "30 mg"), STEADY, egfr_ml_min=45)
    assert [dose for _, dose in doses(file, STEADY)] == [25, 20, 15]


def test_kidneys_too_weak_for_baclofen_end_the_plan_and_never_say_stop_at_once():
    file = told(plan_of("baclofen", "chronic-migraine"), STEADY, egfr_ml_min=20)
    assert file.plan.status == "refused"
    assert file.plan.steps[-1].last == date(2026, 3, 1)
    said = next(reason.because for reason in file.plan.reasons if reason.rule == "change.refused")
    assert "do not stop by yourself" in said


def test_a_name_that_is_not_understood_makes_the_dose_rest():
    file = told(lamotrigine(), date(2026, 1, 20), medicines=["blorbazine"])
    rests = step_on(file.plan.steps, date(2026, 1, 20))
    assert (rests.daily, rests.last) == (50, None)
    assert file.plan.status == "incomplete"
    again = told(file, date(2026, 1, 23))
    assert [step.first for step in again.plan.steps] == [START, date(2026, 1, 19), date(2026, 2, 5), date(2026, 2, 12)]
    assert again.plan.status == "proposal"


# --- Hold, back, slow


def test_hold_step_back_and_slow_by_the_day():
    file = lamotrigine()
    assert doses(changed(file, "hold", date(2026, 1, 22), days=7)) == [(0, 25), (14, 50), (35, 100), (42, 200)]
    back = changed(file, "step-back", date(2026, 2, 4))
    assert doses(back) == [(0, 25), (14, 50), (28, 100), (30, 50), (44, 100), (51, 200)]
    assert doses(changed(file, "slow", START, times=2)) == [(0, 25), (28, 50), (56, 100), (70, 200)]
    with pytest.raises(BadInput, match="last one"):
        changed(file, "hold", STEADY, days=7)
    with pytest.raises(BadInput, match="lowest dose"):
        changed(file, "step-back", START)


def test_alternate_days_stay_alternate_through_a_hold():
    file = lamotrigine(medicines=["valproate"])
    held = changed(file, "hold", date(2026, 1, 8), days=5)
    taken = [on for on in range(19) if any(step_on(held.plan.steps, date(2026, 1, 5 + on)).planned_on(date(2026, 1, 5 + on)))]
    assert taken == list(range(0, 19, 2))


def test_a_loading_dose_is_given_once():
    file = plan_of("galcanezumab", "episodic-migraine")
    with pytest.raises(BadInput, match="every 30 days"):
        changed(file, "hold", date(2026, 1, 10), days=3)
    moved = changed(file, "session", date(2026, 1, 20), planned="2026-02-04", given="2026-02-10")
    days = [date.fromordinal(START.toordinal() + n) for n in range(80)]
    given = {on: sum(amounts) for on in days if any(amounts := step_on(moved.plan.steps, on).planned_on(on))}
    assert given == {START: 240, date(2026, 2, 10): 120, date(2026, 3, 12): 120}


# --- Sessions


def test_injections_keep_their_interval_and_the_review_follows():
    file = plan_of("onabotulinumtoxina", "chronic-migraine")
    assert [session.on for session in file.plan.sessions] == [START, date(2026, 3, 30)]
    with pytest.raises(BadInput, match="2026-03-30 or later"):
        changed(file, "session", date(2026, 3, 1), planned="2026-03-30", given="2026-03-20")
    moved = changed(file, "session", date(2026, 3, 1), planned="2026-03-30", given="2026-04-10")
    assert [session.on for session in moved.plan.sessions] == [START, date(2026, 4, 10)]
    assert moved.plan.review.on == date(2026, 7, 3)


def test_another_ketamine_session_comes_after_the_review_only_and_has_its_own():
    file = plan_of("ketamine", "refractory-migraine")
    with pytest.raises(BadInput, match="2026-02-02"):
        changed(file, "review", date(2026, 2, 1), decision="another")
    found = changed(file, "review", date(2026, 2, 2), by="Dr Ada Field", decision="another")
    assert [session.on for session in found.plan.sessions] == [START, date(2026, 2, 2)]
    assert {session.amount for session in found.plan.sessions} == {None}
    assert found.plan.review.on == date(2026, 3, 2)


# --- Confirming


@pytest.mark.parametrize("name", ["", "  ", "x", "12 34", "y" * 200])
def test_a_confirmation_needs_a_name(name):
    with pytest.raises(BadInput, match="no name"):
        confirm(lamotrigine(), by=name, at=NOON)


def test_a_confirmation_needs_a_zone_and_a_first_dose_that_is_not_long_past():
    with pytest.raises(BadInput, match="no zone"):
        confirm(lamotrigine(), by="Dr Ada Field", at=NOON.replace(tzinfo=None))
    assert confirm(lamotrigine(), by="Dr Ada Field", at=NOON.replace(day=19)).confirmation is not None
    with pytest.raises(BadInput, match="more than 14 days"):
        confirm(lamotrigine(), by="Dr Ada Field", at=NOON.replace(day=20))


def test_an_alert_that_the_plan_does_not_answer_is_answered_for():
    file = plan_of("baclofen", "alcohol-recovery")
    with pytest.raises(BadInput, match="alcohol-use-disorder"):
        confirm(file, by="Dr Ada Field", at=NOON)
    with pytest.raises(BadInput, match="alcohol-use-disorder"):
        confirm(file, by="Dr Ada Field", at=NOON, accepted={"caution.alcohol-use-disorder": "..."})
    said = confirm(file, by="Dr Ada Field", at=NOON, accepted={"caution.alcohol-use-disorder": "in weekly care"})
    assert said.confirmation.accepted == {"caution.alcohol-use-disorder": "in weekly care"}
    assert (said.confirmation.by, said.confirmation.at) == ("Dr Ada Field", NOON)
    answered = confirm(lamotrigine(medicines=["valproate"]), by="Dr Ada Field", at=NOON)
    assert answered.confirmation.accepted == {}


def test_a_confirmation_lapses(monkeypatch):
    said = confirm(lamotrigine(), by="Dr Ada Field", at=NOON, diary_until=date(2026, 1, 3))
    assert lapsed(said, START) == ()
    assert [reason.rule for reason in lapsed(said, date(2026, 6, 1))] == ["confirmation.review"]
    late = confirm(begin(*_from(date(2026, 2, 20))), by="Dr Ada Field", at=NOON, diary_until=date(2026, 1, 3))
    for today in (date(2026, 2, 10), date(2026, 2, 20), date(2026, 2, 21)):
        found = {reason.rule for reason in lapsed(late, today, diary_until=date(2026, 2, 9))}
        assert found == {"confirmation.early", "confirmation.diary"}, "waiting for the first dose does not renew it"
    same = said._replace(plan=said.plan._replace(catalogue_version="2020-01-01+000000000000"))
    assert lapsed(same, START) == (), "another catalogue that drafts the same takes nothing away"
    other = same._replace(plan=same.plan._replace(restart_after_gap_h=99.0))
    assert [reason.rule for reason in lapsed(other, START)] == ["confirmation.catalogue"]


def test_a_way_down_is_followed_after_the_day_of_the_review():
    said = confirm(lamotrigine(), by="Dr Ada Field", at=NOON)
    down = confirm(changed(said, "taper", date(2026, 4, 20)), by="Dr Ada Field", at=NOON.replace(month=4, day=20))
    assert lapsed(down, date(2026, 5, 20)) == ()


def _from(start):
    wish = Wish("lamotrigine", "alcohol-recovery", start)
    return wish, person(), draft(wish, person())


def test_a_change_is_confirmed_anew_and_keeps_its_calendar():
    said = confirm(lamotrigine(), by="Dr Ada Field", at=NOON)
    held = changed(said, "hold", date(2026, 1, 10), days=3)
    assert held.confirmation is None
    again = confirm(held, by="Dr Bo Hill", at=NOON.replace(day=11))
    assert again.calendar_id == said.calendar_id
    assert [entry.kind for entry in again.entries] == ["drafted", "confirmed", "hold", "confirmed"]
    with pytest.raises(BadInput, match="not rewritten"):
        changed(again, "hold", date(2026, 1, 9), days=3)


# --- What a careful reader tried


def test_a_slip_that_is_put_right_takes_no_dose_away():
    steady = plan_of("lamotrigine", "migraine-with-aura")
    slip = told(steady, STEADY, medicines=["blorbazine"])
    right = told(slip, date(2026, 3, 3))
    assert step_on(right.plan.steps, date(2026, 3, 10)).daily == 200
    for treatment in ("topiramate", "erenumab", "rimegepant"):
        file = plan_of(treatment, "episodic-migraine", contraception="copper_iud")
        there = told(file, date(2026, 3, 2), medicines=["blorbazine"], contraception="copper_iud")
        back = told(there, date(2026, 3, 3), contraception="copper_iud")
        now, then = (step_on(each.plan.steps, date(2026, 3, 10)) for each in (file, back))
        assert now.daily == then.daily


def test_after_a_stop_nothing_goes_on_and_nothing_told_brings_it_back():
    stopped = changed(plan_of("lamotrigine", "migraine-with-aura"), "stop", STEADY)
    for kind, data in (
        ("go-on", {}),
        ("gap", {"missed_from": "2026-03-03", "hours": 90}),
        ("taper", {}),
        ("hold", {"days": 3}),
    ):
        with pytest.raises(BadInput):
            changed(stopped, kind, date(2026, 3, 20), by="Dr Ada Field", **data)
    later = told(stopped, date(2026, 3, 20), medicines=["valproate"])
    assert step_on(later.plan.steps, date(2026, 4, 20)).daily == 0


def test_a_stop_may_come_before_a_change_that_lies_ahead():
    file = changed(lamotrigine(), "hold", date(2026, 1, 25), days=7)
    assert step_on(changed(file, "stop", date(2026, 1, 24)).plan.steps, date(2026, 1, 24)).daily == 0
    with pytest.raises(BadInput, match="not rewritten"):
        changed(file, "slow", date(2026, 1, 24), times=2)


def test_after_too_long_a_pause_it_goes_on_from_the_first_step_only():
    file = changed(plan_of("baclofen", "chronic-migraine", "30 mg"), "gap", STEADY, missed_from="2026-03-02", hours=30)
    with pytest.raises(BadInput, match="Say with which dose"):
        changed(file, "go-on", date(2026, 3, 7), by="Dr Ada Field")
    with pytest.raises(BadInput, match="no name"):
        changed(file, "go-on", date(2026, 3, 7), by="1", dose="5 mg")
    assert changed(file, "go-on", date(2026, 3, 7), by="Dr Ada Field", dose="5 mg").plan.status == "proposal"


def test_a_row_of_the_table_stays_under_every_limit():
    recovery = told(lamotrigine(), STEADY, medicines=["carbamazepine"])
    assert step_on(recovery.plan.steps, date(2026, 4, 20)).daily == 200
    assert "change.rests" in rules(recovery)
    limited = plan_of("lamotrigine", "migraine-with-aura", at_most=Dose(Decimal(150), "mg"))
    later = told(limited, STEADY, medicines=["carbamazepine"])
    assert step_on(later.plan.steps, date(2026, 4, 20)).daily == 150


@pytest.mark.parametrize(
    ("before", "after", "becomes"),
    [
        (["valproate", "carbamazepine"], [], 100),  # clearance hardly changes
        (["valproate", "carbamazepine"], ["valproate"], 100),
        (["valproate"], ["valproate", "carbamazepine"], 100),
        (["valproate", "carbamazepine"], ["carbamazepine"], 100),
    ],
)
def test_what_comes_and_goes_together_rests(before, after, becomes):
    file = told(plan_of("lamotrigine", "migraine-with-aura", medicines=before), STEADY, medicines=after)
    assert step_on(file.plan.steps, date(2026, 5, 4)).daily == becomes


def test_valproate_with_a_name_that_is_not_understood_is_halved_all_the_same():
    file = told(plan_of("lamotrigine", "migraine-with-aura"), STEADY, medicines=["valproate", "blorbazine"])
    assert step_on(file.plan.steps, STEADY).daily == 100
    assert file.plan.status == "incomplete"


@pytest.mark.parametrize("told_then", [{"medicines": ["valproate"]}, {"liver": "moderate"}, {"medicines": ["carbamazepine"]}])
def test_a_way_down_stays_a_way_down(told_then):
    down = changed(plan_of("lamotrigine", "migraine-with-aura"), "taper", STEADY)
    file = told(down, date(2026, 3, 4), **told_then)
    taken = [step_on(file.plan.steps, date(2026, 3, 4 + n)).daily for n in range(20)]
    assert taken == sorted(taken, reverse=True)
    assert taken[-1] == 0


def test_a_gap_on_the_way_down_does_not_begin_a_titration():
    down = changed(plan_of("lamotrigine", "migraine-with-aura"), "taper", STEADY)
    file = changed(down, "gap", date(2026, 3, 12), missed_from="2026-03-05", hours=190)
    assert step_on(file.plan.steps, date(2026, 3, 12)).daily == 0


def test_kidneys_that_get_well_on_the_way_down_raise_nothing():
    file = told(plan_of("baclofen", "chronic-migraine", "30 mg"), STEADY, egfr_ml_min=45)
    again = told(file, date(2026, 3, 4), egfr_ml_min=95)
    assert step_on(again.plan.steps, date(2026, 5, 4)).daily == 15


def test_a_plan_that_something_stands_against_can_be_tapered_or_corrected():
    refused = told(plan_of("baclofen", "chronic-migraine", "30 mg"), STEADY, egfr_ml_min=20)
    with pytest.raises(BadInput, match="no dose is planned"):
        changed(refused, "gap", date(2026, 3, 3), missed_from="2026-03-02", hours=20)
    down = changed(refused, "taper", STEADY)
    assert [step.daily for step in down.plan.steps if step.first >= STEADY] == [25, 20, 15, 10, 5, 0]
    assert down.plan.status == "proposal"
    right = told(refused, STEADY, egfr_ml_min=95)
    assert step_on(right.plan.steps, date(2026, 3, 10)).daily == 30


def test_a_dose_taken_only_if_needed_is_not_taken_for_granted():
    file = plan_of("lamotrigine", "migraine-with-aura", medicines=["carbamazepine"])
    assert file.plan.target == Dose(Decimal(300), "mg")
    stopped = told(file, date(2026, 3, 9))
    assert [step.daily for step in stopped.plan.steps if step.first >= date(2026, 3, 9)] == [300, 225, 150]


def test_an_open_question_on_a_gap_outlives_what_is_told_and_a_way_down_settles_it():
    asked = changed(plan_of("baclofen", "chronic-migraine", "30 mg"), "gap", STEADY, missed_from="2026-03-02", hours=30)
    later = told(asked, date(2026, 3, 4), medicines=["ibuprofen"])
    assert later.plan.status == "incomplete"
    assert "gap" in [question.name for question in later.plan.unknown]
    assert changed(later, "stop", date(2026, 3, 5)).plan.status == "proposal"


def test_alternate_days_stay_apart_through_the_weeks_of_a_change():
    file = told(plan_of("lamotrigine", "migraine-with-aura"), date(2026, 1, 12), medicines=["valproate"])
    days = [date(2026, 1, 12 + n) for n in range(18)]
    taken = [day for day in days if any(step_on(file.plan.steps, day).planned_on(day))]
    assert all((later - day).days == 2 for day, later in pairwise(taken))


@pytest.mark.parametrize("where", [None, "us", "eu", "uk"])
def test_the_slower_row_counts_in_every_country(where):
    wish = Wish("lamotrigine", "migraine-with-aura", START, jurisdiction=where)
    with_it = person(medicines=["valproate"])
    file = begin(wish, with_it, draft(wish, with_it))
    assert doses(told(file, STEADY), STEADY) == [(0, 150), (7, 200)]


def test_two_gaps_in_a_row_are_one_and_hours_are_not_fewer_than_the_doses_missed():
    file = lamotrigine()
    with pytest.raises(BadInput, match="at least"):
        changed(file, "gap", date(2026, 3, 7), missed_from="2026-03-02", hours=120)
    first = changed(file, "gap", date(2026, 3, 5), missed_from="2026-03-02", hours=96)
    assert step_on(first.plan.steps, date(2026, 3, 5)).daily == 200
    with pytest.raises(BadInput, match="planned on 2026-03-01"):
        changed(first, "gap", date(2026, 3, 9), missed_from="2026-03-05", hours=120)
    second = changed(first, "gap", date(2026, 3, 9), missed_from="2026-03-05", hours=192)
    assert step_on(second.plan.steps, date(2026, 3, 9)).daily == 25


def test_the_pill_stopped_in_a_titration_holds_and_goes_on():
    file = told(lamotrigine(contraception="combined"), date(2026, 1, 8))
    assert doses(file) == [(0, 25), (35, 50), (49, 100), (56, 200)]


def test_what_is_given_and_over_stays():
    file = plan_of("onabotulinumtoxina", "chronic-migraine")
    for given in ("2026-02-05", None):
        data = {"planned": "2026-01-05", **({"given": given} if given else {})}
        with pytest.raises(BadInput):
            changed(file, "session", date(2026, 6, 5), **data)
    ketamine = plan_of("ketamine", "refractory-migraine")
    second = changed(ketamine, "review", date(2026, 2, 2), by="Dr Ada Field", decision="another")
    with pytest.raises(BadInput):
        changed(second, "session", date(2026, 2, 2), planned="2026-02-02", given="2026-01-06")


def test_reviews_follow_at_one_distance_with_a_window_of_their_own():
    file = changed(lamotrigine(), "review", date(2026, 4, 6), decision="continue")
    assert file.plan.review.on == date(2026, 6, 29)
    assert file.plan.stop_rule.window == (date(2026, 6, 1), date(2026, 6, 28))
    assert file.plan.taper[0].first == date(2026, 6, 29)
    again = changed(file, "review", date(2026, 6, 29), decision="continue")
    assert again.plan.review.on == date(2026, 9, 21)


def test_words_are_cleaned_and_options_of_another_kind_refused():
    file = changed(lamotrigine(), "hold", date(2026, 1, 10), days=3)
    with pytest.raises(BadInput, match="does not belong"):
        changed(file, "step-back", date(2026, 1, 20), days=5)
    said = change(file, Change("hold", date(2026, 1, 12), "red\x1b[31m  eyes\n", None, {"days": 1}))
    assert "\x1b" not in said.entries[-1].why
    with pytest.raises(BadInput, match="longer"):
        change(file, Change("hold", date(2026, 1, 12), "x" * 2000, None, {"days": 1}))
    slow = changed(changed(file, "slow", date(2026, 1, 12), times=8), "slow", date(2026, 1, 12), times=8)
    with pytest.raises(BadInput, match="ten years"):
        changed(slow, "slow", date(2026, 1, 12), times=8)


def test_what_is_watched_on_a_way_down_are_its_own_days():
    file = plan_of("baclofen", "chronic-migraine", "30 mg")
    assert not [check for check in file.plan.monitoring if check.what == "withdrawal"]
    down = changed(file, "taper", date(2026, 4, 10))
    watched = [check.on for check in down.plan.monitoring if check.what == "withdrawal"]
    assert watched == [step.first for step in down.plan.steps if step.first >= date(2026, 4, 10)]
