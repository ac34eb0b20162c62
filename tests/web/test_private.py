"""The private notes: a story of their own, a lock that keeps from reading and never from telling, and neutral words."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from datetime import UTC, datetime

import pytest

from cleardays.web.roles import DIARY, NURSE, RECOVERY, Need, Viewer, allowed
from cleardays.web.spaces import need_of, private_of
from reference import app

EVENING = datetime(2026, 3, 4, 19, 30, tzinfo=UTC)
TODAY, SECRET = "2026-03-04", "four words are enough"
OWN = private_of("me")
# What would tell somebody over the shoulder what the notes are about.
TELLING = ("craving", "recovery", "alcohol", "drink", "substance", "used", "addict", "wish")


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path, app.Clock(EVENING)) as found:
        yield found


def enter(desk):
    """Open the private notes."""
    return desk.post("/private", data={"what": "open"})


def lock(desk):
    """Lock them, and let the time pass after which they are shut."""
    enter(desk)
    desk.post("/private/lock", data={"what": "put", "passphrase": SECRET})
    desk.clock.later(minutes=16)


def test_what_is_told_there_is_another_story_and_the_diary_knows_nothing_of_it(desk):
    desk.post("/evening", data={"day": TODAY, "headache": "mild"})
    enter(desk)
    desk.post("/evening", data={"day": TODAY, "use_day": "y", "craving": "7", "mood": "3", "note": "alone at home"})
    (day,) = desk.story(OWN).diary.records
    assert (day.use_day, day.craving, day.mood, day.headache) == (True, 7, 3, None)
    (day,) = desk.story().diary.records
    assert (day.use_day, day.craving, day.mood, day.headache) == (None, None, None, "mild")
    desk.post("/private", data={"what": "leave"})
    for address in ("/", "/calendar", "/day/2026-03-04", "/day/2026-03-04/history", "/more", "/evening", "/scores"):
        assert "alone at home" not in desk.get(address).text
    with zipfile.ZipFile(io.BytesIO(desk.get("/export").content)) as export:
        assert not any(b"alone" in export.read(name) or b"recovery" in export.read(name) for name in export.namelist())


def test_inside_the_screens_ask_of_craving_and_use_and_not_of_headache(desk):
    enter(desk)
    page = desk.get("/evening").text
    assert "Used" in page or "Not said" in page
    assert "eadache" not in page
    assert "eadache" not in desk.get("/calendar").text
    assert 'href="/attack"' not in desk.get("/").text


def test_a_day_without_an_answer_is_unknown_there_too_and_never_a_day_without_use(desk):
    enter(desk)
    desk.post("/evening", data={"day": TODAY, "use_day": "", "craving": "2"})
    (day,) = desk.story(OWN).diary.records
    assert (day.use_day, day.craving, day.status) == (None, 2, "partial")
    assert "Wednesday 4 March: unknown" in desk.get("/calendar").text


def test_an_attack_and_what_a_device_sends_are_of_the_diary_whatever_space_is_open(desk):
    enter(desk)
    desk.post("/attack", data={"what": "severe"})
    body = {"cells": {"date": "2026-03-03", "headache": "clear"}}
    desk.post(
        "/api/v1/entries", json={"entries": [{"id": "a", "kind": "day.told", "at": "2026-03-03T20:00+00:00", "body": body}]}
    )
    assert desk.told(OWN) == ["diary.about"]
    assert len(desk.story().diary.records) == 2


def test_outside_and_on_the_lock_nothing_says_what_they_are_about(desk):
    def words(page):
        return page.text.lower()

    for address in ("/private", "/more", "/"):
        page = words(desk.get(address))
        assert not [word for word in TELLING if re.search(rf"\b{word}", page)], address
    lock(desk)
    page = desk.get("/private/unlock")
    assert "<title>Notes</title>" in page.text
    assert not [word for word in TELLING if re.search(rf"\b{word}", words(page))]
    assert "cleardays" not in page.text.partition("</title>")[0]


def test_each_page_inside_is_called_notes_so_that_a_list_of_tabs_tells_nothing(desk):
    enter(desk)
    for address in ("/", "/calendar", "/evening", "/day/2026-03-04", "/more", "/more/about", "/private"):
        page = desk.get(address)
        assert page.status_code == 200
        assert "<title>Notes</title>" in page.text, address
        assert "offline" not in page.headers


def test_locked_nothing_can_be_read_and_something_can_still_be_told(desk):
    enter(desk)
    desk.post("/evening", data={"day": TODAY, "use_day": "y", "note": "a secret"})
    lock(desk)
    for address in ("/", "/calendar", "/day/2026-03-04", "/day/2026-03-04/history", "/export", "/more", "/catch-up", "/scores"):
        page = desk.get(address)
        assert page.url.path == "/private/unlock", address
        assert "a secret" not in page.text
    page = desk.get("/evening")
    assert page.url.path == "/evening"
    assert "a secret" not in page.text
    page = desk.post("/evening", data={"day": TODAY, "use_day": "", "craving": "4", "note": ""})
    assert "Kept." in page.text
    (day,) = desk.story(OWN).diary.records
    assert (day.use_day, day.craving, day.note) == (True, 4, "a secret")
    assert desk.post("/private/lock", data={"what": "remove"}).status_code in (401, 404)
    assert desk.get("/").url.path == "/private/unlock"


def test_the_passphrase_opens_and_any_other_does_not_and_it_is_kept_nowhere(desk, tmp_path):
    lock(desk)
    page = desk.post("/private/unlock", data={"passphrase": "another one"})
    assert page.status_code == 422
    assert "that is not the one." in page.text
    assert "another one" not in page.text
    assert desk.post("/private/unlock", data={"passphrase": SECRET}).url.path == "/"
    file = tmp_path / "locks.json"
    assert SECRET not in file.read_text()
    assert "$argon2id$" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_left_or_left_alone_for_a_while_it_is_locked_again(desk):
    lock(desk)
    desk.post("/private/unlock", data={"passphrase": SECRET})
    desk.clock.later(minutes=10)
    assert desk.get("/").url.path == "/"
    desk.clock.later(minutes=10)
    assert desk.get("/").url.path == "/"
    desk.clock.later(minutes=16)
    assert desk.get("/").url.path == "/private/unlock"
    desk.post("/private", data={"what": "leave"})
    assert "Attack" in desk.get("/").text
    enter(desk)
    assert desk.get("/").url.path == "/private/unlock"


def test_a_passphrase_that_is_too_short_locks_nothing(desk):
    enter(desk)
    page = desk.post("/private/lock", data={"what": "put", "passphrase": "short"})
    assert page.status_code == 422
    assert 'id="passphrase-wrong"' in page.text
    assert not desk.app.state.house.spaces.locks.has(OWN)


def test_guessing_is_held_back(desk):
    lock(desk)
    answers = [desk.post("/private/unlock", data={"passphrase": "x"}).status_code for _ in range(8)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_consent_to_the_diary_is_none_to_the_private_notes():
    nurse = Viewer(NURSE, shown={OWN: frozenset({DIARY})})
    assert not allowed(nurse, need_of(Need(DIARY), OWN), OWN)
    assert allowed(nurse._replace(shown={OWN: frozenset({RECOVERY})}), need_of(Need(DIARY), OWN), OWN)
    assert need_of(Need(DIARY), "me") == Need(DIARY)


def test_the_private_story_alone_never_becomes_the_diary_of_the_machine(desk):
    enter(desk)
    desk.post("/private", data={"what": "leave"})
    assert desk.store.people() == (OWN,)
    desk.post("/evening", data={"day": TODAY, "headache": "clear"})
    assert [each.headache for each in desk.story().diary.records] == ["clear"]
