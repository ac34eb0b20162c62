"""Coming in and going out: passwords, sessions, devices that may only add, and the first keeper."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cleardays.problems import BadInput
from cleardays.store.tokens import digest_of
from cleardays.web.accounts.passwords import require_good
from cleardays.web.accounts.tries import OF_LOGIN
from reference.clinic import PASSWORD, clinic


@pytest.fixture
def house(tmp_path):
    with clinic(tmp_path) as found:
        yield found


def sign_in(desk, login="ada", password=PASSWORD, **more):
    """The form of the page, sent."""
    return desk.post("/sign-in", data={"login": login, "password": password, **more}, follow_redirects=False)


def test_whoever_knows_the_password_is_led_to_where_they_belong(house):
    for login, there in {"ada": "/", "doc": "/clinic", "nora": "/clinic", "rae": "/cohort", "kim": "/accounts"}.items():
        assert sign_in(house.browser(), login).headers["location"] == there


def test_who_is_on_the_way_to_a_page_arrives_there_and_at_no_other_site(house):
    assert sign_in(house.browser(), next="/goals").headers["location"] == "/goals"
    for elsewhere in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/ x"):
        assert sign_in(house.browser(), next=elsewhere).headers["location"] == "/"


def test_an_unknown_login_and_a_wrong_password_are_answered_alike_and_cost_the_same_work(house, monkeypatch):
    passwords, asked = house.app.state.house.viewers.entrance.passwords, []
    proves = passwords.proves
    monkeypatch.setattr(passwords, "proves", lambda kept, said: asked.append(kept) or proves(kept, said))
    wrong, unknown = sign_in(house.browser(), password="wrong"), sign_in(house.browser(), "nobody", "wrong")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.text.replace('value="ada"', "") == unknown.text.replace('value="nobody"', "")
    assert len(asked) == 2


def test_a_password_is_never_shown_again(house):
    assert "hunter22" not in sign_in(house.browser(), password="hunter22").text


def test_after_too_many_wrong_ones_the_right_one_waits_too(house):
    for _ in range(OF_LOGIN):
        house.app.state.house.viewers.entrance.tries.wrong("ada", "elsewhere")
    assert sign_in(house.browser()).status_code == 429
    assert sign_in(house.browser(), "bob").status_code == 303


def test_a_session_is_new_with_every_sign_in_and_only_its_digest_is_kept(house):
    desk = house.at("ada")
    first = desk.cookies["session"]
    sign_in(desk)
    assert desk.cookies["session"] != first
    assert house.store.accounts.sessions.find(first, now=house.clock()) is None
    kept = {each.id for each in house.store.accounts.sessions.of(house.ids["ada"], now=house.clock())}
    assert digest_of(desk.cookies["session"]) in kept
    assert desk.cookies["session"] not in kept


def test_behind_tls_the_cookie_is_of_this_host_alone_and_out_of_the_reach_of_scripts(tmp_path):
    with clinic(tmp_path, origin="https://headache.example") as house:
        desk = house.browser()
        desk.base_url = "https://headache.example"
        answer = sign_in(desk)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-session=")
        for word in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
            assert word in cookie
        assert "Domain" not in cookie
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


def test_a_session_ends_when_nobody_used_it_and_after_its_longest_life(house):
    desk = house.at("doc")
    for _ in range(3):
        house.clock.later(minutes=20)
        assert desk.get("/account").status_code == 200
    house.clock.later(minutes=31)
    assert desk.get("/account", follow_redirects=False).status_code == 303
    person = house.at("ada")
    for _ in range(5):
        house.clock.later(days=20)
        left = person.get("/account", follow_redirects=False).status_code
    assert left == 303


def test_going_out_ends_the_session_and_not_only_the_cookie(house):
    desk = house.at("ada")
    token = desk.cookies["session"]
    desk.post("/sign-out")
    assert "session" not in desk.cookies
    assert house.store.accounts.sessions.find(token, now=house.clock()) is None


def test_a_trusted_device_adds_an_attack_after_the_session_ended_and_reads_nothing(house):
    desk = house.at("ada", own=True)
    desk.post("/sign-out")
    before = house.store.head("ada").seq
    assert desk.post("/attack/begin", data={"what": "begin"}, follow_redirects=False).status_code != 401
    assert desk.get("/goals", follow_redirects=False).headers["location"].startswith("/sign-in")
    sent = {"entries": [{"id": "x", "kind": "day.told", "at": house.clock().isoformat(),
                         "body": {"cells": {"date": "2026-03-03", "headache": "clear"}}}]}  # fmt: skip
    answer = desk.post("/api/v1/entries", json=sent)
    assert answer.json()["entries"][0]["state"] == "kept"
    assert house.store.head("ada").seq > before


def test_all_other_sessions_end_together(house):
    here, there = house.at("ada"), house.at("ada", own=True)
    here.post("/account/sessions", data={"what": "others"})
    assert here.get("/account").status_code == 200
    assert there.get("/account", follow_redirects=False).status_code == 303
    assert there.post("/api/v1/entries", json={"entries": []}).status_code == 401


def test_another_password_needs_the_old_one_and_ends_other_sessions(house):
    here, there = house.at("ada"), house.at("ada")
    new = "four quiet green lamps"
    wrong = here.post("/account/password", data={"old": "wrong", "password": new, "again": new})
    assert wrong.status_code == 422
    assert new not in wrong.text
    assert sign_in(house.browser(), password=new).status_code == 422
    assert here.post("/account/password", data={"old": PASSWORD, "password": new, "again": new}).status_code == 200
    assert there.get("/account", follow_redirects=False).status_code == 303
    assert sign_in(house.browser(), password=new).status_code == 303


def test_a_password_that_is_guessed_soon_is_refused():
    for bad in ("short", "aaaaaaaaaaaaaaaa", "ada@clinic and more", "x" * 300):
        with pytest.raises(BadInput):
            require_good(bad, "ada@clinic")
    require_good("four quiet green lamps", "ada@clinic")


def test_the_first_keeper_needs_the_code_of_the_terminal_and_the_code_is_good_once(house):
    house.store.accounts.set_active(house.ids["kim"], False)
    house.store.accounts.remove(house.ids["kim"], now=house.clock())
    code = house.app.state.house.viewers.entrance.first_code()
    form = {"login": "kay", "name": "Kay Keeper", "password": "four quiet green lamps", "again": "four quiet green lamps"}
    assert house.browser().post("/first-keeper", data={**form, "code": "AAAAA"}).status_code == 422
    made = house.browser().post("/first-keeper", data={**form, "code": code.lower()}, follow_redirects=False)
    assert made.headers["location"] == "/accounts"
    assert house.browser().post("/first-keeper", data={**form, "login": "eve", "code": code}).status_code == 422
    assert house.app.state.house.viewers.entrance.first_code() is None


def test_a_keeper_makes_an_account_and_its_owner_sets_the_password_by_a_link_that_works_once(house):
    keeper = house.at("kim")
    page = keeper.post("/accounts", data={"login": "cleo", "name": "Cleo", "role": "person", "person": "c-17"})
    address = re.search(r"/welcome/[\w-]+", page.text).group()
    desk, new = house.browser(), "four quiet green lamps"
    assert desk.post(address, data={"password": new, "again": "other"}).status_code == 422
    assert desk.post(address, data={"password": new, "again": new}, follow_redirects=False).headers["location"] == "/"
    assert desk.get("/account").status_code == 200
    assert house.browser().get(address).status_code == 404
    assert house.store.accounts.find("cleo").person == "c-17"


def test_a_link_that_waited_too_long_opens_nothing(house):
    page = house.at("kim").post("/accounts", data={"login": "cleo", "name": "Cleo", "role": "nurse"})
    address = re.search(r"/welcome/[\w-]+", page.text).group()
    house.clock.now += timedelta(days=8)
    assert house.browser().get(address).status_code == 404


def test_a_closed_account_is_out_at_once_and_no_keeper_closes_their_own(house):
    desk, keeper = house.at("doc"), house.at("kim")
    keeper.post("/accounts/change", data={"account": house.ids["doc"], "what": "close"})
    assert desk.get("/account", follow_redirects=False).status_code == 303
    assert sign_in(house.browser(), "doc").status_code == 422
    own = keeper.post("/accounts/change", data={"account": house.ids["kim"], "what": "close"})
    assert own.status_code == 422


def test_a_form_that_cannot_be_kept_comes_back_with_its_message_and_makes_nothing(house):
    keeper, before = house.at("kim"), house.store.people()
    page = keeper.post("/accounts", data={"login": "ada", "name": "Another", "role": "person", "person": "p-9"})
    assert page.status_code == 422
    assert "taken" in page.text
    assert house.store.people() == before
    assert keeper.post("/accounts", data={"login": "x", "name": "", "role": "owner"}).status_code == 422
