"""Stories from a backup into a store: every chain is followed on the way in, and all of it comes in or nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select

from cleardays.problems import BadInput, Problem
from cleardays.store import projections, tables
from cleardays.store.account_rows import Row, holds_accounts, take_accounts
from cleardays.store.backups import Found, Kept, Told, lines_of, take
from cleardays.store.batch import event_row
from cleardays.store.copying import copy_file, name_beside
from cleardays.store.database import Database
from cleardays.store.engines import Key
from cleardays.store.erasing import erasures, remember_erasure
from cleardays.store.exporting import export
from cleardays.store.guards import EVENT, guard, unguard
from cleardays.trial.story.events import Event

_AT_ONCE = 2000


class Restored(NamedTuple):
    """What came in, and where a copy is of what was there before."""

    found: Found
    kept_before: Path | None


def restore(database: Database, source: Path, *, replace: bool = False, key: Key | None = None) -> Restored:
    """Take everything that a backup holds into a store.

    Who was erased in this store stays erased, also where the backup was made before. Accounts and an audit that the store
    has stay; where it has none, those of the backup come in.

    Args:
        database: of a store; of either engine, whichever the backup was made from.
        source: a copy of a SQLite store, or an export.
        replace: what is there is replaced; a copy of it is made first, beside a SQLite file, else beside the backup.
        key: what opens an encrypted copy.

    Raises:
        BadInput: the store holds somebody and `replace` is not said, or the backup is not whole; nothing changed.
        Broken: a chain of the backup does not hold; nothing changed.
    """
    with lines_of(source, key) as lines:
        before: Path | None = None
        with database.writing() as connection:
            erased = erasures(connection)
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE person IN EXCLUSIVE MODE")
            there = people_in(connection)
            if there and not replace:
                raise _occupied(database, there)
            if there:
                before = _copy_before(database, source)  # nobody can write now, so it holds everything
                _empty(connection)
            has_its_own = holds_accounts(connection)

            def keep_rows(rows: Iterator[Row]) -> None:
                if has_its_own:
                    deque(rows, maxlen=0)  # read to their end all the same
                else:
                    take_accounts(connection, rows, erasures(connection))

            found = take(lines, str(source), lambda told, kept: _keep(connection, _still_erased(told, erased), kept), keep_rows)
    return Restored(found, before)


def people_in(connection: Connection) -> int:
    """How many people a store holds."""
    return connection.execute(select(func.count()).select_from(tables.person)).scalar_one()


def _keep(connection: Connection, told: Told, kept: Kept) -> None:
    known = told.known
    row = {"id": known.id, "name": known.name, "added_at": told.added_at}
    connection.execute(tables.person.insert().values(**row, head_seq=known.head.seq, head_digest=known.head.digest))
    if known.key is not None:
        connection.execute(tables.person_key.insert().values(person=known.id, key=known.key))
    heard: list[tuple[int, Event]] = []
    while some := list(islice(kept, _AT_ONCE)):
        connection.execute(tables.event.insert(), [event_row(known.id, link) for link, _ in some])
        heard += [(link.seq, event) for link, event in some if event is not None]
    if known.key is not None:
        projections.keep(connection, [(known.id, projections.derive(known.id, heard))])
    elif told.erased_at is not None:
        remember_erasure(connection, known.id, told.erased_at)


def _still_erased(told: Told, erased: Mapping[str, str]) -> Told:
    """Somebody of the backup, without name and key where they were erased in this store since."""
    if told.known.id not in erased:
        return told
    return Told(told.known._replace(name=None, key=None), None, erased[told.known.id])


def _empty(connection: Connection) -> None:
    """The one place where events go; only within the transaction that takes in others."""
    unguard(connection, EVENT)
    for table in (*tables.DERIVED, tables.event, tables.person_key, tables.person):
        connection.execute(delete(table))
    guard(connection, EVENT)


def _copy_before(database: Database, source: Path) -> Path:
    file = database.place.file
    target = name_beside(source if file is None else file, "before-restore")
    if file is None:
        export(database, target)
    else:
        copy_file(database, target)
    return target


def _occupied(database: Database, people: int) -> BadInput:
    what = f"there {'is somebody' if people == 1 else f'are {people:,} people'} in it already; nothing was changed."
    how = "Restore into another place and compare; or replace it (--replace), of which a copy is kept."
    return BadInput(Problem(database.words, what, how))
