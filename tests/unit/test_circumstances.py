"""What went on beside a treatment is read from the diary's tables, for a day, and never later than it was told."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.diary.beside import Beside
from cleardays.diary.entries import DoseEntry, Event, PlanStep
from cleardays.diary.records import DayRecord, Diary
from cleardays.problems import BadInput
from cleardays.quantities import ExposureStep
from cleardays.response.design import NOTHING_ELSE
from cleardays.sources import all_sources
from cleardays.trial.also import Also
from cleardays.trial.circumstances import circumstances

FIRST = date(2026, 1, 1)
START = date(2026, 3, 2)  # a Monday
LAST = date(2026, 6, 30)
LENGTH = (LAST - FIRST).days + 1


def on(n):
    return FIRST + timedelta(days=n)


def diary(records=None, **tables):
    plain = tuple(DayRecord(date=on(n), headache="clear") for n in range(LENGTH))
    return Diary(plain if records is None else tuple(records), beside=Beside(**tables))


def went_on(told, treatment="topiramate", as_of=LAST, **options):
    return circumstances(told, treatment, START, FIRST, as_of, **options)


def courses(told, treatment="topiramate", as_of=LAST, **options):
    """Name -> [(day, level), ...] of each other treatment."""
    others = went_on(told, treatment, as_of, **options).beside.others
    return {series.treatment: [tuple(step) for step in series.steps] for series in others}


def rules_said(told, **options):
    return [note.rule for note in went_on(told, **options).notes]


def dose(day, drug="propranolol", state="taken", **more):
    return DoseEntry(date=day, kind=more.pop("kind", "preventive"), drug=drug, state=state, **more)


def care(day, term="biofeedback", **more):
    return Event(date=day, kind="care", term=term, **more)


def test_a_diary_that_tells_of_nothing_else_has_no_circumstances():
    found = went_on(diary())
    assert found.beside == NOTHING_ELSE
    assert found.notes == ()


def test_the_judged_treatment_is_never_among_the_others_whatever_it_is_called():
    told = diary(
        doses=(dose(on(60), "topiramate"), dose(on(61), None, name="Topamax 25 mg")),
        events=(
            Event(date=on(80), kind="dose_change", term="up", drug="Topamax"),
            Event(date=on(81), kind="withdrawal", term="stopped for a week", drug="topiramate"),
            Event(date=on(82), kind="rescue", term="extra tablet", drug="topiramate"),
            Event(date=on(83), kind="dose_change", term="up to 50 mg"),  # no name: its own
        ),
        plan=(PlanStep(step="1", from_day=on(60), drug="Topamax"),),
    )
    assert went_on(told).beside == NOTHING_ELSE
    assert set(courses(told, "propranolol")) >= {"topiramate"}
    assert courses(diary(events=(care(on(60), "Bio-Feedback"),)), "biofeedback") == {}


# ---- nothing later is read

EARLIER = {
    "doses": (dose(on(70)), dose(on(75), state="skipped"), dose(on(76))),
    "events": (care(on(65), "physiotherapy"), Event(date=on(90), kind="rescue", term="nerve block")),
    "plan": (PlanStep(step="a", from_day=on(50), drug="amitriptyline", amount=Decimal(10), unit="mg"),),
}
LATER = {
    "doses": (dose(on(111), state="skipped"), dose(on(112), "erenumab")),
    "events": (
        care(on(112), since=on(40)),  # told later of an earlier day
        care(on(112), "physiotherapy", since=on(65), until=on(80)),
        Event(date=on(111), kind="withdrawal", term="no triptans", drug="sumatriptan", since=on(20)),
        Event(date=on(111), kind="dose_change", term="stopped", drug="propranolol", since=on(80)),
        Event(date=on(111), kind="rescue", term="steroid", since=on(85)),
    ),
    "plan": (
        PlanStep(step="b", from_day=on(115), drug="amitriptyline", amount=Decimal(25), unit="mg"),
        PlanStep(
            step="c", from_day=on(60), drug="candesartan", confirmed_at=datetime(2026, 5, 30, 9, tzinfo=UTC)
        ),
    ),
}  # fmt: skip


def test_nothing_that_was_told_later_changes_what_is_known_on_a_day():
    as_of = on(110)
    both = {name: (*EARLIER[name], *LATER[name]) for name in EARLIER}
    now = went_on(diary(**EARLIER), as_of=as_of)
    assert went_on(diary(**both), as_of=as_of) == now
    assert {series.treatment for series in now.beside.others} == {"propranolol", "physiotherapy", "amitriptyline"}
    later = courses(diary(**both))
    assert {"biofeedback", "stopping sumatriptan", "erenumab", "candesartan"} <= set(later)
    assert later["physiotherapy"][-1] == (on(81), 0.0)


def test_an_end_that_lies_ahead_is_not_known_yet():
    told = diary(
        events=(care(on(65), until=on(100)),), plan=(PlanStep(step="a", from_day=on(70), to=on(100), drug="candesartan"),)
    )
    assert courses(told, as_of=on(99)) == {"biofeedback": [(on(65), 1.0)], "candesartan": [(on(70), 1.0)]}
    assert courses(told, as_of=on(110)) == {
        "biofeedback": [(on(65), 1.0), (on(101), 0.0)],
        "candesartan": [(on(70), 1.0), (on(101), 0.0)],
    }


def test_days_that_were_reported_later_tell_of_no_period_yet():
    def told(reported):
        records = (
            DayRecord(date=on(n), headache="clear", menses_day1=n in (20, 48), reported_at=reported(n)) for n in range(100)
        )
        return diary(records)

    in_time = told(lambda n: datetime(2026, 1, 1, 20, tzinfo=UTC) + timedelta(days=n))
    late = told(lambda n: datetime(2026, 4, 20, tzinfo=UTC) if n == 48 else None)
    assert went_on(in_time, as_of=on(99)).beside.covariates
    assert not went_on(late, as_of=on(99)).beside.covariates


@given(st.randoms())
def test_the_order_of_rows_changes_nothing(random):
    tables = {name: [*EARLIER[name], *LATER[name]] for name in EARLIER}
    once = went_on(diary(**{name: tuple(rows) for name, rows in tables.items()}))
    for rows in tables.values():
        random.shuffle(rows)
    assert went_on(diary(**{name: tuple(rows) for name, rows in tables.items()})) == once


@given(st.permutations([Also("magnesium", on(70)), Also("yoga", on(30), on(60)), Also("yoga", on(80)), Also("CBT", on(70))]))
def test_the_order_in_which_others_are_named_changes_nothing(also):
    names = [series.treatment for series in went_on(diary(), also=tuple(also)).beside.others]
    assert names == ["yoga", "CBT", "magnesium"]


# ---- the table of doses


def test_a_preventive_counts_from_its_first_dose_with_pauses_where_doses_were_skipped():
    rows = [dose(on(n)) for n in range(70, 90)] + [dose(on(n), state="skipped") for n in range(90, 95)] + [dose(on(95))]
    assert courses(diary(doses=tuple(rows))) == {"propranolol": [(on(70), 1.0), (on(90), 0.0), (on(95), 1.0)]}


def test_a_dose_that_rises_is_a_share_of_the_greatest_one():
    rows = tuple(dose(on(n), amount=Decimal(20 if n < 100 else 80), unit="mg") for n in range(70, 120))
    assert courses(diary(doses=rows)) == {"propranolol": [(on(70), 0.25), (on(100), 1.0)]}
    rows = (*rows, dose(on(120)))  # one without an amount: no shares
    assert courses(diary(doses=rows)) == {"propranolol": [(on(70), 1.0)]}


def test_what_is_first_told_with_the_diary_was_there_before_and_cannot_be_seen():
    assert courses(diary(doses=tuple(dose(on(n)) for n in range(LENGTH)))) == {}
    assert courses(diary(doses=(dose(on(6)), dose(on(7))))) == {}
    assert courses(diary(doses=(dose(on(7)), dose(on(8))))) == {"propranolol": [(on(7), 1.0)]}
    assert courses(diary(events=(care(on(3)), care(on(10))))) == {}


def test_acute_medicines_and_planned_doses_are_no_other_treatments():
    rows = (
        dose(on(60), "sumatriptan", kind="acute"),
        dose(on(61), "ibuprofen", kind=None),
        dose(on(62), None, kind=None, name="white pill"),
        dose(on(63), state="planned"),
        dose(on(64), state="skipped"),
    )
    assert went_on(diary(doses=rows)).beside == NOTHING_ELSE
    assert courses(diary(doses=(dose(on(60), "candesartan", kind=None),))) == {"candesartan": [(on(60), 1.0)]}


def test_a_toxin_session_counts_as_long_as_its_effect_lasts_and_a_ketamine_session_is_a_rescue():
    toxin = tuple(dose(on(n), "onabotulinumtoxina", "given", kind="session") for n in (20, 104))
    assert courses(diary(doses=toxin)) == {"onabotulinumtoxina": [(on(20), 1.0), (on(20 + 84 + 91), 0.0)]}
    once = courses(diary(doses=toxin[:1]))["onabotulinumtoxina"]
    assert once == [(on(20), 1.0), (on(20 + 91), 0.0)]
    antibody = (dose(on(20), "eptinezumab", "given", kind="session"),)
    assert courses(diary(doses=antibody)) == {"eptinezumab": [(on(20), 1.0), (on(20 + 84), 0.0)]}
    ketamine = went_on(diary(doses=(dose(on(20), "ketamine", "given", kind="session"),)))
    assert ketamine.beside.others == ()
    assert [covariate.name for covariate in ketamine.beside.covariates] == ["days after a rescue treatment"]


# ---- the plan and the events


def test_the_table_of_the_plan_gives_starts_steps_and_ends_and_skipped_doses_are_taken_off():
    steps = (
        PlanStep(step="1", from_day=on(60), to=on(73), drug="Elavil", amount=Decimal(10), unit="mg", times=1),
        PlanStep(step="2", from_day=on(74), to=on(120), drug="amitriptyline", amount=Decimal(25), unit="mg", times=1),
    )
    expected = [(on(60), 0.4), (on(74), 1.0), (on(121), 0.0)]
    assert courses(diary(plan=steps)) == {"amitriptyline": expected}
    skipped = (dose(on(65), "amitriptyline", state="skipped"), dose(on(67), "amitriptyline"))
    expected[1:1] = [(on(65), 0.0), (on(67), 0.4)]
    assert courses(diary(plan=steps, doses=skipped)) == {"amitriptyline": expected}


def test_starts_stops_and_other_changes_of_another_medicine():
    events = (
        Event(date=on(60), kind="dose_change", term="started", drug="amitriptyline"),
        Event(date=on(90), kind="dose_change", term="because of weight", action="Stopped", drug="Elavil"),
        Event(date=on(70), kind="dose_change", term="halved", drug="propranolol"),
        Event(date=on(72), kind="dose_change", term="discontinued", drug="flunarizine"),
    )
    found = courses(diary(events=events))
    assert found["amitriptyline"] == [(on(60), 1.0), (on(90), 0.0)]
    assert found["the other dose of propranolol"] == [(on(70), 1.0)]
    assert found["flunarizine"] == [(on(72), -1.0)]  # from what it was on the first day


def test_the_stop_of_an_overused_medicine_is_a_treatment_and_that_of_a_preventive_ends_it():
    events = (
        Event(date=on(62), kind="withdrawal", term="no triptans", drug="Imitrex", since=on(60)),
        Event(date=on(64), kind="withdrawal", term="sweating", drug="sumatriptan"),
        Event(date=on(70), kind="withdrawal", term="dizzy", drug="venlafaxine"),
        Event(date=on(80), kind="withdrawal", term="detoxification"),
    )
    found = courses(diary(events=events))
    assert found["stopping sumatriptan"] == [(on(60), 1.0)]
    assert found["venlafaxine"] == [(on(70), -1.0)]
    assert found["withdrawal"] == [(on(80), 1.0)]


def test_care_counts_from_the_first_session_attended_and_a_missed_one_is_no_end():
    events = (care(on(50), attended=False), care(on(57), attended=True), care(on(64), attended=False), care(on(71)))
    assert courses(diary(events=events)) == {"biofeedback": [(on(57), 1.0)]}
    assert courses(diary(events=events[:1])) == {}


# ---- days that differ


def test_the_days_after_a_rescue_treatment_are_marked_and_the_day_itself_is_not():
    events = (Event(date=on(30), kind="rescue", term="nerve block"), Event(date=on(33), kind="rescue", term="steroid"))
    (covariate,) = went_on(diary(events=events)).beside.covariates
    assert [n for n, value in enumerate(covariate.values) if value] == list(range(31, 41))
    assert set(covariate.values) == {0.0, 1.0}
    assert rules_said(diary(events=events)) == ["beside.rescue"]
    assert went_on(diary(events=(Event(date=on(-30), kind="rescue", term="nerve block"),))).beside.covariates == ()


def test_the_days_around_periods_are_two_before_to_two_after_and_mean_nothing_where_they_are_not_known():
    firsts = (10, 38, 66, 140)
    records = (DayRecord(date=on(n), headache="clear", menses_day1=True if n in firsts else None) for n in range(LENGTH))
    (covariate,) = went_on(diary(records)).beside.covariates
    values = np.array(covariate.values)
    assert np.flatnonzero(values > 0).tolist() == [n + away for n in firsts for away in (-2, -1, 0, 1, 2)]
    known = [*range(8, 69), *range(138, 143)]  # a period between days 68 and 138 may not have been written down
    assert np.flatnonzero(values).tolist() == known
    assert values.sum() == pytest.approx(0.0)
    assert values.max() - values.min() == pytest.approx(1.0)


def test_periods_are_read_from_bleeding_too_and_one_is_not_enough():
    def bleeding(*runs):
        days = {n for first, length in runs for n in range(first, first + length)}
        return diary(DayRecord(date=on(n), headache="clear", menses=n in days) for n in range(LENGTH))

    (covariate,) = went_on(bleeding((10, 5), (37, 4))).beside.covariates
    inside = [n for n, value in enumerate(covariate.values) if value > 0]
    assert inside == [*range(8, 13), *range(35, 40)]
    assert went_on(bleeding((10, 5))).beside.covariates == ()
    assert went_on(bleeding((0, 3), (28, 5))).beside.covariates == ()  # of the first one only the end is seen


def test_weekends_are_told_apart_only_where_it_is_asked_and_a_week_sums_to_nothing():
    (covariate,) = went_on(diary(), weekday=True).beside.covariates
    assert {on(n).isoweekday() for n, value in enumerate(covariate.values) if value > 0} == {6, 7}
    assert sum(covariate.values[:7]) == pytest.approx(0.0)
    assert len(covariate.values) == LENGTH


# ---- named by the caller


def test_what_was_there_before_the_diary_is_counted_from_how_it_was_then():
    also = (Also("propranolol", date(2020, 1, 1), on(60)), Also("propranolol", on(80)))
    assert courses(diary(), also=also) == {"propranolol": [(on(61), -1.0), (on(80), 0.0)]}
    (note,) = went_on(diary(), also=also[:1]).notes
    assert "propranolol from before the diary to 2 Mar 2026" in note.because


def test_what_the_caller_names_overrules_what_the_diary_tells_of_it():
    told = diary(
        doses=(dose(on(60)), dose(on(61))), events=(Event(date=on(90), kind="dose_change", term="halved", drug="propranolol"),)
    )
    also = (Also("Inderal", on(20), on(40)), Also("propranolol", on(70)))
    assert courses(told, also=also) == {"Inderal": [(on(20), 1.0), (on(41), 0.0), (on(70), 1.0)]}
    long_before = (Also("propranolol", date(2019, 1, 1)),)
    assert courses(told, also=long_before) == {}
    assert rules_said(told, also=long_before) == ["beside.constant"]


def test_a_start_shortly_before_the_diary_still_rises_within_it_and_is_kept():
    assert courses(diary(), also=(Also("yoga", on(-10)),)) == {"yoga": [(on(-10), 1.0)]}
    assert courses(diary(), also=(Also("yoga", on(-90)),)) == {}


def test_what_the_caller_names_is_not_read_before_its_day_either():
    also = (Also("yoga", on(60), on(90)),)
    assert courses(diary(), as_of=on(80), also=also) == {"yoga": [(on(60), 1.0)]}
    assert rules_said(diary(), as_of=on(50), also=also) == ["beside.later"]
    assert went_on(diary(), as_of=on(50), also=also).beside == NOTHING_ELSE


def test_stretches_that_follow_one_another_without_a_day_between_are_one():
    also = (Also("yoga", on(30), on(59)), Also("yoga", on(60), on(89)))
    assert courses(diary(), also=also) == {"yoga": [(on(30), 1.0), (on(90), 0.0)]}


def test_the_judged_treatment_and_days_given_twice_are_refused_together():
    also = (Also("Topamax", on(10)), Also("yoga", on(10)), Also("Yoga", on(50)))
    with pytest.raises(BadInput) as caught:
        went_on(diary(), also=also)
    seen = [(problem.where, problem.what) for problem in caught.value.problems]
    assert [where for where, _ in seen] == ["--also", "--also"]
    assert "'Topamax' is the treatment that is judged" in seen[0][1]
    assert "twice" in seen[1][1]


def test_of_too_many_others_the_nearest_to_the_start_are_kept_and_the_rest_is_named():
    also = tuple(Also(f"number {n}", START + timedelta(days=5 * n)) for n in range(10))
    found = went_on(diary(), also=also)
    assert [series.treatment for series in found.beside.others] == [f"number {n}" for n in range(8)]
    assert "number 8, number 9" in next(note.because for note in found.notes if note.rule == "beside.left-out")


def test_every_number_of_the_rules_has_a_known_source():
    text = resources.files("cleardays.diary").joinpath("data", "circumstances.toml").read_text(encoding="utf-8")
    for name, rule in tomllib.loads(text).items():
        if isinstance(rule, dict):
            assert rule["source"], name
            assert set(rule["source"]) <= all_sources().keys(), name


def test_what_was_fitted_is_said_with_its_days():
    told = replace(diary(), about={})
    (note,) = went_on(told, also=(Also("yoga", on(60), on(90)), Also("CBT", on(50)))).notes
    assert "CBT from 20 Feb 2026 on; yoga from 2 Mar 2026 to 1 Apr 2026" in note.because
    assert went_on(told, also=(Also("CBT", on(50)),)).beside.others[0].steps == (ExposureStep(on(50), 1.0),)
