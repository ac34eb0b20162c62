"""Where a screen is: the person's own at its address, and the same below their name for those whom they let see it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from cleardays.web.asked import Asked
    from cleardays.web.endpoint import Endpoint

OF_ANOTHER = "/people/{person}"


def for_both(*rows: Endpoint) -> tuple[Endpoint, ...]:
    """Rows of the person's own screens, and each again for whoever looks at one of many people."""
    return tuple(each for row in rows for each in (row, row._replace(path=f"{OF_ANOTHER}{row.path}")))


def base_of(asked: Asked) -> str:
    """What stands before the addresses of the screens of this person; nothing before one's own."""
    named = asked.request.path_params.get("person")
    return "" if named is None else f"/people/{quote(named, safe='')}"
