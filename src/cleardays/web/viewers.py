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


# Whose diary it is where nobody gave a name yet: an attack is kept before any question is asked.
ME = "me"


class Viewers:
    """Finds the viewer of a request."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        self._settings, self._store, self._clock = settings, store, clock

    def of(self, request: Request) -> Viewer:  # noqa: ARG002  # a clinic reads its cookies
        """The viewer; in a clinic nobody where nobody signed in."""
        if self._settings.clinic:
            return Viewer(NOBODY)
        people = self._store.people()
        person = ME if ME in people or not people else people[0]
        return Viewer(PERSON, person, person=person)
