"""200 people at once: whoever was told that an attack is kept finds it, once, and no request fails."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cleardays.store import open_store
from cleardays.store.tables_accounts import FULL
from reference.browser import served_by
from reference.crowd import crowd

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs many addresses of the loopback net")
# What a server may take in memory beside each entry that it has at hand: its threads, what is loaded once.
BASE_MB, ENTRY_KB = 120, 12


def told_of(store, person):
    """The names of the attacks that are kept of somebody, and the notes that their diary reads."""
    names = Counter(event.body["entry"] for _, event in store.events(person) if event.kind == "attack.told")
    return names, {attack.note for attack in store.story(person).diary.beside.attacks}


def memory_mb(process):
    """What a process holds of the memory."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def everything_told_is_kept_once(folder, people, seconds, record, cookies=(), options=()):
    """Let people tell for so long, then look into the store: who told for themselves, and else "me", has all of it."""
    with served_by(folder, *options) as (address, process):
        before, begun = memory_mb(process), time.monotonic()
        told = crowd(address, people, seconds, cookies=cookies)
        took, after = time.monotonic() - begun, memory_mb(process)
    record("requests", len(told.took))
    record("a second", round(len(told.took) / took, 1))
    record("answered within, ms", {share: round(1000 * told.within(share)) for share in (0.5, 0.95, 0.99, 1)})
    record("memory, MB", (round(before), round(after)))
    assert told.wrong == []
    assert len(told.kept) >= people
    assert after - before < BASE_MB + ENTRY_KB * len(told.kept) / 1000
    with open_store(folder / "diary.sqlite3") as store:
        for person in store.people():
            mine = [name for name in told.kept if person == "me" or name.startswith(f"{person}-")]
            names, notes = told_of(store, person)
            assert names == Counter(mine)
            assert notes == {f"of {name}" for name in mine}
        assert sum(len(list(store.events(person))) for person in store.people()) >= len(told.kept)


def signed_in(folder, people):
    """A clinic with so many people, each signed in; gives what their browsers send."""
    now, cookies = datetime.now(UTC), []
    with open_store(folder / "diary.sqlite3") as store:
        for number in range(people):
            login = f"p{number}"
            account = store.accounts.create(login, f"Person {number}", "person", now=now, person=login, new=True)
            token = store.accounts.sessions.open(account.id, FULL, now=now, expires_at=now + timedelta(days=1))
            cookies.append(f"session={token}")
    return cookies


@pytest.fixture
def record(record_property, capsys):
    """Say what was measured, also where nothing fails."""

    def said(name, value):
        record_property(name, value)
        with capsys.disabled():
            print(f"\n  {name}: {value}", end="")

    return said


def test_in_twenty_seconds_of_many_people_nothing_is_lost_and_nothing_fails(tmp_path, record_property):
    everything_told_is_kept_once(tmp_path, 50, 15, record_property)


def test_in_a_clinic_everybody_signed_in_finds_what_they_told_and_nothing_of_others(tmp_path, record_property):
    everything_told_is_kept_once(tmp_path, 30, 8, record_property, signed_in(tmp_path, 30), ["--clinic"])


@pytest.mark.slow
def test_in_a_minute_of_two_hundred_people_nothing_is_lost_and_nothing_fails(tmp_path, record):
    everything_told_is_kept_once(tmp_path, 200, 60, record)


@pytest.mark.long
def test_in_five_minutes_of_two_hundred_people_nothing_is_lost_and_nothing_fails(tmp_path, record):
    everything_told_is_kept_once(tmp_path, 200, 300, record)


@pytest.mark.long
def test_in_five_minutes_of_two_hundred_people_in_a_clinic_nothing_is_lost_and_nothing_fails(tmp_path, record):
    everything_told_is_kept_once(tmp_path, 200, 300, record, signed_in(tmp_path, 200), ["--clinic"])
