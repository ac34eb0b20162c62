"""Look a store over without changing it: is it whole, is it ours, is it safe where it lies, and what is to be done."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import inspect

from cleardays.problems import BadInput
from cleardays.store import tables
from cleardays.store.columns import metadata
from cleardays.store.database import Database
from cleardays.store.engines import Key, Place
from cleardays.store.erasing import unswept
from cleardays.store.guards import guards_due, guards_of
from cleardays.store.opening import open_database, standing
from cleardays.store.verifying import verify
from cleardays.trial.story.events import say_instant

GOOD, CARE, BAD, UNKNOWN = "good", "care", "bad", "unknown"
_MB = 1024 * 1024
_ROOM = 64 * _MB  # beside what a copy needs
_AHEAD = timedelta(days=1)


class Finding(NamedTuple):
    """What one check found, and what to do about it, None where nothing is to be done."""

    check: str
    state: str
    found: str
    do: str | None = None


def examine(place: Place, *, key: Key | None = None) -> tuple[Finding, ...]:
    """Every check, in the order in which one would want to know.

    Raises:
        BadInput: there is no store at the place.
    """
    database = open_database(place, key=key, read_only=True)
    try:
        found: list[Finding] = []
        for name, check in _CHECKS:
            try:
                found += check(database)
            except BadInput as error:
                found += [Finding(name, BAD, problem.what, problem.try_this) for problem in error.problems]
    finally:
        database.close()
    return tuple(found)


def _integrity(database: Database) -> Iterator[Finding]:
    with database.reading() as connection:
        if database.place.file is None:
            version = connection.exec_driver_sql("SHOW server_version").scalar()
            sums = connection.exec_driver_sql("SHOW data_checksums").scalar()
            care = None if sums == "on" else "Ask its administrator for data checksums, which find damage on the disk."
            yield Finding("integrity", GOOD if sums == "on" else UNKNOWN, f"PostgreSQL {version}, data checksums {sums}.", care)
            return
        said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(5)")]
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    if said != ["ok"] or loose:
        how = "Copy the file away before anything else; restore the last backup into another place."
        yield Finding("integrity", BAD, f"the database says: {'; '.join(said)}; {len(loose)} loose rows.", how)
    else:
        yield Finding("integrity", GOOD, "every page and every reference of the file is whole.")


def _schema(database: Database) -> Iterator[Finding]:
    found = standing(database)
    if found != tables.NEWEST:
        what = "there are no tables of cleardays." if found is None else f"it stands at step {found}, ours is {tables.NEWEST}."
        how = "It is brought up to date, and copied before, when it is next opened."
        yield Finding("schema", BAD if found is None else CARE, what, how)
        return
    with database.reading() as connection:
        seen = inspect(connection)
        wrong = [
            table.name
            for table in metadata.sorted_tables
            if {column["name"] for column in seen.get_columns(table.name)} != set(table.columns.keys())
        ]
        missing = set(guards_due(connection)) - set(guards_of(connection))
    if wrong or missing:
        what = f"not as it should be: {', '.join([*wrong, *sorted(missing)])}."
        yield Finding("schema", BAD, what, "Somebody changed it by hand. Restore a backup into another place, and compare.")
    else:
        yield Finding("schema", GOOD, f"step {found}, the newest; the guards of the events stand.")


def _stories(database: Database) -> Iterator[Finding]:
    if standing(database) != tables.NEWEST:
        yield Finding("chain", UNKNOWN, "not looked at in tables of another step.", "Open the store once, then look again.")
        return
    with database.reading() as connection:
        found = verify(connection, derived=True)
        lying = unswept(connection)
    said = f"{found.people:,} {'person' if found.people == 1 else 'people'}, {found.events:,} events, digest {found.digest}."
    if not found.problems:
        yield Finding("chain", GOOD, said)
    for problem in found.problems:
        yield Finding("chain", BAD, f"{problem.where}: {problem.what}", problem.try_this)
    if found.stale:
        some = ", ".join(found.stale[:5]) + (" and others" if len(found.stale) > 5 else "")
        what = f"days or trials of {some} are not what the events say."
        yield Finding("derived", BAD, what, "Run cleardays store rebuild; the events are not touched by it.")
    elif not found.problems:
        yield Finding("derived", GOOD, "days and trials are what the events say.")
    if lying:
        what = f"of {', '.join(lying)}, erased, deleted rows may still lie in the database's files."
        yield Finding("erased", CARE, what, "End cleardays everywhere, and run cleardays store erase --sweep.")
    if found.last_at is not None and found.last_at > say_instant(datetime.now(UTC) + _AHEAD):
        yield Finding(
            "clock", CARE, f"an event was written down at {found.last_at}, which is ahead.", "Check this machine's clock."
        )


def _durable(database: Database) -> Iterator[Finding]:
    with database.reading() as connection:
        if database.place.file is not None:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            do = None if mode == "wal" else "It is set when the store is next opened for writing."
            yield Finding("durability", GOOD if do is None else CARE, f"journal {mode}, full sync.", do)
            return
        names = ("fsync", "full_page_writes", "synchronous_commit")
        told = {name: str(connection.exec_driver_sql(f"SHOW {name}").scalar()) for name in names}
    off = [name for name in names if told[name] == "off"]
    if off:
        what = f"{', '.join(off)} is off: a crash of the server may lose what was acknowledged."
        yield Finding("durability", BAD, what, "Have the administrator switch it on.")
    else:
        yield Finding("durability", GOOD, ", ".join(f"{name} {said}" for name, said in told.items()) + ".")


def _disk(database: Database) -> Iterator[Finding]:
    file = database.place.file
    if file is None:
        with database.reading() as connection:
            size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
        what = f"the database takes {size / _MB:,.0f} MB; how much is free cannot be seen from here."
        yield Finding("disk", UNKNOWN, what, "Look on the server.")
        return
    size, free = sum(path.stat().st_size for path in _files(file)), shutil.disk_usage(file.parent).free
    what = f"the store takes {size / _MB:,.1f} MB, {free / _MB:,.0f} MB are free."
    enough = free >= size + _ROOM
    yield Finding("disk", GOOD if enough else CARE, what, None if enough else "Free some: a copy before a change needs room.")


def _permissions(database: Database) -> Iterator[Finding]:
    file = database.place.file
    if file is None:
        with database.reading() as connection:
            told = connection.exec_driver_sql("SELECT has_table_privilege('event', 'INSERT'), rolsuper FROM pg_roles"
                                              " WHERE rolname = current_user").one()  # fmt: skip
        if not told[0]:
            yield Finding("permissions", CARE, "this user may only read.", "Ask the administrator, if it should write.")
        elif told[1]:
            what = "this user is a superuser, whom no guard holds back."
            yield Finding("permissions", CARE, what, "Use a user who owns this database and nothing else.")
        else:
            yield Finding("permissions", GOOD, "this user may write, and is no superuser.")
        return
    if os.name != "posix":
        yield Finding("permissions", UNKNOWN, "this system tells them otherwise.", "Look who may open the file.")
        return
    open_to = [path.name for path in _files(file) if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    folder = file.parent.stat().st_mode
    if open_to:
        what = f"others on this machine may open {', '.join(open_to)}."
        yield Finding("permissions", CARE, what, f"Run chmod 600 on {'it' if len(open_to) == 1 else 'them'}.")
    elif folder & (stat.S_IWGRP | stat.S_IWOTH) and not folder & stat.S_ISVTX:
        yield Finding("permissions", CARE, "others may put another file in its place.", f"Run chmod 700 {file.parent}.")
    elif not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK):
        yield Finding("permissions", CARE, "you may not write there.", "Check who owns the file and its folder.")
    else:
        yield Finding("permissions", GOOD, "only its owner can open it.")


def _files(file: Path) -> list[Path]:
    """The store with what lies beside it and belongs to it."""
    beside = [file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm", ".key")]
    return [path for path in beside if path.exists()]


_CHECKS: tuple[tuple[str, Callable[[Database], Iterator[Finding]]], ...] = (
    ("integrity", _integrity),
    ("schema", _schema),
    ("chain", _stories),
    ("durability", _durable),
    ("permissions", _permissions),
    ("disk", _disk),
)
