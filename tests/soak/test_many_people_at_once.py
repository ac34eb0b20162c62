"""200 people at once: whoever was told that an attack is kept finds it, once, and no request fails."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from cleardays.store import open_store
from reference.browser import served
from reference.crowd import crowd

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs many addresses of the loopback net")


def everything_told_is_kept_once(folder, people, seconds):
    """Let people tell for so long, then look into the store."""
    with served(folder) as address:
        told = crowd(address, people, seconds)
    assert told.wrong == []
    assert len(told.kept) >= people
    with open_store(folder / "diary.sqlite3") as store:
        names = Counter(event.body["entry"] for _, event in store.events("me") if event.kind == "attack.told")
        story = store.story("me")
    assert names == Counter(told.kept)
    assert {attack.note for attack in story.diary.beside.attacks} == {f"of {name}" for name in told.kept}


def test_in_twenty_seconds_of_many_people_nothing_is_lost_and_nothing_fails(tmp_path):
    everything_told_is_kept_once(tmp_path, 50, 20)


@pytest.mark.slow
def test_in_five_minutes_of_two_hundred_people_nothing_is_lost_and_nothing_fails(tmp_path):
    everything_told_is_kept_once(tmp_path, 200, 300)
