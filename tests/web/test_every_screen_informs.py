"""Each screen says once, at its foot, that the app informs and prescribes nothing; the attack screen keeps its few words."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from reference import pages
from reference.app import Clock, desk
from reference.whole_stories import TODAY, whole_events

SAYS = "This informs; it is no diagnosis and no prescription."
# At most twelve words; a door that says nothing of what is behind it; a report, which has a sentence of its own.
WITHOUT = {"/attack", "/private/unlock", "/reports/page.html"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The app over the story of somebody with two trials."""
    clock = Clock(datetime.combine(TODAY, time(12), UTC))
    with desk(tmp_path_factory.mktemp("informs"), clock) as found:
        found.store.add_person("me")
        found.store.append("me", whole_events())
        yield found


@pytest.mark.parametrize("path", [each for each in pages.addresses() if pages.is_mine(each) and each not in WITHOUT])
def test_a_screen_says_once_that_it_informs(filled, path):
    answer = filled.get(path, follow_redirects=True)
    if answer.headers["content-type"].startswith("text/html"):  # files to take along say so in their own words
        assert " ".join(answer.text.split()).count(SAYS) == 1


def test_the_description_of_the_api_says_it_too(filled):
    assert "It informs; it never prescribes." in filled.get("/api/v1/openapi.json").json()["info"]["description"]
