"""Full disks, closed folders, halves of files, wrong clocks: nothing acknowledged is lost, and somebody says what to do."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from cleardays.problems import BadInput
from cleardays.store import StoreFault, open_store
from cleardays.store import whole as whole_files
from cleardays.store.cipher import Key, key_file_of
from cleardays.trial.story.story import fold
from conftest import postgres_or_reason
from reference.disk import NoShim, compiled, watched
from reference.kept import head_of, require_kept, told_by
from reference.nursery import SAM
from reference.stories import placed

EVENTS = told_by(3, 40)
KEY = Key(bytes(range(32)))
KINDS = pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])


def stored(file, key=None, events=EVENTS):
    """A store with events in it, closed."""
    if key is not None:
        file.parent.mkdir(exist_ok=True)
        key_file_of(file).touch()
    with open_store(file, key=key) as store:
        store.add_person(SAM)
        store.append(SAM, events)
    return file


def require_as_it_was(file, key=None, events=EVENTS):
    with open_store(file, create=False, key=key) as store:
        assert require_kept(store, []) == events


# --- a full disk

FILLING = """
import sys
from cleardays.problems import BadInput
from cleardays.store import open_store
from cleardays.store.cipher import Key
from reference.kept import require_kept
from reference.nursery import batches
place, key = sys.argv[1], Key(bytes(range(32))) if sys.argv[2] else None
acknowledged = 0
try:
    with open_store(place, key=key) as store:
        if "sam" not in store.people():
            store.add_person("sam")
        try:
            for batch in batches(5):
                acknowledged = store.append("sam", batch).seq
        except BadInput:
            print("seq", acknowledged)
            # what was acknowledged can be read in the very process that met the full disk, and it goes on saying so
            assert len(require_kept(store, [])) == acknowledged
            raise
except BadInput as bad:
    print(bad)
"""


def said_when_full(done):
    """How many events were acknowledged, None if the store did not open; and what was said."""
    assert done.returncode == 0, done.stderr
    *seq, said = done.stdout.splitlines()
    return int(seq[0].split()[1]) if seq else None, said


@KINDS
@pytest.mark.parametrize("room", [0, 3_000, 60_000, pytest.param(400_000, marks=pytest.mark.slow)])
def test_on_a_full_disk_it_says_so_and_what_was_acknowledged_stays(tmp_path, key, room):
    try:
        library = compiled(tmp_path)
    except NoShim as why:
        pytest.skip(str(why))
    folder = tmp_path / "disk"
    folder.mkdir()
    file = stored(folder / "diary.sqlite3", key, [])
    done = watched(library, folder, FILLING, str(file), "key" if key else "", POWER_FULL_AFTER=str(room))
    seq, said = said_when_full(done)
    assert "no room left" in said
    assert "Free some disk space" in said
    require_as_it_was(file, key, told_until(seq or 0))


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="only root can mount a small disk")
def test_on_a_small_disk_that_is_really_full_it_says_so_and_what_was_acknowledged_stays(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk], check=False, capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        file = disk / "diary.sqlite3"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", FILLING, str(file), ""]
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        seq, said = said_when_full(done)
        assert seq
        assert "no room left" in said
        saved = shutil.copytree(disk, tmp_path / "saved")
        require_as_it_was(saved / "diary.sqlite3", events=told_until(seq))
    finally:
        subprocess.run(["umount", disk], check=True)


def told_until(seq):
    """The first events of the writer that fills disks; an append is kept whole, so it ends between two."""
    return told_by(5, 2000)[:seq]


# --- nothing may be written


@contextmanager
def as_nobody():
    """Without the rights of root, for whom nothing is closed."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def open_to_nobody(tmp_path):
    """A folder that whoever runs the tests without root's rights owns and can reach."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="cleardays-") as name:
        if os.geteuid() == 0:
            os.chown(name, 65534, 65534)
        yield type(tmp_path)(name)


@pytest.mark.parametrize("closed", ["file", "folder", "both"])
def test_a_file_or_folder_that_may_only_be_read_is_told_and_left_as_it_is(open_to_nobody, closed):
    with as_nobody():
        file = stored(open_to_nobody / "diary.sqlite3")
        before = file.read_bytes()
        if closed != "folder":
            file.chmod(0o400)
        if closed != "file":
            open_to_nobody.chmod(0o500)
        try:
            with pytest.raises(StoreFault, match=r"(only be read|cannot be opened).*who owns the file and its folder"):  # noqa: SIM117
                with open_store(file) as store:
                    store.append(SAM, EVENTS[:1])
        finally:
            open_to_nobody.chmod(0o700)
            file.chmod(0o600)
        assert file.read_bytes() == before
        require_as_it_was(file)


def test_a_folder_in_which_nothing_may_be_made_is_told(open_to_nobody):
    with as_nobody():
        open_to_nobody.chmod(0o500)
        try:
            with pytest.raises(StoreFault, match=r"no store can be made there.*Give another place"):
                open_store(open_to_nobody / "new" / "diary.sqlite3")
        finally:
            open_to_nobody.chmod(0o700)


# --- half a file


def lengths(whole):
    """From nothing to all but a byte, on the edges of pages and between them."""
    chance = random.Random(whole)
    edges = {1, 15, 99, 100, 512, 4095, 4096, 4097, 8192, whole // 2 // 4096 * 4096, whole - 4096, whole - 512, whole - 1}
    return sorted(edges | {chance.randrange(1, whole) for _ in range(25)})


@KINDS
def test_a_file_that_was_copied_in_part_is_never_opened_and_stays_as_it_is(tmp_path, key):
    file = stored(tmp_path / "diary.sqlite3", key)
    whole = file.read_bytes()
    assert len(whole) > 100_000
    for length in lengths(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(BadInput, match=r"(?i)restore|backup"):
            open_store(file, key=key)
        assert file.read_bytes() == whole[:length], length
    file.write_bytes(whole)
    require_as_it_was(file, key)


@contextmanager
def in_use(file, key=None):
    """A store that is open, with entries in its log that are not in the file: somebody reads, so they cannot go there."""
    with open_store(file, key=key) as store, store.database.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM event").scalar()
        store.append(SAM, told_by(4, 30))
        yield store


def what_is_said(file, key, events):
    """What somebody is told who opens and reads a store; None where it holds exactly these events."""
    try:
        with open_store(file, key=key) as store:
            assert [event for _, event in store.events(SAM)] == events
    except BadInput as refused:
        return str(refused)
    return None


@KINDS
def test_a_file_that_was_cut_off_is_not_opened_by_the_log_beside_it_either(tmp_path, key, monkeypatch):
    monkeypatch.setattr(whole_files, "_BETWEEN_S", 0.001)
    source, copy = stored(tmp_path / "a" / "diary.sqlite3", key), tmp_path / "b" / "diary.sqlite3"
    copy.parent.mkdir()
    if key:
        key_file_of(copy).touch()
    with in_use(source, key):
        whole, log = source.read_bytes(), source.with_name("diary.sqlite3-wal").read_bytes()
        there = {int.from_bytes(log[at : at + 4]) for at in range(32, len(log), 24 + 4096)}  # SQLite's file format, 4.2
    assert len(log) > 10_000
    beside = copy.with_name("diary.sqlite3-wal")
    for length in (0, *lengths(len(whole))):
        copy.write_bytes(whole[:length])
        beside.write_bytes(log)
        said = what_is_said(copy, key, EVENTS + told_by(4, 30))
        if said is None:  # the log holds every page that is missing
            assert set(range(length // 4096 + 1, len(whole) // 4096 + 1)) <= there
        else:
            assert "restore" in said.lower(), length
            assert (copy.read_bytes(), beside.read_bytes()) == (whole[:length], log)
    copy.write_bytes(whole)
    beside.write_bytes(log)
    require_as_it_was(copy, key, EVENTS + told_by(4, 30))


def test_a_log_that_was_copied_in_part_gives_whole_appends_only(tmp_path):
    source, copy = stored(tmp_path / "a.sqlite3"), tmp_path / "b.sqlite3"
    with open_store(source) as store, store.database.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM event").scalar()
        ends = [len(EVENTS)] + [store.append(SAM, told_by(4, 12)).seq for _ in range(5)]
        whole, log = source.read_bytes(), source.with_name("a.sqlite3-wal").read_bytes()
    found = set()
    for length in range(0, len(log), 7001):
        for end in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                copy.with_name(f"b.sqlite3{end}").unlink()
        copy.write_bytes(whole)
        copy.with_name("b.sqlite3-wal").write_bytes(log[:length])
        with open_store(copy, create=False) as store:
            found.add(len(require_kept(store, [])))
    assert found <= set(ends)
    assert len(found) > 3


@KINDS
def test_a_file_copied_without_its_log_holds_everything_that_was_told_by_then(tmp_path, key):
    """SQLite may keep what was told last beside the file; ours is written back after each append."""
    source, copy = stored(tmp_path / "a.sqlite3", key), tmp_path / "b.sqlite3"
    if key:
        key_file_of(copy).touch()
    told = list(EVENTS)
    with open_store(source, key=key) as store:
        for batch in (told_by(6, n)[-1:] for n in range(1, 15)):
            store.append(SAM, batch)
            told += batch
            shutil.copyfile(source, copy)
            require_as_it_was(copy, key, told)


def test_a_page_that_was_zeroed_is_found_by_whoever_reads_and_nothing_is_made_up(tmp_path):
    file = stored(tmp_path / "diary.sqlite3")
    whole = file.read_bytes()
    for page in range(1, len(whole) // 4096):
        file.write_bytes(whole[: page * 4096] + bytes(4096) + whole[(page + 1) * 4096 :])
        said = what_is_said(file, None, EVENTS)
        assert said is None or "restore" in said or "backup" in said, page
    file.write_bytes(whole)
    require_as_it_was(file)


# --- clocks and versions


def test_a_clock_that_goes_back_loses_nothing_and_changes_no_order(store):
    events = told_by(3, 10)
    late = datetime(2027, 5, 1, tzinfo=UTC)
    jumping = [event._replace(at=late - timedelta(days=turn * 30)) for turn, event in enumerate(events)]
    store.add_person(SAM)
    for event in jumping:
        store.append(SAM, [event])
    assert require_kept(store, []) == jumping
    assert store.head(SAM) == head_of(store)
    assert store.story(SAM) == fold(SAM, placed(jumping))


def test_a_store_that_a_newer_version_wrote_is_left_as_it_is_byte_for_byte(tmp_path):
    file = stored(tmp_path / "diary.sqlite3")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE cleardays_version SET version_num = '0999'")
    connection.close()
    before = file.read_bytes()
    for create in (True, False):
        with pytest.raises(BadInput, match=r"newer version of cleardays.*Install that version or a later one"):
            open_store(file, create=create)
    assert file.read_bytes() == before


def tell_one_by_one(store, events):
    for seq, event in enumerate(events, 1):
        assert store.append(SAM, [event]).seq == seq


def test_a_postgresql_without_room_says_so_and_keeps_what_was_acknowledged(tmp_path):
    """A table that may not grow is as near as a test comes to a full disk of the server."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    server = postgres_or_reason()
    disk = server.home / "small"
    disk.mkdir()
    try:
        size = ["mount", "-t", "tmpfs", "-o", f"size=400k,uid={server.account.uid},mode=700", "tmpfs", disk]
        mounted = subprocess.run(size, check=False, capture_output=True, text=True)
        if mounted.returncode != 0:
            pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
        with server.fresh_database() as place:
            name = place.rpartition("/")[2]
            with open_store(place) as store:
                store.add_person(SAM)
            with server.connect(name) as connection:
                connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
                connection.execute("ALTER TABLE event SET TABLESPACE small")
            with open_store(place) as store:
                with pytest.raises(StoreFault, match=r"no room left.*Free some disk space"):
                    tell_one_by_one(store, told_by(5, 2500))
                seq = store.head(SAM).seq
                assert seq > 100
                assert require_kept(store, []) == told_by(5, 2500)[:seq]
            with server.connect(name) as connection:
                connection.execute("ALTER TABLE event SET TABLESPACE pg_default")
                connection.execute("DROP TABLESPACE small")
            with open_store(place) as store:
                assert store.append(SAM, EVENTS[:1]).seq == seq + 1
    finally:
        subprocess.run(["umount", disk], check=False, capture_output=True)
        server.stop()
