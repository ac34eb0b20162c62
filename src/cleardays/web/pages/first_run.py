"""The first time: who it is, where, and what the diary is of; then there is a diary."""

from __future__ import annotations

import asyncio

from starlette.responses import RedirectResponse, Response

from cleardays.clock import zone_named
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import ABOUT_TOLD
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.roles import CHANGE, DIARY, Need

CONDITIONS = ("migraine", "recovery")
_PATH = "/first-run"


def first_run(asked: Asked) -> Response:
    """The questions; nothing has to be answered before something can be kept."""
    return asked.page("first_run.html", {"form": Form(asked.known.about)})


async def begin_diary(asked: Asked) -> Response:
    """Keep what was answered."""
    try:
        about = _read(asked)
    except BadInput as bad:
        return asked.page("first_run.html", {"form": written(asked, bad)}, status=422)
    told = Event(ABOUT_TOLD, asked.now, asked.by, {"about": about})
    await asyncio.wrap_future(asked.house.stories.tell(asked.person, [told]))
    return RedirectResponse("/", 303)


def _read(asked: Asked) -> dict[str, str]:
    problems = list[Problem]()
    person, zone, condition = asked.field("person"), asked.field("zone"), asked.field("condition") or "migraine"
    if zone and zone_named(zone) is None:
        problems.append(Problem("zone", "there is no such time zone.", "Write it like Europe/Berlin, or leave it empty."))
    if condition not in CONDITIONS:
        problems.append(Problem("condition", "this diary is of neither.", "Choose one of the two."))
    if problems:
        raise BadInput(problems)
    return {key: value for key, value in (("person", person), ("zone", zone), ("condition", condition)) if value}


ROWS = (
    Endpoint("GET", _PATH, first_run, Need(DIARY, CHANGE), "the first questions"),
    Endpoint("POST", _PATH, begin_diary, Need(DIARY, CHANGE), "begin the diary"),
)
