"""Stories at hand: folded once, and kept up with what is told here, so that an entry costs little whatever came before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from cleardays.problems import BadInput
from cleardays.store import Broken, Conflict, Head, StoreFault
from cleardays.trial.story.diary_told import ABOUT_TOLD, Cells, Key, diary_of, hear_entry
from cleardays.trial.story.story import Story, fold, require

if TYPE_CHECKING:
    from concurrent.futures import Future

    from cleardays.store import Store
    from cleardays.store.writer import Writer
    from cleardays.trial.story.events import Event

_AT_HAND = 400


class AtHand(NamedTuple):
    """What is known of a person: where the chain ends, the entries of the diary as they stand, and what is said of it.

    `deciding` is the story without its diary, `whole` the story with it, None until somebody asks for it.
    """

    digest: str
    entries: Mapping[Key, Cells]
    about: Mapping[str, str]
    deciding: Story
    whole: Story | None = None

    @property
    def seq(self) -> int:
        """How many events there are."""
        return self.deciding.seq


class Stories:
    """The stories of a store for the screens, and the one way in which screens tell something."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.writer: Writer = store.writer()
        self._known: OrderedDict[str, AtHand] = OrderedDict()
        self._there: set[str] = set()
        self._lock = Lock()

    def at_hand(self, person: str) -> AtHand:
        """What is known of a person now, without reading their diary; empty of somebody of whom nothing was told.

        Raises:
            Broken: the chain does not hold.
        """
        try:
            digest = self.store.head(person).digest
        except (Broken, StoreFault):  # never taken for somebody of whom nothing was told
            raise
        except BadInput:  # nobody of that name yet
            return AtHand("", {}, {}, fold(person, ()))
        with self._lock:
            known = self._known.get(person)
            if known is not None and known.digest == digest:
                self._known.move_to_end(person)
                return known
        return self._keep(person, self._read(person) if known is None else self._caught_up(person, known))

    def of(self, person: str) -> Story:
        """The whole story as it stands now.

        Raises:
            Broken: the chain does not hold.
        """
        known = self.at_hand(person)
        if known.whole is not None:
            return known.whole
        diary = diary_of(known.entries, known.about)
        whole = replace(known.deciding, diary=diary, entries=known.entries)
        if known.digest:
            self._keep(person, known._replace(whole=whole))
        return whole

    def tell(self, person: str, events: Sequence[Event], *, expected: int | None = None) -> Future[Head]:
        """Keep events; the promise is kept when they are on the disk. Somebody new is added with their first one."""
        if person not in self._there:
            if person not in self.store.people():
                with suppress(Conflict):  # somebody else added them in between
                    self.store.add_person(person)
            self._there.add(person)
        promise = self.writer.append(person, events, expected=expected)
        promise.add_done_callback(lambda kept: self._heard(person, events, kept))
        return promise

    def event(self, person: str, place: int) -> Event:
        """The event at a place of a story.

        Raises:
            LookupError: there is none.
        """
        for seq, event in self.store.events(person):
            if seq == place:
                return event
        raise LookupError(place)

    def forget(self, person: str) -> None:
        """Know nothing any more of somebody who is erased."""
        with self._lock:
            self._known.pop(person, None)
        self._there.discard(person)

    def close(self) -> None:
        """Keep what waits, then end."""
        self.writer.close()

    def _heard(self, person: str, events: Sequence[Event], kept: Future[Head]) -> None:
        """Keep up with what was told here; where anything came between, the story is read anew when it is asked for."""
        if kept.cancelled() or kept.exception() is not None:
            return
        head = kept.result()
        with self._lock:
            known = self._known.get(person)
        if known is None or known.seq + len(events) != head.seq:
            return
        self._keep(person, _heard_after(known, events, head))

    def _caught_up(self, person: str, known: AtHand) -> AtHand:
        """What is known with what was told meanwhile; all of it anew where the chain does not go on from there."""
        try:
            head, told = self.store.since(person, Head(known.seq, known.digest))
        except Broken:  # another store was put in its place, or the chain does not hold: who reads it whole says which
            return self._read(person)
        return _heard_after(known, [event for _, event in told], head)

    def _read(self, person: str) -> AtHand:
        head = self.store.head(person)
        story = self.store.story(person)
        return AtHand(head.digest if story.seq == head.seq else "", story.entries, story.diary.about, story, story)

    def _keep(self, person: str, known: AtHand) -> AtHand:
        if known.digest:
            with self._lock:
                there = self._known.get(person)
                if there is None or there.seq <= known.seq:
                    self._known[person] = known
                self._known.move_to_end(person)
                while len(self._known) > _AT_HAND:
                    self._known.popitem(last=False)
        return known


def _heard_after(known: AtHand, events: Sequence[Event], head: Head) -> AtHand:
    """What is known once these were told after it, up to a head."""
    entries, about, deciding = dict(known.entries), known.about, known.deciding
    for event in events:
        deciding = require(deciding, event)
        if event.kind == ABOUT_TOLD:
            about = {**about, **event.body["about"]}
            deciding = replace(deciding, diary=replace(deciding.diary, about=dict(about)))
        else:
            hear_entry(entries, deciding.seq, event)
    return AtHand(head.digest, entries, about, deciding)
