"""Stretches without, months that are fewer, and what comes after them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cleardays.diary.conditions import declared
from cleardays.diary.rules import read_rules
from cleardays.sources import Reason, all_sources
from cleardays.trial import chronic_months
from cleardays.trial import remission as remission_module
from cleardays.trial.remission import remission
from conftest import START

HEADACHE = declared({}, "headache_day")
USE = declared({"condition": "cocaine-recovery"}, "use_day")
OFTEN = "X0XX00X0XX0X0X" * 6
SELDOM = ("X" + "0" * 13) * 6
CHRONIC = "XX0XX0X" * 12
LATER = "X" * 20 + "0" * 8  # a month with 20
FEWER = "X0000X00" * 3 + "0000"  # a month with 6


@pytest.fixture
def looked(pattern_series):
    def look(before: str, after: str, *, said=HEADACHE, verdict=(), months=False):
        days = pattern_series(before, after, said.id)
        return remission(days, START, said, headache=days if months else None, verdict=verdict, seed=1)

    return look


def because(found) -> str:
    return found.reasons[0].because


# ---- the stretch


def test_months_without_that_would_hardly_come_by_themselves_are_a_remission(looked):
    found = looked(OFTEN, "X" + "0" * 90)
    assert found.stretch.answer == "remission"
    assert found.stretch.stretch.days == found.stretch.stretch.known == 90
    assert found.stretch.stretch.first == START + timedelta(days=1)
    assert found.stretch.chance < 0.01
    assert "a remission, so far. Whether it lasts is not known." in because(found.stretch)
    assert found.lines == found.stretch.reasons[:1]


def test_twenty_clear_days_at_two_headache_days_a_month_are_no_remission(looked):
    found = looked(SELDOM, "X" + "0" * 20)
    assert found.stretch.answer == "as_before"
    assert found.stretch.chance > 0.05
    assert "is no remission" in because(found.stretch)
    assert found.lines == ()


def test_the_same_twenty_days_are_long_where_it_was_frequent_but_no_months_yet(looked):
    found = looked(OFTEN, "X" + "0" * 20)
    assert found.stretch.answer == "long_stretch"
    assert "From 84 days on it is called a remission" in because(found.stretch)


def test_a_day_with_it_ends_the_stretch_and_an_unknown_one_does_not(looked):
    assert looked(OFTEN, "0" * 89 + "X").stretch.answer == "none"
    open_end = looked(OFTEN, "X" + "0" * 88 + "..").stretch
    assert (open_end.answer, open_end.stretch.days) == ("remission", 88)


def test_a_stretch_of_many_unknown_days_is_none_to_speak_of(looked):
    found = looked(OFTEN, "X" + "0.." * 40)
    assert found.stretch.answer == "cannot_tell"
    assert found.stretch.chance is None
    assert "an unknown day is never clear" in because(found.stretch)
    silent = looked(OFTEN, "X" + "0" * 90 + "." * 60)
    assert silent.stretch.answer == "cannot_tell"


def test_what_lies_before_the_start_is_no_part_of_it(looked):
    found = looked(OFTEN + "0" * 10, "0" * 90)
    assert found.stretch.stretch.first == START
    assert found.stretch.stretch.days == 90


def test_before_the_start_nothing_is_said(pattern_series):
    days = pattern_series(OFTEN)
    assert remission(days, START, HEADACHE, headache=days, verdict=(), seed=1) is None


@pytest.mark.parametrize(
    "rule", ["judge.no-baseline", "judge.rare-before", "judge.few-known-days", "judge.selective-logging", "judge.no-clear-days"]
)
def test_where_the_days_before_or_the_known_days_say_little_no_stretch_is_called_anything(looked, rule):
    found = looked(OFTEN, "X" + "0" * 90, verdict=(Reason(rule, "So it is."),))
    assert found.stretch.answer == "cannot_tell"
    assert because(found.stretch).endswith("So it is.")
    assert found.stretch.stretch.days == 90


# ---- what came after it


def test_a_single_day_after_months_is_no_relapse(looked):
    found = looked(OFTEN, "X" + "0" * 90 + "X" + "0" * 27).ended
    assert (found.answer, found.since.hd) == ("not_back", 1)
    assert "One such day is no relapse." in because(found)
    assert found.stretch.days == 90


def test_right_after_its_end_it_is_too_early_to_say(looked):
    found = looked(OFTEN, "X" + "0" * 90 + "X").ended
    assert found.answer == "too_early"


def test_half_of_the_level_of_before_is_coming_back(looked):
    found = looked(OFTEN, "X" + "0" * 90 + "X00X0X00X0X00X0X00X0X00X0X00").ended
    assert found.answer == "back"
    assert "it is coming back" in because(found)
    assert found.chance < 0.05


def test_days_of_use_are_told_without_blame(looked):
    lasts = looked(OFTEN, "X" + "0" * 90, said=USE)
    assert "No day of use on any known day" in because(lasts.stretch)
    assert "a lasting stretch without, so far" in because(lasts.stretch)
    lapse = looked(OFTEN, "X" + "0" * 90 + "X" + "0" * 27, said=USE).ended
    assert "One such day is a lapse and no failure; it takes nothing away from the 90 days before it." in because(lapse)
    back = looked(OFTEN, "X" + "0" * 90 + "X0" * 14, said=USE).ended
    assert (back.answer, "no failure" in because(back)) == ("back", True)
    for found in (lasts.stretch, lapse, back):
        assert not {"relapsed", "fail", "failed", "fault", "remission"} & set(because(found).lower().replace(":", "").split())


def test_a_stretch_that_came_by_itself_now_and_then_is_no_news_when_it_ends(looked):
    assert looked(SELDOM, "X" + "0" * 40 + "X" + "0" * 27).ended is None
    assert looked("X" + "0" * 40 + "X" + "0" * 42, "X" + "0" * 84 + "X" + "0" * 27).ended is None


# ---- months


def test_three_months_with_fewer_are_episodic_since_the_first_of_them(looked):
    found = looked("X" * 84, LATER + FEWER * 3, months=True).months
    assert (found.answer, found.in_a_row) == ("episodic", 3)
    assert found.since == START + timedelta(days=28)
    assert [month.ge15_headache for month in found.months] == ["yes", "no", "no", "no"]
    assert found.chance <= 0.05


def test_one_month_with_fewer_proves_nothing(looked):
    whole = looked(CHRONIC, LATER * 2 + FEWER, months=True)
    found = whole.months
    assert (found.answer, found.in_a_row, found.chance) == ("not_yet", 1, None)
    assert whole.lines == ()  # nothing that a page would tell
    assert "It takes 3 in a row." in because(found)


def test_months_that_hover_about_the_line_are_a_wave(looked):
    """15 in the last month before, 14 in each since: counted, fewer; to be expected of such a person all the same."""
    before, after = "X0" * 28 + ("X0" * 14)[:-1] + "X", "X0" * 56
    found = looked(before, after, months=True).months
    assert [month.ge15_headache for month in found.months] == ["no"] * 4
    assert found.answer == "not_yet"
    assert found.chance > 0.05
    assert "it may be a wave" in because(found)


def test_back_takes_two_months(looked):
    after = LATER + FEWER * 3
    assert looked("X" * 84, after + LATER, months=True).months.answer == "one_month_back"
    back = looked("X" * 84, after + LATER * 2, months=True).months
    assert (back.answer, back.in_a_row, back.since) == ("back", 2, START + timedelta(days=112))


def test_what_came_back_is_told_in_sentences(looked):
    back = because(looked("X" * 84, LATER + FEWER * 3 + LATER * 2, months=True).months)
    assert "Before, 3 months in a row had fewer. The last 2 months of 28 days, from" in back
    assert "It was fewer" not in back


def test_months_that_may_have_been_a_wave_are_not_said_to_have_come_back(looked):
    """Months of 14 in who hovers about the line, then of 20: neither the fewer nor their end is news."""
    before, wave = "X0" * 28 + ("X0" * 14)[:-1] + "X", "X0" * 42
    for rows in (1, 2):
        found = looked(before, wave + LATER * rows, months=True)
        assert found.months.chance > 0.05
        assert found.months.answer == "frequent"
        assert "the fewer may have been a wave" in because(found.months)
        assert found.lines == ()
    sure = looked("X" * 84, LATER + FEWER * 3 + LATER * 2, months=True).months
    assert sure.chance <= 0.05


def test_of_several_rows_of_fewer_months_the_longest_is_asked(looked):
    after = FEWER * 4 + LATER + FEWER * 3 + LATER * 2
    assert "Before, 4 months in a row had fewer." in because(looked("X" * 84, after, months=True).months)


def test_a_fit_that_failed_its_check_is_told_of_stretches_and_months(looked, monkeypatch):
    asked = "X" * 84, "0" * 90
    assert not any("as rough" in reason.because for reason in looked(*asked, months=True).lines)
    for module, name in ((remission_module, "chances_of_none"), (chronic_months, "chance_of_fewer")):
        whole = getattr(module, name)
        rough = lambda *days, whole=whole, **options: whole(*days, **options)._replace(settled=False)  # noqa: E731
        monkeypatch.setattr(module, name, rough)
    found = looked(*asked, months=True)
    assert [part.reasons[-1].rule for part in (found.stretch, found.months)] == ["remission.rough-fit"] * 2
    assert found.months.reasons[-1].source == ("session-policy", "response-model")
    assert sum("as rough" in reason.because for reason in found.lines) == 1
    ended = looked(OFTEN, "X" + "0" * 90 + "X" + "0" * 27).ended
    assert ended.reasons[-1].rule == "remission.rough-fit"


def test_still_as_many_is_said_and_unknown_days_leave_it_open(looked):
    assert looked(CHRONIC, LATER * 3, months=True).months.answer == "frequent"
    assert looked(CHRONIC, LATER + ("X.." * 10)[:28], months=True).months.answer == "cannot_tell"
    assert looked(CHRONIC, LATER[:20], months=True).months.answer == "too_early"


def test_who_did_not_surely_begin_with_fifteen_has_no_such_months(looked):
    assert looked(OFTEN[:56] + "0" * 28, FEWER * 3, months=True).months is None
    assert looked("X" * 14 + "." * 14, FEWER * 3, months=True).months is None  # perhaps, perhaps not
    assert looked("X" * 15, FEWER * 3, months=True).months is not None  # a short month, and enough


# ---- the rules


def test_every_limit_has_a_source_and_what_is_ours_says_so():
    rules = read_rules("sessions_and_remission")
    for name, rule in rules.items():
        if isinstance(rule, dict):
            assert rule["source"], name
            assert set(rule["source"]) <= all_sources().keys(), name
    assert all_sources()["session-policy"].kind == "policy"
