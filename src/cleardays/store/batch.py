"""Events on their way into the tables: checked against the story so far, linked to its chain, written together."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from cleardays.diary.records import Diary
from cleardays.problems import BadInput, Problem, shown
from cleardays.store import projections, tables
from cleardays.store.chain import Head, Link, link_after
from cleardays.store.faults import Conflict
from cleardays.store.people import Known, locked, nobody
from cleardays.store.projections import Derived
from cleardays.store.sealing import Seal
from cleardays.store.written import read_sealed, write_event
from cleardays.trial.story import phases
from cleardays.trial.story.diary_told import ABOUT_TOLD
from cleardays.trial.story.events import Event
from cleardays.trial.story.story import Story, fold, require

_REMEMBERED = 256


class Remembered:
    """Stories that were folded lately, each with the digest of its last event, which no other story has."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[str, Story]] = OrderedDict()
        self._lock = Lock()

    def get(self, person: str, digest: str) -> Story | None:
        """The story that ends with this digest, where it is remembered."""
        with self._lock:
            known = self._known.get(person)
            return known[1] if known is not None and known[0] == digest else None

    def put(self, person: str, digest: str, story: Story) -> None:
        """Remember a story, and forget the one that was not asked for longest."""
        with self._lock:
            self._known[person] = digest, story
            self._known.move_to_end(person)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def forget(self, person: str) -> None:
        """Forget the story of somebody who was erased."""
        with self._lock:
            self._known.pop(person, None)


class _Standing(NamedTuple):
    """A person while events are told: the end of the chain, the story without the entries of the diary, what seals."""

    id: str
    head: Head
    story: Story
    seal: Seal


class Batch:
    """Events of several people that go into one transaction; nothing is written before `write`.

    Args:
        connection: in a transaction that writes.
        people: the names of those whose events may come; they are locked now, always in the same order.
        remembered: stories of earlier batches.
    """

    def __init__(self, connection: Connection, people: Iterable[str], remembered: Remembered) -> None:
        self._connection = connection
        self._remembered = remembered
        self._known: dict[str, Known] = {str(known.name): known for known in locked(connection, list(people))}
        self._now: dict[str, _Standing] = {}
        self._rows: list[dict[str, Any]] = []
        self._derived: dict[str, Derived] = {}

    def tell(self, person: str, events: Sequence[Event], expected: int | None = None) -> Head:
        """Take events of a person after all that stand; all of them or none.

        Raises:
            Conflict: not `expected` events stand.
            BadInput: nobody of that name, or an event that may not be told; nothing of it is taken.
        """
        standing = self._standing(person)
        if expected is not None and expected != standing.head.seq:
            what = f"{standing.head.seq} events stand, and {expected} were there when it was looked at."
            how = "Read the story again, look whether it still holds, and tell it then."
            raise Conflict(Problem(f"story of {shown(person)}", what, how))
        who, head, story, seal = standing
        rows: list[dict[str, Any]] = []
        told: list[tuple[int, Event]] = []
        for place, given in enumerate(events, 1):
            where = "event" if len(events) == 1 else f"event {place} of {len(events)}"
            event, text = write_event(given, where)
            story = _after(story, event, where)
            link = link_after(head, seal.seal(head.seq + 1, text))
            rows.append(event_row(who, link))
            head = Head(link.seq, link.digest)
            told.append((head.seq, event))
        derived = _derived(who, told, story)
        self._now[person] = _Standing(who, head, story, seal)
        self._rows += rows
        known = self._derived.setdefault(who, Derived({}, {}))
        known.days.update(derived.days)
        known.trials.update(derived.trials)
        self._derived[who] = known._replace(deciding=known.deciding + derived.deciding)
        return head

    def write(self) -> None:
        """Send everything that was taken to the database, within the transaction."""
        if not self._rows:
            return
        self._connection.execute(tables.event.insert(), self._rows)
        moved = tables.person.update().where(tables.person.c.id == bindparam("whose"))
        heads = [
            {"whose": now.id, "head_seq": now.head.seq, "head_digest": now.head.digest}
            for name, now in self._now.items()
            if now.head != self._known[name].head
        ]
        self._connection.execute(moved, heads)
        projections.keep(self._connection, self._derived.items())
        for now in self._now.values():
            self._remembered.put(now.id, now.head.digest, now.story)

    def _standing(self, person: str) -> _Standing:
        if person not in self._now:
            known = self._known.get(person)
            if known is None:
                raise nobody(person)
            story = self._remembered.get(known.id, known.head.digest) or deciding_story(self._connection, known)
            self._now[person] = _Standing(known.id, known.head, story, known.seal)
        return self._now[person]


def deciding_story(connection: Connection, known: Known) -> Story:
    """The story without the entries of the diary, which no later event depends on."""
    event, deciding, seal = tables.event, tables.deciding, known.seal
    asked = (
        select(event.c.seq, event.c.sealed)
        .join(deciding, (deciding.c.person == event.c.person) & (deciding.c.seq == event.c.seq))
        .where(deciding.c.person == known.id)
        .order_by(event.c.seq)
    )
    found = [(seq, read_sealed(seal, seq, text, f"event {seq}")) for seq, text in connection.execute(asked)]
    return replace(fold(known.called, found), seq=known.head.seq)


def links_of(connection: Connection, person: str, after: int, up_to: int) -> Iterator[Link]:
    """The stored events of a person with places above `after` and up to `up_to`, in order."""
    table = tables.event
    asked = (
        select(table.c.seq, table.c.sealed, table.c.previous, table.c.digest)
        .where(table.c.person == person, table.c.seq > after, table.c.seq <= up_to)
        .order_by(table.c.seq)
    )
    for row in connection.execute(asked):
        yield Link(*row)


def _after(story: Story, event: Event, where: str) -> Story:
    """The story after an event that may be told; what is said about the diary is heard at once."""
    try:
        checked = require(story, event, where)
    except (LookupError, TypeError, AttributeError, ValueError) as error:  # nothing that cannot be heard again gets in
        what = f"{event.kind} does not hold what it should ({type(error).__name__}: {error})."
        raise BadInput(Problem(f"{where}, body", what, "See docs/reference/events.md.")) from error
    if event.kind != ABOUT_TOLD:
        return checked
    return replace(checked, diary=Diary((), {**story.diary.about, **event.body["about"]}))


def _derived(person: str, told: Sequence[tuple[int, Event]], story: Story) -> Derived:
    """The rows that events change, after all of them."""
    derived = Derived({}, {})
    for seq, event in told:
        day = projections.day_row(person, seq, event)
        if day is not None:
            derived.days[day[0]] = day[1]
        if event.trial and event.kind in phases.TRIAL_KINDS:
            derived.trials[event.trial] = projections.trial_row(person, seq, story.trials[event.trial])
    return derived._replace(deciding=tuple(seq for seq, event in told if event.kind not in projections.OF_THE_DIARY))


def event_row(person: str, link: Link) -> dict[str, Any]:
    """The row of an event: its place in the chain, and nothing of what it says."""
    return {
        "person": person,
        "seq": link.seq,
        "sealed": link.text,
        "previous": link.previous,
        "digest": link.digest,
    }
