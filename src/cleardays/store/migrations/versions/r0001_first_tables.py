"""People with their keys, their sealed events with a chain, and what is derived: days, trials, which events decide."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REFUSAL = "cleardays: what was told is never changed or deleted"
_GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        f"CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        "CREATE TRIGGER event_no_replace BEFORE INSERT ON event"
        " WHEN EXISTS (SELECT 1 FROM event WHERE person = NEW.person AND seq = NEW.seq)"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_refuse()",
        "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION event_refuse()",
    ),
}
_PHASES = "'screening', 'baseline', 'titration', 'maintenance', 'review', 'decision', 'taper', 'ended'"
_FOLLOWED = "'titration', 'maintenance', 'review', 'decision', 'taper'"


def upgrade() -> None:
    """The tables, and the guards that keep events as they were told."""
    engine = op.get_context().dialect.name
    words: sa.Text = sa.Text(collation="C") if engine == "postgresql" else sa.Text()
    day: sa.types.TypeEngine[Any] = sa.Date() if engine == "postgresql" else sa.Text()
    op.create_table(
        "person",
        sa.Column("id", words, nullable=False),
        sa.Column("name", words),
        sa.Column("added_at", sa.Text()),
        sa.Column("head_seq", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("head_digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.CheckConstraint("head_seq >= 0", name=op.f("ck_person_head_seq")),
        sa.CheckConstraint("length(head_digest) = 64", name=op.f("ck_person_head_digest")),
        sa.CheckConstraint("(name IS NULL) = (added_at IS NULL)", name=op.f("ck_person_name_and_added_at")),
        sa.UniqueConstraint("name", name="uq_person_name"),
        sqlite_strict=True,
    )
    op.create_table(
        "person_key",
        sa.Column("person", words, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_person_key"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_person_key_person"),
        sa.CheckConstraint("length(key) = 32", name=op.f("ck_person_key_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "erasure",
        sa.Column("person", words, nullable=False),
        sa.Column("erased_at", sa.Text(), nullable=False),
        sa.Column("swept_at", sa.Text()),
        sa.PrimaryKeyConstraint("person", name="pk_erasure"),
        sqlite_strict=True,
    )
    op.create_table(
        "event",
        sa.Column("person", words, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", "seq", name="pk_event"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_event_person"),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_event_seq")),
        sa.CheckConstraint("length(previous) = 64 AND length(digest) = 64", name=op.f("ck_event_digests")),
        sqlite_strict=True,
    )
    op.create_table(
        "deciding",
        sa.Column("person", words, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("person", "seq", name="pk_deciding"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_deciding_person"),
        sqlite_strict=True,
    )
    op.create_table(
        "day",
        sa.Column("person", words, nullable=False),
        sa.Column("date", day, nullable=False),
        sa.Column("headache", sa.Text(), nullable=False, server_default="unknown"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "date", name="pk_day"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_day_person"),
        sa.CheckConstraint("headache IN ('had', 'clear', 'unknown')", name=op.f("ck_day_headache")),
        sqlite_strict=True,
    )
    op.create_table(
        "trial",
        sa.Column("person", words, nullable=False),
        sa.Column("trial", words, nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("indication", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("plan_confirmed_by", sa.Text()),
        sa.Column("plan_confirmed_at", sa.Text()),
        sa.Column("opened_on", day, nullable=False),
        sa.Column("begun_on", day),
        sa.Column("ended_on", day),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "trial", name="pk_trial"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_trial_person"),
        sa.CheckConstraint(f"phase IN ({_PHASES})", name=op.f("ck_trial_phase")),
        sa.CheckConstraint(
            "(plan_confirmed_by IS NULL) = (plan_confirmed_at IS NULL)", name=op.f("ck_trial_confirmed_by_and_at")
        ),
        sa.CheckConstraint(
            f"phase NOT IN ({_FOLLOWED}) OR plan_confirmed_by IS NOT NULL", name=op.f("ck_trial_followed_is_confirmed")
        ),
        sa.CheckConstraint("(phase = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_trial_ended_on")),
        sqlite_strict=True,
    )
    for statement in _GUARDS[engine]:
        op.execute(statement)


def downgrade() -> None:
    """Nothing is left: every event is gone."""
    for table in ("trial", "day", "deciding", "event", "erasure", "person_key", "person"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION event_refuse()")
