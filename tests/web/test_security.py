"""What somebody could try who has an account, a found phone, an open page, a name or an address: and gets nothing by it."""

from __future__ import annotations

import logging
import re
import sys
from datetime import timedelta

import pytest

from cleardays.problems import Problem
from cleardays.store import Busy
from cleardays.web.accounts.tries import OF_LOGIN
from cleardays.web.guard.limits import neighbourhood
from cleardays.web.prints import WithoutWords
from cleardays.web.roles import ADD, OPEN, Viewer, allowed
from cleardays.web.spaces import private_of
from cleardays.web.table import ENDPOINTS
from reference import app, lived
from reference.clinic import PASSWORD, clinic
from reference.stories import journey

NOTE = "a hammer behind the eye"
DAY = "2026-03-03"
TOXIN = "onabotulinumtoxina"


@pytest.fixture
def house(tmp_path):
    with clinic(tmp_path) as found:
        yield found


def told(desk, clock, note=NOTE):
    """A day with a note."""
    cells = {"date": DAY, "headache": "severe", "note": note}
    entry = {"id": "x", "kind": "day.told", "at": clock().isoformat(), "body": {"cells": cells}}
    assert desk.post("/api/v1/entries", json={"entries": [entry]}).json()["entries"][0]["state"] == "kept"


# ---- a device that was found


def test_a_device_that_may_only_add_is_shown_nothing_that_was_told_whatever_it_sends(house):
    desk = house.at("ada", own=True)
    told(desk, house.clock)
    desk.post("/more/about", data={"person": NOTE})
    desk.post("/medicines", data={"what": "add", "name": NOTE})
    desk.post("/sign-out")
    house.app.state.house.buckets.take = lambda *_: 0.0
    seen = 0
    for endpoint in ENDPOINTS:
        if endpoint.need.about != OPEN and allowed(Viewer("nobody", may_add="ada"), endpoint.need, "ada"):
            address = re.sub(r"{[a-z_]+(:[a-z]+)?}", "x", endpoint.path.replace("{day}", DAY))
            for sent in ({}, {"what": "nonsense"}, {"day": DAY, "headache": "nonsense", "sleep_h": "x", "zone": "x"}):
                body = {"json": sent} if endpoint.is_api else {"data": sent}
                answer = desk.request(endpoint.method, address, **(body if endpoint.changes else {}))
                assert NOTE not in answer.text, (endpoint.method, address, sent)
                seen += 1
    assert seen > 10


def test_locked_notes_are_shown_by_no_form_that_comes_back(tmp_path):
    with app.desk(tmp_path) as desk:
        desk.post("/private", data={"what": "open"})
        desk.post("/evening", data={"day": DAY, "use_day": "y", "note": NOTE})
        assert NOTE in desk.get(f"/day/{DAY}").text
        desk.post("/private/lock", data={"what": "put", "passphrase": "four words are enough"})
        desk.clock.later(minutes=16)
        assert NOTE not in desk.post(f"/day/{DAY}", data={"what": "nonsense"}).text


def test_a_device_that_may_only_add_changes_no_setting_and_corrects_nothing(house):
    desk = house.at("ada", own=True)
    told(desk, house.clock)
    desk.post("/sign-out")
    before = house.store.head("ada")
    for address, sent in {
        "/more/about": {"zone": "Asia/Tokyo"},
        "/first-run": {"zone": "Asia/Tokyo"},
        f"/day/{DAY}": {"what": "keep", "headache": "clear"},
    }.items():
        assert desk.post(address, data=sent).status_code == 401
    assert house.store.head("ada") == before


def test_endpoints_that_a_found_device_may_use_are_few_and_named():
    found = {(e.method, e.path) for e in ENDPOINTS if e.need.act == ADD and e.need.about in ("diary", "recovery")}
    assert found == {
        ("GET", "/attack"), ("POST", "/attack"), ("GET", "/evening"), ("POST", "/evening"), ("POST", "/api/v1/entries"),
        ("GET", "/api/v1/ping"), ("GET", "/private/unlock"), ("POST", "/private/unlock"),
    }  # fmt: skip


def test_what_a_device_kept_for_one_person_is_not_told_of_another_who_signed_in_since(house):
    desk = house.at("bob")
    entry = {"id": "x", "kind": "day.told", "at": house.clock().isoformat(), "body": {"cells": {"date": DAY}}}
    assert desk.post("/api/v1/entries", json={"entries": [entry], "who": "ada"}).status_code == 403
    assert house.store.head("bob").seq == 0
    assert desk.post("/api/v1/entries", json={"entries": [], "who": "bob"}).status_code == 200


def test_signing_out_leaves_the_private_notes_too(house):
    desk = house.at("ada")
    desk.post("/private", data={"what": "open"})
    assert "<title>Notes</title>" in desk.get("/").text
    desk.post("/sign-out")
    desk.post("/sign-in", data={"login": "bob", "password": PASSWORD})
    assert "<title>Notes</title>" not in desk.get("/").text


# ---- who guesses


def test_a_login_written_in_another_way_is_counted_as_the_same_one(house):
    tries = house.app.state.house.viewers.entrance.tries
    for _ in range(OF_LOGIN):
        tries.wrong("ada", "elsewhere")
    for login in ("ada", " ADA ", "\uff41da", "\U0001d41ada", "a\uff44\uff41"):
        answer = house.browser().post("/sign-in", data={"login": login, "password": PASSWORD}, follow_redirects=False)
        assert answer.status_code == 429, login


def test_all_addresses_of_one_network_are_counted_together():
    near = {neighbourhood(f"2001:db8:7:7::{n:x}") for n in range(50)}
    assert len(near) == 1
    assert neighbourhood("2001:db8:7:8::1") not in near
    assert neighbourhood("testclient") == "testclient"


def test_wrong_passkeys_are_written_down(house):
    before = len(house.store.accounts.audit.latest())
    sent = {"handle": "x", "credential": {"id": "y"}}
    assert house.browser().post("/api/v1/passkeys/sign-in", json=sent).status_code == 422
    newest, *_ = house.store.accounts.audit.latest()
    assert (len(house.store.accounts.audit.latest()), newest.seen.act) == (before + 1, "refused")


# ---- names and addresses


@pytest.mark.parametrize(
    "host", ["localhost:x@elsewhere.example", "127.0.0.1:1@elsewhere.example", "[::1]elsewhere.example", "localhost:", ""]
)
def test_a_name_of_ours_before_another_name_is_refused(tmp_path, host):
    with app.desk(tmp_path) as desk:
        assert desk.get("/", headers={"Host": host}).status_code == 421


def test_the_way_to_a_page_is_kept_whole_through_signing_in(house):
    answer = house.browser().get("/people/a&next=x/goals", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?next=/people/a%26next%3Dx/goals"


def test_nobody_is_given_an_account_for_the_private_notes_of_somebody_else(house):
    desk = house.at("ada")
    desk.post("/private", data={"what": "open"})
    own = private_of("ada")
    assert own in house.store.people()
    keeper = house.at("kim")
    for form in ({"login": "eve", "person": own}, {"login": own, "person": ""}, {"login": "private:new", "person": ""}):
        answer = keeper.post("/accounts", data={"name": "Eve", "role": "person", **form})
        assert answer.status_code == 422, form
        assert "private notes" in answer.text
    assert house.store.accounts.find("eve") is None
    assert "private:new" not in house.store.people()


# ---- accounts


def test_a_link_for_a_first_password_is_over_once_there_is_a_newer_one_and_so_are_passkeys_of_before(house):
    keeper = house.at("kim")
    house.store.accounts.passkeys.add(house.ids["nora"], "cred", b"key", 0, "lost phone", now=house.clock())

    def link():
        page = keeper.post("/accounts/change", data={"account": house.ids["nora"], "what": "link"})
        return re.search(r"/welcome/[\w-]+", page.text).group()

    first, second = link(), link()
    assert house.browser().get(first).status_code == 404
    new = "four quiet green lamps"
    sent = {"password": new, "again": new}
    assert house.browser().post(second, data=sent, follow_redirects=False).headers["location"] == "/clinic"
    assert house.browser().post(first, data=sent).status_code == 404
    assert house.store.accounts.passkeys.of(house.ids["nora"]) == ()


def test_links_and_sessions_that_are_over_are_gone_when_the_server_begins_anew(tmp_path):
    clock = app.Clock()
    ends = clock.now + timedelta(hours=1)
    with app.desk(tmp_path, clock) as desk:
        desk.store.add_person("me")
        desk.store.accounts.links.make("feed", {}, now=clock.now, expires_at=ends, person="me")
        desk.store.accounts.links.make("feed", {}, now=clock.now, expires_at=ends + timedelta(days=1), person="me")
    clock.later(hours=2)
    with app.desk(tmp_path, clock) as desk:
        assert len(desk.store.accounts.links.of("me")) == 1


def test_what_a_keeper_does_with_an_account_is_read_by_its_person(house):
    house.at("kim").post("/accounts/change", data={"account": house.ids["ada"], "what": "end"})
    assert "signed you out everywhere" in house.at("ada").get("/audit").text


def test_an_open_page_that_is_found_adds_no_passkey_and_forgets_none(house):
    desk = house.at("ada")
    assert desk.post("/api/v1/passkeys/ask", json={}).status_code == 200
    house.store.accounts.passkeys.add(house.ids["ada"], "cred", b"key", 0, "phone", now=house.clock())
    house.clock.later(minutes=16)
    for path in ("/api/v1/passkeys/ask", "/api/v1/passkeys"):
        assert desk.post(path, json={"handle": "x", "credential": {}}).status_code == 403
    assert desk.post("/account/passkeys/forget", data={"passkey": "cred"}).status_code == 403
    assert len(house.store.accounts.passkeys.of(house.ids["ada"])) == 1


# ---- what is shown no longer


def test_a_page_that_a_clinician_shared_is_gone_when_the_person_shows_it_to_them_no_longer(tmp_path):
    with lived.desk(tmp_path, TOXIN, 168, clinic=True) as desk:
        accounts, now = desk.store.accounts, desk.clock.now
        doc = accounts.create("doc", "Doc", "clinician", now=now)
        says = {"page": "person", "trial": TOXIN, "on": now.date().isoformat()}
        ends = now + timedelta(days=1)
        accounts.consents.give("me", doc.id, ["answer"], now=now)
        token = accounts.links.make("report-person", says, now=now, expires_at=ends, person="me", made_by=doc.id)
        lived.look_as(desk, "nobody")
        desk.app.state.house.viewers.of = lambda _: Viewer("nobody")
        assert desk.get(f"/shared/{token}").status_code == 200
        (seen,) = [each.seen for each in accounts.audit.of_person("me") if each.seen.endpoint == "link"]
        assert (seen.account, seen.role, seen.act, seen.about) == (None, "nobody", "read", "answer")
        accounts.consents.withdraw("me", doc.id, now=now)
        desk.clock.later(minutes=1)
        assert desk.get(f"/shared/{token}").status_code == 404
        accounts.consents.give("me", doc.id, ["answer"], now=desk.clock.now)
        assert desk.get(f"/shared/{token}").status_code == 200
        accounts.set_active(doc.id, False)
        assert desk.get(f"/shared/{token}").status_code == 404


def test_a_helper_is_out_at_once_when_the_person_takes_it_back(house):
    house.show("ada", "hal", "diary")
    desk = house.at("hal")
    assert desk.get("/people/ada/calendar").status_code == 200
    house.at("ada").post("/consents", data={"to": house.ids["hal"], "what": "nothing"})
    assert desk.get("/people/ada/calendar").status_code == 404
    assert desk.get("/calendar", follow_redirects=False).status_code == 404
    sent = {"entries": [{"id": "x", "kind": "day.told", "at": house.clock().isoformat(), "body": {"cells": {"date": DAY}}}]}
    assert desk.post("/api/v1/entries", json=sent).status_code == 404
    assert house.store.head("ada").seq == 0


def test_who_asks_for_what_is_not_shown_to_them_is_written_down_where_the_person_reads_it(house):
    house.at("doc").get("/people/ada/goals")
    house.at("doc").get("/people/zoe/goals")
    page = house.at("ada").get("/audit").text
    assert page.count("and was refused") == 1
    assert "Doc" in page


def test_leaving_takes_the_private_notes_and_their_lock_along_so_that_no_later_namesake_finds_them(house):
    desk = house.at("ada")
    told(desk, house.clock)
    desk.post("/private", data={"what": "open"})
    desk.post("/private/lock", data={"what": "put", "passphrase": "four words are enough"})
    desk.post("/private", data={"what": "leave"})
    assert house.app.state.house.spaces.locks.has(private_of("ada"))
    assert desk.post("/leave", data={"name": "ada", "sure": "yes"}).status_code == 200
    assert house.store.people() == ("bob",)
    assert not house.app.state.house.spaces.locks.has(private_of("ada"))


def test_leaving_from_inside_the_private_notes_erases_them_alone(house):
    desk = house.at("ada")
    told(desk, house.clock)
    desk.post("/private", data={"what": "open"})
    assert desk.post("/leave", data={"name": private_of("ada"), "sure": "yes"}).status_code == 200
    assert house.store.people() == ("ada", "bob")
    assert desk.get("/account").status_code == 200
    assert house.store.head("ada").seq > 0


def test_nothing_at_hand_is_left_of_somebody_who_was_erased(house):
    house.store.append("ada", journey()[:-1])
    house.show("ada", "clinic", "diary", "plan", "answer", "history")
    house.clock.now = journey()[-1].at + timedelta(days=1)
    nurse, ada = house.at("nora"), house.at("ada")
    assert "ada" in nurse.get("/clinic").text
    nurse.post("/clinic/ada/done", data={"what": "seen"})
    nurse.get("/clinic/ada")
    ada.post("/leave", data={"name": "ada", "sure": "yes"})
    server = house.app.state.house
    at_hand = (server.stories._known, server.stories._there, server.answers._known, server.board._known, server.board._done)
    assert [each for each in at_hand if "ada" in repr(list(each))] == []
    assert "ada" not in nurse.get("/clinic").text


# ---- faults


def test_a_store_that_cannot_be_asked_is_never_taken_for_an_empty_diary(house, monkeypatch):
    desk = house.at("ada")
    told(desk, house.clock)

    def busy(_):
        raise Busy(Problem("store", "somebody else has been writing for too long.", "Try again in a moment."))

    monkeypatch.setattr(type(house.store), "head", lambda _, person: busy(person))
    assert desk.get("/calendar").status_code == 503


def test_a_fault_is_printed_with_its_place_and_without_the_words_that_were_told():
    try:
        raise ValueError(NOTE)
    except ValueError:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, __file__, 1, "Exception %s", (NOTE,), sys.exc_info())
    assert WithoutWords().filter(record)
    printed = logging.Formatter().format(record)
    assert NOTE not in printed
    assert "ValueError at test_security.py:" in printed


@pytest.mark.parametrize("depth", [100, 900, 5000, 100_000])
def test_entries_nested_without_end_are_answered_and_keep_nothing(house, depth):
    desk = house.at("ada")
    nest = "[" * depth + "]" * depth
    for body in (nest, f'{{"cells": {nest}}}', f'{{"cells": {{"date": "{DAY}", "note": {nest}}}}}'):
        sent = f'{{"entries": [{{"id": "x", "kind": "day.told", "at": "2026-03-03T20:00Z", "body": {body}}}]}}'
        answer = desk.post("/api/v1/entries", content=sent, headers={"Content-Type": "application/json"})
        assert answer.status_code in (200, 400, 422)
    assert house.store.head("ada").seq == 0
