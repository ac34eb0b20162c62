"""The description of the API itself."""

from __future__ import annotations

import msgspec
from starlette.responses import Response

from cleardays.web.asked import Asked
from cleardays.web.endpoint import API, Endpoint
from cleardays.web.openapi import describe
from cleardays.web.roles import OPEN, Need


def with_description(others: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """The table with the row that describes it."""

    def description(asked: Asked) -> Response:
        document = describe(whole, asked.house.settings.origin or "/")
        return Response(msgspec.json.encode(document), media_type="application/json")

    row = Endpoint("GET", f"{API}/openapi.json", description, Need(OPEN), "this description")
    whole = (*others, row)
    return whole
