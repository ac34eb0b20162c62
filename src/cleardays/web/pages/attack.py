"""The attack screen: one tap keeps an attack, in the dark, with few words; everything else can wait."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.attack_screen import ENDED, name_of, screen_of
from cleardays.web.attacks import LEVELS, Entries, Teller, beginning, ending, last_taken, taking
from cleardays.web.endpoint import Endpoint
from cleardays.web.roles import ADD, DIARY, Need, allowed
from cleardays.web.undo import undoing

_ADD = Need(DIARY, ADD)


def attack(asked: Asked) -> Response:
    """The screen: how bad, in one tap; or, while an attack goes on, what may come next."""
    return asked.page("attack.html", _shown(asked), theme=asked.night)


def _shown(asked: Asked) -> dict[str, Any]:
    known, reads = asked.known, allowed(asked.viewer, Need(DIARY), asked.person)
    screen = screen_of(known.entries, asked.now, reads=reads)
    told = screen.attack[1].cells if screen.attack is not None else {}
    return {
        "screen": screen,
        "levels": LEVELS,
        "level": told.get("headache"),
        "since": _clock(asked, told.get("end" if screen.state == ENDED else "start")),
        "last_dose": name_of(screen.doses[-1][1].cells) if screen.doses and screen.state != ENDED else None,
        "last_dose_at": _clock(asked, screen.doses[-1][1].event.at.isoformat()) if screen.doses else None,
        "taken": last_taken(known.entries) if reads else [],
        "name_of": name_of,
        "zone_name": known.about.get("zone", ""),
        "seq": known.seq,
    }


def _clock(asked: Asked, stamp: str | None) -> str | None:
    return None if stamp is None else asked.words.time(datetime.fromisoformat(stamp), asked.zone)


async def tell_attack(asked: Asked) -> Response:
    """Keep what a button says, then show the screen again."""
    events = await run_in_threadpool(_told, asked)
    if events:
        await asyncio.wrap_future(asked.house.stories.tell(asked.person, events))
    return RedirectResponse("/attack", 303)


def _told(asked: Asked) -> list[Event]:
    what, known = asked.field("what"), asked.known
    entries, teller = known.entries, Teller(asked.now, asked.house.zone_of(known.about), asked.by)
    if what in ("again", *LEVELS):
        return beginning(entries, what, teller)
    if what == "over":
        return ending(entries, teller)
    if what == "took":
        return _dose(asked, entries, teller)
    if what == "undo":
        return undoing(entries, lambda place: asked.house.stories.event(asked.person, place), teller)
    raise BadInput(Problem("what", "that is no button of this screen.", "Go back to it, and choose one."))


def _dose(asked: Asked, entries: Entries, teller: Teller) -> list[Event]:
    which = asked.field("which")
    known = next((each for each in last_taken(entries) if name_of(each) == which), None)
    if known is None:
        raise BadInput(Problem("which", "there is no such medicine.", "Choose one of those that are shown."))
    return taking(entries, known, teller)


ROWS = (
    Endpoint("GET", "/attack", attack, _ADD, "the attack screen"),
    Endpoint("POST", "/attack", tell_attack, _ADD, "keep an attack, its end, a dose, or take the last one back"),
)
