"""A clinic's server on PostgreSQL as it is run: its keeper, a person, a nurse, and a second server that knows all of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest

from cleardays.store import open_store

NEW = "four quiet green lamps"
_ENV = {"PYTHONUNBUFFERED": "1"}


class Running:
    """`cleardays serve --clinic` over a database; what it printed is in files."""

    def __init__(self, folder, database, environment) -> None:
        folder.mkdir()
        self.browsers = []
        self.said, self.wrong = folder / "out", folder / "err"
        command = [sys.executable, "-m", "cleardays", "serve", "--clinic", "--store", database, "--port", "0"]
        command += ["--data", str(folder / "data"), "--json"]
        with self.said.open("w") as out, self.wrong.open("w") as err:
            self.process = subprocess.Popen(command, stdout=out, stderr=err, env={**environment, **_ENV})
        self.address = self.printed(self.said, r'"address": "(http://[^"]+?)/?"')

    def printed(self, file, pattern):
        """What it prints that looks so, once it is there."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            found = re.search(pattern, file.read_text())
            if found:
                return found[1]
            assert self.process.poll() is None, self.wrong.read_text()
            time.sleep(0.05)
        raise AssertionError(f"{pattern} was never printed: {file.read_text()} {self.wrong.read_text()}")

    def browser(self, cookies=None):
        """Somebody in front of it."""
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": self.address}
        found = httpx.Client(base_url=self.address, headers=headers, cookies=cookies, follow_redirects=True, timeout=60)
        self.browsers.append(found)
        return found


@contextmanager
def running(folder, database):
    """A server, stopped at the end."""
    found = Running(folder, database, dict(os.environ))
    try:
        yield found
    finally:
        for each in found.browsers:
            each.close()
        found.process.terminate()
        assert found.process.wait(30) in (0, -15)


def account(server, keeper, login, role):
    """The keeper makes an account, and its owner sets the password; gives their browser."""
    page = keeper.post("/accounts", data={"login": login, "name": login.capitalize(), "role": role})
    assert page.status_code == 200, page.text
    link = re.search(r"/welcome/[\w-]+", page.text).group()
    found = server.browser()
    assert found.post(link, data={"password": NEW, "again": NEW}).status_code == 200
    return found


@pytest.fixture
def server(tmp_path, postgres_url):
    with running(tmp_path / "one", postgres_url) as found:
        yield found


def test_a_keeper_makes_accounts_a_person_tells_a_nurse_sees_it_and_so_does_a_second_server(server, tmp_path, postgres_url):
    code = server.printed(server.wrong, r"type ([A-Z2-9-]+)")
    keeper = server.browser()
    form = {"code": code, "login": "kim", "name": "Kim", "password": NEW, "again": NEW}
    assert keeper.post("/first-keeper", data=form).url.path == "/accounts"
    ada, nora = (account(server, keeper, login, role) for login, role in (("ada", "person"), ("nora", "nurse")))

    assert ada.post("/first-run", data={"person": "Ada", "zone": "Europe/Berlin", "condition": "migraine"}).status_code == 200
    assert ada.post("/attack", data={"what": "severe"}).status_code == 200
    assert ada.post("/effects", data={"sign": "thunderclap"}).status_code == 200
    assert "ada" not in nora.get("/clinic").text
    sent = {"to": "clinic", "what": "show", "diary": "yes", "plan": "yes"}
    assert ada.post("/consents", data=sent).status_code == 200
    page = nora.get("/clinic").text
    assert "Warning sign" in page
    assert "/clinic/ada" in page
    assert nora.get("/people/ada/calendar").status_code == 200
    assert ada.get("/people/ada/calendar", headers={}).status_code == 200
    assert keeper.get("/people/ada/calendar").status_code == 404

    with running(tmp_path / "two", postgres_url) as other:
        assert other.address != server.address
        assert "Nobody keeps" not in other.wrong.read_text()
        there = other.browser()
        assert there.post("/sign-in", data={"login": "nora", "password": NEW}).url.path == "/clinic"
        assert "/clinic/ada" in there.get("/clinic").text
        same = other.browser({"session": nora.cookies["session"]})  # a session is of the database, not of one process
        assert same.get("/account").url.path == "/account"
        same.post("/clinic/ada/done", data={"what": "called"})
        told = ada.get("/audit").text
        assert "wrote down that you were called" in told

        ada.post("/attack", data={"what": "over"})
        assert ada.post("/consents", data={"to": "clinic", "what": "nothing"}).status_code == 200
        assert there.get("/clinic/ada").status_code == 404
        keeper.post("/accounts/change", data={"account": _id(postgres_url, "nora"), "what": "close"})
        assert there.get("/clinic").url.path == "/sign-in"

    with open_store(postgres_url) as store:
        assert [attack.headache for attack in store.story("ada").diary.beside.attacks] == ["severe"]
        store.accounts.audit.verify()
        assert store.links("ada")
    for file in (server.said, server.wrong):
        assert NEW not in file.read_text()
        assert "severe" not in file.read_text()


def _id(database, login):
    with open_store(database) as store:
        return store.accounts.find(login).id
