"""Derive days and trials anew from the events."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from cleardays.store import projections, tables
from cleardays.store.projections import Derived
from cleardays.store.written import read_text
from cleardays.trial.story.events import Event


def derived_from_events(connection: Connection, person: str) -> Derived:
    """What a person's events derive, as they are stored.

    Raises:
        BadInput: an event cannot be read.
    """
    return projections.derive(person, _events(connection, person))


def rebuild(connection: Connection, people: list[str] | None = None) -> int:
    """Throw away what was derived and derive it anew, of some or of all; returns of how many.

    Raises:
        BadInput: an event cannot be read.
    """
    whose = people if people is not None else list(connection.execute(select(tables.person.c.id)).scalars())
    for person in sorted(whose):
        projections.replace_all(connection, person, derived_from_events(connection, person))
    return len(whose)


def _events(connection: Connection, person: str) -> Iterator[tuple[int, Event]]:
    table = tables.event
    asked = select(table.c.seq, table.c.body).where(table.c.person == person).order_by(table.c.seq)
    for seq, text in connection.execute(asked):
        yield seq, read_text(text, f"event {seq}")
