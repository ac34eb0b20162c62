"""Transactions on the place of a store: one that reads a whole state, one that writes all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from threading import Lock, RLock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from cleardays.store.engines import ALONE, WRITES, Key, Place
from cleardays.store.faults import StoreFault, in_words


class Database:
    """An engine at its place; `key` is what opened it, where it is encrypted."""

    def __init__(self, place: Place, engine: Engine, key: Key | None = None) -> None:
        self.place = place
        self.engine = engine
        self.key = key
        # Threads of one process queue up here, which is fairer and faster than polling SQLite's lock.
        self._turn = nullcontext() if place.file is None else RLock()
        self._glance: Connection | None = None
        self._glancing = Lock()

    @property
    def words(self) -> str:
        """How the store is called to people."""
        return self.place.words

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the whole store."""
        with in_words(self.words), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """For one statement that reads: SQLite needs no transaction around it, so one connection stays open for them all."""
        if self.place.file is None:
            with self.reading() as connection:
                yield connection
            return
        with in_words(self.words), self._glancing:
            if self._glance is None:
                self._glance = self.engine.connect().execution_options(**{ALONE: True})
            yield self._glance

    @contextmanager
    def writing(self, *, back: bool = True) -> Iterator[Connection]:
        """A transaction that is on the disk when the block is left, or leaves nothing behind.

        Args:
            back: write SQLite's log back into the file at once, as `write_back`; somebody who writes much does so seldom.

        Raises:
            Unsure: the connection was lost while it was being kept.
        """
        with self._turn, in_words(self.words), self.engine.connect() as base:
            connection = base.execution_options(**{WRITES: True})
            transaction = connection.begin()
            try:
                yield connection
            except BaseException:
                with suppress(DBAPIError):  # what went wrong first is what counts
                    transaction.rollback()
                raise
            with in_words(self.words, keeping=True):
                transaction.commit()
        if back:
            self.write_back()

    @contextmanager
    def alone(self, *, in_turn: bool = False) -> Iterator[Connection]:
        """A connection without a transaction, for what cannot be asked within one.

        Args:
            in_turn: it writes, so threads of this process that write wait for it.
        """
        with self._turn if in_turn else nullcontext(), in_words(self.words), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection.execution_options(**{ALONE: True})

    def write_back(self) -> None:
        """Write SQLite's log back into the file, so that who copies the file alone has what was told until then.

        What is in the log is kept without it, too; so where it cannot be done now, because somebody reads or the disk is
        full, it is left for the next time.
        """
        if self.place.file is None:
            return
        with suppress(DBAPIError, StoreFault), self.alone() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Give all connections back."""
        with self._glancing:
            if self._glance is not None:
                self._glance.close()
                self._glance = None
        self.engine.dispose()
