"""Stories at hand: folded once, and folded again when something was told."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from cleardays.problems import BadInput
from cleardays.store import Broken, Conflict
from cleardays.trial.story.story import Story, fold

if TYPE_CHECKING:
    from concurrent.futures import Future

    from cleardays.store import Head, Store
    from cleardays.store.writer import Writer
    from cleardays.trial.story.events import Event

_AT_HAND = 200


class Stories:
    """The stories of a store for the screens, and the one way in which screens tell something."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.writer: Writer = store.writer()
        self._known: OrderedDict[str, tuple[str, Story]] = OrderedDict()
        self._lock = Lock()
        self._there: set[str] = set()

    def of(self, person: str) -> Story:
        """The story as it stands now; an empty one of somebody of whom nothing was told.

        Raises:
            Broken: its chain does not hold.
        """
        try:
            digest = self.store.head(person).digest
        except Broken:
            raise
        except BadInput:  # nobody of that name yet
            return fold(person, ())
        with self._lock:
            known = self._known.get(person)
            if known is not None and known[0] == digest:
                self._known.move_to_end(person)
                return known[1]
        story = self.store.story(person)
        with self._lock:
            self._known[person] = digest, story
            while len(self._known) > _AT_HAND:
                self._known.popitem(last=False)
        return story

    def tell(self, person: str, events: Sequence[Event], *, expected: int | None = None) -> Future[Head]:
        """Keep events; the promise is kept when they are on the disk. Somebody new is added with their first one."""
        if person not in self._there:
            if person not in self.store.people():
                with suppress(Conflict):  # somebody else added them in between
                    self.store.add_person(person)
            self._there.add(person)
        return self.writer.append(person, events, expected=expected)

    def event(self, person: str, place: int) -> Event:
        """The event at a place of a story.

        Raises:
            LookupError: there is none.
        """
        for seq, event in self.store.events(person):
            if seq == place:
                return event
        raise LookupError(place)

    def close(self) -> None:
        """Keep what waits, then end."""
        self.writer.close()
