"""Links that are handed out: what they show, until when, and that the file of them opens none."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest

from cleardays.problems import BadInput
from cleardays.web.links import Links
from reference.app import Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def links(tmp_path, clock):
    return Links(tmp_path, clock)


def made(links, what="report", person="ada", lasts=timedelta(hours=1), **says):
    return links.make(what, person, by=person, lasts=lasts, says=says)


def test_a_link_is_found_by_its_secret_and_says_what_it_was_made_for(links):
    secret, link = made(links, page="person")
    assert links.find("report", secret) == link
    assert link.says == {"page": "person"}


def test_a_link_of_one_kind_opens_nothing_of_another(links):
    secret, _ = made(links, what="calendar")
    assert links.find("report", secret) is None


@pytest.mark.parametrize("wrong", ["", "x", "\udcff", "A" * 10_000, "../links.json"])
def test_what_is_no_secret_finds_nothing(links, wrong):
    made(links)
    assert links.find("report", wrong) is None


def test_a_link_ends_at_its_time_and_is_then_not_even_listed(links, clock):
    secret, _ = made(links)
    clock.later(minutes=59, seconds=59)
    assert links.find("report", secret) is not None
    clock.later(seconds=1)
    assert links.find("report", secret) is None
    assert links.of("report", "ada") == ()


def test_a_link_that_was_taken_back_shows_nothing_and_nobody_else_can_take_it_back(links):
    secret, link = made(links)
    assert not links.take_back("bob", link.id)
    assert links.find("report", secret) is not None
    assert links.take_back("ada", link.id)
    assert links.find("report", secret) is None
    assert not links.take_back("ada", link.id)


def test_links_of_somebody_are_forgotten_together(links):
    ada, _ = made(links)
    bob, _ = made(links, person="bob")
    links.forget("ada")
    assert links.find("report", ada) is None
    assert links.find("report", bob) is not None


def test_the_file_of_links_holds_no_secret_and_is_its_owners_alone(links, tmp_path):
    secret, _ = made(links)
    assert len(secret) >= 43  # 256 bit
    file = tmp_path / "links.json"
    assert secret not in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["links.json"]


def test_a_file_of_links_that_cannot_be_read_is_named_and_never_taken_for_an_empty_one(links, tmp_path):
    made(links)
    (tmp_path / "links.json").write_text("[{", encoding="utf-8")
    with pytest.raises(BadInput, match=r"links\.json"):
        made(links)
    assert (tmp_path / "links.json").read_text(encoding="utf-8") == "[{"
