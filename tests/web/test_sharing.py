"""A page that is shown to somebody for a time: as it was, until its end, and to nobody without its address."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cleardays.trial.story.events import Event
from cleardays.web.roles import ANSWER, CLINICIAN, HELPER, NOBODY, NURSE, PERSON
from reference import lived, stories

TOXIN = "onabotulinumtoxina"


@pytest.fixture
def desk(tmp_path):
    with lived.desk(tmp_path, TOXIN, 168) as found:
        yield found


def shared(desk, lasts="day", **fields):
    """Share a page; returns its address below the server's."""
    answer = desk.post("/reports/share", data={"trial": TOXIN, "page": "person", "lasts": lasts, **fields})
    assert answer.status_code == 201, answer.text
    return re.search(r'href="http://127\.0\.0\.1(/shared/[^"]+)"', answer.text).group(1)


def test_whoever_has_the_address_sees_the_page_without_signing_in_and_until_when(desk):
    address = shared(desk)
    lived.look_as(desk, NOBODY)
    page = desk.get(address)
    assert page.status_code == 200
    assert "It looks like" in page.text
    assert "until 2026-05-12 13:00 UTC" in page.text
    assert page.headers["content-security-policy"].startswith("sandbox;")
    assert page.headers["referrer-policy"] == "no-referrer"
    assert desk.get("/answer", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(("lasts", "hours"), [("hour", 1), ("day", 24), ("month", 720)])
def test_a_page_is_shown_for_as_long_as_was_chosen_and_not_a_second_longer(desk, lasts, hours):
    address = shared(desk, lasts)
    desk.clock.later(hours=hours, seconds=-1)
    assert desk.get(address).status_code == 200
    desk.clock.later(seconds=1)
    assert desk.get(address).status_code == 404


def test_what_was_told_after_a_page_was_shared_is_never_on_it(desk):
    address = shared(desk, page="clinician")
    before = desk.get(address).text
    day = desk.clock.now.date()
    desk.clock.later(minutes=5)
    late = [
        Event(
            "day.told", desk.clock.now, stories.PERSON, {"cells": {"date": str(day - timedelta(days=n)), "headache": "severe"}}
        )
        for n in range(20)
    ]
    desk.store.append("me", late)
    assert desk.get(address).text == before


def test_a_page_that_was_taken_back_is_gone_at_once_and_from_the_list(desk):
    address, other = shared(desk), shared(desk)
    page = desk.get("/reports/shared").text
    assert page.count("take-back") == 2
    youngest = re.search(r'action="(/reports/shared/\w+/take-back)"', page).group(1)
    assert desk.post(youngest).status_code == 200
    assert sorted(desk.get(each).status_code for each in (address, other)) == [200, 404]
    assert desk.get("/reports/shared").text.count("take-back") == 1
    assert desk.post(youngest).status_code == 200  # taken back twice is no mistake


def test_what_is_over_taken_back_or_never_was_reads_the_same(desk):
    over = shared(desk, "hour")
    desk.clock.later(hours=2)
    answers = [desk.get(address) for address in (over, "/shared/nothing", f"/shared/{'A' * 43}", f"/shared/{'A' * 5000}")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_the_address_is_shown_once_with_a_code_and_nowhere_again(desk, tmp_path):
    answer = desk.post("/reports/share", data={"trial": TOXIN, "page": "person", "lasts": "day"})
    secret = re.search(r"/shared/([\w-]+)", answer.text).group(1)
    assert len(secret) >= 43
    assert re.search(r'<svg [^>]*role="img" aria-label="The address of the page, as a code"><title>', answer.text)
    assert "style=" not in answer.text
    assert secret not in desk.get("/reports/shared").text
    assert all(secret.encode() not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_a_server_of_one_machine_says_that_the_address_works_only_there(desk):
    answer = desk.post("/reports/share", data={"trial": TOXIN, "page": "person", "lasts": "day"})
    assert "works only here" in answer.text


@pytest.mark.parametrize(
    "fields", [{"lasts": "ever"}, {"lasts": ""}, {"page": "nothing"}, {"trial": "another"}, {"on": "2031-01-01"}]
)
def test_what_cannot_be_shared_comes_back_with_its_message_and_makes_no_link(desk, fields):
    answer = desk.post("/reports/share", data={"trial": TOXIN, "page": "person", "lasts": "day", "name": "Ada", **fields})
    assert answer.status_code == 422
    assert 'value="Ada"' in answer.text
    assert desk.store.accounts.links.of("me") == ()


@pytest.mark.parametrize(("role", "status"), [(CLINICIAN, 201), (NURSE, 404), (HELPER, 404), (NOBODY, 401)])
def test_only_the_person_and_their_clinician_may_show_a_page_to_others(desk, role, status):
    lived.look_as(desk, role, shown={"me": (ANSWER,)})
    fields = {"trial": TOXIN, "page": "person", "lasts": "day"}
    assert desk.post("/people/me/reports/share", data=fields).status_code == status


def test_nobody_takes_back_or_sees_the_links_of_somebody_else(desk):
    address = shared(desk)
    (link,) = desk.store.accounts.links.of("me")
    desk.store.add_person("bob")
    lived.look_as(desk, PERSON, person="bob")
    assert "Nothing is shown to anybody" in desk.get("/reports/shared").text
    desk.post(f"/reports/shared/{link.id}/take-back")
    assert desk.post(f"/people/me/reports/shared/{link.id}/take-back").status_code == 404
    assert desk.get(address).status_code == 200


def test_the_links_of_somebody_who_was_erased_show_nothing(desk):
    address = shared(desk)
    desk.store.erase("me")
    assert desk.get(address).status_code == 404


def test_a_link_for_something_else_opens_no_page(desk):
    ends = desk.clock.now + timedelta(hours=1)
    for purpose in ("feed", "confirm-plan", "welcome"):
        token = desk.store.accounts.links.make(purpose, {"page": "person"}, now=desk.clock.now, expires_at=ends, person="me")
        assert desk.get(f"/shared/{token}").status_code == 404


def test_there_are_only_so_many_links_at_a_time(desk, monkeypatch):
    monkeypatch.setattr("cleardays.web.pages.sharing._MOST", 2)
    shared(desk)
    shared(desk)
    answer = desk.post("/reports/share", data={"trial": TOXIN, "page": "person", "lasts": "day"})
    assert answer.status_code == 422
    assert "there are 2 links already." in answer.text
