"""A store that somebody else is using at the very moment it is opened."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing

import pytest

from cleardays.store import open_store, opening
from cleardays.store.faults import Busy


@pytest.fixture
def held(tmp_path):
    """A store without its log, and somebody who is about to write to it."""
    place = tmp_path / "diary.sqlite3"
    with open_store(place):
        pass
    other = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
    assert other.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
    other.execute("BEGIN IMMEDIATE")
    yield place, other
    other.close()


def test_who_opens_a_store_waits_for_somebody_who_is_about_to_write(held):
    place, other = held
    going = threading.Timer(0.3, other.execute, ["COMMIT"])
    begun = time.monotonic()
    going.start()
    with open_store(place) as store:
        store.add_person("me")
    assert time.monotonic() - begun > 0.25  # so that there was somebody to wait for
    with closing(sqlite3.connect(place)) as later:
        assert later.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_who_waited_in_vain_is_told_so(held, monkeypatch):
    place, _ = held
    monkeypatch.setattr(opening, "PATIENCE_S", 0.1)
    with pytest.raises(Busy, match="somebody else"):
        open_store(place)
