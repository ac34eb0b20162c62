"""Hold a store against itself: every chain, and what was derived against what the events derive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from cleardays.problems import BadInput, Problem, shown
from cleardays.store import projections
from cleardays.store.audit import follow_audit
from cleardays.store.batch import links_of
from cleardays.store.book import Store
from cleardays.store.chain import Broken, Head, beginning, digest_of_all, follow
from cleardays.store.erasing import erasures
from cleardays.store.people import Known, everybody
from cleardays.store.written import read_sealed
from cleardays.trial.story.events import Event, say_instant


class Verified(NamedTuple):
    """What was looked at, and what was found.

    `digest` is of all chains as they are now: where it was written down elsewhere, the same digest means the same
    stories. `problems` are chains that do not hold; `stale` whose days or trials are not what the events derive.
    `erased` are ids of those who were erased: their chains are followed, and cannot be read. `last_at` is the latest
    instant at which something was told.
    """

    people: int
    events: int
    digest: str
    problems: tuple[Problem, ...]
    stale: tuple[str, ...]
    erased: tuple[str, ...] = ()
    last_at: str | None = None


def verify(connection: Connection, *, derived: bool = False) -> Verified:
    """Follow the chain of every person and of the audit, and open every text for which there is a key.

    Args:
        connection: in a transaction that sees one state.
        derived: also derive days and trials anew and compare.
    """
    people = everybody(connection)
    erased = erasures(connection)
    problems: list[Problem] = []
    stale: list[str] = []
    last_at: str | None = None
    for known in people:
        try:
            _require_key(known, known.id in erased)
            events = list(_checked(connection, known))
            last_at = max([*(say_instant(event.at) for _, event in events), *filter(None, [last_at])], default=None)
            derives = projections.Derived({}, {}) if known.key is None else projections.derive(known.id, events)
            if derived and derives != projections.kept(connection, known.id):
                stale.append(known.called)
        except BadInput as error:
            problems += error.problems
    try:
        follow_audit(connection)
    except BadInput as error:
        problems += error.problems
    count = sum(known.head.seq for known in people)
    gone = tuple(known.id for known in people if known.name is None)
    digest = digest_of_all((known.id, known.head) for known in people)
    return Verified(len(people), count, digest, tuple(problems), tuple(sorted(stale)), gone, last_at)


def require_held(store: Store, person: str, was: Head) -> None:
    """Refuse a chain that did not go through a head which somebody wrote down when they saw it.

    Raises:
        Broken: another event stands there, or none.
        BadInput: nobody of that name.
    """
    found = beginning(store.known(person).id).digest if was.seq == 0 else None
    for link in store.links(person):
        if link.seq == was.seq:
            found = link.digest
    if found != was.digest:
        what = "no event stands there" if found is None else f"the digest there is {found}, and {was.digest} was written down"
        how = "The story was written anew since. Compare it with the backup of that time."
        raise Broken(Problem(f"story of {shown(person)}, event {was.seq}", f"{what}.", how))


def _checked(connection: Connection, known: Known) -> Iterator[tuple[int, Event]]:
    """The events whose chain holds; none of somebody without a key, whose chain is followed all the same."""
    seal = None if known.key is None else known.seal
    links = links_of(connection, known.id, 0, known.head.seq + 1)  # one more than there should be, if it is there
    for link in follow(known.id, links, known.head, known.called):
        if seal is not None:
            where = f"story of {shown(known.called)}, event {link.seq}"
            yield link.seq, read_sealed(seal, link.seq, link.text, where)


def _require_key(known: Known, erased: bool) -> None:
    """Raise where a key is missing that should be there, or is there where all was erased."""
    if (known.name is None) == (known.key is None) == erased:
        return
    what = "its name, its key and whether it was erased do not fit together."
    how = "Somebody changed it by hand. Restore the last backup beside it, and compare."
    raise Broken(Problem(f"story of {shown(known.called)}", what, how))
