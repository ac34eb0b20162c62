"""The chain of one person's events: each link holds the digest of the one before, the place and the stored text.

What is hashed is the text as it is stored, sealed, and the chain begins on the person's id, which tells nothing of them.
So it can be checked without a key and without a name, also after both are gone. The chain shows that something was
changed, left out or put in; who can write to the database could forge a whole new chain, which only a digest that was
written down elsewhere shows (`cleardays store verify` prints one).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from cleardays.problems import BadInput, Problem, shown


class Head(NamedTuple):
    """The end of a chain: how many events there are, and the digest of the last."""

    seq: int
    digest: str


class Link(NamedTuple):
    """One event as it is stored."""

    seq: int
    text: str
    previous: str
    digest: str


class Broken(BadInput):
    """A chain does not hold: something was changed, left out or put in behind our back."""


def beginning(person: str) -> Head:
    """The head of a person, by their id, of whom nothing was told yet; each person has another one.

    >>> beginning("p0123456789abcdef01234567").digest[:12]
    '1ab0df4a3949'
    """
    return Head(0, sha256(f"cleardays chain 1\n{person}".encode()).hexdigest())


def link(previous: str, seq: int, text: str) -> str:
    """The digest of an event at its place: SHA-256 of the digest before, the place and the text, a line each.

    >>> link("0" * 64, 1, "{}")[:12]
    '857ee6299d26'
    """
    return sha256(f"{previous}\n{seq}\n{text}".encode()).hexdigest()


def link_after(head: Head, text: str) -> Link:
    """The next link after a head."""
    seq = head.seq + 1
    return Link(seq, text, head.digest, link(head.digest, seq, text))


def follow(
    person: str, links: Iterable[Link], told: Head | None = None, called: str | None = None, after: Head | None = None
) -> Iterable[Link]:
    """The links, each held against the one before; at the end against the head that was kept.

    Args:
        person: the id on which the chain begins.
        links: in their order.
        told: the head that was kept.
        called: how the person is called to people, where that is not the id.
        after: a head that was followed to before, from which it goes on; None is the beginning.

    Raises:
        Broken: at the first link that does not hold, with its place.
    """
    at, person = after or beginning(person), called or person
    for each in links:
        if each.seq != at.seq + 1:
            raise _broken(person, at.seq + 1, f"event {at.seq + 1} is missing")
        if each.previous != at.digest or each.digest != link(at.digest, each.seq, each.text):
            raise _broken(person, each.seq, f"event {each.seq} is not what it was when it was told")
        at = Head(each.seq, each.digest)
        yield each
    if told is not None and told != at:
        raise _broken(person, told.seq, f"{told.seq} events were told, and {at.seq} are there that end as they should")


def digest_of_all(heads: Iterable[tuple[str, Head]]) -> str:
    """One digest of all chains: the same on any engine for the same people and events."""
    whole = sha256(b"cleardays heads 1\n")
    for person, head in sorted(heads):
        whole.update(f"{len(person)}:{person}\n{head.seq}\n{head.digest}\n".encode())
    return whole.hexdigest()


def _broken(person: str, seq: int, what: str) -> Broken:
    how = "Run cleardays doctor; restore the last backup beside it, and compare before anything is overwritten."
    return Broken(Problem(f"story of {shown(person)}, event {seq}", f"the chain breaks: {what}.", how))
