"""What keeps events and the audit as they were told: the database itself refuses to change or delete a row.

An administrator who must (a migration that rewrites stored texts, a court's order) takes the guards away in the
same transaction, and puts them back: `unguard`, the change, `guard`. docs/reference/store.md tells how.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

REFUSAL = "cleardays: what was told is never changed or deleted"


class Guarded(NamedTuple):
    """A table whose rows stay, and what tells that two rows have the same place."""

    name: str
    same: str


EVENT, AUDIT = Guarded("event", "person = NEW.person AND seq = NEW.seq"), Guarded("audit", "seq = NEW.seq")
GUARDED = (EVENT, AUDIT)


def guard(connection: Connection, table: Guarded) -> None:
    """From here on, to the end of the transaction and after it, no row of a table can be changed or deleted."""
    for statement in _made(connection, table):
        connection.exec_driver_sql(statement)


def unguard(connection: Connection, table: Guarded) -> None:
    """Take the guards of a table away; only within a transaction that puts them back."""
    postgresql = connection.dialect.name == "postgresql"
    for name in _names(connection, table):
        connection.exec_driver_sql(f"DROP TRIGGER {name}{f' ON {table.name}' if postgresql else ''}")
    if postgresql:
        connection.exec_driver_sql(f"DROP FUNCTION {table.name}_refuse()")


def guards_of(connection: Connection) -> tuple[str, ...]:
    """The names of the guards that stand."""
    names = ", ".join(repr(table.name) for table in GUARDED)
    if connection.dialect.name == "postgresql":
        asked = "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        asked += f" WHERE c.relname IN ({names}) AND pg_table_is_visible(c.oid) AND NOT tgisinternal AND tgenabled <> 'D'"
    else:
        asked = f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({names})"
    return tuple(sorted(connection.exec_driver_sql(asked).scalars()))


def guards_due(connection: Connection) -> tuple[str, ...]:
    """The names of the guards that should stand."""
    return tuple(sorted(name for table in GUARDED for name in _names(connection, table)))


def _names(connection: Connection, table: Guarded) -> tuple[str, ...]:
    return tuple(line.split()[2] for line in _made(connection, table) if line.startswith("CREATE TRIGGER"))


def _made(connection: Connection, table: Guarded) -> tuple[str, ...]:
    name = table.name
    if connection.dialect.name == "postgresql":
        return (
            f"CREATE FUNCTION {name}_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
            f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {name}_refuse()",
            f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION {name}_refuse()",
        )
    return (
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        # INSERT OR REPLACE deletes without asking the trigger above
        f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} WHEN EXISTS (SELECT 1 FROM {name} WHERE {table.same})"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    )
