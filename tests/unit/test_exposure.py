"""What was taken over time, and what a review makes of a plan: worked out by hand, or from the tables of the sources."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from cleardays.catalogue.treatments import load_treatment
from cleardays.diary.own_csv import read_days
from cleardays.plan.confirmation import confirm
from cleardays.plan.dose_log import DoseLog, LoggedDose
from cleardays.plan.exposure import exposure
from cleardays.plan.session_effect import course_of
from cleardays.problems import BadInput
from cleardays.trial.review import review
from reference.plans import START, changed, plan_of, told

TOXIN = ("onabotulinumtoxina", "chronic-migraine")


def day(number):
    return START + timedelta(days=number - 1)


def skipped(*numbers, slots=(1,)):
    return DoseLog(tuple(LoggedDose(day=day(n), slot=slot, status="skipped") for n in numbers for slot in slots))


def steps_of(found):
    return [((step.from_day - START).days + 1, step.level) for step in found.series.steps]


def test_a_titration_is_steps_of_the_dose_relative_to_the_target():
    """Lamotrigine to 100 mg: 25 mg for two weeks, 50 mg for two weeks, 100 mg."""
    found = exposure(plan_of(target="100 mg"), until=day(60))
    assert steps_of(found) == [(1, 0.25), (15, 0.5), (29, 1.0)]
    assert [found.days[n - 1].days_at_target for n in (28, 29, 60)] == [0, 1, 32]
    assert (found.doses, found.assumed, found.assumed_share) == (60, 60, 1)
    assert found.onset is None


def test_alternate_days_count_by_their_mean():
    """With valproate 25 mg every other day is an eighth of 100 mg."""
    found = exposure(plan_of(medicines=["valproate"], target="100 mg"), until=day(60))
    assert steps_of(found)[0] == (1, 0.125)
    assert [found.days[n].planned for n in (0, 1, 2)] == [25, 0, 25]
    assert [found.days[n].taken for n in (0, 1)] == [None, 0]


def test_a_larger_first_dose_of_an_antibody_is_no_double_exposure():
    found = exposure(plan_of("galcanezumab", "episodic-migraine"), until=day(60))
    assert steps_of(found) == [(1, 1.0)]


def test_the_level_in_the_body_becomes_the_steady_one_at_the_target():
    found = exposure(plan_of(target="100 mg"), until=day(60)).days
    assert found[-1].relative_concentration == pytest.approx(1, abs=0.002)
    assert found[27].relative_concentration == pytest.approx(0.5, abs=0.005)  # at the end of the weeks at 50 mg
    assert all(late.relative_concentration >= early.relative_concentration for early, late in pairwise(found[:14]))


def test_a_skipped_dose_lowers_the_level_as_the_half_life_says():
    """After days without a dose the mean level falls by exp(-24 ln 2 / 25.4) a day."""
    found = exposure(plan_of(target="100 mg"), skipped(50, 51, 52), until=day(60))
    levels = {n: found.days[n - 1].level for n in range(48, 60)}
    a_day = np.exp(-24 * np.log(2) / 25.4)
    assert (levels[48], levels[49]) == (1, 1)
    assert levels[52] / levels[51] == pytest.approx(a_day, abs=0.01)
    assert levels[51] < levels[50] < 1
    assert levels[52] < levels[53] < levels[54] < 1
    assert [found.days[n - 1].taken for n in (49, 50)] == [None, 0]
    assert [found.days[n - 1].days_at_target for n in (49, 52, 53)] == [21, 21, 22]
    assert found.assumed == 57


def test_where_no_kinetics_are_sourced_the_dose_itself_counts():
    file = plan_of("propranolol", "episodic-migraine")  # 40 mg twice a day, from day 8 on 80 mg twice
    log = DoseLog((
        *skipped(20, slots=(1, 2)).entries, *skipped(22).entries,
        LoggedDose(day=day(24), status="taken", amount=Decimal(40)), LoggedDose(day=day(24), slot=2, status="taken"),
    ))  # fmt: skip
    found = exposure(file, log, until=day(30))
    assert {n: found.days[n - 1].level for n in range(19, 26)} == {19: 1, 20: 0, 21: 1, 22: 0.5, 23: 1, 24: 0.75, 25: 1}
    assert (found.days[23].taken, found.days[21].taken) == (120, None)
    assert found.days[19].relative_concentration is None
    assert "exposure.concentration" in {reason.rule for reason in found.reasons}


def test_a_dose_that_is_given_once_a_month_and_left_out_counts_until_the_next():
    file = plan_of("erenumab", "episodic-migraine")
    assert steps_of(exposure(file, skipped(31), until=day(80))) == [(1, 1), (31, 0), (61, 1)]


def test_another_medicine_told_later_changes_the_level_from_its_day_on():
    """100 mg at 0.58 ml/min/kg, then 50 mg with valproate at 0.18: the same dose comes to more."""
    file = told(plan_of(target="100 mg"), day(60), medicines=["valproate"])
    found = exposure(file, until=day(110)).days
    before = (100 / 0.58) / (50 / 0.18)
    assert found[58].relative_concentration == pytest.approx(before, abs=0.005)
    assert found[-1].relative_concentration == pytest.approx(1, abs=0.02)
    assert (found[58].level, found[59].level) == (round(before, 3), 1)


def test_the_past_stays_when_the_plan_is_changed_and_later_versions_are_not_read():
    before = plan_of(target="100 mg")
    after = changed(before, "step-back", day(40))
    early, late = (exposure(file, until=day(39), ahead=28) for file in (before, after))
    assert late == early
    assert steps_of(exposure(after, until=day(60)))[:3] == steps_of(early)
    assert (40, 0.5) in steps_of(exposure(after, until=day(60)))


def test_the_course_of_a_toxin_session_by_the_sourced_figures():
    """Sets in after 1-2 weeks, full at 4-8, fades in the last 2-4 of 12, lasts 3 months."""
    course = course_of(load_treatment("onabotulinumtoxina"))
    at = {week: course.window(7 * week) for week in (0, 1, 2, 4, 8, 10, 12, 13, 20)}
    assert [at[week].upper for week in (0, 1, 4, 12, 13, 20)] == [0, 0, 1, 1, 1, 0]
    assert [at[week].lower for week in (0, 2, 8, 10, 12, 13)] == [0, 0, 1, 0.5, 0, 0]
    assert at[2].upper == pytest.approx(1 / 3)
    assert all(each.lower <= each.level <= each.upper for each in at.values())


def test_sessions_are_counted_as_planned_or_as_told():
    file = plan_of(*TOXIN)
    found = exposure(file, until=day(170))
    assert steps_of(found) == [(1, 1.0)]
    assert (found.doses, found.assumed) == (2, 2)
    assert (found.onset.low_days, found.onset.high_days) == (7, 14)
    assert found.onset.reason.source == ("label-knowledge",)
    real = exposure(file, sessions=(day(3), day(90)), until=day(170))
    assert steps_of(real) == [(1, 0.0), (3, 1.0)]
    assert real.assumed == 0
    assert (real.days[1].days_at_target, real.days[2].days_at_target) == (0, 1)
    once = exposure(file, skipped(85), until=day(170))
    assert steps_of(once)[0] == (1, 1.0)
    assert once.days[91].level == 1  # it lasts for three months
    assert once.days[130].level == 0
    assert once.days[-1].effect == (0, 0, 0)


def test_a_forecast_goes_on_with_sessions_at_their_interval_and_with_steps_as_planned():
    file = plan_of(*TOXIN)
    assert exposure(file, until=day(168), ahead=28).series.steps[-1].level == 1
    assert len(exposure(file, until=day(168), ahead=28).days) == 168
    assert steps_of(exposure(plan_of(target="100 mg"), until=day(10), ahead=28)) == [(1, 0.25), (15, 0.5), (29, 1.0)]


def test_one_session_without_a_sourced_course_counts_from_its_day_on_and_says_so():
    found = exposure(plan_of("ketamine", "refractory-migraine"), until=day(40))
    assert steps_of(found) == [(1, 1.0)]
    assert found.days[0].planned is None
    assert found.days[0].effect is None
    assert any("without an end" in reason.because for reason in found.reasons)


def test_a_plan_without_doses_has_no_exposure():
    file = plan_of(allergies=["lamotrigine"])
    with pytest.raises(BadInput, match="neither doses nor sessions"):
        exposure(file, until=day(10))


def test_before_the_first_day_there_is_nothing():
    found = exposure(plan_of(), until=START - timedelta(days=5))
    assert (found.days, found.doses, found.assumed_share) == ((), 0, None)
    assert found.series.start == START


# --- A review by a plan


def diary(days=200, before=60, **columns):
    rows = ["date,headache,aura"]
    for offset in range(-before, days):
        often = 3 if offset < 20 else 7
        headache = "mild" if offset % often == 0 else "clear"
        rows.append(f"{START + timedelta(days=offset)},{headache},{'y' if headache == 'mild' else 'n'}")
    return read_days(io.StringIO("\n".join(rows) + "\n"), "days.csv")


def reviewed(file, treatment="lamotrigine", as_of=None, **options):
    return review(diary(), treatment, file.plan.start, plan=file, as_of=as_of, **options).response


def rules_of(response):
    return [reason.rule for reason in response.reasons]


def test_a_review_by_a_plan_takes_its_day_its_threshold_and_its_outcome():
    """100 mg from day 29 on: judged eight weeks later. Half, as with fewer than 15 headache days in 28."""
    file = plan_of(target="100 mg")
    judge_on = day(29) + timedelta(days=56)
    early, due = reviewed(file, as_of=judge_on - timedelta(days=1)), reviewed(file, as_of=judge_on)
    assert early.verdict == "too_early"
    assert due.verdict != "too_early"
    assert (due.question.judge_on, due.question.threshold, due.outcome) == (judge_on, 0.5, "aura_day")
    assert "judge.threshold-plan" in rules_of(due)
    assert due.provenance["plan"]["confirmed"] is False
    assert reviewed(plan_of(target="100 mg", headache_days_per_28=18)).question.threshold == 0.3
    asked = reviewed(file, outcome="headache_day", threshold=0.4)
    assert (asked.outcome, asked.question.threshold, asked.question.judge_on) == ("headache_day", 0.4, judge_on)


def test_for_a_proposal_a_reason_says_that_nobody_confirmed_it():
    file = plan_of(target="100 mg")
    assert "plan.unconfirmed" in rules_of(reviewed(file))
    done = confirm(file, by="Dr Ada Field", at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert "plan.unconfirmed" not in rules_of(reviewed(done))
    assert reviewed(done).provenance["plan"]["confirmed"] is True


def test_without_a_plan_nothing_is_different():
    found = review(diary(), "lamotrigine", START).response
    assert (found.outcome, found.question.judge_on) == ("headache_day", START + timedelta(days=56))
    assert "plan" not in found.provenance
    assert not any(rule.startswith(("plan.", "exposure.")) for rule in rules_of(found))


def test_any_name_of_the_treatment_will_do_and_any_other_plan_is_refused():
    file = plan_of(target="100 mg")
    assert review(diary(), "Lamictal", START, plan=file).exposure.treatment == "Lamictal"
    with pytest.raises(BadInput, match="not for 'topiramate'"):
        reviewed(file, "topiramate")
    with pytest.raises(BadInput, match="begins on 2026-03-02"):
        review(diary(), "lamotrigine", date(2026, 3, 1), plan=file)
    with pytest.raises(BadInput, match="refused"):
        reviewed(plan_of(allergies=["lamotrigine"]))
    with pytest.raises(BadInput, match="craving"):
        reviewed(plan_of("lamotrigine", "alcohol-recovery"))


def test_a_toxin_is_judged_at_the_review_of_its_plan_not_after_eight_weeks():
    file = plan_of(*TOXIN)
    found = reviewed(file, "Botox", as_of=day(100))
    assert (found.verdict, found.question.judge_on) == ("too_early", START + timedelta(weeks=24))
    assert reviewed(file, "Botox", as_of=START + timedelta(weeks=24)).verdict != "too_early"


def test_a_review_that_was_held_does_not_make_it_too_early_again():
    file = plan_of(target="100 mg")
    judge_on = day(29) + timedelta(days=56)
    held = changed(file, "review", judge_on, decision="continue")
    assert held.plan.review.on > judge_on
    assert reviewed(held, as_of=judge_on + timedelta(days=5)).question.judge_on == judge_on


def test_a_change_after_the_day_is_not_read():
    file = plan_of(target="100 mg")
    slower = changed(file, "hold", day(20), days=28)
    assert reviewed(slower, as_of=day(19)).question.judge_on == reviewed(file, as_of=day(19)).question.judge_on
    assert reviewed(slower, as_of=day(30)).question.judge_on == day(29) + timedelta(days=56 + 28)


def test_doses_left_out_lower_what_the_model_sees_of_the_treatment():
    from dataclasses import replace

    from cleardays.diary.beside import Beside
    from cleardays.diary.entries import DoseEntry

    file, plain = plan_of("propranolol", "episodic-migraine"), diary(100)
    left_out = tuple(
        DoseEntry(date=day(n), kind="preventive", drug="propranolol", state="skipped") for n in range(30, 101) for _ in range(2)
    )
    told_of = replace(plain, beside=Beside(doses=left_out))
    full, none = (review(each, "propranolol", START, plan=file).response for each in (plain, told_of))
    assert none.exposure_now < 0.2 < 0.9 < full.exposure_now
    assert (full.provenance["plan"]["assumed"], none.provenance["plan"]["assumed"]) == (200, 58)
