"""Helpers: let by the person, in just what they say, until they say; and taken back."""

from __future__ import annotations

from datetime import date

import pytest

from cleardays.trial.story.versions import standing
from reference import app, seats


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        yield found


def let(desk, **fields):
    """The person lets somebody help."""
    return desk.post("/helpers", data={"helper": "Hal Helper", "what": "give", **fields})


def write_goal(desk):
    """A helper writes down a goal for the person."""
    with seats.sits(desk, seats.HELPING):
        return desk.post("/people/me/goals", data={"words": "sleep", "what": "keep"}).status_code


def test_a_helper_tells_what_the_person_lets_and_nothing_else(desk):
    assert let(desk, diary="yes").status_code == 200
    assert write_goal(desk) == 422
    let(desk, diary="yes", goals="yes", until="2026-03-31")
    assert write_goal(desk) == 200
    consent = standing(desk.story().told.consents)["Hal Helper"]
    assert (consent.since, consent.until) == (date(2026, 3, 4), date(2026, 3, 31))
    (goal,) = desk.story().told.goals.values()
    assert (goal[-1].by.name, goal[-1].by.role) == ("Hal Helper", "helper")


def test_what_was_let_ends_with_its_last_day(desk):
    let(desk, goals="yes", until="2026-03-05")
    desk.clock.later(days=2)
    assert write_goal(desk) == 422
    assert "It ended on 5 March 2026" in desk.get("/helpers").text


def test_what_was_let_is_taken_back_and_stays_in_the_story(desk):
    let(desk, goals="yes")
    page = desk.post("/helpers", data={"helper": "Hal Helper", "what": "take-back"})
    assert "Taken back: Hal Helper" in page.text
    assert write_goal(desk) == 422
    assert desk.told() == ["helper.consented", "helper.withdrawn"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"helper": " ", "diary": "yes"}, "helper"),
        ({"until": "2026-03-01", "diary": "yes"}, "until"),
        ({"until": "soon", "diary": "yes"}, "until"),
        ({"helper": "x" * 130, "diary": "yes"}, "helper"),
    ],
)
def test_a_consent_that_cannot_be_kept_comes_back_as_typed_with_its_message(desk, wrong, field):
    page = let(desk, **wrong)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    assert desk.store.people() == ()


def test_nothing_ticked_lets_nothing(desk):
    page = let(desk)
    assert page.status_code == 422
    assert "Tick at least one" in page.text
    assert desk.post("/helpers", data={"helper": "Nobody", "what": "take-back"}).status_code == 422


@pytest.mark.parametrize("viewer", [seats.DOCTOR, seats.NURSING, seats.HELPING, seats.COUNTING])
def test_only_the_person_lets_somebody_help(desk, viewer):
    with seats.sits(desk, viewer):
        assert let(desk, diary="yes").status_code == 404
    assert desk.store.people() == ()
