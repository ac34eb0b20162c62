"""Whether a store holds what was acknowledged, whole, and nothing that was not told."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice

from cleardays.store import projections
from cleardays.store.people import find
from reference.nursery import SAM, Writer, batches


def require_kept(store, acknowledged: list[dict], person: str = SAM) -> list:
    """Chain whole, every acknowledged append in its place, lists as the events say; returns the events.

    Args:
        store: open.
        acknowledged: what the writers said, in their order, each with `seq` and `digest`.
        person: whose.
    """
    links = list(store.links(person))  # follows the chain, and holds it against the head that was kept
    digests = {link.seq: link.digest for link in links}
    for line in acknowledged:
        assert digests.get(line["seq"]) == line["digest"], f"event {line['seq']} was acknowledged and is not there"
    events = list(store.events(person))
    with store.database.reading() as connection:
        who = find(connection, person).id
        assert projections.kept(connection, who) == projections.derive(who, events)
    assert [seq for seq, _ in events] == list(range(1, len(links) + 1))
    return [event for _, event in events]


def require_whole_batches(events: list, writers: dict[int, Writer]) -> None:
    """Of each writer, by its seed, what it acknowledged, and at most what it was at just then, never part of an append."""
    found = defaultdict(list)
    for event in events:
        found[int(event.body["cells"]["note"].split()[0])].append(event)
    assert found.keys() <= writers.keys()
    for seed, writer in writers.items():
        said = len(writer.acknowledged)
        may_be = [told_by(seed, said + more) for more in range(writer.together + 1)]
        assert found[seed] in may_be, f"writer {seed} told something else"


def told_by(seed: int, times: int) -> list:
    """The events of a writer's first batches."""
    return [event for batch in islice(batches(seed), times) for event in batch]


def head_of(store, person: str = SAM):
    """The head of the chain of what a store has sealed, worked out by hand."""
    from cleardays.store.chain import Head, beginning, link

    head = beginning(store.known(person).id)
    for seq, each in enumerate(store.links(person), 1):
        head = Head(seq, link(head.digest, seq, each.text))
    return head
