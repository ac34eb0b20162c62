"""What is written down of every look at, and every change of, a person's data by somebody else, before it is answered.

It names the account, the role, the person, the family of data and the endpoint, and holds nothing that was shown. What
a person does with their own data is in their story already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleardays.store.audit import Seen
from cleardays.web.roles import FAMILIES, SOME

if TYPE_CHECKING:
    from cleardays.web.endpoint import Endpoint
    from cleardays.web.house import House
    from cleardays.web.roles import Viewer


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
