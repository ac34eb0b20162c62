"""Open a store: make it where there is none, refuse what is not ours or newer, bring an older one up to date."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from cleardays.problems import BadInput, Problem
from cleardays.store import tables
from cleardays.store.book import Store
from cleardays.store.cipher import require_fitting
from cleardays.store.database import Database
from cleardays.store.engines import PATIENCE_S, Key, Place, engine_of, place_of
from cleardays.store.erasing import sweep
from cleardays.store.faults import Busy, StoreFault
from cleardays.store.folders import make_folder, sync_folder
from cleardays.store.whole import require_all_there, require_whole

# Two that open an empty PostgreSQL database at once: one makes the tables. Any number that nobody else uses.
_MAKING = 0x636C6561
OLDEST_SERVER = 15
_PAUSE_S = 0.02


class NewerStore(BadInput):
    """A newer version of cleardays wrote the store; it was not touched."""


def open_store(where: str | Path | None = None, *, create: bool = True, key: Key | None = None) -> Store:
    """Open a store, or make it.

    Args:
        where: a SQLite file, or "postgresql+psycopg://..."; None is the environment's CLEARDAYS_STORE, else a file in
            the platform's data folder.
        create: make it where there is none; only its owner can read a file that is made.
        key: what opens an encrypted file.

    Raises:
        BadInput: no store there and `create` is False, an address that cannot be read, a driver that is not installed.
        NewerStore: a newer version wrote it.
        StoreFault: it cannot be reached, read or written.
    """
    place = place_of(where)
    database = open_database(place, create=create, key=key)
    try:
        _prepare(database, create=create)
    except BaseException:
        database.close()
        raise
    return Store(database)


def open_database(place: Place, *, create: bool = False, key: Key | None = None, read_only: bool = False) -> Database:
    """The database of a place, as it is; a file that is not there is made, empty, where `create` says so.

    Raises:
        BadInput: there is none.
    """
    require_fitting(place.file, key)
    if place.file is not None:
        require_all_there(place.file)
        if create:
            _make_file(place.file)
        if not place.file.exists():
            raise missing(place)
    return Database(place, engine_of(place, key, read_only=read_only), key)


def missing(place: Place) -> BadInput:
    """What to raise where a place holds no store."""
    return BadInput(Problem(place.words, "there is no store.", "Give the place of one, or let one be made there."))


def standing(database: Database) -> str | None:
    """Which step of the schema a database stands at, None where it holds nothing of ours.

    Raises:
        NewerStore: a step that we do not know.
        StoreFault: it holds something else, or is not all there.
    """
    with database.reading() as connection:
        if database.place.file is not None:
            require_whole(connection, database.place.file)
        try:
            found = tables.version_of(connection)
        except LookupError:
            what = "it is a database of something else."
            raise StoreFault(Problem(database.words, what, "Give another place; nothing was changed.")) from None
    if found is not None and found not in tables.REVISIONS:
        what = f"a newer version of cleardays wrote it (its schema is {found}, ours {tables.NEWEST})."
        how = "Install that version or a later one; nothing was changed."
        raise NewerStore(Problem(database.words, what, how))
    return found


def _prepare(database: Database, *, create: bool) -> None:
    found = standing(database)
    if found is not None or create:
        _keep_a_log(database)
    if found == tables.NEWEST:
        if database.place.file is not None:
            sweep(database)  # of somebody whose deleted rows could not be swept out when they were erased
        return
    if found is None:
        if not create:
            raise missing(database.place)
        _make_tables(database)
    else:
        from cleardays.store.upgrading import upgrade  # alembic; only where there is something to do

        upgrade(database)


def _make_tables(database: Database) -> None:
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            _require_server(connection, database.words)
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
        if tables.version_of(connection) is None:  # somebody else may have been faster
            tables.create_tables(connection)


def _require_server(connection: Connection, words: str) -> None:
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    if version < OLDEST_SERVER * 10_000:
        what = f"PostgreSQL {version // 10_000} is too old."
        raise StoreFault(Problem(words, what, f"Use PostgreSQL {OLDEST_SERVER} or newer."))
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        what = f"the database keeps {encoding}, in which not every name can be written."
        raise StoreFault(Problem(words, what, "Create one with createdb --encoding=UTF8 --template=template0."))


def _keep_a_log(database: Database) -> None:
    """WAL, which stays set in a file."""
    if database.place.file is None:
        return
    # SQLite itself does not wait for others when it changes this, however long a connection is told to be patient
    until = time.monotonic() + PATIENCE_S
    while (mode := _log_of(database, last=time.monotonic() > until)) is None:
        time.sleep(_PAUSE_S)
    if mode != "wal":
        what = f"this file system cannot keep a write-ahead log (it says {mode})."
        raise StoreFault(Problem(database.words, what, "Put the file on a disk of this machine, not on a network folder."))


def _log_of(database: Database, *, last: bool) -> str | None:
    """How the file's log is kept after WAL was asked for; None where somebody else is just using the file."""
    try:
        with database.alone() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
            return str(mode if mode == "wal" else connection.exec_driver_sql("PRAGMA journal_mode=WAL").scalar_one())
    except Busy:
        if last:
            raise
        return None


def _make_file(path: Path) -> None:
    """An empty file that only its owner may read, in a folder that is made likewise."""
    try:
        make_folder(path.parent)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            sync_folder(path.parent)
    except OSError as error:
        why = error.strerror or str(error)
        raise StoreFault(Problem(str(path), f"no store can be made there: {why}.", "Give another place.")) from None
