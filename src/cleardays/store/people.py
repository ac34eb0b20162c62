"""Whose story it is: a random id that stays, a name that may go, and the key that opens what was told."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, select

from cleardays.problems import BadInput, Problem, shown
from cleardays.store import tables
from cleardays.store.chain import Head, beginning
from cleardays.store.faults import Conflict
from cleardays.store.sealing import Seal, new_key
from cleardays.texts import clean
from cleardays.trial.story.events import say_instant

LONGEST_NAME = 120
_ID = re.compile(r"p[0-9a-f]{24}", re.ASCII)
_AT_ONCE = 500


class Known(NamedTuple):
    """Somebody of the store; `name` and `key` are None once they were erased."""

    id: str
    name: str | None
    head: Head
    key: bytes | None

    @property
    def called(self) -> str:
        """How they are called to people: by the name, and without one by the id."""
        return self.id if self.name is None else self.name

    @property
    def seal(self) -> Seal:
        """What opens their events.

        Raises:
            BadInput: they were erased, or the key is missing.
        """
        if self.key is None:
            what = "it cannot be read: its key is missing." if self.name else "it was erased, and cannot be read any more."
            raise BadInput(Problem(f"story of {shown(self.called)}", what, "The chain can still be followed."))
        return Seal(self.id, self.key)


def new_id() -> str:
    """An id that tells nothing of the person."""
    return f"p{secrets.token_hex(12)}"


def is_id(text: str) -> bool:
    """Whether a text is shaped as an id.

    >>> is_id("p00112233445566778899aabb"), is_id("ada")
    (True, False)
    """
    return _ID.fullmatch(text) is not None


def person_name(text: str) -> str:
    """A person's name as it is kept: composed characters, so that one name is one person.

    Raises:
        BadInput: nothing, too much, or characters that nobody sees.
    """
    named = unicodedata.normalize("NFC", text)
    if not named or len(named) > LONGEST_NAME or clean(named, LONGEST_NAME) != named:
        how = f"Use one line of up to {LONGEST_NAME} characters, without spaces at its ends."
        raise BadInput(Problem("person", f"{shown(text)} cannot be kept as a name.", how))
    return named


def nobody(person: str) -> BadInput:
    """What to raise where a person is not in the store."""
    what = f"there is nobody called {shown(person)} in this store."
    return BadInput(Problem("person", what, "Look at who is there, or add the person first."))


def find(connection: Connection, person: str) -> Known:
    """Somebody by their name, or by the id once they have none.

    Raises:
        BadInput: nobody of that name.
    """
    named = person_name(person)
    table = tables.person
    matched = table.c.name == named
    if is_id(named):
        matched |= (table.c.id == named) & table.c.name.is_(None)
    for known in _known(connection, _asked().where(matched)):
        return known
    raise nobody(named)


def add(connection: Connection, person: str) -> str:
    """Add somebody of whom nothing was told yet, in a transaction that writes; returns the id.

    Raises:
        BadInput: no name that can be kept.
        Conflict: somebody is called so already.
    """
    named, table, who = person_name(person), tables.person, new_id()
    if is_id(named):
        raise BadInput(Problem("person", f"{shown(named)} looks like an id of the store.", "Choose another name."))
    if connection.execute(select(table.c.id).where(table.c.name == named)).first():
        raise taken(named)
    row = {"id": who, "name": named, "added_at": say_instant(datetime.now(UTC)), "head_digest": beginning(who).digest}
    connection.execute(table.insert().values(row))
    connection.execute(tables.person_key.insert().values(person=who, key=new_key()))
    return who


def taken(person: str) -> Conflict:
    """What to raise where somebody is called so already."""
    how = "Choose another name, or go on with the one who is there."
    return Conflict(Problem("person", f"somebody is called {shown(person)} already.", how))


def everybody(connection: Connection) -> list[Known]:
    """All people of a store, also those who were erased, in the order of their ids."""
    return list(_known(connection, _asked().order_by(tables.person.c.id)))


def locked(connection: Connection, names: Sequence[str]) -> Iterator[Known]:
    """Those of these names who are there, each locked until the transaction ends; always in the same order."""
    ordered = sorted(set(names))
    for first in range(0, len(ordered), _AT_ONCE):
        some: ColumnElement[bool] = tables.person.c.name.in_(ordered[first : first + _AT_ONCE])
        asked = _asked().where(some).order_by(tables.person.c.name)
        yield from _known(connection, asked.with_for_update(of=tables.person))


def _asked() -> Select[Any]:
    person, key = tables.person, tables.person_key
    columns = (person.c.id, person.c.name, person.c.head_seq, person.c.head_digest, key.c.key)
    return select(*columns).select_from(person.outerjoin(key, key.c.person == person.c.id))


def _known(connection: Connection, asked: Select[Any]) -> Iterator[Known]:
    for who, name, seq, digest, key in connection.execute(asked):
        yield Known(who, name, Head(seq, digest), None if key is None else bytes(key))
