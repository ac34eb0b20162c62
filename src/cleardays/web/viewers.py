"""Who asks: the one person whose machine it is, or whoever signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from cleardays.web.roles import NOBODY, PERSON, Viewer

if TYPE_CHECKING:
    from starlette.requests import Request

    from cleardays.store import Store
    from cleardays.web.settings import Settings


class Viewers:
    """Finds the viewer of a request."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        self._settings, self._store, self._clock = settings, store, clock

    def of(self, request: Request) -> Viewer:  # noqa: ARG002  # a clinic reads its cookies
        """The viewer; nobody where nobody signed in, or where no diary was begun on this machine yet."""
        people = self._store.people()
        if not people:
            return Viewer(NOBODY)
        return Viewer(PERSON, people[0], person=people[0])
