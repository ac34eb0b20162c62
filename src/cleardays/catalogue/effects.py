"""Effect classes: which medicines act alike, so that one rule speaks of them all."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from cleardays.catalogue.reading import read_data


class EffectClass(NamedTuple):
    """One class: its id, what it is in words, its members by catalogue id."""

    id: str
    says: str
    members: frozenset[str]
    source: tuple[str, ...]
    confidence: str


@cache
def effect_classes() -> dict[str, EffectClass]:
    """All classes by id."""
    rows = read_data("effects")["class"]
    return {
        row["id"]: EffectClass(row["id"], row["says"], frozenset(row["members"]), tuple(row["source"]), row["confidence"])
        for row in rows
    }


def classes_of(medicine_id: str) -> frozenset[str]:
    """The classes that a medicine belongs to."""
    return frozenset(name for name, found in effect_classes().items() if medicine_id in found.members)
