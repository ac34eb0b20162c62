"""Effect classes: which medicines act alike, so that one rule speaks of them all."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from cleardays.catalogue.reading import read_data


class EffectClass(NamedTuple):
    """One class: its id, what it is in words, its members by catalogue id, and those of whom it is from memory."""

    id: str
    says: str
    members: frozenset[str]
    source: tuple[str, ...]
    confidence: str
    from_memory: frozenset[str]


@cache
def effect_classes() -> dict[str, EffectClass]:
    """All classes by id."""
    rows = read_data("effects")["class"]
    return {row["id"]: _class(row) for row in rows}


def _class(row: dict[str, Any]) -> EffectClass:
    members = frozenset(row["members"])
    # A member of a family by what it is, such as an opioid, needs no proof of its own.
    doubtful = members if row["confidence"] == "unconfirmed" else frozenset(row.get("unconfirmed", ()))
    from_memory = doubtful if row.get("by_effect", False) else frozenset[str]()
    return EffectClass(row["id"], row["says"], members, tuple(row["source"]), row["confidence"], from_memory)
