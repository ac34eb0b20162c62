"""The morning after: one question about an attack without an end, and never while it may go on."""

from __future__ import annotations

from datetime import datetime

import pytest

from reference import app

BERLIN = {"person": "", "zone": "Europe/Berlin", "condition": "migraine"}


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:  # 02:14 in Berlin
        found.post("/first-run", data=BERLIN)
        found.post("/attack", data={"what": "severe"})
        yield found


def asks(desk):
    return 'action="/over"' in desk.get("/").text


def answered(desk, when):
    (attack,) = desk.story().diary.beside.attacks
    return desk.post("/over", data={"entry": attack.id, "when": when})


def test_nobody_is_asked_before_six_hours_and_never_on_the_attack_screen(desk):
    assert not asks(desk)
    desk.clock.later(hours=5, minutes=59)
    assert not asks(desk)
    desk.clock.later(minutes=1)
    assert asks(desk)
    assert "/over" not in desk.get("/attack").text


def test_gone_on_waking_is_kept_as_the_time_that_was_shown_and_that_the_person_fell_asleep_with_it(desk):
    desk.clock.later(hours=7)
    assert "Gone when I woke, about 07:00" in desk.get("/").text
    answered(desk, "late")
    (attack,) = desk.story().diary.beside.attacks
    assert (attack.end, attack.asleep_end) == (datetime.fromisoformat("2026-03-04T07:00+01:00"), True)
    assert not asks(desk)


def test_over_earlier_lies_between_its_beginning_and_waking(desk):
    desk.clock.later(hours=7)
    answered(desk, "early")
    (attack,) = desk.story().diary.beside.attacks
    assert attack.start < attack.end < datetime.fromisoformat("2026-03-04T07:00+01:00")
    assert attack.asleep_end is None


def test_one_that_goes_on_is_asked_about_again_only_the_next_day(desk):
    desk.clock.later(hours=7)
    answered(desk, "goes-on")
    assert not asks(desk)
    desk.clock.later(hours=12)
    assert not asks(desk)
    desk.clock.later(hours=8)
    assert asks(desk)


@pytest.mark.parametrize("when", ["", "2026-03-04T04:00+01:00", "now"])
def test_an_answer_that_was_not_offered_keeps_nothing(desk, when):
    desk.clock.later(hours=7)
    assert answered(desk, when).status_code == 422
    (attack,) = desk.story().diary.beside.attacks
    assert attack.end is None


def test_an_answer_that_comes_twice_or_too_late_changes_nothing(desk):
    desk.clock.later(hours=7)
    answered(desk, "late")
    before = desk.told()
    answered(desk, "early")
    assert desk.told() == before
