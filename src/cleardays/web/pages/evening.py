"""The question of the evening: twenty seconds, three states, and the rest only for who wants to say more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.clock import parse_day
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.attacks import DOSE, Entries, Teller, last_taken, taking
from cleardays.web.days import UNKNOWN, cells_told, day_asked, state_of, telling
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept
from cleardays.web.questions import NOTE, TAKEN, asked_of, chosen, is_recovery, own_items, questions_of, said_in, ticked
from cleardays.web.roles import ADD, DIARY, Need, allowed

_NOON = 12
# The button that keeps what else was said, and leaves the first answer as it is.
_AS_IT_IS = "as-it-is"


def evening(asked: Asked) -> Response:
    """The question for today; before noon, for yesterday; or for the day that is named."""
    named = asked.request.query_params.get("day")
    day = day_of_evening(asked) if named is None else day_asked(named, asked.today)
    return _page(asked, day, Form())


def _page(asked: Asked, day: date, form: Form, status: int = 200) -> Response:
    told: Mapping[str, str] = cells_told(asked.known.entries, day) if _reads(asked) else {}
    if not form.typed:
        form = form._replace(typed=told)
    kept_before = asked.request.query_params.get("kept") == "day"
    named = asked.request.query_params.get("day") is not None
    shown = {**shown_of(asked, day, told), "named": named, "form": form, "kept": kept_before, "here": "/"}
    return asked.page("evening.html", shown, status=status)


def shown_of(asked: Asked, day: date, told: Mapping[str, str]) -> dict[str, Any]:
    """What the question of a day shows."""
    known, items, questions = asked.known, own_items(asked.known.about), asked_of(asked.known.about)
    if is_recovery(known.about) and not _reads(asked):  # whoever looks at a locked space learns not what is asked there
        items, questions = (), tuple(each for each in questions if each.kind == NOTE)
    watched = told.get("triggers", "").split(";")
    taken = last_taken(known.entries) if _reads(asked) and TAKEN in chosen(known.about) else []
    told_doses = _doses_on(known.entries, day) if _reads(asked) else []
    return {
        "day": day,
        "is_today": day == asked.today,
        "reads": _reads(asked),
        "recovery": is_recovery(known.about),
        "first": questions_of(known.about)[0],
        "questions": questions,
        "asks_taken": TAKEN in chosen(known.about),
        "taken": [(n, each) for n, each in enumerate(taken)],
        "told_doses": told_doses,
        "own": [(n, each, each in watched) for n, each in enumerate(items)],
    }


def _reads(asked: Asked) -> bool:
    """Whether the viewer may see what was told; a device that may only add sees an empty form."""
    return allowed(asked.viewer, Need(DIARY), asked.person)


def _doses_on(entries: Entries, day: date) -> list[Mapping[str, str]]:
    found = [told.cells for (kind, _), told in entries.items() if kind == DOSE]
    return [each for each in found if each["date"] == day.isoformat() and each.get("kind") == "acute"]


async def tell_evening(asked: Asked) -> Response:
    """Keep what was answered; "I do not know" keeps nothing of the headache, for an unknown day is not a clear one."""
    bad = await kept(asked, _told)
    if bad is not None:
        day = parse_day(asked.field("day"))
        day = day if day is not None and day <= asked.today else day_of_evening(asked)
        return await run_in_threadpool(_page, asked, day, written(asked, bad), 422)
    return RedirectResponse("/?kept=day" if _reads(asked) else "/evening?kept=day", 303)


def _told(asked: Asked) -> list[Event]:
    known, form, day = asked.known, asked.form or {}, day_asked(asked.field("day"), asked.today)
    said = said_in(form, questions_of(known.about))
    if said.get("headache") == _AS_IT_IS:
        del said["headache"]
    said |= ticked(form, known.about, cells_told(known.entries, day).get("triggers", ""))
    if not _reads(asked):  # an empty field of a form that showed nothing takes nothing back
        said = {name: value for name, value in said.items() if value}
    teller = Teller(asked.now, asked.zone, asked.by)
    return [*telling(known.entries, day, said, teller), *_doses(asked, day, teller)]


def _doses(asked: Asked, day: date, teller: Teller) -> list[Event]:
    entries = asked.known.entries
    medicines = last_taken(entries) if _reads(asked) else []
    ticked_ones = [each for n, each in enumerate(medicines) if asked.field(f"took-{n}")]
    if asked.field("acute_doses") == "0" and (ticked_ones or _doses_on(entries, day)):
        how = "Untick one of the two; a medicine that is told already is taken back on the page of the day."
        raise BadInput(Problem("acute_doses", "a medicine is told, and that nothing was taken.", how))
    return [event._replace(body=_on(event.body, day)) for each in ticked_ones for event in taking(entries, each, teller)]


def _on(body: Mapping[str, Any], day: date) -> dict[str, Any]:
    """A dose of that day, at no time that was told and for no attack."""
    cells = {key: value for key, value in body["cells"].items() if key not in ("time", "attack")}
    return {**body, "cells": {**cells, "date": day.isoformat()}}


def day_of_evening(asked: Asked) -> date:
    """The day that the evening asks about: until noon it is yesterday's evening."""
    local = asked.now.astimezone(asked.zone)
    return local.date() if local.hour >= _NOON else local.date() - timedelta(days=1)


def open_evening(asked: Asked) -> date | None:
    """The day that the evening asks about, where nothing makes it known yet."""
    day = day_of_evening(asked)
    return day if state_of(asked.known.entries, day)[0] == UNKNOWN else None


ROWS = (
    Endpoint("GET", "/evening", evening, Need(DIARY, ADD), "the question of the evening"),
    Endpoint("POST", "/evening", tell_evening, Need(DIARY, ADD), "keep the answer of the evening"),
)
