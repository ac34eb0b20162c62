"""Nonsense in an address, in its parts and behind it: an answer on each engine, and nothing is kept."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest

from cleardays.web.roles import FAMILIES
from cleardays.web.table import ENDPOINTS
from reference.clinic import clinic
from reference.stories import journey

NONSENSE = (
    "%00",
    "a%00b",
    "x" * 3000,
    "..%2F..%2Fetc",
    "%F0%9F%92%A9",
    "%ED%A0%80",
    "%FF",
    "-1",
    "9999-99-99",
    "'%20OR%201=1--",
)
ASKED = sorted({endpoint.path for endpoint in ENDPOINTS if endpoint.method == "GET"})
QUERIES = ("kept", "month", "day", "term", "page", "paper", "payer", "outcome", "as_of", "trial", "person", "to", "unsent")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def browsers(request, tmp_path_factory):
    """A person, and their nurse for what names a person; each signed in."""
    with ExitStack() as open_until_the_end:
        place = None
        if request.param == "postgresql":
            place = open_until_the_end.enter_context(request.getfixturevalue("postgres_server").fresh_database())
        house = open_until_the_end.enter_context(clinic(tmp_path_factory.mktemp("nonsense"), place))
        house.store.append("ada", journey()[:3])
        house.app.state.house.buckets.take = lambda *_: 0.0
        house.show("ada", "nora", *FAMILIES)
        yield {False: house.at("ada"), True: house.at("nora")}


def addresses(path):
    """An address with nonsense in each of its parts, in all but the person, and behind it."""
    for word in NONSENSE:
        of = re.sub(r"{[a-z_]+(:[a-z]+)?}", word, path.replace("{person}", "ada"))
        yield of
        yield (
            re.sub(r"{[a-z_]+(:[a-z]+)?}", word, path)
            if "{person}" in path
            else f"{of}?" + "&".join(f"{name}={word}" for name in QUERIES)
        )


@pytest.mark.parametrize("path", ASKED)
def test_nonsense_in_an_address_is_answered_and_breaks_nothing(browsers, path):
    browser = browsers["{person}" in path]
    before = browser.story("ada").seq
    for address in addresses(path):
        assert browser.get(address).status_code < 500, address
    assert browser.story("ada").seq == before
