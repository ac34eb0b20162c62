"""The calendar of the plan: an address that nobody guesses, titles that tell nothing, and an end whenever the person wants."""

from __future__ import annotations

import re

import pytest
from icalendar import Calendar

from reference import app, seats, trials_web


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        found.post("/first-run", data={"person": "Ada", "zone": "Europe/Berlin", "condition": "migraine"})
        trials_web.begun(found)
        yield found


def made(desk, **fields):
    """A new address."""
    page = desk.post("/plan/feed", data={"what": "make", "titles": "neutral", "diary": "20:00", **fields})
    found = re.findall(r"http://127\.0\.0\.1(/feed/[\w-]+)", page.text)
    return found[0] if found else page


def titles(desk, address):
    """What the events are called."""
    answer = desk.get(address)
    assert answer.status_code == 200
    return {str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_titles_tell_nothing_unless_the_person_asks_for_names(desk):
    neutral = desk.get(made(desk)).text
    assert "BEGIN:VEVENT" in neutral
    assert "amotrigine" not in neutral
    assert "25 mg" not in neutral
    assert any("amotrigine" in each for each in titles(desk, made(desk, titles="full")))


def test_anybody_with_the_address_sees_the_reminders_and_nobody_without_it(desk):
    address = made(desk)
    with seats.sits(desk, seats.NONE):
        assert desk.get(address).headers["content-type"].startswith("text/calendar")
        assert desk.get(address[:-1]).status_code == 404
        assert desk.get("/feed/nothing").status_code == 404
    assert len(address.rpartition("/")[2]) >= 43  # 256 bits


def test_an_address_ends_when_the_person_says_so_and_with_the_next_one(desk):
    first = made(desk)
    second = made(desk)
    assert desk.get(first).status_code == 404
    assert desk.get(second).status_code == 200
    desk.post("/plan/feed", data={"what": "end"})
    assert desk.get(second).status_code == 404
    assert "There is an address" not in desk.get("/plan/feed").text


def test_a_stop_empties_the_calendar_at_once(desk):
    address = made(desk)
    assert titles(desk, address)
    desk.post("/plan/lamotrigine/change/stop", data={"do": "keep", "why": "a rash"})
    assert titles(desk, address) == set()


def test_a_calendar_without_a_confirmed_plan_is_empty(tmp_path):
    with app.desk(tmp_path) as desk:
        desk.post("/first-run", data={"zone": "Europe/Berlin", "condition": "migraine"})
        trials_web.opened(desk)
        trials_web.drafted(desk)
        assert "It is empty until a clinician has confirmed a plan" in desk.get("/plan/feed").text
        assert titles(desk, made(desk)) == set()


@pytest.mark.parametrize("wrong", [{"titles": "loud"}, {"diary": "late"}])
def test_an_address_that_cannot_be_made_is_answered_with_what_is_wrong(desk, wrong):
    page = made(desk, **wrong)
    assert page.status_code == 422
    assert 'class="message"' in page.text


def test_a_calendar_needs_a_time_zone(tmp_path):
    with app.desk(tmp_path) as desk:
        trials_web.opened(desk)
        assert made(desk).status_code == 422


@pytest.mark.parametrize("viewer", [seats.DOCTOR, seats.NURSING, seats.HELPING, seats.COUNTING])
def test_nobody_but_the_person_makes_or_ends_an_address(desk, viewer):
    address = made(desk)
    with seats.sits(desk, viewer):
        assert desk.post("/plan/feed", data={"what": "end"}).status_code in (404, 303)
    assert desk.get(address).status_code == 200
