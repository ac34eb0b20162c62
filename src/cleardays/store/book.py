"""The store as everybody uses it: people, what was told of each, the story it makes, and what is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy import select

from cleardays.store import tables
from cleardays.store.accounts import Accounts
from cleardays.store.batch import Batch, Remembered, links_of
from cleardays.store.chain import Head, Link, follow
from cleardays.store.database import Database
from cleardays.store.erasing import Erased, erase
from cleardays.store.faults import Refused
from cleardays.store.people import Known, add, find, person_name, taken
from cleardays.store.writer import MOST_AT_ONCE, Writer
from cleardays.store.written import read_sealed
from cleardays.trial.story.events import Event
from cleardays.trial.story.story import Story, fold

_PAGE = 2000


class Due(NamedTuple):
    """A trial whose review is due."""

    person: str
    trial: str
    treatment: str
    phase: str
    review_on: date


class Store:
    """A store that is open; a context manager that closes it. `opening.open_store` makes one.

    One store may be used by several threads.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.remembered = Remembered()
        self.accounts = Accounts(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give all connections back; whatever was acknowledged is kept already."""
        self.database.close()

    def people(self) -> tuple[str, ...]:
        """Everybody in the store, in the order of their names' code points."""
        with self.database.glancing() as connection:
            table = tables.person
            return tuple(sorted(connection.execute(select(table.c.name).where(table.c.name.is_not(None))).scalars()))

    def add_person(self, person: str) -> None:
        """Add somebody of whom nothing was told yet.

        Args:
            person: a name or a number that stays, in any script, up to 120 characters.

        Raises:
            BadInput: no name that can be kept.
            Conflict: somebody is called so already.
        """
        try:
            with self.database.writing() as connection:
                add(connection, person)
        except Refused:  # somebody else added the same name in between
            raise taken(person) from None

    def erase(self, person: str) -> Erased:
        """Destroy the key of a person, with the name and all that was derived; the events stay as links nobody can read.

        Backups made before hold the key still. Returns the id that is left, by which `links` and `head` find them.

        Raises:
            BadInput: nobody of that name.
            StoreFault: the database refuses; nothing was erased then.
        """
        erased = erase(self.database, person)
        self.remembered.forget(erased.id)
        return erased

    def head(self, person: str) -> Head:
        """How many events were told of a person, and the digest of the last.

        Raises:
            BadInput: nobody of that name.
        """
        with self.database.glancing() as connection:
            return find(connection, person).head

    def known(self, person: str) -> Known:
        """Somebody by their name: the id on which the chain begins, where it ends, and the key that opens it.

        Who was erased has no name any more, and is found by the id.

        Raises:
            BadInput: nobody of that name.
        """
        with self.database.reading() as connection:
            return find(connection, person)

    def links(self, person: str) -> Iterator[Link]:
        """The chain of a person as it is stored, sealed, up to where it stood when asked; each link is held against the last.

        Raises:
            Broken: where the chain does not hold.
            BadInput: nobody of that name.
        """
        yield from self._followed(self.known(person))

    def events(self, person: str) -> Iterator[tuple[int, Event]]:
        """Everything that was told of a person, with its place, in order; the chain is checked on the way.

        Raises:
            Broken: where the chain does not hold.
            BadInput: nobody of that name, or they were erased.
        """
        known = self.known(person)
        seal = known.seal
        for link in self._followed(known):
            yield link.seq, read_sealed(seal, link.seq, link.text, f"event {link.seq}")

    def since(self, person: str, head: Head) -> tuple[Head, list[tuple[int, Event]]]:
        """What was told of a person after a head that was followed to before, with its places; and where it ends now.

        Raises:
            Broken: where the chain does not go on from that head.
            BadInput: nobody of that name, or they were erased.
        """
        known = self.known(person)
        seal = known.seal
        links = self._followed(known, head)
        return known.head, [(each.seq, read_sealed(seal, each.seq, each.text, f"event {each.seq}")) for each in links]

    def story(self, person: str, *, until: datetime | None = None) -> Story:
        """The story of a person, as it is now or as it was known at an instant.

        Raises:
            Broken: where the chain does not hold.
            BadInput: nobody of that name.
        """
        return fold(person_name(person), self.events(person), until=until)

    def append(self, person: str, events: Sequence[Event], *, expected: int | None = None) -> Head:
        """Keep events of a person, all of them or none; on the disk when this returns.

        Args:
            person: whose.
            events: in their order; each is checked against the story with those before it.
            expected: how many events stood when somebody decided to tell these; None does not ask.

        Raises:
            Conflict: somebody else told something in between.
            BadInput: nobody of that name, or an event that may not be told.
            StoreFault: the database could not keep it; `Unsure` where that is not known.
        """
        named = person_name(person)
        with self.database.writing() as connection:
            batch = Batch(connection, [named], self.remembered)
            head = batch.tell(named, events, expected)
            batch.write()
        return head

    def writer(self, *, most_at_once: int = MOST_AT_ONCE) -> Writer:
        """Keep many small entries of many threads, a transaction at a time; close it before the store.

        Args:
            most_at_once: of one transaction.
        """
        return Writer(self.database, self.remembered, most_at_once=most_at_once)

    def due(self, on: date) -> tuple[Due, ...]:
        """Trials that are followed and whose review is due on a day or was before, the longest due first."""
        table, person = tables.trial, tables.person
        columns = (person.c.name, table.c.trial, table.c.treatment, table.c.phase, table.c.review_on)
        asked = (
            select(*columns)
            .join(person, person.c.id == table.c.person)
            .where(table.c.review_on <= on, table.c.phase.in_(tables.FOLLOWED))
            .order_by(table.c.review_on, person.c.name, table.c.trial)
        )
        with self.database.reading() as connection:
            return tuple(Due(*row) for row in connection.execute(asked))

    def _followed(self, known: Known, after: Head | None = None) -> Iterator[Link]:
        stored = self._stored(known.id, known.head.seq, 0 if after is None else after.seq)
        yield from follow(known.id, stored, known.head, known.called, after)

    def _stored(self, person: str, up_to: int, after: int) -> Iterable[Link]:
        """In pages, so that no transaction stays open while somebody works on what was read."""
        while after < up_to:
            with self.database.reading() as connection:
                page = list(links_of(connection, person, after, min(after + _PAGE, up_to)))
            yield from page
            after += _PAGE
