"""The power goes at any moment of a recorded run: every acknowledged entry is on the disk that is left.

The run is one of a real process on a real disk; what the disk would hold is worked out from what was synced by then
(`reference/disk.py` says what is assumed of it).
"""

from __future__ import annotations

import json
import random
from contextlib import suppress

import pytest

from cleardays.problems import BadInput
from cleardays.store import open_store
from cleardays.store.cipher import Key
from cleardays.store.encrypting import encrypt, is_encrypted, key_of
from cleardays.store.keyfile import Cost, WrongPassphrase
from reference.disk import Disk, NoShim, calls_of, compiled, standing, watched
from reference.kept import require_kept, told_by
from reference.nursery import SAM

FILE = "data/diary.sqlite3"
SHORT_AND_LONG = pytest.mark.parametrize("moments", [30, pytest.param(100, marks=pytest.mark.slow)])
WRITER = """
import os, sys
from reference.nursery import write
place, folder, times, together, key, synchronous = sys.argv[1:]
if synchronous != "FULL":  # to show that the test can fail
    from sqlalchemy import event
    from cleardays.store import engines
    made = engines._sqlite
    def careless(*given, **named):
        engine = made(*given, **named)
        event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA synchronous={synchronous}"))
        return engine
    engines._sqlite = careless
os.close(os.open(folder + "/acknowledged", os.O_CREAT | os.O_WRONLY, 0o600))
write({"place": place, "person": "sam", "seed": 7, "times": int(times), "together": int(together), "key": key,
       "acknowledge": folder + "/acknowledged"})
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    try:
        return compiled(tmp_path_factory.mktemp("power"))
    except NoShim as why:
        pytest.skip(str(why))


@pytest.fixture
def recorded(library, tmp_path):
    """Run a writer and give back what it did to the disk."""

    def run(times, together=1, key="", synchronous="FULL"):
        folder = tmp_path / "run"
        folder.mkdir()
        if key:
            (folder / "data").mkdir()
            (folder / f"{FILE}.key").touch()
        before = standing(folder)
        done = watched(library, folder, WRITER, str(folder / FILE), str(folder), str(times), str(together), key, synchronous)
        assert (done.returncode, done.stderr) == (0, "")
        found = list(calls_of(tmp_path / "run.log"))
        assert {"w", "c"} <= {call.kind for call in found}
        return found, before

    return run


def acknowledged_by(calls):
    """What had been acknowledged after each call, by its place."""
    said, known = [], []
    for call in calls:
        if call.name == "acknowledged" and call.kind == "w":
            line = json.loads(call.data)
            known = [*known, line] if "seq" in line else known
        said.append(known)
    return said


def lose_power(calls, before, folder, moments, chance):
    """The folders that are left, with what had been acknowledged: at moments by chance and just after an acknowledgement."""
    said = acknowledged_by(calls)
    telling = [place for place, call in enumerate(calls) if call.name == "acknowledged"]  # the hardest moments
    at = {chance.randrange(len(calls)) for _ in range(moments // 2)} | {chance.choice(telling) for _ in range(moments // 2)}
    disk = Disk(before)
    for place, call in enumerate(calls):
        disk.do(call)
        if place in at:
            for share in (0, 0.5, chance.random(), 1):
                disk.loses_power(folder, chance, share)
                yield place, said[place]


def what_is_lost(calls, before, folder, moments, key=None):
    """What was found wrong, in words, and how often the store was opened."""
    chance, lost, opened = random.Random(moments), [], 0
    for place, acknowledged in lose_power(calls, before, folder, moments, chance):
        if not (folder / FILE).exists():
            lost += [f"after call {place} there is no store"] if acknowledged else []
            continue
        try:
            with open_store(folder / FILE, key=key) as store:
                opened += 1
                if acknowledged or store.people():
                    require_kept(store, acknowledged)
        except (BadInput, AssertionError) as error:
            lost.append(f"after call {place}: {error}")
    return lost, opened


@SHORT_AND_LONG
@pytest.mark.parametrize(("together", "encrypted"), [(1, False), (5, False), (1, True)], ids=["plain", "grouped", "encrypted"])
def test_whatever_was_acknowledged_is_there_when_the_power_went(recorded, tmp_path, moments, together, encrypted):
    raw = "5e" * 32 if encrypted else ""
    calls, before = recorded(40 if moments < 100 else 250 if together == 1 else 450, together, raw)
    if moments >= 100:  # long enough that the log was written back into the file while entries came
        ended = max(place for place, call in enumerate(calls) if call.name == "acknowledged")
        assert sum(call.kind == "w" and call.name == FILE for call in calls[:ended]) > 50
    lost, opened = what_is_lost(calls, before, tmp_path / "found", moments, Key(bytes.fromhex(raw)) if raw else None)
    assert opened > moments
    assert lost == []


def test_a_store_that_did_not_wait_for_the_disk_would_lose_entries_here(recorded, tmp_path):
    lost, _ = what_is_lost(*recorded(30, synchronous="OFF"), tmp_path / "found", 30)
    assert len(lost) > 10


ENCRYPT = """
import sys
from cleardays.store.encrypting import encrypt
from cleardays.store.keyfile import Cost
encrypt(sys.argv[1], sys.argv[2], keep_plain=sys.argv[3] == "keep", cost=Cost(1, 64, 1))
"""
CHANGE = """
import sys
from cleardays.store.encrypting import change
from cleardays.store.keyfile import Cost
change(sys.argv[1], sys.argv[2], sys.argv[3], Cost(1, 64, 1))
"""
WORDS, OTHER = "four words, quite apart", "another four words"


def left_at_every_moment(calls, before, folder, every):
    """The folders that are left when it breaks off after every call or every so many: by a kill, and by a power cut."""
    chance, disk = random.Random(every), Disk(before)
    for place, call in enumerate(calls):
        disk.do(call)
        if place % every == 0 or place == len(calls) - 1:
            for share in (1, 0, chance.random()):
                disk.loses_power(folder, chance, share)
                yield place


@pytest.fixture
def stored(tmp_path):
    """A folder with a plain store, and what it holds."""
    folder = tmp_path / "run"
    with open_store(folder / FILE) as store:
        store.add_person(SAM)
        store.append(SAM, told_by(7, 20))
    return folder, told_by(7, 20)


@pytest.mark.parametrize("every", [9, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("keep", ["keep", "remove"])
def test_at_every_moment_of_encrypting_there_is_one_whole_store(library, stored, tmp_path, every, keep):
    folder, events = stored
    before = standing(folder)
    done = watched(library, folder, ENCRYPT, str(folder / FILE), WORDS, keep)
    assert (done.returncode, done.stderr) == (0, "")
    ways = set()
    for _ in left_at_every_moment(list(calls_of(tmp_path / "run.log")), before, tmp_path / "found", every):
        found = tmp_path / "found" / FILE
        ways.add(is_encrypted(found))
        key = key_of(found, WORDS) if is_encrypted(found) else None
        with open_store(found, create=False, key=key) as store:
            assert require_kept(store, []) == events
    assert ways == {False, True}


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_at_every_moment_of_a_change_one_passphrase_opens_the_store(library, stored, tmp_path, every):
    folder, events = stored
    encrypt(folder / FILE, WORDS, keep_plain=False, cost=Cost(1, 64, 1))
    before = standing(folder)
    done = watched(library, folder, CHANGE, str(folder / FILE), WORDS, OTHER)
    assert (done.returncode, done.stderr) == (0, "")
    used = []
    for _ in left_at_every_moment(list(calls_of(tmp_path / "run.log")), before, tmp_path / "found", every):
        found = tmp_path / "found" / FILE
        keys = []
        for words in (WORDS, OTHER):
            with suppress(WrongPassphrase):
                keys.append((words, key_of(found, words)))
        assert len(keys) == 1
        used.append(keys[0][0])
        with open_store(found, create=False, key=keys[0][1]) as store:
            assert require_kept(store, []) == events
    assert set(used) == {WORDS, OTHER}
    assert used[-3:] == [OTHER] * 3  # once it has returned, the new one is in force, whatever happens
