"""The question of the evening and the look back: three states, and nothing that nobody said."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cleardays.diary.sheets import DAYS
from cleardays.trial.story.diary_told import DAY_TOLD
from cleardays.web.questions import OF_HEADACHE, OF_RECOVERY
from reference import app

EVENING = datetime(2026, 3, 4, 19, 30, tzinfo=UTC)
TODAY = "2026-03-04"


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path, app.Clock(EVENING)) as found:
        yield found


def day(desk, name=TODAY, person="me"):
    """What stands of a day; None where nothing does."""
    return next((each for each in desk.story(person).diary.records if each.date.isoformat() == name), None)


def test_one_tap_in_the_evening_keeps_a_clear_day_and_the_question_is_gone(desk):
    assert "Headache today?" in desk.get("/").text
    page = desk.post("/evening", data={"day": TODAY, "headache": "clear"})
    assert page.url.path == "/"
    assert "Headache today?" not in page.text
    assert "Today is told: no headache." in page.text
    assert (day(desk).headache, day(desk).status) == ("clear", "complete")
    assert day(desk).reported_at == EVENING


def test_i_do_not_know_keeps_nothing_so_that_the_day_stays_unknown(desk):
    desk.post("/evening", data={"day": TODAY, "headache": "", "function": "", "aura": "", "note": ""})
    assert desk.store.people() == ()
    assert "Headache today?" in desk.get("/").text


def test_i_do_not_know_after_an_answer_takes_the_answer_back_and_leaves_the_rest(desk):
    desk.post("/evening", data={"day": TODAY, "headache": "clear", "note": "hm"})
    desk.post("/evening", data={"day": TODAY, "headache": ""})
    assert (day(desk).headache, day(desk).note, day(desk).status) == (None, "hm", "partial")
    desk.post("/evening", data={"day": TODAY, "note": ""})
    assert day(desk) is None


def test_pressing_enter_in_a_field_never_answers_the_question(desk):
    page = desk.get("/evening").text
    first = page.index('type="submit"')
    assert 'value="as-it-is"' in page[first : first + 120]
    desk.post("/evening", data={"day": TODAY, "headache": "as-it-is", "note": "only this"})
    assert (day(desk).headache, day(desk).note) == (None, "only this")


def test_before_noon_the_evening_is_that_of_yesterday(desk):
    desk.clock.now = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)
    assert 'name="day" value="2026-03-04"' in desk.get("/evening").text


def test_medicines_ticked_are_doses_of_that_day_and_nothing_taken_is_an_answer_of_its_own(desk):
    cells = {"date": "2026-03-01", "kind": "acute", "name": "Ibuprofen", "amount": "400", "unit": "mg", "state": "taken"}
    entry = {"id": "a", "kind": "dose.told", "at": "2026-03-01T20:00+00:00", "body": {"entry": "d1", "cells": cells}}
    desk.post("/api/v1/entries", json={"entries": [entry]})
    desk.post("/evening", data={"day": TODAY, "headache": "mild", "took-0": "1"})
    doses = [each for each in desk.story().diary.beside.doses if each.date == date(2026, 3, 4)]
    assert [(each.name, str(each.amount), each.time) for each in doses] == [("Ibuprofen", "400", None)]
    assert day(desk).acute_doses is None
    page = desk.post("/evening", data={"day": TODAY, "headache": "mild", "acute_doses": "0"})
    assert page.status_code == 422
    assert "that nothing was taken" in page.text
    desk.post("/evening", data={"day": "2026-03-03", "headache": "clear", "acute_doses": "0"})
    assert day(desk, "2026-03-03").acute_doses == 0


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"day": "2026-03-05", "headache": "clear"}, "day"),
        ({"day": "4.3.2026", "headache": "clear"}, "day"),
        ({"day": "1950-01-01", "headache": "clear"}, "day"),
        ({"day": TODAY, "headache": "awful"}, "headache"),
        ({"day": TODAY, "headache": "mild", "hours": "25"}, None),
        ({"day": TODAY, "headache": "mild", "note": "x" * 10_001}, None),
        ({"day": TODAY, "headache": "clear", "hours": "3"}, None),
    ],
)
def test_what_cannot_be_is_answered_beside_the_field_and_keeps_nothing(desk, said, field):
    page = desk.post("/evening", data=said)
    assert page.status_code == 422
    assert "Nothing was kept yet" in page.text
    assert desk.store.people() == ()
    if field == "headache":
        assert "cannot be read" in page.text


@pytest.mark.parametrize(
    "note",
    [
        "<script>alert(1)</script>",
        "\u0635\u062f\u0627\u0639 \u0634\u062f\u064a\u062f",
        "\u05db\u05d0\u05d1 \u202e" + "x" * 9_900,
        "\U0001f915 zero\u200dwidth",
    ],
)
def test_a_note_in_any_script_and_of_any_length_comes_back_as_it_was_written_and_as_text(desk, note):
    desk.post("/evening", data={"day": TODAY, "headache": "mild", "note": note})
    assert day(desk).note == note
    page = desk.get("/evening").text
    assert "<script>alert" not in page
    assert note.replace("<", "&lt;").replace(">", "&gt;") in page


def test_a_clear_day_is_refused_while_an_attack_is_told_of_it(desk):
    desk.post("/attack", data={"what": "severe"})
    page = desk.post("/evening", data={"day": TODAY, "headache": "clear"})
    assert page.status_code == 422
    assert "an attack is told of this day" in page.text
    assert day(desk).headache == "severe"


def test_days_caught_up_are_marked_as_recalled_and_those_left_open_stay_unknown(desk):
    desk.post("/evening", data={"day": "2026-02-26", "headache": "mild"})
    page = desk.get("/catch-up").text
    assert page.count("<fieldset") == 5
    desk.post("/catch-up", data={"2026-03-01": "clear", "2026-03-02": "severe", "2026-03-03": ""})
    told = {each.date.isoformat(): (each.headache, each.reported_at) for each in desk.story().diary.records}
    assert told["2026-03-01"] == ("clear", EVENING)
    assert told["2026-03-02"] == ("severe", EVENING)
    assert "2026-03-03" not in told
    assert desk.get("/catch-up").text.count("<fieldset") == 3


def test_a_look_back_with_one_impossible_answer_keeps_none_of_it_and_what_was_chosen_stays(desk):
    desk.post("/evening", data={"day": "2026-02-26", "headache": "mild"})
    page = desk.post("/catch-up", data={"2026-03-01": "clear", "2026-03-02": "awful", "2026-03-04": "clear"})
    assert page.status_code == 422
    assert 'name="2026-03-01" value="clear" checked' in page.text
    assert page.text.count("that is no answer for this day") == 2
    assert desk.told() == [DAY_TOLD]


def test_a_note_added_later_leaves_the_answer_as_fresh_as_it_was_and_another_answer_does_not(desk):
    desk.post("/evening", data={"day": TODAY, "headache": "mild"})
    desk.clock.later(days=5)
    desk.post("/evening", data={"day": TODAY, "headache": "as-it-is", "note": "remembered why"})
    assert (day(desk).note, day(desk).reported_at) == ("remembered why", EVENING)
    desk.post("/evening", data={"day": TODAY, "headache": "severe"})
    assert day(desk).reported_at == desk.clock.now


def test_the_questions_are_cells_of_a_day_each_once():
    for questions in (OF_HEADACHE, OF_RECOVERY):
        cells = [each.cell for each in questions]
        assert len(set(cells)) == len(cells)
        assert set(cells) <= set(DAYS.columns)
