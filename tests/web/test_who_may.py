"""Every endpoint of the table, asked as everybody: it answers as the one rule says, and who is refused changes nothing."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cleardays.store import tables, tables_accounts
from cleardays.web.roles import ADD, FAMILIES, OPEN, SOME, Viewer, allowed
from cleardays.web.table import ENDPOINTS
from cleardays.web.watching import REFUSED
from reference.clinic import clinic
from reference.stories import journey

# Who comes: by login, nobody, a device that may only add, and a session that ended. What ada shows them.
COMES = ("ada", "bob", "hal", "doc", "nora", "rae", "kim", "nobody", "device", "ended")
SHOWN = ((), *((family,) for family in FAMILIES))
_REFUSED = (401, 404)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with clinic(tmp_path_factory.mktemp("who")) as found:
        found.store.append("ada", journey()[:3])
        found.app.state.house.buckets.take = lambda *_: 0.0
        yield found


@pytest.fixture(scope="module")
def browsers(house):
    found = {login: house.at(login) for login in COMES if login in house.ids}
    found["nobody"] = house.browser()
    found["device"] = house.at("ada", own=True)
    found["device"].post("/sign-out")
    found["ended"] = house.browser()
    found["ended"].cookies.set("session", found["device"].cookies.get("session") or "gone")
    return found


def viewer_of(house, login, shown):
    """The viewer that the rule is asked about."""
    if login not in house.ids:
        return Viewer("nobody", may_add="ada" if login == "device" else None)
    account = house.store.accounts.get(house.ids[login])
    sees = {"ada": frozenset(shown)} if shown and account.role in ("helper", "clinician", "nurse") else {}
    return Viewer(account.role, account.name, account.id, account.person, sees)


def address_of(endpoint, person="ada"):
    """An address of the endpoint about somebody; whatever else it names is not there."""
    return re.sub(r"{[a-z_]+(:[a-z]+)?}", "none", endpoint.path.replace("{person}", person))


def state(house):
    """Everything that a request could change, but for being seen."""
    with house.store.database.reading() as connection:
        of = (tables.person, tables_accounts.account, tables_accounts.consent, tables_accounts.link, tables_accounts.passkey)
        found = [connection.execute(select(table)).all() for table in of]
        audit = connection.execute(select(tables_accounts.audit)).all()
        found.append([row for row in audit if row.act != REFUSED])
        return found, connection.execute(select(tables_accounts.session.c.token)).all()


def ask(desk, endpoint, person="ada"):
    """The bare request, as a page of ours would send it."""
    sent = {"json": {}} if endpoint.is_api and endpoint.changes else {"data": {}} if endpoint.changes else {}
    return desk.request(endpoint.method, address_of(endpoint, person), follow_redirects=False, **sent)


def is_refused(endpoint, answer):
    """Whether nobody was let in: told to sign in, or told that there is nothing."""
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")
    home = endpoint.path == "/" and answer.status_code == 303 and answer.headers["location"] == "/home"
    nothing = answer.status_code in _REFUSED and b"nothing here for you" in answer.content
    return to_sign_in or home or nothing or answer.status_code == 401


@pytest.mark.parametrize("login", COMES)
def test_every_endpoint_answers_each_as_the_rule_says_and_refusing_changes_nothing(house, browsers, login):
    helper_or_staff = login in ("hal", "doc", "nora")
    wrong = []
    for shown in SHOWN if helper_or_staff else ((),):
        house.store.accounts.consents.withdraw("ada", house.ids["doc"], now=house.clock())
        if helper_or_staff:
            house.store.accounts.consents.withdraw("ada", house.ids[login], now=house.clock())
            if shown:
                house.show("ada", login, *shown)
        viewer = viewer_of(house, login, shown)
        for endpoint in ENDPOINTS:
            if endpoint.need.about == OPEN:
                continue
            own = viewer.person or viewer.may_add or ("ada" if login == "hal" and shown else None)
            whose = "ada" if "{person}" in endpoint.path else own
            may = allowed(viewer, endpoint.need, whose)
            if may and endpoint.changes:
                continue  # what it does is the test of its own page
            before = state(house)
            answer = ask(browsers[login], endpoint)
            if is_refused(endpoint, answer) is may or (not may and state(house) != before):
                wrong.append((shown, endpoint.method, endpoint.path, answer.status_code))
    assert wrong == []


def test_somebody_who_is_not_there_and_somebody_who_shows_nothing_are_answered_alike(house, browsers):
    house.store.accounts.consents.withdraw("ada", house.ids["doc"], now=house.clock())
    for endpoint in ENDPOINTS:
        if "{person}" in endpoint.path:
            hidden, absent = (ask(browsers["doc"], endpoint, person) for person in ("ada", "zoe"))
            assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content), endpoint.path


def test_no_endpoint_of_a_persons_data_is_open_and_none_names_a_person_without_asking_for_a_family():
    for endpoint in ENDPOINTS:
        if "{person}" in endpoint.path:
            assert endpoint.need.about in (*FAMILIES, SOME), endpoint.path
    open_ones = {endpoint.path for endpoint in ENDPOINTS if endpoint.need.about == OPEN}
    assert not [path for path in open_ones if path.startswith(("/plan", "/answer", "/calendar", "/clinic", "/people"))]


def test_a_device_that_may_only_add_is_let_to_nothing_but_adding():
    viewer = Viewer("nobody", may_add="ada")
    for endpoint in ENDPOINTS:
        if endpoint.need.about != OPEN and allowed(viewer, endpoint.need, "ada"):
            assert endpoint.need.act == ADD, endpoint.path
