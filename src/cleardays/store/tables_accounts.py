"""The tables of who may come in and what they may see: accounts, sessions, consents, links, and the audit of every view.

People stand in them by their id, not by their name. An id has no reference to `person`: a backup that is taken in
replaces people, and the accounts find theirs again by the same id. No table here holds health data.
"""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from cleardays.store.columns import Words, metadata, one_of

PERSON, HELPER, CLINICIAN, NURSE, RESEARCHER, KEEPER = "person", "helper", "clinician", "nurse", "researcher", "keeper"
ROLES = (PERSON, HELPER, CLINICIAN, NURSE, RESEARCHER, KEEPER)
# Families of data, each shown by a consent of its own.
FAMILIES = ("diary", "recovery", "plan", "answer", "history")
# A consent to all of a clinic, that is to accounts of these roles.
CLINIC, CLINIC_ROLES = "clinic", (CLINICIAN, NURSE)
FULL, ADD_ONLY = "full", "add-only"
SESSION_KINDS = (FULL, ADD_ONLY)
AUDIT_BEGINS = sha256(b"cleardays audit 1").hexdigest()

account = Table(
    "account",
    metadata,
    Column("id", Words, primary_key=True),
    Column("login", Words, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("secret", Text),
    Column("person", Words),
    Column("active", Integer, nullable=False, server_default="1"),
    Column("created_at", Text, nullable=False),
    UniqueConstraint("login"),
    CheckConstraint(one_of("role", ROLES), name="role"),
    CheckConstraint("active IN (0, 1)", name="active"),
    CheckConstraint("role <> 'person' OR person IS NOT NULL", name="person"),
    Index(None, "person"),
    sqlite_strict=True,
)
passkey = Table(
    "passkey",
    metadata,
    Column("credential", Words, primary_key=True),
    Column("account", Words, ForeignKey("account.id"), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("used_at", Text),
    CheckConstraint("sign_count >= 0", name="sign_count"),
    Index(None, "account"),
    sqlite_strict=True,
)
session = Table(
    "session",
    metadata,
    Column("token", Words, primary_key=True),
    Column("account", Words, ForeignKey("account.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    CheckConstraint(one_of("kind", SESSION_KINDS), name="kind"),
    Index(None, "account"),
    sqlite_strict=True,
)
consent = Table(
    "consent",
    metadata,
    Column("id", Words, primary_key=True),
    Column("person", Words, nullable=False),
    Column("shown_to", Words, nullable=False),
    Column("family", Text, nullable=False),
    Column("given_at", Text, nullable=False),
    Column("until", Text),
    Column("withdrawn_at", Text),
    CheckConstraint(one_of("family", FAMILIES), name="family"),
    Index(None, "person"),
    # One of each stands at a time; those before it are its history.
    Index(
        "uq_consent_standing",
        "shown_to",
        "person",
        "family",
        unique=True,
        sqlite_where=text("withdrawn_at IS NULL"),
        postgresql_where=text("withdrawn_at IS NULL"),
    ),
    sqlite_strict=True,
)
link = Table(
    "link",
    metadata,
    Column("token", Words, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("person", Words),
    Column("sealed", Text, nullable=False),
    Column("made_by", Words),
    Column("made_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
    Index(None, "person"),
    sqlite_strict=True,
)
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("account", Words),
    Column("role", Text, nullable=False),
    Column("person", Words),
    Column("act", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
    CheckConstraint("seq >= 1", name="seq"),
    CheckConstraint("length(previous) = 64 AND length(digest) = 64", name="digests"),
    Index(None, "person", "seq"),
    Index(None, "account", "seq"),
    sqlite_strict=True,
)
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    CheckConstraint("id = 1", name="one"),
    sqlite_strict=True,
)
