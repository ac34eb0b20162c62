"""What all tables share: how constraints are named, text that sorts the same everywhere, and calendar days."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, Dialect, MetaData, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
# Sorted by code points on both engines, whatever the locale of the database.
Words = Text().with_variant(Text(collation="C"), "postgresql")


class Day(TypeDecorator[date]):
    """A calendar day: a date on PostgreSQL, ISO text on SQLite, whose strict tables know no dates."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the engine."""
        kind: TypeEngine[Any] = Date() if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: date | None, dialect: Dialect) -> object:
        """On its way in."""
        return value if value is None or dialect.name == "postgresql" else value.isoformat()

    def process_result_value(self, value: object, dialect: Dialect) -> date | None:  # noqa: ARG002  # as its class has it
        """On its way out."""
        return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def one_of(column: str, words: tuple[str, ...]) -> str:
    """The condition that a column holds one of some words.

    >>> one_of("kind", ("full", "add-only"))
    "kind IN ('full', 'add-only')"
    """
    return f"{column} IN ({', '.join(map(repr, words))})"
