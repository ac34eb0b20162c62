"""Days that two devices told in two ways: both are shown, one tap says which is right, and the other stays in the history."""

from __future__ import annotations

import asyncio
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.attacks import Teller
from cleardays.web.doubts import Doubt, doubts_of, settling
from cleardays.web.endpoint import Endpoint
from cleardays.web.roles import CHANGE, DIARY, Need


def conflicts(asked: Asked) -> Response:
    """The days, each with what was told of it."""
    found = _doubts(asked)
    shown = {"doubts": [(date.fromisoformat(each.day), each) for each in found], "zone": asked.zone, "here": "/"}
    return asked.page("conflicts.html", shown)


def _doubts(asked: Asked) -> list[Doubt]:
    return doubts_of(asked.known.entries, lambda place: asked.house.stories.event(asked.person, place))


async def settle_conflict(asked: Asked) -> Response:
    """Keep which one is right."""
    event = await run_in_threadpool(_settled, asked)
    await asyncio.wrap_future(asked.house.stories.tell(asked.person, [event]))
    return RedirectResponse("/conflicts" if await run_in_threadpool(_doubts, asked) else "/", 303)


def _settled(asked: Asked) -> Event:
    place, day = asked.field("place"), asked.field("day")
    doubt = next((each for each in _doubts(asked) if each.day == day), None)
    teller = Teller(asked.now, asked.zone, asked.by)
    event = None if doubt is None or not place.isdecimal() else settling(doubt, int(place), teller)
    if event is None:
        raise BadInput(Problem("day", "it was told anew meanwhile.", "Look at it again, then choose."))
    return event


ROWS = (
    Endpoint("GET", "/conflicts", conflicts, Need(DIARY), "days that two devices told in two ways"),
    Endpoint("POST", "/conflicts", settle_conflict, Need(DIARY, CHANGE), "say which one is right"),
)
