"""The links that a person gave away for one purpose: which still open, and how they are ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleardays.web.roles import Viewer, allowed

if TYPE_CHECKING:
    from datetime import datetime

    from cleardays.store.links import Given, Link, Links
    from cleardays.web.asked import Asked
    from cleardays.web.house import House
    from cleardays.web.roles import Need


def links_of(asked: Asked) -> Links:
    """The links of the store."""
    return asked.house.store.accounts.links


def that_open(asked: Asked, *purposes: str) -> tuple[Given, ...]:
    """Those of this person that open something now, the oldest first; who gave none has none."""
    if asked.person not in asked.house.store.people():
        return ()
    found = links_of(asked).of(asked.person, purposes=purposes)
    return tuple(each for each in found if each.used_at is None and each.expires_at > asked.now)


def end_all(asked: Asked, purpose: str) -> None:
    """They open nothing any more."""
    for each in that_open(asked, purpose):
        links_of(asked).take_back(each.id)


def maker_still_may(house: House, link: Link, need: Need, now: datetime) -> bool:
    """Whether whoever made a link may still do what it shows; what a person shows no longer goes by no link either."""
    if link.made_by is None or link.person is None:
        return link.person is not None
    account = house.store.accounts.get(link.made_by)
    if account is None or not account.active:
        return False
    shown = house.store.accounts.consents.shown_to(account, now=now, person=link.person)
    return allowed(Viewer(account.role, account.name, account.id, account.person, shown), need, link.person)
