"""Fixtures of the tests that look at the pages in a browser."""

from __future__ import annotations

import os

import pytest

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
