"""The tables: people with their keys, their events, and what is derived from the events for lists.

An event stands there by its person's id and its place alone; all else of it is sealed. The same on both engines.
Text sorts by its code points on both, days are ISO text on SQLite and dates on PostgreSQL, instants are text as
`say_instant` writes it, so that no engine rounds them.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    select,
)

from cleardays.store.columns import Day, Words, metadata, one_of
from cleardays.store.guards import AUDIT, EVENT, guard
from cleardays.store.tables_accounts import AUDIT_BEGINS, audit_head
from cleardays.trial.story import phases

# Every step of the schema, oldest first; the migrations have the same.
REVISIONS = ("0001", "0002", "0003")
NEWEST = REVISIONS[-1]
HAD, CLEAR, UNKNOWN = "had", "clear", "unknown"
STATES = (HAD, CLEAR, UNKNOWN)
# Phases in which a plan is followed, so that a clinician's word for it must stand.
FOLLOWED = (phases.TITRATION, phases.MAINTENANCE, phases.REVIEW, phases.DECISION, phases.TAPER)

person = Table(
    "person",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words),
    Column("added_at", Text),
    Column("head_seq", Integer, nullable=False, server_default="0"),
    Column("head_digest", Text, nullable=False),
    CheckConstraint("head_seq >= 0", name="head_seq"),
    CheckConstraint("length(head_digest) = 64", name="head_digest"),
    CheckConstraint("(name IS NULL) = (added_at IS NULL)", name="name_and_added_at"),
    UniqueConstraint("name"),
    sqlite_strict=True,
)
person_key = Table(
    "person_key",
    metadata,
    Column("person", Words, ForeignKey("person.id"), primary_key=True),
    Column("key", LargeBinary, nullable=False),
    CheckConstraint("length(key) = 32", name="key"),
    sqlite_strict=True,
)
# Of whom everything was erased, and when; it outlasts a restore, so that an older backup does not bring them back.
erasure = Table(
    "erasure",
    metadata,
    Column("person", Words, primary_key=True),
    Column("erased_at", Text, nullable=False),
    Column("swept_at", Text),
    sqlite_strict=True,
)
event = Table(
    "event",
    metadata,
    Column("person", Words, ForeignKey("person.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("sealed", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
    CheckConstraint("seq >= 1", name="seq"),
    CheckConstraint("length(previous) = 64 AND length(digest) = 64", name="digests"),
    sqlite_strict=True,
)
# The events on which later ones may depend: all but the entries of the diary.
deciding = Table(
    "deciding",
    metadata,
    Column("person", Words, ForeignKey("person.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    sqlite_strict=True,
)
day = Table(
    "day",
    metadata,
    Column("person", Words, ForeignKey("person.id"), primary_key=True),
    Column("date", Day, primary_key=True),
    Column("headache", Text, nullable=False, server_default=UNKNOWN),
    Column("seq", Integer, nullable=False),
    CheckConstraint(one_of("headache", STATES), name="headache"),
    sqlite_strict=True,
)
trial = Table(
    "trial",
    metadata,
    Column("person", Words, ForeignKey("person.id"), primary_key=True),
    Column("trial", Words, primary_key=True),
    Column("treatment", Text, nullable=False),
    Column("indication", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("plan_confirmed_by", Text),
    Column("plan_confirmed_at", Text),
    Column("opened_on", Day, nullable=False),
    Column("begun_on", Day),
    Column("review_on", Day),
    Column("ended_on", Day),
    Column("seq", Integer, nullable=False),
    CheckConstraint(one_of("phase", phases.PHASES), name="phase"),
    CheckConstraint("(plan_confirmed_by IS NULL) = (plan_confirmed_at IS NULL)", name="confirmed_by_and_at"),
    CheckConstraint(f"{one_of('phase NOT', FOLLOWED)} OR plan_confirmed_by IS NOT NULL", name="followed_is_confirmed"),
    CheckConstraint("(phase = 'ended') = (ended_on IS NOT NULL)", name="ended_on"),
    Index(None, "review_on", "person"),
    sqlite_strict=True,
)
DERIVED = (day, trial, deciding)
version = Table(
    "cleardays_version",
    metadata,
    Column("version_num", String(32).with_variant(Text(), "sqlite"), primary_key=True),
)


def create_tables(connection: Connection) -> None:
    """All tables with their guards, as the newest migration leaves them."""
    metadata.create_all(
        connection, tables=[table for table in metadata.sorted_tables if table is not version], checkfirst=False
    )
    version.create(connection, checkfirst=True)  # where every step was taken back, its table is still there
    for table in (EVENT, AUDIT):
        guard(connection, table)
    connection.execute(audit_head.insert().values(id=1, seq=0, digest=AUDIT_BEGINS))
    connection.execute(version.insert().values(version_num=NEWEST))


def version_of(connection: Connection) -> str | None:
    """Which step of the schema the database stands at; None where it holds nothing of ours.

    Raises:
        LookupError: it holds tables, but they are not ours.
    """
    known = set(inspect(connection).get_table_names())
    if version.name in known:
        found = connection.execute(select(version.c.version_num)).scalars().all()
        return found[0] if found else None
    ours = {table.name for table in metadata.sorted_tables}
    if known & ours or (known and connection.dialect.name == "sqlite"):
        raise LookupError
    return None
