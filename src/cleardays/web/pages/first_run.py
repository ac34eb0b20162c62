"""The first time: who it is, where, and what the diary is of; then there is a diary."""

from __future__ import annotations

import asyncio

from starlette.responses import RedirectResponse, Response

from cleardays.clock import zone_named
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import ABOUT_TOLD
from cleardays.trial.story.events import Actor, Event
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.roles import OPEN, PERSON, Need

CONDITIONS = ("migraine", "recovery")
_PATH = "/first-run"


def first_run(asked: Asked) -> Response:
    """The questions; none where a diary was begun already."""
    if asked.whose is not None:
        return RedirectResponse("/", 303)
    return asked.page("first_run.html", {"form": Form()})


async def begin_diary(asked: Asked) -> Response:
    """Begin the diary."""
    if asked.whose is not None or asked.house.settings.clinic:
        return RedirectResponse("/", 303)
    try:
        name, about = _read(asked)
        asked.house.store.add_person(name)
    except BadInput as bad:
        return asked.page("first_run.html", {"form": written(asked, bad)}, status=422)
    told = Event(ABOUT_TOLD, asked.now, Actor(name, PERSON), {"about": about})
    await asyncio.wrap_future(asked.house.stories.tell(name, [told]))
    return RedirectResponse("/", 303)


def _read(asked: Asked) -> tuple[str, dict[str, str]]:
    problems = list[Problem]()
    name, zone, condition = asked.field("name"), asked.field("zone"), asked.field("condition") or "migraine"
    if not name:
        problems.append(Problem("name", "it is empty.", "Write any name that you will know this diary by."))
    if zone and zone_named(zone) is None:
        problems.append(Problem("zone", "there is no such time zone.", "Write it like Europe/Berlin, or leave it empty."))
    if condition not in CONDITIONS:
        problems.append(Problem("condition", "this diary is of neither.", "Choose one of the two."))
    if problems:
        raise BadInput(problems)
    about = {"zone": zone} if zone else {}
    return name, {**about, **({} if condition == "migraine" else {"condition": "recovery"})}


ROWS = (
    Endpoint("GET", _PATH, first_run, Need(OPEN), "the first questions"),
    Endpoint("POST", _PATH, begin_diary, Need(OPEN), "begin the diary"),
)
