"""Connections to the two engines, set so that what was committed is on the disk."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from cleardays.problems import BadInput, Problem, shown

VARIABLE, FILE_NAME = "CLEARDAYS_STORE", "cleardays.sqlite3"
OLDEST_SQLITE = (3, 37, 0)
# How long a writer waits for another one.
PATIENCE_S = 10.0
# Marks connections that will write; on SQLite they take the lock at once, so that nothing read before goes stale.
WRITES = "cleardays_writes"
# Marks connections that begin no transaction at all.
ALONE = "cleardays_alone"

# The two about fullfsync matter on macOS, whose fsync does not reach the disk.
_PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "fullfsync=ON",
    "checkpoint_fullfsync=ON",
    # What is deleted, a key above all, is overwritten with zeros.
    "secure_delete=ON",
)


class Key(Protocol):
    """What opens an encrypted SQLite file: a driver like `sqlite3` that can, and what it is told first."""

    @property
    def driver(self) -> ModuleType:
        """The driver's module."""

    def unlock(self, connection: Any) -> None:  # noqa: ANN401  # a connection of the driver
        """Give the key to a fresh connection; raises `BadInput` where it is the wrong one."""


class Place(NamedTuple):
    """Where a store is: a file or a database. `words` names it to people, without a password."""

    words: str
    file: Path | None = None
    url: URL | None = None


def place_of(where: str | Path | None) -> Place:
    """The place that somebody named; None is the environment's CLEARDAYS_STORE, else the platform's data folder.

    Raises:
        BadInput: an address that cannot be read, or of another database.
    """
    if where is None:
        where = os.environ.get(VARIABLE) or None
    if where is None:
        from platformdirs import user_data_dir  # only where nobody named a place

        return _file(Path(user_data_dir("cleardays", appauthor=False)) / FILE_NAME)
    if isinstance(where, Path) or "://" not in where:
        return _file(Path(where))
    how = "Give a file, or an address such as postgresql+psycopg://user@host/database."
    try:
        url = make_url(where)
    except ArgumentError:
        raise BadInput(Problem("store", "the address cannot be read.", how)) from None
    if url.drivername == "sqlite" and url.database:
        return _file(Path(url.database))
    if url.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise BadInput(Problem("store", f"{shown(url.drivername)} is no kind of store.", how))
    url = url.set(drivername="postgresql+psycopg")
    return Place(url.render_as_string(hide_password=True), url=url)


def _file(path: Path) -> Place:
    return Place(str(path), file=path)


def engine_of(place: Place, key: Key | None = None, *, read_only: bool = False) -> Engine:
    """An engine for a place; it connects when it is first used.

    Raises:
        BadInput: the driver is not installed, or the machine's SQLite is too old.
    """
    return _postgresql(place, read_only=read_only) if place.file is None else _sqlite(place.file, key, read_only=read_only)


def _sqlite(path: Path, key: Key | None, *, read_only: bool) -> Engine:
    driver: Any = sqlite3 if key is None else key.driver
    if driver.sqlite_version_info < OLDEST_SQLITE:
        what = f"SQLite {driver.sqlite_version} is too old."
        raise BadInput(Problem("store", what, "Use a Python with SQLite 3.37 or newer."))
    address = f"file:{quote(str(path.absolute()))}?mode={'ro' if read_only else 'rw'}"

    def connect() -> Any:  # noqa: ANN401  # a connection of the driver
        made = driver.connect(address, uri=True, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
        try:
            if key is not None:
                key.unlock(made)
            for pragma in _PRAGMAS:
                made.execute(f"PRAGMA {pragma}")
        except BaseException:
            made.close()
            raise
        return made

    engine = create_engine("sqlite://", module=driver, creator=connect, poolclass=QueuePool, pool_timeout=PATIENCE_S)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """The driver begins nothing by itself: reading takes a snapshot, writing the lock."""
    options = connection.get_execution_options()
    if not options.get(ALONE, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES, False) else "BEGIN")


def _postgresql(place: Place, *, read_only: bool) -> Engine:
    assert place.url is not None  # a place without a file has one
    try:
        engine = create_engine(
            place.url,
            pool_pre_ping=True,
            pool_timeout=PATIENCE_S,
            connect_args={"connect_timeout": int(PATIENCE_S), "application_name": "cleardays"},
        )
    except ModuleNotFoundError:
        how = "Install it: pip install 'cleardays[pg]'."
        raise BadInput(Problem("store", "psycopg, which PostgreSQL needs, is not installed.", how)) from None
    event.listen(engine, "connect", _insist_on_disk)
    return engine.execution_options(postgresql_readonly=True) if read_only else engine


def _insist_on_disk(connection: Any, _: object) -> None:  # noqa: ANN401  # a connection of the driver
    """Where the server's default does not wait for the disk, ours does: a commit that returned is kept."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        if cursor.fetchone()[0] == "off":
            cursor.execute("SET synchronous_commit = on")
        cursor.execute(f"SET lock_timeout = {int(PATIENCE_S * 1000)}")
    connection.commit()
