"""Erase a person: the key goes, and with it all that was told; the chain stays, and nobody can read it any more.

What stays is listed in docs/reference/store.md: the id, how many events there are, the sealed texts and their digests,
and when it was erased. What a backup holds stays in the backup, its key included, until the backup is deleted.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from cleardays.store import projections, tables
from cleardays.store.accounts import forget_person
from cleardays.store.database import Database
from cleardays.store.faults import StoreFault
from cleardays.store.people import locked, nobody, person_name
from cleardays.trial.story.events import say_instant

# Of PostgreSQL: small ones are written anew, so that no deleted row stays in a page; of large ones the room is given free.
_WRITTEN_ANEW = ("person_key", "person", "account", "passkey", "session", "consent", "link")
_GIVEN_FREE = ("day", "trial", "deciding")


class Erased(NamedTuple):
    """Who was erased, by the id that is left, when, and whether the database has swept out the deleted rows already."""

    id: str
    erased_at: str
    swept: bool


def erase(database: Database, person: str) -> Erased:
    """Erase somebody by their name; done when this returns, in one transaction.

    Raises:
        BadInput: nobody of that name.
        StoreFault: the database refuses; nothing was erased then.
    """
    named = person_name(person)
    at = say_instant(datetime.now(UTC))
    with database.writing() as connection:
        found = next(locked(connection, [named]), None)
        if found is None:
            raise nobody(named)
        connection.execute(delete(tables.person_key).where(tables.person_key.c.person == found.id))
        projections.forget(connection, found.id)
        forget_person(connection, found.id)
        gone = {"name": None, "added_at": None}
        connection.execute(tables.person.update().where(tables.person.c.id == found.id).values(gone))
        remember_erasure(connection, found.id, at)
    return Erased(found.id, at, sweep(database))


def remember_erasure(connection: Connection, person: str, at: str) -> None:
    """Write down when somebody was erased, if it is not there yet."""
    table = tables.erasure
    if connection.execute(select(table.c.person).where(table.c.person == person)).first() is None:
        connection.execute(table.insert().values(person=person, erased_at=at))


def erasures(connection: Connection) -> dict[str, str]:
    """Who was erased in this store, by their ids, and when."""
    table = tables.erasure
    return {row.person: row.erased_at for row in connection.execute(select(table.c.person, table.c.erased_at))}


def unswept(connection: Connection) -> tuple[str, ...]:
    """Who was erased and whose deleted rows may still lie in the database's files."""
    table = tables.erasure
    return tuple(
        connection.execute(select(table.c.person).where(table.c.swept_at.is_(None)).order_by(table.c.person)).scalars()
    )


def sweep(database: Database) -> bool:
    """Write the files anew so that nothing deleted is left in them; whether it could be done now.

    Where somebody reads or writes for too long, or the disk is full, it is done when the store is next opened.
    """
    try:
        with database.reading() as connection:
            whose = unswept(connection)
        if whose and (_vacuumed(database) if database.place.file is None else _written_anew(database)):
            table = tables.erasure
            with database.writing() as connection:
                swept = table.update().where(table.c.person.in_(whose), table.c.swept_at.is_(None))
                connection.execute(swept.values(swept_at=say_instant(datetime.now(UTC))))
    except StoreFault:
        return False
    with database.reading() as connection:
        return not unswept(connection)


def _written_anew(database: Database) -> bool:
    with database.alone(in_turn=True) as connection:
        connection.exec_driver_sql("PRAGMA temp_store=MEMORY")  # what is kept stays out of files of its own
        try:
            connection.exec_driver_sql("VACUUM")
            return bool(connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0)
        finally:
            connection.exec_driver_sql("PRAGMA temp_store=DEFAULT")


def _vacuumed(database: Database) -> bool:
    with database.alone(in_turn=True) as connection:
        for table in _WRITTEN_ANEW:
            connection.exec_driver_sql(f"VACUUM (FULL) {table}")
        for table in _GIVEN_FREE:
            connection.exec_driver_sql(f"VACUUM {table}")
    return True
