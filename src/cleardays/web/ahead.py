"""A clinic's list worked out ahead of anybody's look: when a server begins, after midnight, and as stories move on."""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

from cleardays.clock import local_day
from cleardays.problems import BadInput

if TYPE_CHECKING:
    from cleardays.web.house import House

_PAUSE_S = 30.0  # between two rounds; a look itself reads what moved on since


class Ahead:
    """Works the list out in a thread of its own, for as long as the block lasts.

    Args:
        house: of the server.
        pause_s: between two rounds.
    """

    def __init__(self, house: House, *, pause_s: float = _PAUSE_S) -> None:
        self._house, self._pause_s, self._end = house, pause_s, Event()
        self._thread = Thread(target=self._run, name="the list ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        house = self._house
        while not self._end.is_set():
            day = local_day(house.clock(), house.zone_of({}))
            with suppress(BadInput):  # the store cannot be read just now; a look says so to whoever looks
                house.board.look_ahead(house.stories, day, ended=self._end.is_set)
            self._end.wait(self._pause_s)
