"""Where every chain ends, in one question to the database: what lists of many people need before they read any story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from cleardays.store import tables
from cleardays.store.chain import Head

if TYPE_CHECKING:
    from cleardays.store.book import Store


def heads_of(store: Store) -> Mapping[str, Head]:
    """The end of everybody's chain, by their name; who was erased is not in it."""
    table = tables.person
    asked = select(table.c.name, table.c.head_seq, table.c.head_digest).where(table.c.name.is_not(None))
    with store.database.glancing() as connection:
        return {name: Head(seq, digest) for name, seq, digest in connection.execute(asked)}
