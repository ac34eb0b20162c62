"""Links that somebody is given to do one thing once: confirm a plan, look at a page, come in for the first time.

What a link is for is sealed with the token in it: the store keeps the token's digest, and cannot open it either.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from cleardays.problems import BadInput, Problem
from cleardays.store import tables
from cleardays.store import tables_accounts as rows
from cleardays.store.database import Database
from cleardays.store.people import find
from cleardays.store.tokens import digest_of, new_token, opened_with, sealed_with
from cleardays.trial.story.events import say_instant

_PURPOSE = re.compile(r"[a-z][a-z-]{0,39}", re.ASCII)


class Link(NamedTuple):
    """A link as who holds it sees it: `person` names whose it is about, `made_by` is the id of an account."""

    purpose: str
    person: str | None
    body: Mapping[str, Any]
    made_by: str | None
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


class Given(NamedTuple):
    """A link as others see it, who do not hold it; `id` takes it back."""

    id: str
    purpose: str
    made_by: str | None
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


class Links:
    """The links of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(
        self,
        purpose: str,
        body: Mapping[str, Any],
        *,
        now: datetime,
        expires_at: datetime,
        person: str | None = None,
        account: str | None = None,
        made_by: str | None = None,
    ) -> str:
        """Make a link; returns its token, which is kept nowhere.

        Args:
            purpose: a word for what may be done with it, such as "confirm-plan".
            body: what it is about, as JSON.
            now: this instant.
            expires_at: from when on it does nothing any more.
            person: whom it is about; erasing them deletes it.
            account: the id of the account that it is about, where that is no story; removing the account deletes it.
            made_by: the id of the account that gives it.

        Raises:
            BadInput: nobody of that name, no purpose, or an end that is over.
        """
        if _PURPOSE.fullmatch(purpose) is None:
            raise BadInput(Problem("purpose", "it is no word.", "Use small letters and hyphens, such as confirm-plan."))
        if expires_at <= now:
            raise BadInput(Problem("expires at", "it is over already.", "Give an instant to come."))
        token = new_token()
        row = {"token": digest_of(token), "purpose": purpose, "sealed": sealed_with(token, body), "made_by": made_by}
        row |= {"made_at": say_instant(now), "expires_at": say_instant(expires_at)}
        with self._database.writing() as connection:
            whose = account if person is None else find(connection, person).id
            connection.execute(rows.link.insert().values({**row, "person": whose}))
        return token

    def look(self, token: str, *, now: datetime, purpose: str | None = None) -> Link | None:
        """What a link is for, without using it; None where there is none of that purpose, or it is used or over."""
        with self._database.reading() as connection:
            return _found(connection, token, _good(token, now, purpose))

    def use(self, token: str, *, now: datetime, purpose: str | None = None) -> Link | None:
        """Use a link: of all who try only the first gets it, everybody else None."""
        table = rows.link
        with self._database.writing() as connection:
            used = table.update().where(_good(token, now, purpose)).values(used_at=say_instant(now))
            if connection.execute(used).rowcount != 1:
                return None
            return _found(connection, token, table.c.token == digest_of(token))

    def of(self, person: str, *, purposes: Collection[str] | None = None) -> tuple[Given, ...]:
        """The links about a person, oldest first; of these purposes, or of any.

        Raises:
            BadInput: nobody of that name.
        """
        table = rows.link
        columns = (table.c.token, table.c.purpose, table.c.made_by, table.c.made_at, table.c.expires_at, table.c.used_at)
        with self._database.reading() as connection:
            asked = select(*columns).where(table.c.person == find(connection, person).id)
            if purposes is not None:
                asked = asked.where(table.c.purpose.in_(purposes))
            found = connection.execute(asked.order_by(table.c.made_at, table.c.token)).all()
        return tuple(Given(who, what, by, *_instants(made, ends, used)) for who, what, by, made, ends, used in found)

    def take_back(self, link: str, *, person: str | None = None) -> bool:
        """Delete a link by its id, so that it does nothing any more; False where there is none (about this person)."""
        with self._database.writing() as connection:
            gone = rows.link.delete().where(rows.link.c.token == link)
            if person is not None:
                gone = gone.where(rows.link.c.person == find(connection, person).id)
            return connection.execute(gone).rowcount == 1

    def take_back_of(self, account: str, purpose: str) -> int:
        """Delete those of a purpose that are about an account; returns how many."""
        gone = rows.link.delete().where(rows.link.c.person == account, rows.link.c.purpose == purpose)
        with self._database.writing() as connection:
            return connection.execute(gone).rowcount

    def purge(self, *, now: datetime) -> int:
        """Delete links that are over; returns how many."""
        with self._database.writing() as connection:
            return connection.execute(rows.link.delete().where(rows.link.c.expires_at <= say_instant(now))).rowcount


def _good(token: str, now: datetime, purpose: str | None) -> ColumnElement[bool]:
    table = rows.link
    good = (table.c.token == digest_of(token)) & table.c.used_at.is_(None) & (table.c.expires_at > say_instant(now))
    return good if purpose is None else good & (table.c.purpose == purpose)


def _found(connection: Connection, token: str, matched: ColumnElement[bool]) -> Link | None:
    table, person = rows.link, tables.person
    columns = (table.c.purpose, person.c.name, table.c.sealed, table.c.made_by)
    times = (table.c.made_at, table.c.expires_at, table.c.used_at)
    asked = select(*columns, *times).select_from(table.outerjoin(person, person.c.id == table.c.person)).where(matched)
    row = connection.execute(asked).first()
    if row is None:
        return None
    purpose, name, sealed, made_by, made_at, expires_at, used_at = row
    body = opened_with(token, sealed)
    return None if body is None else Link(purpose, name, body, made_by, *_instants(made_at, expires_at, used_at))


def _instants(made_at: str, expires_at: str, used_at: str | None) -> tuple[datetime, datetime, datetime | None]:
    used = None if used_at is None else datetime.fromisoformat(used_at)
    return datetime.fromisoformat(made_at), datetime.fromisoformat(expires_at), used
