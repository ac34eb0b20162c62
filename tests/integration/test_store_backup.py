"""Copies, exports, restoring and looking over: what comes back is what was told, or it is said why not."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from cleardays.problems import BadInput
from cleardays.store import Broken, open_store, tables
from cleardays.store.backups import read_through
from cleardays.store.chain import Head, beginning
from cleardays.store.copying import copy_file
from cleardays.store.doctor import BAD, CARE, GOOD, UNKNOWN, examine
from cleardays.store.engines import place_of
from cleardays.store.exporting import documents, export
from cleardays.store.guards import EVENT, guard, unguard
from cleardays.store.rebuilding import rebuild
from cleardays.store.restoring import restore
from cleardays.store.verifying import require_held, verify
from reference.plan_files import START
from reference.stories import day_told, days, journey, opened

LATE = date(2031, 1, 1)


@pytest.fixture
def full(store):
    """A store with three people: a whole journey, a few days, nothing."""
    for person in ("ada", "ليلى", "nobody yet"):
        store.add_person(person)
    store.append("ada", journey())
    store.append("ليلى", days(START, "X0.X0"))
    return store


def backed_up(store, folder: Path) -> Path:
    """As the command does it: a copy of a file, an export of a PostgreSQL."""
    target = folder / "of.backup"
    if store.database.place.file is None:
        export(store.database, target)
    else:
        copy_file(store.database, target)
    return target


def stories(store):
    return {person: (store.head(person), store.story(person)) for person in store.people()}


def derived(store):
    with store.database.reading() as connection:
        return [set(map(tuple, connection.execute(select(table)))) for table in tables.DERIVED]


def verified(store):
    with store.database.reading() as connection:
        return verify(connection, derived=True)


def by_hand(store, *statements):
    """Change events as somebody could who is allowed to do everything."""
    with store.database.writing() as connection:
        unguard(connection, EVENT)
        for statement in statements:
            connection.execute(text(statement))
        guard(connection, EVENT)


@pytest.mark.parametrize("kind", ["backup", "export"])
@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_from_either_engine_into_either_everything_comes_back(full, tmp_path, request, kind, into):
    backup = backed_up(full, tmp_path)
    if kind == "export":
        backup = tmp_path / "of.jsonl"
        export(full.database, backup)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with fresh(into, tmp_path, request) as other:
        done = restore(other.database, backup)
        assert (done.found.people, done.found.events, done.kept_before) == (3, 112, None)
        assert stories(other) == stories(full)
        assert derived(other) == derived(full)
        assert other.due(LATE) == full.due(LATE) != ()
        assert verified(other) == verified(full)
        assert verified(other).digest == done.found.digest == read_through(backup).digest
        other.append("ada", days(START + timedelta(days=400), "X"), expected=full.head("ada").seq)


def fresh(engine, tmp_path, request):
    if engine == "sqlite":
        return open_store(tmp_path / "other.sqlite3")
    server = request.getfixturevalue("postgres_server")
    database = server.fresh_database()
    url = database.__enter__()
    request.addfinalizer(lambda: database.__exit__(None, None, None))
    return open_store(url)


def test_a_backup_made_while_others_write_is_one_state_of_each_story(full, tmp_path):
    with ThreadPoolExecutor(1) as pool, full.writer() as writer:
        entries = [day_told(START + timedelta(days=500 + n)) for n in range(300)]
        telling = pool.submit(lambda: [writer.append("ada", entry) for entry in entries])
        backups = [tmp_path / f"{n}.jsonl" for n in range(4)]
        for backup in backups:
            export(full.database, backup)
        assert telling.result()[-1].result(60).seq == 408
    for backup in backups:
        with open_store(tmp_path / f"{backup.stem}.sqlite3") as other:
            restore(other.database, backup)
            told = list(other.events("ada"))
            assert told == list(full.events("ada"))[: len(told)]


def test_a_copy_made_while_others_write_is_whole(tmp_path):
    with open_store(tmp_path / "a.sqlite3") as store:
        store.add_person("ada")
        with store.writer() as writer:
            promises = [writer.append("ada", day_told(START + timedelta(days=n))) for n in range(400)]
            copies = [tmp_path / f"{n}.backup" for n in range(4)]
            for copy in copies:
                copy_file(store.database, copy)
            promises[-1].result(60)
        seen = [read_through(copy).events for copy in copies]
        assert seen == sorted(seen)
        assert {path.name for path in tmp_path.iterdir()} >= {copy.name for copy in copies}
        assert not list(tmp_path.glob("*.part*"))


def test_a_store_with_people_in_it_is_not_replaced_unless_that_is_said_and_then_it_is_kept_beside(full, tmp_path):
    backup = tmp_path / "small.jsonl"
    with open_store(tmp_path / "small.sqlite3") as small:
        small.add_person("eve")
        small.append("eve", days(START, "X"))
        export(small.database, backup)
        wanted = stories(small)
    before = stories(full)
    with pytest.raises(BadInput, match="3 people in it already; nothing was changed"):
        restore(full.database, backup)
    assert stories(full) == before
    done = restore(full.database, backup, replace=True)
    assert stories(full) == wanted
    assert done.kept_before is not None
    with open_store(tmp_path / "again.sqlite3") as again:
        restore(again.database, done.kept_before)
        assert stories(again) == before
    with pytest.raises(BadInput, match="never changed or deleted"), full.database.writing() as connection:
        connection.execute(text("DELETE FROM event"))


def test_a_backup_that_is_damaged_in_any_line_changes_nothing(tmp_path):
    with open_store(tmp_path / "a.sqlite3") as store:
        for person in ("ada", "sam"):
            store.add_person(person)
            store.append(person, days(START, "X0.X"))
        export(store.database, tmp_path / "whole")
        lines = (tmp_path / "whole").read_text().splitlines(keepends=True)
        before = stories(store)
        for n in range(len(lines)):
            for name, changed in (
                ("left out", [*lines[:n], *lines[n + 1 :]]),
                ("cut off after", lines[:n]),
                ("cut off within", [*lines[:n], lines[n][: len(lines[n]) // 2]]),
                ("twice", [*lines[:n], lines[n], *lines[n:]]),
                ("another figure", [*lines[:n], lines[n].replace("2026-03", "2026-04"), *lines[n + 1 :]]),
            ):
                if changed == lines or (n == 0 and name == "another figure"):
                    continue
                bad = tmp_path / "bad"
                bad.write_text("".join(changed))
                with pytest.raises(BadInput):
                    restore(store.database, bad, replace=True)
                assert stories(store) == before, (n, name)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_backup_with_one_bit_turned_never_becomes_another_story(tmp_path_factory, at, bit):
    folder = tmp_path_factory.mktemp("bits")
    with open_store(folder / "a.sqlite3") as store:
        store.add_person("ada")
        store.append("ada", [opened(START), *days(START, "X0.X")])
        export(store.database, folder / "whole")
        raw = bytearray((folder / "whole").read_bytes())
        raw[int(at * len(raw))] ^= 1 << bit
        (folder / "bad").write_bytes(raw)
        with open_store(folder / "b.sqlite3") as other:
            try:
                restore(other.database, folder / "bad")
            except BadInput:
                assert other.people() == ()
            else:  # only what no story rests on: when the export or the person was made
                assert stories(other) == stories(store)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no store|not be read|no backup"),
        (b'{"a": 1}\n', "no backup of cleardays"),
        (b'{"format":"cleardays stories","version":2}\n', "version '2'"),
        (b'{"' + b"\xff" * 20, "no text"),
        (b"PK\x03\x04 some other file", "no store"),
        (b"SQLite format 3\0" + b"\0" * 5000, "no store|damaged"),
    ],
)
def test_a_file_of_something_else_is_no_backup_and_changes_nothing(tmp_path, content, said):
    other = tmp_path / "other"
    other.write_bytes(content)
    with open_store(tmp_path / "a.sqlite3") as store:
        with pytest.raises(BadInput, match=said):
            restore(store.database, other)
        assert store.people() == ()


def test_nothing_is_overwritten_and_nothing_is_left_where_a_backup_cannot_be_made(tmp_path):
    with open_store(tmp_path / "a.sqlite3") as store:
        store.add_person("ada")
        taken = tmp_path / "taken"
        taken.write_text("mine")
        for make in (copy_file, export):
            with pytest.raises(BadInput, match="there is a file already"):
                make(store.database, taken)
            with pytest.raises(BadInput, match="cannot be written"):
                make(store.database, Path("/proc/none/there"))
        assert taken.read_text() == "mine"
        assert sorted(path.suffix for path in tmp_path.iterdir() if path.suffix not in (".sqlite3-wal", ".sqlite3-shm")) == [
            "",
            ".sqlite3",
        ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE event SET sealed = 'A' || sealed WHERE person = ID AND seq = 2", "event 2 is not what"),
        ("DELETE FROM event WHERE person = ID AND seq = 2", "event 2 is missing"),
        ("DELETE FROM event WHERE person = ID AND seq = 4", "4 events were told, and 3"),
        ("UPDATE person_key SET key = (SELECT key FROM person_key WHERE person <> ID LIMIT 1) WHERE person = ID", "open with"),
        ("DELETE FROM person_key WHERE person = ID", "do not fit together"),
        ("UPDATE person SET head_seq = 3 WHERE id = ID", "3 events were told, and 4"),
    ],
)
def test_any_tampering_shows_and_names_the_place(full, change, said):
    by_hand(full, change.replace("ID", f"'{full.known('ليلى').id}'"))
    found = verified(full)
    assert len(found.problems) == 1
    assert "ليلى" in found.problems[0].where
    assert said in found.problems[0].what
    states = {finding.check: finding.state for finding in examine(full.database.place)}
    assert states["chain"] == BAD
    if "head_seq" not in change:
        with pytest.raises(BadInput if "key" in change else Broken):
            full.story("ليلى")
    assert full.story("ada").seq == 108


def test_a_whole_chain_forged_anew_shows_against_a_head_that_was_written_down(full):
    was = full.head("ليلى")
    require_held(full, "ليلى", Head(2, list(full.links("ليلى"))[1].digest))
    full.append("ليلى", days(START + timedelta(days=30), "0"))
    require_held(full, "ليلى", was)
    who = full.known("ليلى").id
    by_hand(full, f"DELETE FROM event WHERE person = '{who}'",
            f"UPDATE person SET head_seq = 0, head_digest = '{beginning(who).digest}' WHERE id = '{who}'")  # fmt: skip
    full.append("ليلى", days(START, "XXXXX"))
    assert verified(full).problems == ()
    with pytest.raises(Broken, match="was written down"):
        require_held(full, "ليلى", was)
    with pytest.raises(Broken, match="no event stands there"):
        require_held(full, "ليلى", Head(99, was.digest))


def test_what_was_derived_is_derived_again_to_the_same_and_a_change_of_it_shows(full):
    before = derived(full)
    with full.database.writing() as connection:
        connection.execute(text("UPDATE day SET headache = 'clear'"))
        connection.execute(text("DELETE FROM trial"))
    assert verified(full).stale == ("ada", "ليلى")
    assert {f.check: f.state for f in examine(full.database.place)}["derived"] == BAD
    with full.database.writing() as connection:
        assert rebuild(connection) == 3
    assert derived(full) == before
    assert verified(full).stale == ()
    with full.database.writing() as connection:
        connection.execute(text("DELETE FROM deciding WHERE seq = (SELECT max(seq) FROM deciding)"))
    assert verified(full).stale == ("ada",)


def test_the_doctor_finds_a_healthy_file_healthy_and_changes_nothing(tmp_path):
    place = tmp_path / "deep" / "a.sqlite3"
    with open_store(place) as store:
        store.add_person("ada")
        store.append("ada", journey())
    raw = place.read_bytes()
    found = examine(place_of(place))
    assert {finding.check: finding.state for finding in found} == dict.fromkeys(
        ("integrity", "schema", "chain", "derived", "durability", "permissions", "disk"), GOOD
    )
    assert all(finding.do is None for finding in found)
    assert place.read_bytes() == raw


def test_the_doctor_says_of_a_postgresql_what_it_can_see_and_what_it_cannot(postgres_url):
    with open_store(postgres_url) as store:
        store.add_person("ada")
    states = {finding.check: finding.state for finding in examine(place_of(postgres_url))}
    # the server of the tests waits for no disk, and its user may do everything
    assert states["durability"] == BAD
    assert states["permissions"] == CARE
    assert states["disk"] == UNKNOWN
    assert states["schema"] == states["chain"] == states["derived"] == GOOD


def test_the_doctor_tells_of_open_files_lost_guards_a_clock_ahead_and_a_damaged_page(tmp_path):
    place = tmp_path / "deep" / "a.sqlite3"
    with open_store(place) as store:
        store.add_person("ada")
        store.append("ada", [*days(START, "X0" * 200), day_told(START, written=date(2099, 1, 1))])
        with store.database.writing() as connection:
            connection.execute(text("DROP TRIGGER event_no_delete"))
    place.chmod(0o644)
    found = {finding.check: finding for finding in examine(place_of(place))}
    assert (found["permissions"].state, found["schema"].state, found["clock"].state) == (CARE, BAD, CARE)
    assert "chmod 600" in found["permissions"].do
    assert "event_no_delete" in found["schema"].found
    assert found["chain"].state == GOOD
    raw = bytearray(place.read_bytes())
    for page in range(5, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 64] = bytes(64)
    place.write_bytes(raw)
    found = [finding for finding in examine(place_of(place)) if finding.check == "integrity"]
    assert found[0].state == BAD
    assert found[0].do


def test_the_lines_of_an_export_are_as_they_are_described(full):
    with full.database.reading() as connection:
        lines = list(documents(connection))
    assert lines[0]["format"] == "cleardays stories"
    assert [line["name"] for line in lines if "person" in line] == sorted(full.people())
    assert [line["person"] for line in lines if "person" in line] == [full.known(name).id for name in sorted(full.people())]
    assert {frozenset(line) for line in lines if "text" in line} == {frozenset({"seq", "text", "digest"})}
    assert lines[-1] == {"people": 3, "events": 112, "digest": verified(full).digest}
