"""Sessions: who is signed in, from which token, until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from cleardays.problems import BadInput, Problem, shown
from cleardays.store import tables_accounts as rows
from cleardays.store.database import Database
from cleardays.store.tables_accounts import SESSION_KINDS
from cleardays.store.tokens import digest_of, new_token
from cleardays.trial.story.events import say_instant

# Being seen is written down at most so often: a request that only reads need not wait for the disk.
SEEN_AT_MOST_EVERY = timedelta(minutes=1)


class Session(NamedTuple):
    """Somebody signed in; `account` is the id. `id` is the digest of the token, by which one of several is closed."""

    id: str
    account: str
    kind: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class Sessions:
    """The sessions of a store. A token is known here by its digest alone, so nobody can sign in with what is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, account: str, kind: str, *, now: datetime, expires_at: datetime) -> str:
        """Sign an account in; returns the token, which is kept nowhere.

        Raises:
            BadInput: no such account, or it is not active; no such kind of session.
        """
        if kind not in SESSION_KINDS:
            how = f"Use one of {', '.join(SESSION_KINDS)}."
            raise BadInput(Problem("session", f"{shown(kind)} is no kind of session.", how))
        token, at = new_token(), say_instant(now)
        row = {"token": digest_of(token), "account": account, "kind": kind, "created_at": at, "seen_at": at}
        row["expires_at"] = say_instant(expires_at)
        with self._database.writing() as connection:
            active = select(rows.account.c.id).where(rows.account.c.id == account, rows.account.c.active == 1)
            if connection.execute(active.with_for_update()).first() is None:
                raise BadInput(Problem("account", "there is no such account that is active.", "Sign in with another one."))
            connection.execute(rows.session.insert().values(row))
        return token

    def find(self, token: str, *, now: datetime) -> Session | None:
        """The session of a token, None where there is none, it is over, or its account is not active."""
        table = rows.session
        asked = (
            select(table)
            .join(rows.account, rows.account.c.id == table.c.account)
            .where(table.c.token == digest_of(token), table.c.expires_at > say_instant(now), rows.account.c.active == 1)
        )
        with self._database.reading() as connection:
            found = connection.execute(asked).first()
        return None if found is None else _session(*found)

    def of(self, account: str, *, now: datetime) -> tuple[Session, ...]:
        """The sessions of an account that are not over, the one seen last first."""
        table = rows.session
        asked = select(table).where(table.c.account == account, table.c.expires_at > say_instant(now))
        with self._database.reading() as connection:
            return tuple(_session(*row) for row in connection.execute(asked.order_by(table.c.seen_at.desc(), table.c.token)))

    def touch(
        self, token: str, *, now: datetime, expires_at: datetime | None = None, at_most_every: timedelta = SEEN_AT_MOST_EVERY
    ) -> None:
        """Write down that a session was seen, unless that was just done; `expires_at` moves its end along with it."""
        table = rows.session
        late = (table.c.token == digest_of(token)) & (table.c.seen_at <= say_instant(now - at_most_every))
        with self._database.reading() as connection:
            if connection.execute(select(table.c.token).where(late)).first() is None:
                return
        values = {"seen_at": say_instant(now), **({} if expires_at is None else {"expires_at": say_instant(expires_at)})}
        with self._database.writing() as connection:
            connection.execute(table.update().where(late, table.c.expires_at > say_instant(now)).values(values))

    def close(self, token: str) -> bool:
        """End a session; False where there is none."""
        return self.close_one(digest_of(token))

    def close_one(self, session: str) -> bool:
        """End a session by its id; False where there is none."""
        with self._database.writing() as connection:
            return connection.execute(rows.session.delete().where(rows.session.c.token == session)).rowcount == 1

    def close_all(self, account: str, *, keep: str | None = None) -> int:
        """End every session of an account but that of the token `keep`; returns how many."""
        with self._database.writing() as connection:
            return close_sessions(connection, account, keep=keep)

    def purge(self, *, now: datetime) -> int:
        """Delete what is over; returns how many."""
        with self._database.writing() as connection:
            return connection.execute(rows.session.delete().where(rows.session.c.expires_at <= say_instant(now))).rowcount


def close_sessions(connection: Connection, account: str, *, keep: str | None = None) -> int:
    """End every session of an account but that of the token `keep`; returns how many."""
    gone = rows.session.delete().where(rows.session.c.account == account)
    if keep is not None:
        gone = gone.where(rows.session.c.token != digest_of(keep))
    return connection.execute(gone).rowcount


def _session(token: str, account: str, kind: str, created_at: str, seen_at: str, expires_at: str) -> Session:
    created, seen, expires = map(datetime.fromisoformat, (created_at, seen_at, expires_at))
    return Session(token, account, kind, created, seen, expires)
