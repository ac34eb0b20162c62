"""Whether a store holds what was acknowledged, whole, and nothing that was not told."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice

from cleardays.store import projections
from reference.nursery import SAM, Writer, batches
from reference.stories import placed


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
        assert projections.kept(connection, person) == projections.derive(person, events)
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


def head_of(events: list, person: str = SAM):
    """The head of a chain of these events, worked out without a store."""
    from cleardays.store.chain import Head, beginning, link
    from cleardays.store.written import write_event

    head = beginning(person)
    for seq, event in placed(events):
        head = Head(seq, link(head.digest, seq, write_event(event)[1]))
    return head
