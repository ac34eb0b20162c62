"""Killed at any moment, on both engines: no acknowledged entry is lost, and none is there by half."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from cleardays.problems import BadInput
from cleardays.store import open_store
from cleardays.store.cipher import new_key
from conftest import postgres_or_reason
from reference.kept import require_kept, require_whole_batches
from reference.nursery import Nursery
from reference.postgres import children

# A new store after so many, so that its making is hit, too, and stories stay short enough to be read each time.
_ROUNDS_OF_A_STORE = 25
SHORT_AND_LONG = pytest.mark.parametrize("kills", [15, pytest.param(200, marks=pytest.mark.slow)])
SHORT_AND_LONG_OF_SERVERS = pytest.mark.parametrize("kills", [2, pytest.param(12, marks=pytest.mark.slow)])


@pytest.fixture
def nursery(tmp_path):
    with Nursery(tmp_path) as running:
        yield running
    assert "Traceback" not in running.log()


@pytest.fixture(scope="module")
def crashing_server():
    """A server whose disk is waited for, since it will crash."""
    server = postgres_or_reason(fsync=True)
    yield server
    server.stop()


def kill_at_random(writer, chance):
    """Sometimes while the store is opened or made, sometimes while entries are written."""
    if chance.random() < 0.6:
        writer.wait_for(chance.randrange(6))
        time.sleep(chance.random() * 0.01)
    else:
        time.sleep(chance.random() * 0.04)
    writer.kill()


def opened_again(place, key=None):
    """The store; None where its writer was killed before it had made anything."""
    store = open_store(place, key=key)
    if not store.people():
        store.close()
        return None
    return store


def kill_writers(nursery, place, first, kills, key=None):
    """Writers in one store, one after the other, each killed; returns how many appends they acknowledged."""
    chance, writers, acknowledged = random.Random(first), {}, []
    for seed in range(first, first + kills):
        writer = nursery.start(place, seed=seed, together=chance.choice((1, 1, 4)), key=key.raw.hex() if key else None)
        kill_at_random(writer, chance)
        writers[seed] = writer
        acknowledged += writer.acknowledged
        store = opened_again(place, key)
        if store is None:
            assert not acknowledged
            continue
        with store:
            events = require_kept(store, acknowledged)
    require_whole_batches(events, writers)
    return len(acknowledged)


@SHORT_AND_LONG
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_on_sqlite_a_killed_writer_loses_nothing_that_it_acknowledged(nursery, tmp_path, kills, encrypted):
    key = new_key() if encrypted else None
    if encrypted:
        kills = max(kills // 2, 5)
    told = 0
    for first in range(0, kills, _ROUNDS_OF_A_STORE):
        place = tmp_path / f"{first}.sqlite3"
        if key:
            place.with_name(f"{place.name}.key").touch()
        told += kill_writers(nursery, str(place), first, min(_ROUNDS_OF_A_STORE, kills - first), key)
    assert told > kills / 2  # else they were killed before they wrote anything


@SHORT_AND_LONG
def test_on_postgresql_a_killed_writer_loses_nothing_that_it_acknowledged(nursery, postgres_server, kills):
    told = 0
    for first in range(0, kills, _ROUNDS_OF_A_STORE):
        with postgres_server.fresh_database() as place:
            told += kill_writers(nursery, place, first, min(_ROUNDS_OF_A_STORE, kills - first))
    assert told > kills / 2


def crash(server, nursery, kills, how):
    """Writers whose server is struck while they write; it comes back by itself or is started."""
    chance, writers, acknowledged = random.Random(kills), {}, []
    with server.fresh_database() as first_place:
        name = first_place.rpartition("/")[2]
        for seed in range(kills):
            writer = nursery.start(
                server.url(name), seed=seed, together=chance.choice((1, 4))
            )  # a server that was started again has another port
            writer.wait_for(chance.randrange(1, 6))
            time.sleep(chance.random() * 0.02)
            how(server)
            writer.finish()
            writers[seed] = writer
            acknowledged += writer.acknowledged
            with answering(server.url(name)) as store:
                events = require_kept(store, acknowledged)
        require_whole_batches(events, writers)


def answering(place, seconds=30):
    """The store, once its server has recovered."""
    until = time.monotonic() + seconds
    while True:
        try:
            return open_store(place)
        except BadInput:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def kill_backend(server):
    """Kill -9 of the process that serves the writer; the server then throws all others out and recovers."""
    with server.connect() as connection:
        asked = "SELECT pid FROM pg_stat_activity WHERE application_name = 'cleardays' AND datname LIKE 'test%'"
        serving = [pid for (pid,) in connection.execute(asked)]
        assert serving
        assert set(serving) <= set(children(server.pid()))
        os.kill(serving[0], signal.SIGKILL)


def kill_server(server):
    server.kill()
    server.start()


@SHORT_AND_LONG_OF_SERVERS
@pytest.mark.parametrize("how", [kill_backend, kill_server])
def test_when_the_server_crashes_nothing_that_was_acknowledged_is_lost(crashing_server, tmp_path, kills, how):
    with Nursery(tmp_path) as nursery:
        crash(crashing_server, nursery, kills, how)
        # each writer said in words that it does not know, or that the server is gone
        assert nursery.log().count("cleardays.store.faults.") >= kills
