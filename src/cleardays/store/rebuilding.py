"""Derive days and trials anew from the events."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from cleardays.store import projections, tables
from cleardays.store.people import Known, everybody
from cleardays.store.written import read_sealed
from cleardays.trial.story.events import Event


def rebuild(connection: Connection) -> int:
    """Throw away what was derived and derive it anew; returns of how many people. Of who was erased nothing is derived.

    Raises:
        BadInput: an event cannot be read.
    """
    people = [known for known in everybody(connection) if known.name is not None]
    for known in people:
        projections.replace_all(connection, known.id, projections.derive(known.id, _events(connection, known)))
    return len(people)


def _events(connection: Connection, known: Known) -> Iterator[tuple[int, Event]]:
    table, seal = tables.event, known.seal
    asked = select(table.c.seq, table.c.sealed).where(table.c.person == known.id).order_by(table.c.seq)
    for seq, text in connection.execute(asked):
        yield seq, read_sealed(seal, seq, text, f"event {seq} of {known.called}")
