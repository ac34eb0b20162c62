"""The attack screen: one tap keeps an attack, in the dark, with few words; everything else can wait."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.attacks import LEVELS, Teller, beginning, ending, last_taken, running, taking
from cleardays.web.endpoint import Endpoint
from cleardays.web.roles import ADD, DIARY, Need
from cleardays.web.undo import undoing

_ADD = Need(DIARY, ADD)


def attack(asked: Asked) -> Response:
    """The screen: how bad, in one tap; or, while an attack goes on, what may come next."""
    return asked.page("attack.html", _shown(asked))


def _shown(asked: Asked) -> dict[str, Any]:
    known = asked.known
    return {
        "attack": running(known.entries, asked.now),
        "levels": LEVELS,
        "taken": last_taken(known.entries),
        "zone": asked.zone,
    }


async def tell_attack(asked: Asked) -> Response:
    """Keep what a button says, then show the screen again."""
    events = await run_in_threadpool(_told, asked)
    if events:
        await asyncio.wrap_future(asked.house.stories.tell(asked.person, events))
    return RedirectResponse("/attack", 303)


def _told(asked: Asked) -> list[Event]:
    what, entries = asked.field("what"), asked.known.entries
    teller = Teller(asked.now, asked.zone, asked.by)
    if what in ("now", *LEVELS):
        return beginning(entries, what, teller)
    if what == "over":
        return ending(entries, teller)
    if what == "took":
        return _dose(asked, teller)
    if what == "undo":
        return undoing(entries, lambda place: asked.house.stories.event(asked.person, place), teller)
    raise BadInput(Problem("what", "that is no button of this screen.", "Go back to it, and choose one."))


def _dose(asked: Asked, teller: Teller) -> list[Event]:
    entries = asked.known.entries
    known, which = last_taken(entries), asked.field("which")
    if not which.isdecimal() or int(which) >= len(known):
        raise BadInput(Problem("which", "there is no such medicine.", "Choose one of those that are shown."))
    return taking(entries, known[int(which)], teller)


ROWS = (
    Endpoint("GET", "/attack", attack, _ADD, "the attack screen"),
    Endpoint("POST", "/attack", tell_attack, _ADD, "keep an attack, its end, a dose, or take the last one back"),
)
