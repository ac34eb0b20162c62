"""Who asks: the one person whose machine it is, or whoever signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from cleardays.web.accounts.cookies import DEVICE, SESSION, token_in
from cleardays.web.accounts.entrance import Entrance
from cleardays.web.roles import PERSON, Viewer
from cleardays.web.spaces import is_private

if TYPE_CHECKING:
    from starlette.requests import Request

    from cleardays.store import Store
    from cleardays.web.settings import Settings


# Whose diary it is where nobody gave a name yet: an attack is kept before any question is asked.
ME = "me"


class Viewers:
    """Finds the viewer of a request."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        self._settings, self._store = settings, store
        self.entrance = Entrance(settings, store, clock)

    def of(self, request: Request) -> Viewer:
        """The viewer; in a clinic nobody where nobody signed in."""
        if self._settings.clinic:
            secure = self._settings.secure
            tokens = token_in(request, SESSION, secure=secure), token_in(request, DEVICE, secure=secure)
            return self.entrance.viewer(*tokens, of=request.path_params.get("person"))
        people = tuple(each for each in self._store.people() if not is_private(each))
        person = ME if ME in people or not people else people[0]
        return Viewer(PERSON, person, person=person)
