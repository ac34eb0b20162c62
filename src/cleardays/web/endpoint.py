"""One row of the table of everything the app answers: the address, who may ask, what is taken and what is given.

Routes, the OpenAPI description, the limits and the tests of who may see what are all made from these rows, so that
none of them can know an address that the others forget.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from cleardays.web.roles import Need

if TYPE_CHECKING:
    from starlette.responses import Response

    from cleardays.web.asked import Asked

Handler = Callable[["Asked"], "Response | Awaitable[Response]"]
API = "/api/v1"


class Endpoint(NamedTuple):
    """What answers a method at a path.

    `need` is what a viewer must be allowed to do, checked before the body is read. `takes` and `gives` are the types of
    the JSON bodies (None: none, or a page). `often` is how many times a minute one viewer may ask. `longest` is the
    greatest body in bytes.
    """

    method: str
    path: str
    handler: Handler
    need: Need
    says: str
    takes: type[Any] | None = None
    gives: type[Any] | None = None
    often: int = 240
    longest: int = 64 * 1024

    @property
    def name(self) -> str:
        """Its name in the description of the API, from the handler."""
        return self.handler.__name__.lstrip("_")

    @property
    def is_api(self) -> bool:
        """Whether it speaks JSON."""
        return self.path.startswith(API)

    @property
    def changes(self) -> bool:
        """Whether asking it can change anything."""
        return self.method not in ("GET", "HEAD")
