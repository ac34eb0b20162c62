"""Bring the tables of an older store to today's, all steps in one transaction; a SQLite file is copied before."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from cleardays.store import migrations, tables
from cleardays.store.copying import copy_file, name_beside
from cleardays.store.database import Database
from cleardays.store.rebuilding import rebuild

# Two that bring one PostgreSQL database up to date at once: one does it. Any number that nobody else uses.
_UPGRADING = 0x636C6562


def upgrade(database: Database) -> Path | None:
    """Bring a store to today's tables, and derive anew what is derived.

    Returns the copy that was made before, of a SQLite file; a PostgreSQL database is copied by who keeps it.
    When a step fails the store is as it was.

    Raises:
        BadInput: it cannot be copied, or an event cannot be read.
        StoreFault: the database refuses.
    """
    copy: Path | None = None
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADING})")
        before = tables.version_of(connection)
        if before != tables.NEWEST:  # somebody else may have been faster
            if database.place.file is not None:
                copy = name_beside(database.place.file, f"before-{before}-to-{tables.NEWEST}")
                copy_file(database, copy)  # by another connection: what this one has done is not in it
            migrate(connection, tables.NEWEST)
            rebuild(connection)
    return copy


def migrate(connection: Connection, to: str) -> None:
    """Take the steps up or down to one ("base" is before the first), within the transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    present = tables.version_of(connection)
    down = present is not None and (to == "base" or to < present)

    def steps(now: tuple[str, ...], _: MigrationContext) -> list[RevisionStep]:
        found = scripts._downgrade_revs(to, now) if down else scripts._upgrade_revs(to, now)  # type: ignore[arg-type]
        return list(found)

    with EnvironmentContext(config, scripts, fn=steps) as environment:
        environment.configure(connection=connection, version_table=tables.version.name, transactional_ddl=True)
        environment.run_migrations()
