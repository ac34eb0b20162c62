"""What a device wrote while it was away, held against what was told meanwhile: nothing is lost, nothing comes twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cleardays.trial.story.diary_told import ABOUT_TOLD, ALSO_TOLD, DAY_TOLD, WITHDRAWN, Cells, Key, entry_key
from cleardays.trial.story.events import Event


class Sent(NamedTuple):
    """An entry of a device, and how many events its story had when it was written; None does not say."""

    event: Event
    based_on: int | None


NEW, THERE, DOUBTED = "new", "there", "doubted"


class Settled(NamedTuple):
    """What to keep of it, and how it stands to the story."""

    how: str
    events: tuple[Event, ...] = ()


def settle(entries: Mapping[Key, Cells], sent: Sent) -> Settled:
    """How an entry joins the story.

    The same entry in the same words is there already. A day that somebody told otherwise after the device looked last
    is kept beside what stands, and the person is asked which it is. What is named by itself (an attack, a dose) and was
    changed meanwhile is a correction: the later word stands, the earlier stays in the events.
    """
    event = sent.event
    if event.kind == ABOUT_TOLD:
        return Settled(NEW, (event,))
    key = entry_key(event, "entry")
    standing = entries.get(key)
    if event.kind == WITHDRAWN:
        return Settled(THERE) if standing is None else Settled(NEW, (event,))
    if standing is None:
        return Settled(NEW, (event,))
    if standing.cells == event.body.get("cells"):
        return Settled(THERE)
    if event.kind == DAY_TOLD and sent.based_on is not None and standing.seq > sent.based_on:
        return Settled(DOUBTED, (event._replace(kind=ALSO_TOLD),))
    return Settled(NEW, (event,))
