"""On which days sessions were held, and what is known around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cleardays.catalogue.treatments import load_treatment
from cleardays.diary.beside import Beside
from cleardays.diary.conditions import declared
from cleardays.diary.entries import DoseEntry
from cleardays.diary.records import DayRecord, Diary
from cleardays.diary.rules import read_rules
from cleardays.plan.session_record import SessionRecord, Vitals
from cleardays.problems import BadInput
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import respond
from cleardays.response.design import NOTHING_ELSE
from cleardays.response.summary import Interval
from cleardays.sources import Reason
from cleardays.trial import session_relief
from cleardays.trial.review import judging_rules
from cleardays.trial.session_relief import Judged, sessions_of
from cleardays.trial.session_words import ROUGH, Counted, Figures, relief_found
from cleardays.trial.sessions_held import Held, later_ones_unknown, sessions_held
from conftest import START
from reference.plans import plan_of

DAY = timedelta(days=1)
LATER = START + 400 * DAY


def diary_with(*days: date, drug: str = "ketamine", **told) -> Diary:
    told = {"kind": "session", "state": "given", **told}
    doses = tuple(DoseEntry(date=day, drug=drug, **told) for day in days)
    return Diary((DayRecord(date=START, headache="clear"),), beside=Beside(doses=doses))


def ons(diary: Diary, treatment: str = "ketamine", as_of: date = LATER, **options) -> list[tuple[date, bool]]:
    return [(each.on, each.told) for each in sessions_held(diary, treatment, START, as_of, **options)]


# ---- which days


def test_the_sessions_that_a_diary_tells_of_are_those():
    weeks = [START, START + 28 * DAY, START + 60 * DAY]
    assert ons(diary_with(*weeks)) == [(day, True) for day in weeks]
    assert ons(diary_with(*weeks, drug="Ketalar")) == [(day, True) for day in weeks]


def test_where_none_is_told_the_start_is_the_only_one_known():
    assert ons(diary_with()) == [(START, True)]
    assert ons(diary_with(START, state="planned")) == [(START, True)]
    assert sessions_held(diary_with(), "ketamine", START, LATER) == (Held(START, START, told=True, by_start=True),)


def test_the_start_stays_the_first_session_once_later_ones_are_told():
    assert ons(diary_with(START + 84 * DAY), "ketamine") == [(START, True), (START + 84 * DAY, True)]
    record = SessionRecord("Botox", START + 84 * DAY, "Dr A. Moreau", "clinic")
    found = sessions_held(diary_with(), "Botox", START, LATER, records=[record])
    assert [each.on for each in found] == [START, START + 84 * DAY]
    assert not any(each.by_start for each in found)
    assert ons(diary_with(START + 84 * DAY, drug="examplamide"), "examplamide") == [(START + 84 * DAY, True)]


def test_a_session_skipped_on_the_start_is_none():
    skipped = DoseEntry(date=START, drug="Ketalar", kind="session", state="skipped")
    later = diary_with(START + 5 * DAY)
    told = replace(later, beside=Beside(doses=(skipped, *later.beside.doses)))
    assert ons(told) == [(START + 5 * DAY, True)]
    other = replace(later, beside=Beside(doses=(replace(skipped, drug="esketamine"), *later.beside.doses)))
    assert ons(other) == [(START, True), (START + 5 * DAY, True)]


def test_only_the_start_is_not_called_one_session_once_another_was_due():
    (start,) = sessions_held(diary_with(), "Botox", START, LATER)
    toxin, ketamine = load_treatment("onabotulinumtoxina"), load_treatment("ketamine")
    assert not later_ones_unknown([start], toxin, START + 83 * DAY)
    assert later_ones_unknown([start], toxin, START + 84 * DAY)
    assert not later_ones_unknown([start._replace(by_start=False)], toxin, LATER)
    assert not later_ones_unknown([start], ketamine, LATER)  # no source tells an interval
    assert not later_ones_unknown([], None, LATER)


def test_what_is_taken_day_by_day_has_none():
    assert ons(diary_with(), "topiramate") == []
    assert ons(diary_with(START, drug="topiramate", kind="preventive"), "topiramate") == []
    assert ons(diary_with(), "examplamide") == []


def test_what_no_catalogue_knows_has_those_that_are_told_as_sessions():
    assert ons(diary_with(START, drug="examplamide"), "examplamide") == [(START, True)]


def test_nothing_after_the_last_day_read_is_read():
    weeks = [START, START + 28 * DAY, START + 60 * DAY]
    assert ons(diary_with(*weeks), as_of=START + 59 * DAY) == [(day, True) for day in weeks[:2]]
    assert ons(diary_with(), as_of=START - DAY) == []
    record = SessionRecord("ketamine", START + 70 * DAY, "Dr A. Moreau", "clinic")
    assert ons(diary_with(START), as_of=START + 69 * DAY, records=[record]) == [(START, True)]
    assert len(ons(diary_with(START), as_of=START + 70 * DAY, records=[record])) == 2


def test_days_one_after_the_other_are_one_session():
    found = sessions_held(diary_with(START, START + DAY, START + 2 * DAY, START + 4 * DAY), "ketamine", START, LATER)
    assert found == (Held(START, START + 2 * DAY, told=True), Held(START + 4 * DAY, START + 4 * DAY, told=True))


def test_a_planned_session_of_which_nobody_told_counts_and_is_marked():
    plan = plan_of("onabotulinumtoxina", "chronic-migraine")
    assert ons(diary_with(), "Botox", plan=plan) == [(START, False), (START + 84 * DAY, False)]
    late = diary_with(START, START + 88 * DAY, drug="onabotulinumtoxina")
    assert ons(late, "Botox", plan=plan) == [(START, True), (START + 88 * DAY, True)]
    skipped = diary_with(START, state="skipped", drug="onabotulinumtoxina")
    assert ons(skipped, "Botox", plan=plan) == [(START + 84 * DAY, False)]


def test_a_plan_of_doses_has_no_sessions():
    assert ons(diary_with(), "lamotrigine", plan=plan_of()) == []


def test_a_record_of_another_treatment_is_refused():
    record = SessionRecord("ketamine", START, "Dr A. Moreau", "clinic")
    with pytest.raises(BadInput, match="is of ketamine, not of esketamine"):
        sessions_held(diary_with(), "esketamine", START, LATER, records=[record])


def test_two_records_of_one_day_are_refused():
    record = SessionRecord("ketamine", START, "Dr A. Moreau", "clinic")
    with pytest.raises(BadInput, match=r"--session: two records are of 2026-\d\d-\d\d\. Give one record of each"):
        sessions_held(diary_with(), "ketamine", START, LATER, records=[record, record._replace(place="hospital")])


# ---- relief, and what is said of it


@pytest.fixture
def judge(pattern_series):
    """What is said of sessions so many days after the start, in a diary of a pattern."""

    def found(before: str, after: str, *ons: int, treatment: str = "ketamine", records=(), reasons=None):
        days = pattern_series(before, after)
        verdict = respond(days, ExposureSeries.started("x", START), judging_rules())
        if reasons is not None:
            verdict = verdict._replace(reasons=reasons)
        said, known = declared({}, "headache_day"), load_treatment(treatment)
        judged = Judged(days, ExposureSeries.started("x", START), verdict, said, known, NOTHING_ELSE, 1)
        return sessions_of([Held(START + n * DAY, START + n * DAY, told=True) for n in ons], judged, records)

    return found


BEFORE = "X0XX00X0XX0X0X" * 6
GOOD = "X" + "0" * 7 + "0X0X00XXX0X0X" * 2 + "X"  # a session, its first days, and four weeks more


def test_relief_and_prevention_are_two_answers(judge):
    found = judge(BEFORE, GOOD * 5, 0, 35, 70, 105, 140)
    document = found.document()
    assert document["relief"]["answer"] == "likely"
    assert document["relief"]["counted"] == 5
    assert document["relief"]["first"] == {"had": 0, "known": 35, "days": 35}
    assert document["prevention"] == {
        "verdict": found.prevention.verdict, "reduction_pct": found.prevention.reduction_pct.document()
    }  # fmt: skip
    assert document["relief"]["reduction_pct"] != document["prevention"]["reduction_pct"]


def test_the_day_of_a_session_is_neither_before_nor_after(judge):
    had, clear = (judge(BEFORE, (day + GOOD[1:]) * 5, 0, 35, 70, 105, 140) for day in ("X", "0"))
    for one, other in zip(had.sessions, clear.sessions, strict=True):
        assert (one.before, one.first) == (other.before, other.first)
        assert (one.that_day, other.that_day) == (True, False)


def test_days_of_an_earlier_session_are_no_days_before_the_next(judge):
    found = judge(BEFORE, GOOD * 2, 0, 10, 35)
    assert [each.before.days for each in found.sessions] == [14, 2, 14]
    assert [each.why_not is None for each in found.sessions] == [True, False, True]
    assert [each.first.days for each in found.sessions] == [7, 7, 7]
    close = judge(BEFORE, GOOD * 2, 0, 4)
    assert close.sessions[0].first.days == 3


def test_a_session_around_which_too_little_is_known_is_not_counted(judge):
    found = judge(BEFORE, "X" + "..0..0.." + GOOD[9:] + GOOD, 0, 36)
    assert found.sessions[0].why_not is not None
    assert found.sessions[0].first == (0, 2, 7)
    assert found.relief.counted == 1
    assert found.relief.reasons[0].rule == "sessions.one-session"
    assert "sessions for an answer" in found.relief.reasons[0].because


def test_where_no_session_can_be_counted_it_cannot_be_told(judge):
    found = judge("......", "X" + "0" * 6, 0)
    assert found.relief.answer == "cannot_tell"
    assert found.relief.reasons[0].rule == "sessions.too-few-days"
    assert found.relief.found is None


def test_after_one_session_nothing_is_final(judge):
    found = judge(BEFORE, GOOD, 0)
    assert found.relief.answer == "cannot_tell"
    assert found.relief.found is not None
    assert [reason.rule for reason in found.reasons] == ["sessions.held", "sessions.not-final"]


def worded(estimate: float, lower: float, upper: float, *, chance=0.0, more=0.999) -> str:
    counted = Counted(20, 28, 28)
    figures = Figures(counted, counted, 2, Interval(estimate, lower, upper), chance, more)
    said = relief_found(figures, "unlikely", declared({}, "headache_day"), read_rules("sessions_and_remission")["relief"])
    return said.because.replace("\N{NO-BREAK SPACE}", " ")


def test_more_days_are_worded_as_more_and_never_as_a_reduction_below_zero():
    text = worded(-106.0, -227.0, -19.0)
    assert "about twice as many (90 % interval 1.2 to 3.3 times), more with a probability of over 0.99" in text
    assert "reduction of -" not in text
    assert "a reduction of at least 30 % with a probability of under 0.01" in text
    assert "more with" not in worded(-2.0, -40.0, 30.0, more=0.55)
    assert "about as many (" in worded(-2.0, -40.0, 30.0, more=0.55)
    assert "about 1.4 times as many (" in worded(-40.0, -80.0, 2.0, more=0.93)


def test_a_reduction_is_told_at_the_usual_level_and_not_against_the_days_before():
    text = worded(61.0, 12.0, 80.0, chance=0.9, more=0.01)
    assert "at this diary's usual level to a reduction of 61 % (90 % interval 12 to 80), of at least 30 %" in text
    assert "what those let expect" not in text


def test_a_fit_that_failed_its_check_is_told_beside_the_relief(judge, monkeypatch):
    whole = session_relief.relief
    asked = BEFORE, GOOD * 2, 0, 35
    assert ROUGH not in [reason.rule for reason in judge(*asked).relief.reasons]
    monkeypatch.setattr(session_relief, "relief", lambda *days, **more: whole(*days, **more)._replace(settled=False))
    found = judge(*asked)
    assert [reason.rule for reason in found.relief.reasons][1] == ROUGH
    assert any("take the figures as rough" in reason.because for reason in found.lines)


def test_of_a_toxin_relief_in_the_first_days_is_not_looked_for(judge):
    found = judge(BEFORE, GOOD * 3, 0, treatment="onabotulinumtoxina")
    assert found.relief.answer == "not_expected"
    assert found.relief.found is None
    assert "The effect sets in within about 1-2 weeks." in found.relief.reasons[0].because
    assert found.relief.reasons[0].confidence == "unconfirmed"
    rules = [reason.rule for reason in found.reasons]
    assert rules[:2] == ["sessions.held", "sessions.not-final"]
    assert any("after two cycles" in reason.because for reason in found.reasons if reason.rule == "sessions.judged-after")


def test_where_hardly_any_day_before_had_it_there_is_nothing_to_relieve(judge):
    found = judge("X0X0X0X" * 10 + "0" * 14, "0" * 60, 0, 30)
    assert found.relief.reasons[0].rule == "sessions.nothing-to-relieve"


def test_a_diary_kept_selectively_tells_no_relief(judge):
    why = (Reason("judge.selective-logging", "Being logged depends on the day."),)
    found = judge(BEFORE, GOOD * 5, 0, 35, 70, 105, 140, reasons=why)
    assert found.relief.answer == "cannot_tell"
    assert "Being logged depends on the day." in found.relief.reasons[0].because


def test_pain_in_a_session_is_the_last_score_before_against_the_last_after(judge):
    def record(day, *scores):
        vitals = tuple(Vitals(float(minute), pain=pain) for minute, pain in scores)
        return SessionRecord("ketamine", day, "Dr A. Moreau", "clinic", vitals=vitals)

    records = [
        record(START, (0, 8), (15, 7), (60, 3)),
        record(START + 35 * DAY, (0, 6), (30, None), (45, 5)),
        record(START + 70 * DAY, (15, 9), (30, 1)),  # nothing before
        record(START + 700 * DAY, (0, 9), (30, 0)),  # not yet
        record(START - 7 * DAY, (0, 9), (30, 0)),  # before the start, and no session of this treatment
    ]
    pain = judge(BEFORE, GOOD * 3, 0, 35, 70, records=records).document()["pain"]
    assert (pain["sessions"], pain["median_before"], pain["median_after"], pain["median_change"]) == (2, 7, 4, -3)
    assert [each["on"] for each in pain["each"]] == [START.isoformat(), (START + 35 * DAY).isoformat()]
    assert judge(BEFORE, GOOD * 3, 0, 35, 70).pain is None


def test_a_told_session_moves_the_exposure_of_the_plan_too():
    from cleardays.trial.by_plan import by_plan

    plan = plan_of("onabotulinumtoxina", "chronic-migraine")
    told = diary_with(START + 5 * DAY, drug="onabotulinumtoxina")
    told = replace(told, records=(DayRecord(date=START + 20 * DAY, headache="clear"),))
    series = by_plan(plan, told, "Botox", START + 20 * DAY).series
    assert [step.from_day for step in series.steps if step.level][:1] == [START + 5 * DAY]
