"""The links that a person gave away for one purpose: which still open, and how they are ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleardays.store.links import Given, Links
    from cleardays.web.asked import Asked


def links_of(asked: Asked) -> Links:
    """The links of the store."""
    return asked.house.store.accounts.links


def that_open(asked: Asked, purpose: str) -> tuple[Given, ...]:
    """Those of this person that open something now, the oldest first; who gave none has none."""
    if asked.person not in asked.house.store.people():
        return ()
    found = links_of(asked).of(asked.person)
    return tuple(each for each in found if each.purpose == purpose and each.used_at is None and each.expires_at > asked.now)


def end_all(asked: Asked, purpose: str) -> None:
    """They open nothing any more."""
    for each in that_open(asked, purpose):
        links_of(asked).take_back(each.id)
