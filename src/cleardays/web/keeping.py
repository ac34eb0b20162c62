"""What a form tells is kept as a whole or not at all; what stands in the way comes back to be shown beside its field."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.concurrency import run_in_threadpool

from cleardays.problems import BadInput, Problem
from cleardays.store import Busy, Conflict, StoreFault
from cleardays.trial.story.story import require

if TYPE_CHECKING:
    from cleardays.trial.story.events import Event
    from cleardays.web.asked import Asked

_NAME = 12  # letters of the name of an entry


async def kept(asked: Asked, make: Callable[[Asked], Sequence[Event]]) -> BadInput | None:
    """Keep what a form tells; returns what is wrong with the form, None once everything is on the disk.

    Args:
        asked: the request with its form.
        make: reads the form and makes the events; may raise `BadInput`.
    """
    try:
        events = await run_in_threadpool(possible, asked, make)
        if events:
            await asyncio.wrap_future(asked.house.stories.tell(asked.person, events))
    except (Busy, Conflict, StoreFault):
        raise
    except BadInput as bad:
        return bad
    return None


def possible(asked: Asked, make: Callable[[Asked], Sequence[Event]]) -> Sequence[Event]:
    """The events, each of which may be told after those before it; somebody new is added for none that may not."""
    events, story = make(asked), asked.known.deciding
    for event in events:
        story = require(story, event)
    return events


def new_name() -> str:
    """A name for an entry that nobody told of before."""
    return uuid4().hex[:_NAME]


def need_one_of(asked: Asked, field: str, among: Sequence[str]) -> str:
    """The word of a button or a choice.

    Raises:
        BadInput: it is none of this screen.
    """
    word = asked.field(field)
    if word not in among:
        raise BadInput(Problem(field, "that is no choice of this page.", "Choose one of those that are shown."))
    return word
