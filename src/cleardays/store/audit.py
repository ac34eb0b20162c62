"""The audit: who looked at or changed what of whom, and when; only ever added to, and chained as events are.

It holds ids, roles and names of endpoints, and no health data. A person who was erased stays in it by the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from cleardays.problems import BadInput, Problem, shown
from cleardays.store import tables
from cleardays.store import tables_accounts as rows
from cleardays.store.chain import Broken, Head, link
from cleardays.store.database import Database
from cleardays.store.people import find, is_id
from cleardays.store.tables_accounts import AUDIT_BEGINS
from cleardays.trial.story.events import canonical, say_instant

# Words of our own, never what somebody typed.
_WORD = re.compile(r"[\x21-\x7e]{1,120}(?: [\x21-\x7e]{1,120})?", re.ASCII)


class Seen(NamedTuple):
    """Something that was done: by which account (None: nobody signed in) as what, of whom, and through which endpoint."""

    at: datetime
    account: str | None
    role: str
    person: str | None
    act: str
    about: str
    endpoint: str


class Kept(NamedTuple):
    """It as it is kept; `person` is the name, or the id of somebody who was erased."""

    seq: int
    seen: Seen


class Audit:
    """The audit of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, seen: Seen | Sequence[Seen]) -> Head:
        """Write down what was done, all of it or nothing; on the disk when this returns.

        Raises:
            BadInput: nobody of that name, or a word that could be somebody's.
        """
        together = [seen] if isinstance(seen, Seen) else list(seen)
        for each in together:
            _require_words(each)
        with self._database.writing() as connection:
            table = rows.audit_head
            head = Head(*connection.execute(select(table.c.seq, table.c.digest).with_for_update()).one())
            people = {name: find(connection, name).id for name in {each.person for each in together} if name is not None}
            added = []
            for each in together:
                told = _told(each, None if each.person is None else people[each.person])
                digest = link(head.digest, head.seq + 1, canonical(list(told.values())))
                added.append({"seq": head.seq + 1, **told, "previous": head.digest, "digest": digest})
                head = Head(head.seq + 1, digest)
            if added:
                connection.execute(rows.audit.insert(), added)
                connection.execute(table.update().values(seq=head.seq, digest=head.digest))
        return head

    def of_person(self, person: str, *, before: int | None = None, most: int = 200) -> tuple[Kept, ...]:
        """What was done with a person's data, newest first; `before` is the seq at which the page before it ended.

        Raises:
            BadInput: nobody of that name.
        """
        with self._database.reading() as connection:
            return _listed(connection, rows.audit.c.person == find(connection, person).id, before, most)

    def of_account(self, account: str, *, before: int | None = None, most: int = 200) -> tuple[Kept, ...]:
        """What an account did, newest first."""
        with self._database.reading() as connection:
            return _listed(connection, rows.audit.c.account == account, before, most)

    def latest(self, *, before: int | None = None, most: int = 200) -> tuple[Kept, ...]:
        """What anybody did, newest first."""
        with self._database.reading() as connection:
            return _listed(connection, rows.audit.c.seq >= 1, before, most)

    def verify(self) -> Head:
        """Follow the chain; returns its end.

        Raises:
            Broken: where it does not hold.
        """
        with self._database.reading() as connection:
            return follow_audit(connection)


def follow_audit(connection: Connection) -> Head:
    """Follow the chain of the audit, within a transaction; returns its end.

    Raises:
        Broken: where it does not hold.
    """
    table, head = rows.audit, Head(0, AUDIT_BEGINS)
    for seq, *told, previous, digest in connection.execute(select(table).order_by(table.c.seq)):
        stands = link(head.digest, head.seq + 1, canonical(told))
        if (seq, previous, digest) != (head.seq + 1, head.digest, stands):
            raise _broken(head.seq + 1)
        head = Head(seq, digest)
    kept = connection.execute(select(rows.audit_head.c.seq, rows.audit_head.c.digest)).all()
    if [tuple(row) for row in kept] != [tuple(head)]:
        raise _broken(head.seq + 1)
    return head


def _listed(connection: Connection, matched: ColumnElement[bool], before: int | None, most: int) -> tuple[Kept, ...]:
    table, person = rows.audit, tables.person
    asked = select(table, person.c.name).select_from(table.outerjoin(person, person.c.id == table.c.person)).where(matched)
    if before is not None:
        asked = asked.where(table.c.seq < before)
    return tuple(_kept(connection.execute(asked.order_by(table.c.seq.desc()).limit(max(0, most)))))


def _kept(found: Iterable[Any]) -> Iterator[Kept]:
    for seq, at, account, role, person, act, about, endpoint, _, _, name in found:
        yield Kept(seq, Seen(datetime.fromisoformat(at), account, role, name or person, act, about, endpoint))


def _told(seen: Seen, person: str | None) -> dict[str, str | None]:
    """What is kept and chained, in the order of the columns."""
    return {**seen._asdict(), "at": say_instant(seen.at), "person": person}


def _require_words(seen: Seen) -> None:
    for name in ("role", "act", "about", "endpoint"):
        word = getattr(seen, name)
        if _WORD.fullmatch(word) is None:
            how = "Use a word of the program, such as the name of an endpoint."
            raise BadInput(Problem(f"audit, {name}", f"{shown(word)} cannot be written down.", how))
    if seen.account is not None and not is_id(seen.account.replace("a", "p", 1)):
        raise BadInput(Problem("audit, account", "it is no id of an account.", "Give the id, not the login."))


def _broken(seq: int) -> Broken:
    how = "Somebody changed it by hand. Restore the last backup beside it, and compare."
    return Broken(Problem(f"audit, entry {seq}", "the chain breaks there.", how))
