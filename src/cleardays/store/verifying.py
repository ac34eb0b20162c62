"""Hold a store against itself: every chain, and what was derived against what the events derive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from cleardays.problems import BadInput, Problem, shown
from cleardays.store import projections, tables
from cleardays.store.book import Store
from cleardays.store.chain import Broken, Head, Link, beginning, digest_of_all, follow
from cleardays.store.written import read_text
from cleardays.trial.story.events import Event, say_instant


class Verified(NamedTuple):
    """What was looked at, and what was found.

    `digest` is of all chains as they are now: where it was written down elsewhere, the same digest means the same
    stories. `problems` are chains that do not hold; `stale` whose days or trials are not what the events derive.
    """

    people: int
    events: int
    digest: str
    problems: tuple[Problem, ...]
    stale: tuple[str, ...]


def verify(connection: Connection, *, derived: bool = False) -> Verified:
    """Follow the chain of every person, and hold what lists are made by against the text.

    Args:
        connection: in a transaction that sees one state.
        derived: also derive days and trials anew and compare.
    """
    heads = heads_of(connection)
    problems: list[Problem] = []
    stale: list[str] = []
    for person, head in heads.items():
        try:
            events = list(_checked(connection, person, head))
            if derived and projections.derive(person, events) != projections.kept(connection, person):
                stale.append(person)
        except BadInput as error:
            problems += error.problems
    count = sum(head.seq for head in heads.values())
    return Verified(len(heads), count, digest_of_all(heads.items()), tuple(problems), tuple(stale))


def heads_of(connection: Connection) -> dict[str, Head]:
    """The end of each person's chain, in the order of names."""
    table = tables.person
    rows = connection.execute(select(table.c.id, table.c.head_seq, table.c.head_digest))
    return {person: Head(seq, digest) for person, seq, digest in sorted(rows)}


def require_held(store: Store, person: str, was: Head) -> None:
    """Refuse a chain that did not go through a head which somebody wrote down when they saw it.

    Raises:
        Broken: another event stands there, or none.
        BadInput: nobody of that name.
    """
    found = beginning(person).digest if was.seq == 0 else None
    for link in store.links(person):
        if link.seq == was.seq:
            found = link.digest
    if found != was.digest:
        what = "no event stands there" if found is None else f"the digest there is {found}, and {was.digest} was written down"
        how = "The story was written anew since. Compare it with the backup of that time."
        raise Broken(Problem(f"story of {shown(person)}, event {was.seq}", f"{what}.", how))


def _checked(connection: Connection, person: str, head: Head) -> Iterator[tuple[int, Event]]:
    beside: dict[int, tuple[str, str | None, str]] = {}
    for link in follow(person, _links(connection, person, beside), head):
        where = f"story of {shown(person)}, event {link.seq}"
        event = read_text(link.text, where)
        if beside.pop(link.seq) != (event.kind, event.trial, say_instant(event.at)):
            what = "what stands beside its text (kind, trial, time) is not what the text says."
            raise Broken(Problem(where, what, "Somebody changed it by hand. Restore the last backup beside it, and compare."))
        yield link.seq, event


def _links(connection: Connection, person: str, beside: dict[int, tuple[str, str | None, str]]) -> Iterator[Link]:
    table = tables.event
    columns = (table.c.seq, table.c.body, table.c.previous, table.c.digest, table.c.kind, table.c.trial, table.c.at)
    asked = select(*columns).where(table.c.person == person).order_by(table.c.seq)
    for seq, text, previous, digest, kind, trial, at in connection.execute(asked):
        beside[seq] = kind, trial, at
        yield Link(seq, text, previous, digest)
