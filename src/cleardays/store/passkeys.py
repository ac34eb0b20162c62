"""Passkeys of accounts: public keys with which somebody proves who they are without a passphrase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from cleardays.problems import BadInput, Problem
from cleardays.store import tables_accounts as rows
from cleardays.store.database import Database
from cleardays.store.faults import Conflict, Refused
from cleardays.texts import clean
from cleardays.trial.story.events import say_instant

_LONGEST = 120


class Passkey(NamedTuple):
    """A passkey. `credential` is its id in base64url, `sign_count` the last count that its device told."""

    credential: str
    account: str
    public_key: bytes
    sign_count: int
    label: str
    created_at: datetime
    used_at: datetime | None


class Passkeys:
    """The passkeys of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, account: str, credential: str, public_key: bytes, sign_count: int, label: str, *, now: datetime) -> None:
        """Keep a passkey; the label is what its owner calls it.

        Raises:
            Conflict: it is kept already.
            BadInput: no such account.
        """
        row = {"credential": credential, "account": account, "public_key": public_key, "sign_count": sign_count}
        row |= {"label": clean(label, _LONGEST) or "passkey", "created_at": say_instant(now)}
        try:
            with self._database.writing() as connection:
                if connection.execute(select(rows.account.c.id).where(rows.account.c.id == account)).first() is None:
                    raise BadInput(Problem("account", "there is no such account.", "Look at who is there."))
                connection.execute(rows.passkey.insert().values(row))
        except Refused:
            raise Conflict(Problem("passkey", "it is kept already.", "Sign in with it, or take another one.")) from None

    def find(self, credential: str) -> Passkey | None:
        """The passkey of a credential, None where there is none."""
        with self._database.reading() as connection:
            found = connection.execute(select(rows.passkey).where(rows.passkey.c.credential == credential)).first()
        return None if found is None else _passkey(found)

    def of(self, account: str) -> tuple[Passkey, ...]:
        """The passkeys of an account, oldest first."""
        with self._database.reading() as connection:
            return passkeys_of(connection, account)

    def used(self, credential: str, sign_count: int, *, now: datetime) -> bool:
        """Keep the count of a passkey that was just used; False where it went back, so that it may be a copy.

        A device that always tells 0 counts nothing.
        """
        table = rows.passkey
        ahead = (table.c.sign_count < sign_count) | ((table.c.sign_count == 0) & (sign_count == 0))
        with self._database.writing() as connection:
            changed = table.update().where(table.c.credential == credential, ahead)
            return connection.execute(changed.values(sign_count=sign_count, used_at=say_instant(now))).rowcount == 1

    def remove(self, account: str, credential: str) -> bool:
        """Forget a passkey of an account; False where it has none such."""
        table = rows.passkey
        with self._database.writing() as connection:
            gone = table.delete().where(table.c.credential == credential, table.c.account == account)
            return connection.execute(gone).rowcount == 1


def passkeys_of(connection: Connection, account: str) -> tuple[Passkey, ...]:
    """The passkeys of an account, oldest first."""
    table = rows.passkey
    asked = select(table).where(table.c.account == account).order_by(table.c.created_at, table.c.credential)
    return tuple(map(_passkey, connection.execute(asked)))


def _passkey(row: Sequence[Any]) -> Passkey:
    credential, account, public_key, sign_count, label, created_at, used_at = row
    used = None if used_at is None else datetime.fromisoformat(used_at)
    return Passkey(credential, account, bytes(public_key), sign_count, label, datetime.fromisoformat(created_at), used)
