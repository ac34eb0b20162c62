"""Whether the server can be reached, and whether this device may add to a diary."""

from __future__ import annotations

import msgspec
from starlette.responses import Response

from cleardays.web.asked import Asked
from cleardays.web.endpoint import API, Endpoint
from cleardays.web.roles import ADD, DIARY, Need


class Reached(msgspec.Struct, frozen=True):
    """The server is there and would take an entry."""

    ok: bool = True


_REACHED = msgspec.json.encode(Reached())


async def ping(_: Asked) -> Response:
    """Says that it was reached, and does nothing: what a device asks before it sends, and what others are measured by."""
    return Response(_REACHED, media_type="application/json")


ROWS = (Endpoint("GET", f"{API}/ping", ping, Need(DIARY, ADD), "whether an entry would be taken", gives=Reached),)
