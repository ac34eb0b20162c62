"""What was told of a day before: every version, who told it and when, and what it changed; nothing of it is ever lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from cleardays.trial.story.diary_told import ALSO_TOLD, DAY_TOLD, ENTRIES, WITHDRAWN, Key, entry_key
from cleardays.trial.story.events import Actor, Event

_NOT_SHOWN = ("source", "status", "reported_at", "backfilled_days", "id", "attack", "plan_step")


class Version(NamedTuple):
    """One thing told: when, by whom, of what kind of entry, and each cell with what it was and what it became.

    `began`: the first word of it; `withdrawn`: it was taken back, and is unknown again; `beside`: another device told it
    otherwise, and it was kept beside.
    """

    at: datetime
    by: Actor
    kind: str
    changes: tuple[tuple[str, str, str], ...]
    began: bool
    withdrawn: bool
    beside: bool


def versions_of(events: Iterable[tuple[int, Event]], day: date) -> list[Version]:
    """Every version of a day and of what was told beside it, the latest first.

    Args:
        events: of the whole story, in their order.
        day: which day.
    """
    name, last, seen = day.isoformat(), dict[Key, Mapping[str, str]](), set[Key]()
    found: list[Version] = []
    for _, event in events:
        if event.kind not in ENTRIES and event.kind != WITHDRAWN:
            continue
        key = entry_key(event, "entry")
        cells: Mapping[str, str] = {} if event.kind == WITHDRAWN else event.body["cells"]
        before = last.get(key, {})
        if name in (cells.get("date"), before.get("date")) or key in seen:
            seen.add(key)
            found.append(_version(event, key, before, cells))
        last[key] = cells
    return found[::-1]


def _version(event: Event, key: Key, before: Mapping[str, str], cells: Mapping[str, str]) -> Version:
    names = [name for name in dict.fromkeys((*before, *cells)) if name not in _NOT_SHOWN]
    changes = tuple((name, before.get(name, ""), cells.get(name, "")) for name in names if before.get(name) != cells.get(name))
    kind = DAY_TOLD if key[0] == ALSO_TOLD else key[0]
    if key[0] == DAY_TOLD:
        changes = tuple(change for change in changes if change[0] != "date")
    return Version(event.at, event.by, kind, changes, not before, event.kind == WITHDRAWN, key[0] == ALSO_TOLD)
