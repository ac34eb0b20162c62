"""What a device wrote while it was away, held against what was told meanwhile: nothing is lost, nothing comes twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import NamedTuple

from cleardays.diary.records import CLEAR
from cleardays.trial.story.diary_told import ABOUT_TOLD, ALSO_TOLD, DAY_TOLD, WITHDRAWN, Cells, Key, entry_key
from cleardays.trial.story.events import Event
from cleardays.web.attacks import ATTACK, Teller, day_with
from cleardays.web.days import day_asked, telling
from cleardays.web.undo import OfPlace, withdrawing


class Sent(NamedTuple):
    """An entry of a device, and how many events its story had when it was written; None does not say.

    `with_day`: an attack says of its day too that there was headache, and one that is withdrawn takes that back.
    `merge`: the cells of a day are added to what is told of it; an empty one takes its answer back.
    """

    event: Event
    based_on: int | None
    with_day: bool = False
    merge: bool = False


NEW, THERE, DOUBTED = "new", "there", "doubted"


class Settled(NamedTuple):
    """What to keep of it, and how it stands to the story."""

    how: str
    events: tuple[Event, ...] = ()


def settle(entries: Mapping[Key, Cells], sent: Sent, of_place: OfPlace) -> Settled:
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
    if event.kind == DAY_TOLD and sent.merge:
        return _merged(entries, sent)
    if event.kind == WITHDRAWN:
        return _withdrawn(entries, key, sent, of_place)
    if standing is None:
        return _with_day(entries, sent)
    if standing.cells == event.body.get("cells") or _came_before(standing, event, of_place):
        return Settled(THERE)
    unseen = sent.based_on is None or standing.seq > sent.based_on
    if sent.merge and unseen and event.body["cells"].items() <= standing.cells.items():
        return Settled(THERE)  # with what was added to it here; what the device had seen, and says less of, is a correction
    if event.kind == DAY_TOLD and sent.based_on is not None and standing.seq > sent.based_on:
        return Settled(DOUBTED, (event._replace(kind=ALSO_TOLD),))
    return _with_day(entries, sent)


def _merged(entries: Mapping[Key, Cells], sent: Sent) -> Settled:
    """A day with more said of it; what another device told otherwise meanwhile is asked about."""
    said, event = {name: str(value) for name, value in sent.event.body["cells"].items()}, sent.event
    day = day_asked(said.pop("date"), event.at.date() + timedelta(days=1))  # it may be tomorrow already where the person is
    told = telling(entries, day, said, _teller(event))
    standing = entries.get((DAY_TOLD, day.isoformat()))
    if not told:
        return Settled(THERE)
    unseen = standing is not None and sent.based_on is not None and standing.seq > sent.based_on
    if standing is not None and unseen and any(standing.cells.get(name, value) != value for name, value in said.items()):
        other = entries.get((ALSO_TOLD, day.isoformat()))
        kept = [each._replace(kind=ALSO_TOLD) for each in told if each.kind == DAY_TOLD]
        return Settled(DOUBTED, tuple(each for each in kept if other is None or other.cells != each.body["cells"]))
    return Settled(NEW, tuple(told))


def _came_before(standing: Cells, event: Event, of_place: OfPlace) -> bool:
    """Whether it is an earlier version of what stands, sent once more because no answer came."""
    if event.at > standing.event.at:
        return False
    versions = (of_place(place) for place in standing.earlier)
    return any(each.at == event.at and each.body.get("cells") == event.body.get("cells") for each in versions)


def _withdrawn(entries: Mapping[Key, Cells], key: Key, sent: Sent, of_place: OfPlace) -> Settled:
    if key not in entries:
        return Settled(THERE)
    if not sent.with_day or key[0] != ATTACK:
        return Settled(NEW, (sent.event,))
    return Settled(NEW, tuple(withdrawing(entries, key, of_place, _teller(sent.event))))


def _with_day(entries: Mapping[Key, Cells], sent: Sent) -> Settled:
    """The entry, and where it is an attack that says so, its day; a day that others told as clear meanwhile is asked about."""
    event, cells = sent.event, sent.event.body.get("cells")
    if not sent.with_day or event.kind != ATTACK or not isinstance(cells, dict) or not isinstance(cells.get("date"), str):
        return Settled(NEW, (event,))
    days = day_with(entries, cells["date"], cells.get("headache", ""), _teller(event))
    standing = entries.get((DAY_TOLD, cells["date"]))
    told_clear = standing is not None and standing.cells.get("headache") == CLEAR
    if days and standing is not None and told_clear and sent.based_on is not None and standing.seq > sent.based_on:
        return Settled(DOUBTED, (event, *(day._replace(kind=ALSO_TOLD) for day in days)))
    return Settled(NEW, (event, *days))


def _teller(event: Event) -> Teller:
    return Teller(event.at, UTC, event.by)
