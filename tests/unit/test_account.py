"""The account of a trial: every number with the days it rests on, nothing made up of what nobody told."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.diary.beside import Beside
from cleardays.diary.entries import Event, PlanStep, Score
from cleardays.diary.own_csv import read_days
from cleardays.diary.records import DayRecord, Diary
from cleardays.trial.account.making import account
from cleardays.trial.account.of_story import account_of
from cleardays.trial.account.read import FIVE
from cleardays.trial.account.stretches import change_between, likeness, stretch_of
from cleardays.trial.also import Also
from cleardays.trial.review import NothingKnown, review
from cleardays.trial.story.story import fold
from reference import stories
from reference.plan_files import START, confirmed, plan_file
from reference.whole_stories import TODAY, whole_story

STATES = st.lists(st.sampled_from((-1, 0, 1)), min_size=1, max_size=120).map(lambda row: np.array(row, dtype=np.int8))


def of_rows(rows, header="date,headache", start=START, **more):
    """The account of a diary that is written out."""
    text = header + "\n" + "".join(f"{row}\n" for row in rows)
    diary = read_days(io.StringIO(text, newline=""), "days.csv")
    found = review(diary, "examplamide", start)
    return account(diary, "examplamide", start, found.series.last_day, review=found, **more)


def month_before_and_after(cells_before, cells_after, days=28):
    """Rows of so many days before and after the start, cells taken in turn."""
    first = START - timedelta(days=days)
    cells = [
        *(cells_before[n % len(cells_before)] for n in range(days)),
        *(cells_after[n % len(cells_after)] for n in range(days)),
    ]
    return [f"{first + timedelta(days=n)},{cell}" for n, cell in enumerate(cells)]


@given(STATES, st.integers(-10, 130), st.integers(0, 60))
def test_a_stretch_lists_each_day_once_as_had_known_or_unknown_and_rates_only_known_days(states, begin, length):
    first_day = date(2026, 1, 1)
    first, last = first_day + timedelta(days=begin), first_day + timedelta(days=begin + length)
    found = stretch_of(states, first_day, first, last)
    assert set(found.had).isdisjoint(found.unknown)
    assert found.known == found.days - len(found.unknown)
    assert found.tally <= found.known
    for day in found.had:
        assert states[(day - first_day).days] == 1
    if found.per_28 is not None:
        assert found.known >= 14
        assert found.per_28 == pytest.approx(28 * found.tally / found.known)


@given(STATES, STATES)
def test_the_change_lies_within_its_interval_or_at_its_edge_and_alike_days_never_make_it_surer(one, other):
    first = date(2026, 1, 1)
    before, recent = (stretch_of(each, first, first, first + timedelta(days=len(each) - 1)) for each in (one, other))
    found, alike = change_between(before, recent, 0.0), change_between(before, recent, 0.8)
    assert (found is None) == (before.per_28 is None or recent.per_28 is None)
    if found is not None and alike is not None:
        assert found[0] == pytest.approx(recent.per_28 - before.per_28)
        assert found[1][0] <= found[1][1]
        assert alike[1][1] - alike[1][0] >= found[1][1] - found[1][0]


@given(STATES)
def test_how_alike_days_are_is_a_share(states):
    assert 0.0 <= likeness([states]) <= 0.9


def test_the_five_numbers_count_what_a_hand_counts():
    header = "date,headache,migraine,acute_classes,acute_doses,function"
    before, after = (
        ["severe,yes,triptan,1,2", "clear,no,,0,0"],
        ["mild,no,,0,0", "clear,no,,0,0", "clear,no,,0,0", "clear,no,,0,0"],
    )
    found = of_rows(month_before_and_after(before, after), header)
    numbers = {number.item: number for number in found.numbers}
    assert list(numbers) == list(FIVE)
    assert {item: (n.before.tally, n.recent.tally) for item, n in numbers.items() if item != "migraine_day"} == {
        "headache_day": (14, 7), "moderate_or_severe": (14, 0), "acute_med_day": (14, 0), "lost_function": (14, 0),
    }  # fmt: skip
    assert numbers["headache_day"].change == pytest.approx(-7)
    lower, upper = numbers["headache_day"].interval
    assert lower < -7 < upper
    (triptans,) = found.acute
    assert (triptans.name, triptans.before.tally, triptans.recent.tally, triptans.limit) == ("triptans", 14, 0, 10)


def test_what_the_diary_never_asks_is_not_recorded_and_is_no_zero():
    found = of_rows(month_before_and_after(["present", "clear"], ["clear", "present"]))
    numbers = {number.item: number for number in found.numbers}
    assert numbers["headache_day"].recorded
    assert not numbers["lost_function"].recorded
    assert not numbers["moderate_or_severe"].recorded
    assert found.residual is None
    assert found.acute == ()


def test_days_that_are_not_told_widen_the_band_of_what_is_left_and_never_narrow_it():
    told = month_before_and_after(["severe", "clear"], ["severe", *["clear"] * 13])
    whole, gaps = of_rows(told), of_rows([*told[:-12], *told[-6:]])
    assert (whole.residual.at_least, whole.residual.at_most) == ("optimal", "optimal")
    assert gaps.residual.at_least == "optimal"
    assert gaps.residual.at_most == "insufficient"


def test_a_person_without_one_known_day_has_a_whole_account_with_nothing_made_up():
    found = account(Diary(()), "examplamide", START, START + timedelta(days=30), review=None)
    assert (found.coverage.known, found.coverage.days) == (0, 31)
    assert all(not number.recorded and number.change is None and number.recent.tally == 0 for number in found.numbers)
    assert found.residual is None
    assert len(found.questions) == 3
    json.dumps(found.document(), allow_nan=False)


def test_only_a_diary_that_says_nothing_is_reviewed_as_nothing_known():
    with pytest.raises(NothingKnown):
        review(Diary(()), "examplamide", START)
    with pytest.raises(NothingKnown):
        review(Diary((DayRecord(date=START, note="nothing"),)), "examplamide", START)


def test_a_story_is_judged_by_what_the_plan_names_next_where_the_diary_tells_nothing_of_the_first():
    story = fold("p1", stories.placed(stories.journey()))
    found = account_of(story, stories.TRIAL, START + timedelta(days=110))
    assert "aura_day" in found.nothing_known.what
    assert found.review.response.outcome == "headache_day"
    assert found.course.now == found.course.target
    assert found.ledger[0].judged
    assert found.ledger[0].dose == "200 mg"
    assert found.baseline is not None
    assert found.origin.seq == story.seq


def test_before_the_first_dose_the_account_says_that_nothing_has_begun():
    story = fold("p1", stories.placed(stories.journey()))
    found = account_of(story, stories.TRIAL, START - timedelta(days=1))
    assert found.start is None
    assert found.review is None
    assert all(number.before is None for number in found.numbers)


def test_a_baseline_that_was_fixed_stands_beside_what_the_diary_says_now():
    events = stories.journey()
    corrected = stories.day_told(START - timedelta(days=1), "severe", written=START + timedelta(days=100))
    story = fold("p1", stories.placed([*events, corrected]))
    found = account_of(story, stories.TRIAL, START + timedelta(days=110))
    (headache,) = [number for number in found.numbers if number.item == "headache_day"]
    assert headache.fixed is not None
    assert headache.before.tally == headache.fixed.had + 1
    assert found.told[START - timedelta(days=1)].how == "corrected"
    assert len(found.told[START - timedelta(days=1)].earlier) == 1


def test_each_known_day_tells_how_it_came_to_be_known():
    events = stories.journey()
    late = stories.day_told(START + timedelta(days=60), "mild", written=START + timedelta(days=70))
    days = [e for e in events if e.body.get("cells", {}).get("date") != (START + timedelta(days=60)).isoformat()]
    found = account_of(fold("p1", stories.placed([*days, late])), stories.TRIAL, START + timedelta(days=110))
    told = found.told[START + timedelta(days=60)]
    assert (told.how, told.written) == ("recalled", START + timedelta(days=70))
    assert told.event == len(days) + 1
    assert {each.how for day, each in found.told.items() if day != START + timedelta(days=60)} == {"live"}


def test_an_open_red_flag_is_the_first_question_and_stands_in_the_way():
    rows = tuple(DayRecord(date=START + timedelta(days=n - 28), headache="mild" if n % 3 else "clear") for n in range(60))
    rash = Event(date=START + timedelta(days=20), kind="red_flag", term="thunderclap")
    diary = Diary(rows, {}, (), Beside(events=(rash,)))
    found = account(diary, "examplamide", START, rows[-1].date, review=review(diary, "examplamide", START))
    assert [flag.code for flag in found.safety.in_the_way] == ["thunderclap"]
    assert found.questions[0].rule == "ask.finding"


def test_the_box_says_that_nobody_looked_where_there_is_no_plan():
    assert not of_rows(month_before_and_after(["mild", "clear"], ["clear"])).safety.screened


def test_a_plan_gives_doses_checks_alerts_and_its_rule():
    told = {"sex": "female", "contraception": "combined", "conditions": ["migraine with aura"]}
    file = confirmed(plan_file(("lamotrigine", "migraine-with-aura"), **told))
    rows = tuple(DayRecord(date=START + timedelta(days=n - 28), headache="mild" if n % 3 else "clear") for n in range(60))
    diary = Diary(rows)
    found = review(diary, "lamotrigine", START, outcome="headache_day", plan=file)
    page = account(diary, "lamotrigine", START, rows[-1].date, review=found, plan=file)
    assert [str(dose.daily) for dose in page.course.doses][:2] == ["25 mg", "50 mg"]
    assert page.safety.screened
    assert page.safety.pregnancy == "no"
    assert all(due.on > page.as_of for due in page.safety.due)
    assert [each.alert.code for each in page.safety.alerts] == ["caution.aura-combined-contraceptive"]
    assert page.course.next_rise == START + timedelta(days=35)
    assert page.stop_rule.because == file.plan.stop_rule.says
    assert set(page.stop_rule.source) <= set(page.questions[0].source)
    assert "ask.dose" not in {question.rule for question in page.questions}


def test_midas_is_listed_by_its_items_and_a_total_that_cannot_be_is_said_to_be_wrong():
    rows = tuple(DayRecord(date=START + timedelta(days=n - 28), headache="clear" if n % 2 else "mild") for n in range(60))
    scores = (
        Score(date=START - timedelta(days=2), instrument="MIDAS", items=("5", "3", "2", "0", "4")),
        Score(date=START + timedelta(days=28), instrument="midas", items=("1", "x", "0", "0", "2")),
        Score(date=START + timedelta(days=28), instrument="HIT-6", total=58),
    )
    diary = Diary(rows, {}, (), Beside(scores=scores))
    found = account(diary, "examplamide", START, rows[-1].date, review=review(diary, "examplamide", START))
    midas, hit = found.scales
    assert (midas.before.total, midas.before.band, midas.before.items) == (14.0, "III", ("5", "3", "2", "0", "4"))
    assert midas.last.total is None
    assert midas.last.said
    assert (hit.before, hit.last.total, hit.last.band) == (None, 58.0, "substantial")


def test_other_treatments_of_a_diary_stand_in_the_ledger_with_their_days():
    rows = tuple(DayRecord(date=START + timedelta(days=n - 56), headache="clear" if n % 2 else "mild") for n in range(100))
    plan = (PlanStep(step="1", from_day=START - timedelta(days=40), to=START - timedelta(days=10), drug="propranolol"),)
    diary = Diary(rows, {}, (), Beside(plan=plan))
    also = (Also("biofeedback", START - timedelta(days=20), None),)
    found = account(
        diary, "examplamide", START, rows[-1].date, review=review(diary, "examplamide", START, also=also), also=also
    )
    assert [row.treatment for row in found.ledger] == ["examplamide", "biofeedback", "propranolol"]
    assert [row.judged for row in found.ledger] == [True, False, False]
    propranolol = found.ledger[2]
    assert (propranolol.first, propranolol.last) == (START - timedelta(days=40), START - timedelta(days=10))
    assert propranolol.fair.meets == "no"


def test_as_of_an_earlier_day_nothing_later_is_known():
    rows = tuple(DayRecord(date=START + timedelta(days=n - 28), headache="clear" if n % 2 else "mild") for n in range(90))
    as_of = START + timedelta(days=30)
    cut = Diary(tuple(row for row in rows if row.date <= as_of))
    pages = []
    for diary in (Diary(rows), cut):
        found = review(diary, "examplamide", START, as_of=as_of)
        pages.append(account(diary, "examplamide", START, as_of, review=found).document())
    assert pages[0] == pages[1]


def test_goals_impact_and_what_was_done_about_a_sign_come_from_the_story():
    on, day = START + timedelta(days=40), START + timedelta(days=30)
    doctor = stories.DOCTOR
    events = [
        stories.told("goal.told", {"entry": "work", "words": "Work whole weeks", "outcome": "headache_day", "at_most": 4}, day),
        stories.told("intake.told", {"part": "impact", "answer": "told", "words": "I miss my choir."}, day),
        stories.told(
            "flag.shown",
            {"entry": "r", "code": "rash", "tier": "soon", "on": on.isoformat(), "shown": "A rash is seen the same day."},
            on,
        ),
    ]
    asked = lambda more: account_of(  # noqa: E731
        fold("p1", stories.placed([*stories.journey(), *events, *more])), stories.TRIAL, START + timedelta(days=110)
    )
    found = asked([])
    assert [flag.code for flag in found.safety.in_the_way] == ["rash"]
    assert found.own.sentence == "I miss my choir."
    (goal,) = found.own.goals
    assert goal.text == "Work whole weeks (at most 4 days in 28)"
    answered = asked([stories.told("flag.answered", {"entry": "r", "done": "examined"}, on, doctor)])
    assert answered.safety.in_the_way == ()
    assert answered.safety.findings[0].because == "examined (Dr Ada Field)"


def test_long_after_the_last_day_that_was_told_the_account_stands_and_no_limit_is_said_to_be_kept():
    found = account_of(whole_story(), "first", TODAY + timedelta(days=120))
    assert found.overuse in ("indeterminate", None)
