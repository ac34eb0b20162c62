"""Accounts on their way into a backup and out of it: a line a row, each with a digest of itself.

Who may come in, what was shown to whom and who looked at what are kept; sessions and links are not: whoever restores
signs in anew. Where a store has accounts or an audit of its own, those stay, and those of a backup are left out.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, LargeBinary, Table, func, select

from cleardays.store import tables_accounts as rows
from cleardays.store.accounts import forget_person
from cleardays.store.audit import follow_audit

# In an order in which each can come in after those it refers to.
BACKED_UP = (rows.account, rows.passkey, rows.consent, rows.audit, rows.audit_head)
_BY_NAME = {table.name: table for table in BACKED_UP}
_AT_ONCE = 2000


class Row(NamedTuple):
    """A row of a backup."""

    table: Table
    values: dict[str, Any]


def lines_of_accounts(connection: Connection) -> Iterator[dict[str, Any]]:
    """Every row, as a line of an export before it gets its digest."""
    for table in BACKED_UP:
        binary = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
        for found in connection.execute(select(table).order_by(*table.primary_key)).mappings():
            values = dict(found)
            for name in binary:
                values[name] = urlsafe_b64encode(bytes(values[name])).decode("ascii")
            yield {"table": table.name, "row": values}


def read_row(line: dict[str, Any]) -> Row | None:
    """The row of a line, None where it is no row of ours."""
    table, values = _BY_NAME.get(str(line.get("table"))), line.get("row")
    if table is None or not isinstance(values, dict) or values.keys() != set(table.columns.keys()):
        return None
    read = dict(values)
    for column in table.columns:
        value = read[column.name]
        if isinstance(column.type, LargeBinary):
            try:
                read[column.name] = urlsafe_b64decode(str(value).encode("ascii"))
            except ValueError:
                return None
        elif value is not None and type(value) is not column.type.python_type:
            return None
    return Row(table, read)


def holds_accounts(connection: Connection) -> bool:
    """Whether a store has accounts or an audit of its own."""
    return any(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (rows.account, rows.audit))


def take_accounts(connection: Connection, found: Iterable[Row], erased: Iterable[str]) -> None:
    """Take the rows of a backup into a store that has none; of who was erased nothing that names them.

    Raises:
        Broken: the chain of the audit does not hold.
    """
    waiting: list[Row] = []
    for row in found:
        if waiting and (row.table is not waiting[0].table or len(waiting) >= _AT_ONCE):
            _insert(connection, waiting)
        waiting.append(row)
    _insert(connection, waiting)
    follow_audit(connection)
    for person in erased:
        forget_person(connection, person)


def _insert(connection: Connection, waiting: list[Row]) -> None:
    if waiting:
        table = waiting[0].table
        if table is rows.audit_head:  # of which there is one already, of an audit without entries
            connection.execute(table.delete())
        connection.execute(table.insert(), [row.values for row in waiting])
        waiting.clear()
