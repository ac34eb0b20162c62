"""Accounts, sessions, passkeys, consents, links, and the audit of every view."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_REFUSAL = "cleardays: what was told is never changed or deleted"
_GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    ),
}
_AUDIT_BEGINS = "52d3254030b520d80afa2472f64568ae3bc6402c68a2f9b08f4717db79e6ed0c"


def upgrade() -> None:
    """The tables, and the guards that keep the audit as it was written."""
    engine = op.get_context().dialect.name
    words: sa.Text = sa.Text(collation="C") if engine == "postgresql" else sa.Text()
    _accounts(words)
    _consents(words)
    _audit(words)
    for statement in _GUARDS[engine]:
        op.execute(statement)
    op.execute(f"INSERT INTO audit_head (id, seq, digest) VALUES (1, 0, '{_AUDIT_BEGINS}')")


def _accounts(words: sa.Text) -> None:
    op.create_table(
        "account",
        sa.Column("id", words, nullable=False),
        sa.Column("login", words, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text()),
        sa.Column("person", words),
        sa.Column("active", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
        sa.CheckConstraint(
            "role IN ('person', 'helper', 'clinician', 'nurse', 'researcher', 'keeper')", name=op.f("ck_account_role")
        ),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_account_active")),
        sa.CheckConstraint("role <> 'person' OR person IS NOT NULL", name=op.f("ck_account_person")),
        sqlite_strict=True,
    )
    op.create_index("ix_account_person", "account", ["person"])
    op.create_table(
        "passkey",
        sa.Column("credential", words, nullable=False),
        sa.Column("account", words, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text()),
        sa.PrimaryKeyConstraint("credential", name="pk_passkey"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_passkey_account"),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count")),
        sqlite_strict=True,
    )
    op.create_index("ix_passkey_account", "passkey", ["account"])
    op.create_table(
        "session",
        sa.Column("token", words, nullable=False),
        sa.Column("account", words, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_session"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_session_account"),
        sa.CheckConstraint("kind IN ('full', 'add-only')", name=op.f("ck_session_kind")),
        sqlite_strict=True,
    )
    op.create_index("ix_session_account", "session", ["account"])


def _consents(words: sa.Text) -> None:
    op.create_table(
        "consent",
        sa.Column("id", words, nullable=False),
        sa.Column("person", words, nullable=False),
        sa.Column("shown_to", words, nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("given_at", sa.Text(), nullable=False),
        sa.Column("until", sa.Text()),
        sa.Column("withdrawn_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.CheckConstraint("family IN ('diary', 'recovery', 'plan', 'answer', 'history')", name=op.f("ck_consent_family")),
        sqlite_strict=True,
    )
    op.create_index("ix_consent_person", "consent", ["person"])
    op.create_index(
        "uq_consent_standing",
        "consent",
        ["shown_to", "person", "family"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "link",
        sa.Column("token", words, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("person", words),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("made_by", words),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text()),
        sa.PrimaryKeyConstraint("token", name="pk_link"),
        sqlite_strict=True,
    )
    op.create_index("ix_link_person", "link", ["person"])


def _audit(words: sa.Text) -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("account", words),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person", words),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_seq")),
        sa.CheckConstraint("length(previous) = 64 AND length(digest) = 64", name=op.f("ck_audit_digests")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_person_seq", "audit", ["person", "seq"])
    op.create_index("ix_audit_account_seq", "audit", ["account", "seq"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Nobody can sign in any more, and who looked at what is gone."""
    for table in ("audit_head", "audit", "link", "consent", "session", "passkey", "account"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuse()")
