"""The steps of the tables, up and down on stores with years in them, on both engines."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from cleardays.problems import BadInput
from cleardays.store import open_store, tables, upgrading
from cleardays.store.engines import place_of
from cleardays.store.guards import guards_due, guards_of
from cleardays.store.opening import open_database
from cleardays.store.upgrading import migrate
from reference.plan_files import START
from reference.stories import days, journey

PEOPLE = ("ada", "sam", "小林さくら")
LATE = date(2031, 1, 1)


def fill(store):
    for person in PEOPLE:
        store.add_person(person)
    store.append("ada", journey())
    store.append("sam", days(START, "X0.X0"))


def everything(store, *, leave_out=()):
    """Every row of every table, each as a set."""
    found = {}
    with store.database.reading() as connection:
        for table in (tables.person, tables.person_key, tables.event, *tables.DERIVED):
            asked = f"SELECT * FROM {table.name}"
            rows = connection.execute(text(asked)).mappings()
            found[table.name] = {tuple(sorted((k, str(v)) for k, v in row.items() if k not in leave_out)) for row in rows}
    return found


def schema(connection):
    """What the database says of its tables, without the order of columns."""
    seen = inspect(connection)
    found = {}
    for table in sorted(seen.get_table_names()):
        if table == tables.version.name:
            continue
        columns = {c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in seen.get_columns(table)}
        checks = {c["name"]: " ".join(c["sqltext"].split()) for c in seen.get_check_constraints(table)}
        indexes = {i["name"]: i["column_names"] for i in seen.get_indexes(table)}
        keys = [(k["name"], k["constrained_columns"], k["referred_table"]) for k in seen.get_foreign_keys(table)]
        found[table] = columns, seen.get_pk_constraint(table), checks, indexes, keys
    if connection.dialect.name == "sqlite":
        triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"))
        strict = connection.execute(text("SELECT name, strict FROM pragma_table_list WHERE type = 'table' ORDER BY name"))
        found["strict"] = [tuple(row) for row in strict if not row[0].startswith(("sqlite", tables.version.name))]
    else:
        triggers = connection.execute(
            text("SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
        )
        found["function"] = (
            connection.execute(text("SELECT prosrc FROM pg_proc WHERE proname LIKE '%refuse' ORDER BY proname")).scalars().all()
        )
        sorted_by = (
            "SELECT table_name, column_name, collation_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
        found["sorted by"] = {tuple(row) for row in connection.execute(text(sorted_by)) if row[0] != tables.version.name}
    found["triggers"] = [tuple(row) for row in triggers]
    return found


def test_tables_made_at_once_and_tables_made_step_by_step_are_the_same(store_place):
    with open_store(store_place) as store:
        with store.database.reading() as connection:
            at_once = schema(connection)
            assert guards_of(connection) == guards_due(connection)
        with store.database.writing() as connection:
            migrate(connection, "base")
            assert [name for name in inspect(connection).get_table_names() if name != tables.version.name] == []
            for step in tables.REVISIONS:
                migrate(connection, step)
        with store.database.reading() as connection:
            assert schema(connection) == at_once
            assert guards_of(connection) == guards_due(connection)


def test_tables_are_as_the_code_says_defaults_included(store_place):
    with open_store(store_place) as store, store.database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_server_default": True, "compare_type": True, "version_table": tables.version.name},
        )
        assert compare_metadata(context, tables.metadata) == []


def test_steps_are_one_row_that_the_code_names_in_its_order():
    from alembic.script import ScriptDirectory

    from cleardays.store import migrations

    scripts = ScriptDirectory(next(iter(migrations.__path__)))
    assert tuple(step.revision for step in reversed(list(scripts.walk_revisions()))) == tables.REVISIONS


@pytest.mark.parametrize("step", tables.REVISIONS[:-1])
def test_down_and_up_again_a_store_with_years_in_it_is_as_it_was(store_place, step):
    with open_store(store_place) as store:
        fill(store)
        before, due = everything(store), store.due(LATE)
        with store.database.writing() as connection:
            migrate(connection, step)
            assert tables.version_of(connection) == step
        assert everything(store, leave_out=("review_on",)) != before
        assert everything(store)["event"] == before["event"]
        assert everything(store)["person"] == before["person"]
    with open_store(store_place) as store:  # brings it up to date
        assert everything(store) == before
        assert store.due(LATE) == due != ()
        assert store.story("ada").trials["first"].phase == "maintenance"
        store.append("sam", days(START, "0"))


def test_before_a_file_is_brought_up_to_date_it_is_copied_and_the_copy_is_the_store_as_it_was(tmp_path):
    place = tmp_path / "diary.sqlite3"
    with open_store(place) as store:
        fill(store)
        with store.database.writing() as connection:
            migrate(connection, "0001")
        before = everything(store)
    open_store(place).close()
    (copy,) = tmp_path.glob("diary.sqlite3.before-0001-to-0003.*.backup")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    database = open_database(place_of(copy), read_only=True)
    with database.reading() as connection:
        assert tables.version_of(connection) == "0001"
    from cleardays.store.book import Store

    assert everything(Store(database)) == before
    database.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([copy.name, place.name])


def test_of_many_who_open_an_older_store_at_once_one_brings_it_up_to_date(store_place, tmp_path):
    with open_store(store_place) as store:
        fill(store)
        before = everything(store)
        with store.database.writing() as connection:
            migrate(connection, "0001")
        with ThreadPoolExecutor(4) as pool:
            for opened in pool.map(lambda _: open_store(store_place), range(4)):
                opened.close()
        assert everything(store) == before
    assert len(list(tmp_path.glob("*.backup"))) == (0 if "://" in store_place else 1)


def test_a_step_that_fails_leaves_the_store_as_it_was(store_place, monkeypatch):
    with open_store(store_place) as store:
        fill(store)
        with store.database.writing() as connection:
            migrate(connection, "0001")
        before = everything(store)

        def fails(_):
            raise BadInput([upgrading_problem()])

        monkeypatch.setattr(upgrading, "rebuild", fails)
        with pytest.raises(BadInput, match="on purpose"):
            open_store(store_place)
        assert everything(store) == before
        with store.database.reading() as connection:
            assert tables.version_of(connection) == "0001"
    monkeypatch.undo()
    with open_store(store_place) as store:
        assert store.due(LATE)


def upgrading_problem():
    from cleardays.problems import Problem

    return Problem("step", "it fails on purpose.", "Nothing.")


def test_a_store_that_is_not_ours_to_bring_up_to_date_is_not_copied_either(tmp_path):
    place = tmp_path / "diary.sqlite3"
    with open_store(place) as store, store.database.writing() as connection:
        connection.execute(text("UPDATE cleardays_version SET version_num = '0004'"))
    with pytest.raises(BadInput, match="newer version"):
        open_store(place)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.sqlite3"]
