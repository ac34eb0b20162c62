"""Somebody is erased: nothing of them can be read any more, and everything else stays as it was, on both engines."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cleardays.problems import BadInput
from cleardays.store import Broken, open_store, tables
from cleardays.store.copying import copy_file
from cleardays.store.doctor import BAD, GOOD, examine
from cleardays.store.erasing import sweep, unswept
from cleardays.store.exporting import export
from cleardays.store.guards import EVENT, guard, unguard
from cleardays.store.restoring import restore
from cleardays.store.verifying import verify
from reference.plan_files import START
from reference.stories import day_told, days, journey

SAM, ADA = "Sam Sample", "ليلى"
LATE = date(2031, 1, 1)


def filled(store):
    for person in (SAM, ADA):
        store.add_person(person)
        store.append(person, [*journey(), day_told(START, note=f"a note of {person}")])
    return store


def rows(store, asked):
    with store.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]


def verified(store):
    with store.database.reading() as connection:
        return verify(connection, derived=True)


def test_who_was_erased_is_nobody_any_more_and_the_chain_still_holds_to_its_end(store):
    filled(store)
    known, before = store.known(SAM), verified(store)
    links = list(store.links(SAM))
    erased = store.erase(SAM)
    assert (erased.id, erased.swept) == (known.id, True)
    assert store.people() == (ADA,)
    for asked in (store.head, store.story, store.erase, lambda who: list(store.events(who)), lambda who: store.append(who, [])):
        with pytest.raises(BadInput, match="there is nobody called"):
            asked(SAM)
    assert store.head(known.id) == known.head
    assert list(store.links(known.id)) == links
    for asked in (store.story, lambda who: list(store.events(who))):
        with pytest.raises(BadInput, match="was erased, and cannot be read any more"):
            asked(known.id)
    with pytest.raises(BadInput, match="there is nobody called"):
        store.append(known.id, days(START, "X"))
    after = verified(store)
    assert (after.digest, after.people, after.events) == (before.digest, before.people, before.events)
    assert (after.problems, after.stale, after.erased) == ((), (), (known.id,))
    assert {f.state for f in examine(store.database.place) if f.check in ("chain", "derived", "schema")} == {GOOD}


def test_nothing_that_names_them_or_tells_of_their_health_stays_in_any_table(store):
    filled(store)
    who = store.known(SAM).id
    store.erase(SAM)
    for table in tables.metadata.sorted_tables:
        if table is tables.version:
            continue
        for row in rows(store, f"SELECT * FROM {table.name}"):
            assert SAM not in str(row)
            if table not in (tables.person, tables.event, tables.erasure):
                assert who not in row, table.name
    ((at, swept),) = rows(store, "SELECT erased_at, swept_at FROM erasure")
    assert at <= swept
    assert [due.person for due in store.due(LATE)] == [ADA]


def test_other_peoples_stories_are_as_they_were_and_go_on(store):
    filled(store)
    known, events, links = store.known(ADA), list(store.events(ADA)), list(store.links(ADA))
    store.erase(SAM)
    assert (store.known(ADA), list(store.events(ADA)), list(store.links(ADA))) == (known, events, links)
    assert store.append(ADA, days(date(2031, 1, 1), "X"), expected=known.head.seq).seq == known.head.seq + 1


def test_somebody_of_the_same_name_begins_anew_with_another_id_and_another_key(store):
    filled(store)
    before = store.known(SAM)
    store.erase(SAM)
    store.add_person(SAM)
    again = store.known(SAM)
    assert before.id != again.id
    assert before.key != again.key
    assert again.head.seq == 0
    store.append(SAM, days(START, "X"))
    store.erase(SAM)
    assert set(verified(store).erased) == {before.id, again.id}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET sealed = 'A' || sealed WHERE person = 'ID' AND seq = 2",
        "DELETE FROM event WHERE person = 'ID' AND seq = 2",
        "UPDATE person SET head_seq = 3 WHERE id = 'ID'",
        "DELETE FROM erasure",
        "INSERT INTO person_key SELECT 'ID', key FROM person_key",
    ],
)
def test_tampering_with_what_is_left_of_them_still_shows(store, change):
    filled(store)
    who = store.erase(SAM).id
    with store.database.writing() as connection:
        unguard(connection, EVENT)
        connection.execute(text(change.replace("ID", who)))
        guard(connection, EVENT)
    (problem,) = verified(store).problems
    assert who in problem.where
    assert {f.check: f.state for f in examine(store.database.place)}["chain"] == BAD
    if "event" in change:
        with pytest.raises(Broken):
            list(store.links(who))


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


# Each begins with what stands nowhere else.
_NOTE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300).map(lambda said: f"\N{PENCIL}written {said}")


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
@given(notes=st.lists(_NOTE, min_size=1, max_size=12), others=st.integers(0, 40), together=st.booleans())
def test_after_it_no_byte_of_a_note_a_name_or_the_key_is_in_the_file_or_beside_it(tmp_path_factory, notes, others, together):
    folder = tmp_path_factory.mktemp("erased")
    with open_store(folder / "a.sqlite3") as store:
        name = "Zacharias Quillfeather"
        for person in (name, "somebody else"):
            store.add_person(person)
        told = [day_told(START, note=note) for note in notes]
        for batch in [told] if together else [[event] for event in told]:
            store.append(name, batch)
            store.append("somebody else", days(START, "X0" * others) if others else [])
        store.append(name, journey())
        known, kept = store.known(name), list(store.events("somebody else"))
        assert known.key in on_disk(folder)
        assert name.encode() in on_disk(folder)
        assert store.erase(name).swept
        found = on_disk(folder)  # with the log beside it
        assert known.key not in found
        assert name.encode() not in found
        assert not [note for note in notes if note.encode() in found]
        assert known.id.encode() in found
        assert list(store.events("somebody else")) == kept
        assert verified(store).problems == ()
    assert known.key not in on_disk(folder)


def test_on_postgresql_the_key_is_in_no_page_of_its_table(postgres_url):
    with open_store(postgres_url) as store:
        filled(store)
        known = store.known(SAM)
        page = "SELECT pg_read_binary_file(pg_relation_filepath('{}'))"

        def files():
            with store.database.alone() as connection:
                connection.exec_driver_sql("CHECKPOINT")
                return b"".join(
                    bytes(connection.exec_driver_sql(page.format(name)).scalar_one()) for name in ("person_key", "person")
                )

        assert known.key in files()
        assert SAM.encode() in files()
        assert store.erase(SAM).swept
        assert known.key not in files()
        assert SAM.encode() not in files()


def test_where_somebody_reads_meanwhile_it_is_erased_and_swept_out_when_the_store_is_next_opened(tmp_path, monkeypatch):
    place = tmp_path / "a.sqlite3"
    monkeypatch.setattr("cleardays.store.engines.PATIENCE_S", 0.2)
    with open_store(place) as store:
        filled(store)
        reader = sqlite3.connect(place, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM event").fetchall()
        known, erased = store.known(SAM), store.erase(SAM)
        assert not erased.swept
        assert store.people() == (ADA,)
        found = {finding.check: finding for finding in examine(store.database.place)}
        assert "cleardays store" in str(found["erased"].do)
        reader.close()
    with open_store(place) as store:
        with store.database.reading() as connection:
            assert unswept(connection) == ()
        assert known.key not in on_disk(tmp_path)
        assert sweep(store.database)


@pytest.mark.parametrize("kind", ["copy", "export"])
def test_a_backup_made_before_holds_them_and_brings_them_back_only_where_they_were_never_erased(tmp_path, kind):
    with open_store(tmp_path / "a.sqlite3") as store:
        filled(store)
        backup, story = tmp_path / "of.backup", store.story(SAM)
        (copy_file if kind == "copy" else export)(store.database, backup)
        who = store.erase(SAM).id
        restore(store.database, backup, replace=True)
        assert store.people() == (ADA,)
        assert verified(store).erased == (who,)
        assert verified(store).problems == ()
        assert rows(store, "SELECT count(*) FROM person_key") == [(1,)]
        after = tmp_path / "after.backup"
        (copy_file if kind == "copy" else export)(store.database, after)
    with open_store(tmp_path / "b.sqlite3") as other:
        restore(other.database, backup)
        assert other.story(SAM) == story
    with open_store(tmp_path / "c.sqlite3") as other:
        restore(other.database, after)
        assert other.people() == (ADA,)
        assert verified(other).erased == (who,)
        assert verified(other).problems == ()
        restore(other.database, backup, replace=True)
        assert other.people() == (ADA,)


def test_a_writer_that_goes_on_says_that_there_is_nobody(store):
    filled(store)
    with store.writer() as writer:
        assert writer.append(SAM, day_told(START)).result().seq == store.head(SAM).seq
        store.erase(SAM)
        with pytest.raises(BadInput, match="nobody"):
            writer.append(SAM, day_told(START)).result()
        assert writer.append(ADA, day_told(START)).result().seq == store.head(ADA).seq
