"""The attack screen without script: what it offers when, and that each button does what it says."""

from __future__ import annotations

import re

import pytest

from reference import app


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        yield found


def offered(page):
    """The buttons that can be seen, from the top."""
    shown = [tag for tag in re.findall(r"<button [^>]*>", page.text) if " hidden" not in tag]
    return [re.search(r'data-what="(\w+)"', tag)[1] for tag in shown]


def tapped(desk, what, **more):
    return desk.post("/attack", data={"what": what, **more})


def dose(desk, name, at="2026-03-01T09:00+01:00"):
    """A medicine that was taken some time ago."""
    cells = {"date": at[:10], "time": at[11:16], "kind": "acute", "name": name, "amount": "50", "unit": "mg", "state": "taken"}
    entry = {"id": name, "kind": "dose.told", "at": at, "body": {"entry": name, "cells": cells}}
    assert desk.post("/api/v1/entries", json={"entries": [entry]}).json()["entries"][0]["state"] == "kept"


def test_each_state_has_three_buttons_beside_help_and_an_undo_as_soon_as_anything_can_be_undone(desk):
    assert offered(desk.get("/attack")) == ["mild", "moderate", "severe"]
    assert offered(tapped(desk, "moderate")) == ["over", "undo", "colour"]
    assert offered(tapped(desk, "over")) == ["again", "undo", "colour"]
    assert offered(tapped(desk, "undo")) == ["over", "undo", "colour"]
    assert offered(tapped(desk, "undo")) == ["mild", "moderate", "severe"]
    assert desk.story().diary.beside.attacks == ()


def test_the_medicine_taken_last_is_offered_first_and_not_twice_at_once(desk):
    dose(desk, "Ibuprofen", "2026-02-01T09:00+01:00")
    dose(desk, "Sumatriptan")
    page = tapped(desk, "severe")
    assert offered(page) == ["took", "undo", "colour"]
    assert "Took Sumatriptan" in page.text
    page = tapped(desk, "took", which="Sumatriptan")
    assert "Took Ibuprofen" in page.text
    (taken,) = [each for each in desk.story().diary.beside.doses if each.attack]
    assert (taken.name, str(taken.amount), taken.unit) == ("Sumatriptan", "50", "mg")
    desk.clock.later(minutes=20)
    assert offered(desk.get("/attack")) == ["took", "over", "undo"]
    desk.clock.later(hours=3)
    assert "Took Sumatriptan" in desk.get("/attack").text


def test_what_ended_can_be_taken_back_for_half_a_day_and_then_a_new_attack_is_one_tap_away(desk):
    tapped(desk, "mild")
    desk.clock.later(hours=5)
    tapped(desk, "over")
    desk.clock.later(hours=11)
    assert offered(desk.get("/attack")) == ["again", "undo", "colour"]
    desk.clock.later(hours=2)
    assert offered(desk.get("/attack")) == ["mild", "moderate", "severe"]


def test_an_attack_right_after_another_is_kept_in_one_tap_without_a_guess_how_bad(desk):
    for what in ("severe", "over", "again"):
        tapped(desk, what)
        desk.clock.later(minutes=30)
    assert [each.headache for each in desk.story().diary.beside.attacks] == ["severe", "present"]


def test_the_colours_of_an_attack_are_remembered_and_never_pass_through_light(desk):
    seen = []
    for _ in range(4):
        page = desk.post("/theme", data={"night": "next", "back": "attack"})
        seen.append(re.search(r'data-theme="(\w+)"', page.text)[1])
    assert seen == ["amber", "grey", "green", "amber"]
    desk.post("/theme", data={"theme": "light"})
    assert 'data-theme="amber"' in desk.get("/attack").text
    assert 'data-theme="light"' in desk.get("/").text


def test_colours_that_there_are_not_are_refused(desk):
    assert desk.post("/theme", data={"theme": "pink"}).status_code == 422
    assert desk.post("/theme", data={"night": "auto"}).status_code == 422


def test_a_name_with_markup_stays_a_name(desk):
    dose(desk, """<img src=x> "'&""")
    page = tapped(desk, "severe")
    assert "<img" not in page.text
    assert tapped(desk, "took", which="""<img src=x> "'&""").status_code == 200
    assert len(desk.story().diary.beside.doses) == 2
