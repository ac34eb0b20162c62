"""What is written down of every look at, and every change of, a person's data by somebody else, before it is answered.

It names the account, the role, the person, the family of data and the endpoint, and holds nothing that was shown. What
a person does with their own data is in their story already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleardays.store.audit import Seen
from cleardays.web.roles import FAMILIES, SOME

if TYPE_CHECKING:
    from cleardays.store.links import Link
    from cleardays.web.asked import Asked
    from cleardays.web.endpoint import Endpoint
    from cleardays.web.house import House
    from cleardays.web.roles import Viewer

REFUSED = "refused"


def watched(house: House, endpoint: Endpoint, viewer: Viewer, whose: str | None) -> None:
    """Write down that somebody who may do something with another's data is about to; on the disk when this returns.

    Raises:
        BadInput: there is no such person, or it cannot be written down; nothing is shown then.
    """
    if not house.settings.clinic or whose is None or viewer.account is None:
        return
    if whose == viewer.person or endpoint.need.about not in (*FAMILIES, SOME):
        return
    act = endpoint.need.act if endpoint.changes else "read"
    seen = Seen(house.clock(), viewer.account, viewer.role, whose, act, endpoint.need.about, endpoint.name)
    house.store.accounts.audit.add(seen)


def watched_by_link(asked: Asked, link: Link, about: str, act: str = "read") -> None:
    """Write down that somebody with an address that was given to them saw, or did, what it opens."""
    if asked.house.settings.clinic and link.person is not None:
        viewer = asked.viewer
        seen = Seen(asked.now, viewer.account, viewer.role, link.person, act, about, "link")
        asked.house.store.accounts.audit.add(seen)


def refused(house: House, endpoint: Endpoint, viewer: Viewer, whose: str | None) -> None:
    """Write down that an account asked for data of somebody who does not show it, or who is not there."""
    if not house.settings.clinic or viewer.account is None or endpoint.need.about not in (*FAMILIES, SOME):
        return
    person = whose if whose is not None and whose in house.store.people() else None
    seen = Seen(house.clock(), viewer.account, viewer.role, person, REFUSED, endpoint.need.about, endpoint.name)
    house.store.accounts.audit.add(seen)
