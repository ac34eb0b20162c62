"""Who may come in: accounts, and beside them their passkeys, sessions, consents, links and the audit.

`Store.accounts` is an `Accounts`. What proves a secret, a passkey or a signature is known above; here it is kept. Instants
are given, not read: whoever asks says what time it is. People are named, and stand in the tables by their id.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, select

from cleardays.problems import BadInput, Problem, shown
from cleardays.store import tables
from cleardays.store import tables_accounts as rows
from cleardays.store.account import Account
from cleardays.store.audit import Audit
from cleardays.store.consents import Consents
from cleardays.store.database import Database
from cleardays.store.faults import Conflict, Refused
from cleardays.store.links import Links
from cleardays.store.passkeys import Passkey, Passkeys, passkeys_of
from cleardays.store.people import add, find
from cleardays.store.sessions import Sessions, close_sessions
from cleardays.store.tables_accounts import CLINIC, PERSON, ROLES
from cleardays.texts import clean
from cleardays.trial.story.events import say_instant

_LONGEST = 120


class Material(NamedTuple):
    """What proves that somebody is who they say: the argon2 text of their secret, None without one, and their passkeys."""

    account: Account
    secret: str | None
    passkeys: tuple[Passkey, ...]

    def __repr__(self) -> str:
        return f"Material({self.account!r})"


class Accounts:
    """The accounts of a store; may be used by several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.passkeys = Passkeys(database)
        self.sessions = Sessions(database)
        self.consents = Consents(database)
        self.links = Links(database)
        self.audit = Audit(database)

    def create(
        self,
        login: str,
        name: str,
        role: str,
        *,
        now: datetime,
        secret: str | None = None,
        person: str | None = None,
        new: bool = False,
    ) -> Account:
        """Make an account.

        Args:
            login: what is typed to sign in; capital and small letters are the same.
            name: how they are called to others.
            role: one of `ROLES`.
            now: this instant.
            secret: the argon2 text of a passphrase, where there is one.
            person: whose story is theirs; of the role "person", and of no other.
            new: add that person, too: both or neither.

        Raises:
            Conflict: the login is taken, or the name of somebody new.
            BadInput: a login, a name or a role that cannot be kept, nobody of that name, or somebody who works here has it.
        """
        row: dict[str, Any]
        row = {"id": f"a{secrets.token_hex(12)}", "login": login_of(login), "name": _line(name, "name"), "role": _role(role)}
        if (role == PERSON) != (person is not None):
            what = "an account of a person needs to say whose story is theirs, and no other account may."
            raise BadInput(Problem("person", what, "Name the person, or take another role."))
        try:
            with self._database.writing() as connection:
                of = None if person is None else add(connection, person) if new else find(connection, person).id
                if connection.execute(select(rows.account.c.id).where(rows.account.c.login == row["login"])).first():
                    raise _taken(login)
                if role != PERSON:
                    _require_own_name(connection, row["name"])
                row |= {"secret": secret, "person": of, "created_at": say_instant(now)}
                connection.execute(rows.account.insert().values(row))
                made = _first(connection, rows.account.c.id == row["id"])
        except Refused:  # somebody else took it in between
            raise _taken(login) from None
        assert made is not None  # it was just written
        return made

    def find(self, login: str) -> Account | None:
        """The account of a login, None where there is none."""
        with self._database.reading() as connection:
            return _first(connection, rows.account.c.login == _folded(login))

    def get(self, account: str) -> Account | None:
        """The account of an id, None where there is none."""
        with self._database.reading() as connection:
            return _first(connection, rows.account.c.id == account)

    def everybody(self) -> tuple[Account, ...]:
        """All accounts, by their logins."""
        with self._database.reading() as connection:
            return tuple(map(_account, connection.execute(_asked().order_by(rows.account.c.login))))

    def material(self, login: str) -> Material | None:
        """What proves who signs in with a login, None where there is no such account or it is not active."""
        with self._database.reading() as connection:
            found = _first(connection, rows.account.c.login == _folded(login))
            if found is None or not found.active:
                return None
            secret = connection.execute(select(rows.account.c.secret).where(rows.account.c.id == found.id)).scalar()
            return Material(found, secret, passkeys_of(connection, found.id))

    def set_secret(self, account: str, secret: str | None, *, keep: str | None = None) -> None:
        """Another secret, or none; every session but the one of the token `keep` ends with the old one.

        Raises:
            BadInput: no such account.
        """
        self._change(account, {"secret": secret}, keep=keep)

    def set_active(self, account: str, active: bool) -> None:
        """Close an account, so that all its sessions end, or open it again.

        Raises:
            BadInput: no such account.
        """
        self._change(account, {"active": int(active)})

    def rename(self, account: str, name: str) -> None:
        """Another name; sessions go on.

        Raises:
            BadInput: no such account, or a name that cannot be kept.
        """
        self._change(account, {"name": _line(name, "name")}, end_sessions=False)

    def remove(self, account: str, *, now: datetime) -> None:
        """Delete an account with its passkeys and sessions; consents to it are withdrawn and stay as history.

        Raises:
            BadInput: no such account.
        """
        with self._database.writing() as connection:
            _require(connection, account)
            self.consents.withdraw_all_to(connection, account, now)
            _remove(connection, account)

    def _change(self, account: str, values: dict[str, Any], *, keep: str | None = None, end_sessions: bool = True) -> None:
        with self._database.writing() as connection:
            _require(connection, account)
            connection.execute(rows.account.update().where(rows.account.c.id == account).values(values))
            if end_sessions:
                close_sessions(connection, account, keep=keep)


def login_of(text: str) -> str:
    """A login as it is kept: one of all ways to write it.

    Raises:
        BadInput: nothing, too much, or characters that nobody sees.

    >>> login_of("Ada@Clinic.Example")
    'ada@clinic.example'
    """
    login = _folded(text)
    if login == CLINIC:
        raise BadInput(Problem("login", f"{shown(login)} means all of a clinic.", "Choose another one."))
    return _line(login, "login")


def folded(login: str) -> str:
    """A login in one of all ways to write it, whatever was typed; what counts by logins counts by this."""
    return _folded(login)


def forget_person(connection: Connection, person: str) -> None:
    """Delete what names somebody who is erased, by their id: consents, links, and the accounts that are theirs."""
    for table in (rows.consent, rows.link):
        connection.execute(table.delete().where(table.c.person == person))
    theirs = select(rows.account.c.id).where(rows.account.c.person == person)
    for account in list(connection.execute(theirs).scalars()):
        connection.execute(rows.consent.delete().where(rows.consent.c.shown_to == account))
        _remove(connection, account)


def _remove(connection: Connection, account: str) -> None:
    for table in (rows.session, rows.passkey):
        connection.execute(table.delete().where(table.c.account == account))
    connection.execute(rows.link.delete().where(rows.link.c.made_by == account, rows.link.c.used_at.is_(None)))
    connection.execute(rows.link.delete().where(rows.link.c.person == account))
    connection.execute(rows.account.delete().where(rows.account.c.id == account))


def _asked() -> Select[Any]:
    table, person = rows.account, tables.person
    columns = (table.c.id, table.c.login, table.c.name, table.c.role, person.c.name, table.c.active, table.c.created_at)
    return select(*columns).select_from(table.outerjoin(person, person.c.id == table.c.person))


def _account(row: Sequence[Any]) -> Account:
    who, login, name, role, person, active, created_at = row
    return Account(who, login, name, role, person, bool(active), datetime.fromisoformat(created_at))


def _first(connection: Connection, matched: ColumnElement[bool]) -> Account | None:
    found = connection.execute(_asked().where(matched)).first()
    return None if found is None else _account(found)


def _require(connection: Connection, account: str) -> None:
    if connection.execute(select(rows.account.c.id).where(rows.account.c.id == account).with_for_update()).first() is None:
        raise BadInput(Problem("account", "there is no such account.", "Look at who is there."))


def _require_own_name(connection: Connection, name: str) -> None:
    """Refuse a name that somebody who works here has, now or once: events tell of them by their names."""
    others = connection.execute(select(rows.account.c.name).where(rows.account.c.role != PERSON)).scalars()
    if _folded(name) in map(_folded, others):
        how = "Add what tells the two apart, such as a second first name."
        raise BadInput(Problem("name", f"{shown(name)} is the name of somebody who works here.", how))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def _line(text: str, where: str) -> str:
    named = unicodedata.normalize("NFC", text)
    if not named or len(named) > _LONGEST or clean(named, _LONGEST) != named:
        how = f"Use one line of up to {_LONGEST} characters, without spaces at its ends."
        raise BadInput(Problem(where, f"{shown(text)} cannot be kept.", how))
    return named


def _role(role: str) -> str:
    if role not in ROLES:
        raise BadInput(Problem("role", f"{shown(role)} is no role of an account.", f"Use one of {', '.join(ROLES)}."))
    return role


def _taken(login: str) -> Conflict:
    return Conflict(Problem("login", f"{shown(login)} is taken.", "Choose another one."))
