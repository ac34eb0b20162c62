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
from cleardays.store.projections import Derived
from cleardays.store.written import read_text, write_event
from cleardays.trial.story import phases
from cleardays.trial.story.diary_told import ABOUT_TOLD
from cleardays.trial.story.events import Event, say_instant
from cleardays.trial.story.story import Story, fold, require

_REMEMBERED = 256
_AT_ONCE = 500


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


class _Standing(NamedTuple):
    """A person while events are told: the end of the chain, and the story without the entries of the diary."""

    head: Head
    story: Story


class Batch:
    """Events of several people that go into one transaction; nothing is written before `write`.

    Args:
        connection: in a transaction that writes.
        people: whose events may come; they are locked now, always in the same order.
        remembered: stories of earlier batches.
    """

    def __init__(self, connection: Connection, people: Iterable[str], remembered: Remembered) -> None:
        self._connection = connection
        self._remembered = remembered
        self._heads = dict(_locked_heads(connection, sorted(set(people))))
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
        head, story = standing
        rows: list[dict[str, Any]] = []
        told: list[tuple[int, Event]] = []
        for place, given in enumerate(events, 1):
            where = "event" if len(events) == 1 else f"event {place} of {len(events)}"
            event, text = write_event(given, where)
            story = _after(story, event, where)
            link = link_after(head, text)
            rows.append(event_row(person, link, event))
            head = Head(link.seq, link.digest)
            told.append((head.seq, event))
        derived = _derived(person, told, story)
        self._now[person] = _Standing(head, story)
        self._rows += rows
        known = self._derived.setdefault(person, Derived({}, {}))
        known.days.update(derived.days)
        known.trials.update(derived.trials)
        return head

    def write(self) -> None:
        """Send everything that was taken to the database, within the transaction."""
        if not self._rows:
            return
        self._connection.execute(tables.event.insert(), self._rows)
        moved = tables.person.update().where(tables.person.c.id == bindparam("whose"))
        heads = [
            {"whose": person, "head_seq": now.head.seq, "head_digest": now.head.digest}
            for person, now in self._now.items()
            if now.head != self._heads[person]
        ]
        self._connection.execute(moved, heads)
        projections.keep(self._connection, self._derived.items())
        for person, now in self._now.items():
            self._remembered.put(person, now.head.digest, now.story)

    def _standing(self, person: str) -> _Standing:
        if person not in self._now:
            head = self._heads.get(person)
            if head is None:
                raise nobody(person)
            story = self._remembered.get(person, head.digest) or deciding_story(self._connection, person, head)
            self._now[person] = _Standing(head, story)
        return self._now[person]


def nobody(person: str) -> BadInput:
    """What to raise where a person is not in the store."""
    what = f"there is nobody called {shown(person)} in this store."
    return BadInput(Problem("person", what, "Look at who is there, or add the person first."))


def deciding_story(connection: Connection, person: str, head: Head) -> Story:
    """The story without the entries of the diary, which no later event depends on."""
    table = tables.event
    asked = (
        select(table.c.seq, table.c.body)
        .where(table.c.person == person, table.c.kind.not_in(projections.OF_THE_DIARY))
        .order_by(table.c.seq)
    )
    found = [(seq, read_text(text, f"event {seq}")) for seq, text in connection.execute(asked)]
    return replace(fold(person, found), seq=head.seq)


def links_of(connection: Connection, person: str, after: int, up_to: int) -> Iterator[Link]:
    """The stored events of a person with places above `after` and up to `up_to`, in order."""
    table = tables.event
    asked = (
        select(table.c.seq, table.c.body, table.c.previous, table.c.digest)
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


def _derived(person: str, told: Iterable[tuple[int, Event]], story: Story) -> Derived:
    """The rows that events change, after all of them."""
    derived = Derived({}, {})
    for seq, event in told:
        day = projections.day_row(person, seq, event)
        if day is not None:
            derived.days[day[0]] = day[1]
        if event.trial and event.kind in phases.TRIAL_KINDS:
            derived.trials[event.trial] = projections.trial_row(person, seq, story.trials[event.trial])
    return derived


def event_row(person: str, link: Link, event: Event) -> dict[str, Any]:
    """The row of an event: its place in the chain, and beside it what lists are made by."""
    return {
        "person": person,
        "seq": link.seq,
        "kind": event.kind,
        "trial": event.trial,
        "at": say_instant(event.at),
        "body": link.text,
        "previous": link.previous,
        "digest": link.digest,
    }


def _locked_heads(connection: Connection, people: Sequence[str]) -> Iterator[tuple[str, Head]]:
    table = tables.person
    for first in range(0, len(people), _AT_ONCE):
        some = people[first : first + _AT_ONCE]
        asked = select(table.c.id, table.c.head_seq, table.c.head_digest).where(table.c.id.in_(some)).order_by(table.c.id)
        for person, seq, digest in connection.execute(asked.with_for_update()):
            yield person, Head(seq, digest)
