"""Fixtures of the tests that look at the pages in a browser."""

from __future__ import annotations

import json
import os
from urllib.request import Request, urlopen

import pytest

from cleardays.store import open_store
from reference.browser import DESK, PHONE, REQUIRED, NoBrowser, Visit, chromium, served


@pytest.fixture(scope="session")
def browser():
    """The browser; skips, saying why, where there is none, and fails there if one is required."""
    try:
        with chromium() as found:
            yield found
    except NoBrowser as why:
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED}=1, but: {why}")
        pytest.skip(f"no browser for the tests: {why}")


@pytest.fixture
def address(tmp_path):
    """A server over an empty folder; gives its address."""
    with served(tmp_path) as found:
        yield found


@pytest.fixture
def device(browser, address):
    """Makes devices in front of the server: `device()` is a phone, `device(**DESK)` a desk."""
    opened: list[Visit] = []

    def make(**options) -> Visit:
        opened.append(Visit(browser, address, **(options or PHONE)))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def phone(device):
    """A phone, 360 by 740."""
    return device(**PHONE)


@pytest.fixture
def desk(device):
    """A browser on a desk, 1280 by 800."""
    return device(**DESK)


@pytest.fixture
def kept(address, tmp_path):
    """What the server keeps: how many events of a kind there are, the cells of those that stand, or their names."""

    class Kept:
        def __call__(self, kind):
            with open_store(tmp_path / "diary.sqlite3") as store:
                return sum(event.kind == kind for _, event in store.events("me"))

        def cells(self, kind):
            with open_store(tmp_path / "diary.sqlite3") as store:
                return [dict(told.cells) for (of, _), told in store.story("me").entries.items() if of == kind]

        def names(self, kind):
            with open_store(tmp_path / "diary.sqlite3") as store:
                return [name for of, name in store.story("me").entries if of == kind]

    return Kept()


@pytest.fixture
def medicine(address):
    """A medicine that was taken some time ago."""
    cells = {
        "date": "2026-03-01",
        "time": "09:00",
        "kind": "acute",
        "name": "Sumatriptan",
        "amount": "50",
        "unit": "mg",
        "state": "taken",
    }
    entry = {"id": "one", "kind": "dose.told", "at": "2026-03-01T09:00:00Z", "body": {"entry": "one", "cells": cells}}
    asked = Request(
        f"{address}/api/v1/entries", json.dumps({"entries": [entry]}).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(asked) as answer:
        assert json.load(answer)["entries"][0]["state"] == "kept"
