"""What was told under a name, with everything that was told under it before: a correction adds, and takes nothing away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from cleardays.trial.story.events import Actor, Event

T = TypeVar("T")


class Told(NamedTuple, Generic[T]):
    """One version: what was told, when it was written down, and by whom; `value` None took the entry back."""

    value: T | None
    at: datetime
    by: Actor
    why: str | None = None

    def document(self) -> dict[str, object]:
        """When, by whom and why, as it stands in JSON output."""
        return {"at": self.at.isoformat(), "by": self.by.document(), "why": self.why}


Versions = Mapping[str, tuple[Told[T], ...]]


def told_again(versions: Versions[T], name: str, value: T | None, event: Event, why: str | None = None) -> Versions[T]:
    """With one version more of an entry."""
    return {**versions, name: (*versions.get(name, ()), Told(value, event.at, event.by, why))}


def standing(versions: Versions[T]) -> dict[str, T]:
    """What stands of each entry, the last version of it; entries that were taken back are left out."""
    last = {name: of[-1].value for name, of in versions.items()}
    return {name: value for name, value in sorted(last.items()) if value is not None}
