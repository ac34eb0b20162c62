"""The store as everybody uses it: people, what was told of each, the story it makes, and what is due."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy import select

from cleardays.problems import BadInput, Problem, shown
from cleardays.store import tables
from cleardays.store.batch import Batch, Remembered, links_of, nobody
from cleardays.store.chain import Head, Link, beginning, follow
from cleardays.store.database import Database
from cleardays.store.faults import Conflict, Refused
from cleardays.store.writer import MOST_AT_ONCE, Writer
from cleardays.store.written import read_text
from cleardays.texts import clean
from cleardays.trial.story.events import Event, say_instant
from cleardays.trial.story.story import Story, fold

LONGEST_PERSON = 120
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
            return tuple(sorted(connection.execute(select(tables.person.c.id)).scalars()))

    def add_person(self, person: str) -> None:
        """Add somebody of whom nothing was told yet.

        Args:
            person: a name or a number that stays, in any script, up to 120 characters.

        Raises:
            BadInput: no name that can be kept.
            Conflict: somebody is called so already.
        """
        named = person_id(person)
        row = {"id": named, "added_at": say_instant(datetime.now(UTC)), "head_digest": beginning(named).digest}
        taken = f"somebody is called {shown(named)} already."
        conflict = Conflict(Problem("person", taken, "Choose another name, or go on with the one who is there."))
        try:
            with self.database.writing() as connection:
                if connection.execute(select(tables.person.c.id).where(tables.person.c.id == named)).first():
                    raise conflict
                connection.execute(tables.person.insert().values(row))
        except Refused:  # somebody else added the same name in between
            raise conflict from None

    def head(self, person: str) -> Head:
        """How many events were told of a person, and the digest of the last.

        Raises:
            BadInput: nobody of that name.
        """
        named = person_id(person)
        table = tables.person
        with self.database.glancing() as connection:
            found = connection.execute(select(table.c.head_seq, table.c.head_digest).where(table.c.id == named)).first()
        if found is None:
            raise nobody(named)
        return Head(*found)

    def links(self, person: str) -> Iterator[Link]:
        """The chain of a person as it is stored, up to where it stood when asked; each link is held against the last.

        Raises:
            Broken: where the chain does not hold.
            BadInput: nobody of that name.
        """
        named, head = person_id(person), self.head(person)
        yield from follow(named, self._stored(named, head.seq), head)

    def events(self, person: str) -> Iterator[tuple[int, Event]]:
        """Everything that was told of a person, with its place, in order; the chain is checked on the way.

        Raises:
            Broken: where the chain does not hold.
            BadInput: nobody of that name.
        """
        for link in self.links(person):
            yield link.seq, read_text(link.text, f"event {link.seq}")

    def story(self, person: str, *, until: datetime | None = None) -> Story:
        """The story of a person, as it is now or as it was known at an instant.

        Raises:
            Broken: where the chain does not hold.
            BadInput: nobody of that name.
        """
        return fold(person_id(person), self.events(person), until=until)

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
        named = person_id(person)
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
        table = tables.trial
        columns = (table.c.person, table.c.trial, table.c.treatment, table.c.phase, table.c.review_on)
        asked = (
            select(*columns)
            .where(table.c.review_on <= on, table.c.phase.in_(tables.FOLLOWED))
            .order_by(table.c.review_on, table.c.person, table.c.trial)
        )
        with self.database.reading() as connection:
            return tuple(Due(*row) for row in connection.execute(asked))

    def _stored(self, person: str, up_to: int) -> Iterable[Link]:
        """In pages, so that no transaction stays open while somebody works on what was read."""
        after = 0
        while after < up_to:
            with self.database.reading() as connection:
                page = list(links_of(connection, person, after, min(after + _PAGE, up_to)))
            yield from page
            after += _PAGE


def person_id(text: str) -> str:
    """A person's name as it is kept: composed characters, so that one name is one person.

    Raises:
        BadInput: nothing, too much, or characters that nobody sees.
    """
    named = unicodedata.normalize("NFC", text)
    if not named or len(named) > LONGEST_PERSON or clean(named, LONGEST_PERSON) != named:
        how = f"Use one line of up to {LONGEST_PERSON} characters, without spaces at its ends."
        raise BadInput(Problem("person", f"{shown(text)} cannot be kept as a name.", how))
    return named
