"""What the handlers of a running server share: the store, the stories at hand, the pages, the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from cleardays.clock import zone_named
from cleardays.trial.story.events import Actor
from cleardays.web.answers import Answers
from cleardays.web.board import Board
from cleardays.web.brought import Waiting
from cleardays.web.guard.limits import Buckets
from cleardays.web.roles import NOBODY, PERSON, Viewer

if TYPE_CHECKING:
    from cleardays.store import Store
    from cleardays.web.paper import Paper
    from cleardays.web.settings import Settings
    from cleardays.web.spaces import Spaces
    from cleardays.web.stories import Stories
    from cleardays.web.viewers import Viewers


def wall_clock() -> datetime:
    """This instant; only a server and the command line read the clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """One running server."""

    settings: Settings
    store: Store
    stories: Stories
    paper: Paper
    viewers: Viewers
    spaces: Spaces
    clock: Callable[[], datetime] = wall_clock
    buckets: Buckets = field(default_factory=Buckets)
    answers: Answers = field(default_factory=Answers)
    board: Board = field(default_factory=Board)
    waiting: Waiting = field(default_factory=lambda: Waiting(wall_clock))

    def forget(self, person: str) -> None:
        """Keep nothing at hand of somebody who is erased, and no lock of theirs."""
        self.stories.forget(person)
        self.answers.forget(person)
        self.board.forget(person)
        self.spaces.forget(person)
        self.waiting.forget(person)

    def zone_of(self, about: Mapping[str, str]) -> tzinfo:
        """The zone in which a person's days begin; that of this machine where the diary names none."""
        return zone_named(about.get("zone", "")) or datetime.now().astimezone().tzinfo or UTC

    def actor_of(self, viewer: Viewer, person: str) -> Actor:
        """As whom a viewer tells something; a device that may only add does it for the person."""
        if viewer.role == NOBODY and viewer.may_add == person:
            return Actor(person, PERSON)
        if viewer.role == PERSON:
            return Actor(person, PERSON)  # as in every other event of theirs, whatever their account is called
        return Actor(viewer.name or person, viewer.role)
