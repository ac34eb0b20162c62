"""A private space beside the diary: a story of its own, opened by a tap of its own, and locked where the person wants it.

What is told there never joins what is told elsewhere: it is another story, of another family of data. The lock keeps
others from reading; telling something stays possible, as it does in an attack.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe
from threading import Lock
from typing import TYPE_CHECKING

from cleardays.web.locks import Locks
from cleardays.web.roles import DIARY, RECOVERY, Need

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from cleardays.web.roles import Viewer

SPACE, KEY, PRIVATE = "space", "space_key", "private"
_BEFORE = "private:"
# Addresses that are always of the diary: an attack told in a hurry, what a device sends later, whom to call.
_OF_THE_DIARY = ("/attack", "/api", "/help", "/people")
_STAYS_OPEN = timedelta(minutes=15)
_MOST_OPEN = 10_000


def private_of(person: str) -> str:
    """The story of a person's private space."""
    return f"{_BEFORE}{person}"


def is_private(person: str | None) -> bool:
    """Whether a story is that of a private space."""
    return person is not None and person.startswith(_BEFORE)


def need_of(need: Need, person: str | None) -> Need:
    """What an endpoint needs for a person: the diary of a private space is of the family of recovery."""
    return need._replace(about=RECOVERY) if need.about == DIARY and is_private(person) else need


def _is_of_the_diary(path: str) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in _OF_THE_DIARY)


class Spaces:
    """Which space a request is in, and whether it is open."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self.locks = Locks(folder)
        self._clock = clock
        self._open: dict[str, tuple[str, datetime]] = {}
        self._guard = Lock()

    def seen(self, request: Request, viewer: Viewer) -> Viewer:
        """The viewer in the space that their device is in; where it is locked, one that may add and not read."""
        inside = request.cookies.get(SPACE) == PRIVATE
        if not inside or viewer.person is None or _is_of_the_diary(request.url.path):
            return viewer
        own = private_of(viewer.person)
        if self.locks.has(own) and not self._is_open(request.cookies.get(KEY), own):
            return viewer._replace(person=None, may_add=own)
        return viewer._replace(person=own)

    def enter(self, answer: Response, *, secure: bool) -> None:
        """The device is in the private space until it leaves, or the browser is closed."""
        answer.set_cookie(SPACE, PRIVATE, httponly=True, samesite="strict", secure=secure)

    def leave(self, request: Request, answer: Response) -> None:
        """The device is out of it, and it is locked again."""
        with self._guard:
            self._open.pop(request.cookies.get(KEY, ""), None)
        answer.delete_cookie(SPACE)
        answer.delete_cookie(KEY)

    def unlock(self, person: str, answer: Response, *, secure: bool) -> None:
        """Open it for a while on this device; whoever calls this has asked for the passphrase."""
        token = token_urlsafe(32)
        with self._guard:
            if len(self._open) >= _MOST_OPEN:
                self._open.clear()
            self._open[token] = (person, self._clock() + _STAYS_OPEN)
        answer.set_cookie(KEY, token, httponly=True, samesite="strict", secure=secure)

    def forget(self, person: str) -> None:
        """No lock any more, and nothing open, of somebody who is erased."""
        if self.locks.has(person):
            self.locks.remove(person)
        with self._guard:
            self._open = {token: each for token, each in self._open.items() if each[0] != person}

    def _is_open(self, token: str | None, person: str) -> bool:
        """Whether a device has it open; each look keeps it open a while longer."""
        now = self._clock()
        with self._guard:
            whose, until = self._open.get(token or "", ("", now))
            if whose != person or until <= now:
                self._open.pop(token or "", None)
                return False
            self._open[token or ""] = (person, now + _STAYS_OPEN)
        return True
