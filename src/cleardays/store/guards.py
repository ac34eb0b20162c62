"""What keeps events as they were told: the database itself refuses to change or delete one.

An administrator who must (a migration that rewrites stored texts, a court's order) takes the guards away in the
same transaction, and puts them back: `unguard_events`, the change, `guard_events`. docs/reference/store.md tells how.
"""

from __future__ import annotations

from sqlalchemy import Connection

REFUSAL = "cleardays: what was told is never changed or deleted"
_SQLITE = (
    f"CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    # INSERT OR REPLACE deletes without asking the trigger above
    "CREATE TRIGGER event_no_replace BEFORE INSERT ON event"
    " WHEN EXISTS (SELECT 1 FROM event WHERE person = NEW.person AND seq = NEW.seq)"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_refuse()",
    "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION event_refuse()",
)
_SQLITE_AWAY = tuple(f"DROP TRIGGER event_{name}" for name in ("no_update", "no_delete", "no_replace"))
_POSTGRESQL_AWAY = (
    "DROP TRIGGER event_no_change ON event",
    "DROP TRIGGER event_no_truncate ON event",
    "DROP FUNCTION event_refuse()",
)


def guard_events(connection: Connection) -> None:
    """From here on, to the end of the transaction and after it, no event can be changed or deleted."""
    _run(connection, _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE)


def unguard_events(connection: Connection) -> None:
    """Take the guards away; only within a transaction that puts them back."""
    _run(connection, _POSTGRESQL_AWAY if connection.dialect.name == "postgresql" else _SQLITE_AWAY)


def guards_of(connection: Connection) -> tuple[str, ...]:
    """The names of the guards that stand."""
    if connection.dialect.name == "postgresql":
        asked = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'event'::regclass AND NOT tgisinternal AND tgenabled <> 'D'"
    else:
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
    return tuple(sorted(connection.exec_driver_sql(asked).scalars()))


def guards_due(connection: Connection) -> tuple[str, ...]:
    """The names of the guards that should stand."""
    made = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    return tuple(sorted(line.split()[2] for line in made if line.startswith("CREATE TRIGGER")))


def _run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
