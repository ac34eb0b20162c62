"""Consents: which families of data a person shows to whom, from when to when; what was given once stays as history."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from cleardays.problems import BadInput, Problem, shown
from cleardays.store import tables
from cleardays.store import tables_accounts as rows
from cleardays.store.account import Account
from cleardays.store.database import Database
from cleardays.store.people import find, locked, nobody, person_name
from cleardays.store.tables_accounts import CLINIC, CLINIC_ROLES, FAMILIES, HELPER
from cleardays.trial.story.events import say_instant


class Consent(NamedTuple):
    """One family shown to somebody: the id of an account, or "clinic". `until` None is without an end."""

    person: str
    shown_to: str
    family: str
    given_at: datetime
    until: datetime | None
    withdrawn_at: datetime | None

    def stands(self, now: datetime) -> bool:
        """Whether it holds at an instant."""
        if self.withdrawn_at is not None and self.withdrawn_at <= now:
            return False
        return self.given_at <= now and (self.until is None or now < self.until)


class Consents:
    """The consents of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(
        self, person: str, shown_to: str, families: Iterable[str], *, now: datetime, until: datetime | None = None
    ) -> None:
        """Show families of a person's data to an account or to the clinic; one that stands is replaced, and kept as history.

        Raises:
            BadInput: nobody of that name, no such account or family, or an end that is over.
        """
        asked = _families(families)
        if until is not None and until <= now:
            raise BadInput(Problem("until", "it is over already.", "Give a day to come, or leave it out."))
        with self._database.writing() as connection:
            who = _locked(connection, person)
            _require_receiver(connection, shown_to)
            _withdraw(connection, (rows.consent.c.person == who) & (rows.consent.c.shown_to == shown_to), asked, now)
            end = None if until is None else say_instant(until)
            row = {"person": who, "shown_to": shown_to, "given_at": say_instant(now), "until": end}
            connection.execute(
                rows.consent.insert(), [{**row, "id": f"c{secrets.token_hex(12)}", "family": family} for family in asked]
            )

    def withdraw(self, person: str, shown_to: str, families: Iterable[str] = FAMILIES, *, now: datetime) -> int:
        """Take families back, at once; returns how many stood.

        Raises:
            BadInput: nobody of that name, or no such family.
        """
        asked = _families(families)
        with self._database.writing() as connection:
            who = _locked(connection, person)
            return _withdraw(connection, (rows.consent.c.person == who) & (rows.consent.c.shown_to == shown_to), asked, now)

    def of(self, person: str) -> tuple[Consent, ...]:
        """Every consent that a person ever gave, in the order in which they gave them.

        Raises:
            BadInput: nobody of that name.
        """
        table = rows.consent
        with self._database.reading() as connection:
            known = find(connection, person)
            columns = (table.c.shown_to, table.c.family, table.c.given_at, table.c.until, table.c.withdrawn_at)
            asked = select(*columns).where(table.c.person == known.id)
            found = connection.execute(asked.order_by(table.c.given_at, table.c.shown_to, table.c.family)).all()
        return tuple(
            Consent(known.called, to, family, datetime.fromisoformat(given), _instant(until), _instant(withdrawn))
            for to, family, given, until, withdrawn in found
        )

    def shown_to(self, account: Account, *, now: datetime, person: str | None = None) -> Mapping[str, frozenset[str]]:
        """What is shown to an account now: families by the name of each person, people who show nothing left out.

        Args:
            account: who looks; clinicians and nurses also see what is shown to the clinic.
            now: this instant.
            person: of this person alone, which is fast however many there are.
        """
        if not account.active or account.role not in (*CLINIC_ROLES, HELPER):
            return {}
        table, at = rows.consent, say_instant(now)
        receivers = [account.id, *([CLINIC] if account.role in CLINIC_ROLES else [])]
        asked = (
            select(tables.person.c.name, func.aggregate_strings(table.c.family, ","))
            .join(table, table.c.person == tables.person.c.id)
            .where(table.c.shown_to.in_(receivers), table.c.withdrawn_at.is_(None), table.c.given_at <= at)
            .where(table.c.until.is_(None) | (table.c.until > at), tables.person.c.name.is_not(None))
            .group_by(tables.person.c.name)
        )
        if person is not None:
            asked = asked.where(tables.person.c.name == person_name(person))
        with self._database.reading() as connection:
            return {name: frozenset(families.split(",")) for name, families in connection.execute(asked)}

    def withdraw_all_to(self, connection: Connection, account: str, now: datetime) -> None:
        """Take back all that is shown to an account that goes, within its transaction."""
        _withdraw(connection, rows.consent.c.shown_to == account, FAMILIES, now)


def _withdraw(connection: Connection, matched: ColumnElement[bool], families: Iterable[str], now: datetime) -> int:
    table = rows.consent
    standing = table.update().where(matched, table.c.family.in_(families), table.c.withdrawn_at.is_(None))
    return connection.execute(standing.values(withdrawn_at=say_instant(now))).rowcount


def _locked(connection: Connection, person: str) -> str:
    named = person_name(person)
    found = next(locked(connection, [named]), None)
    if found is None:
        raise nobody(named)
    return found.id


def _require_receiver(connection: Connection, shown_to: str) -> None:
    if shown_to == CLINIC:
        return
    allowed = (*CLINIC_ROLES, HELPER)
    asked = select(rows.account.c.id).where(rows.account.c.id == shown_to, rows.account.c.role.in_(allowed))
    if connection.execute(asked).first() is None:
        what = "there is no such account to which data can be shown."
        raise BadInput(Problem("shown to", what, f"Choose {CLINIC}, or the account of a {' or a '.join(allowed)}."))


def _families(families: Iterable[str]) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(families))
    wrong = [family for family in asked if family not in FAMILIES]
    if wrong or not asked:
        what = f"{shown(wrong[0])} is no family of data." if wrong else "nothing is named."
        raise BadInput(Problem("family", what, f"Use one of {', '.join(FAMILIES)}."))
    return asked


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
