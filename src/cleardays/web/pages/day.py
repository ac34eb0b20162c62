"""One day: everything that was told of it, to be read, corrected, or taken back; and what was told before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import ALSO_TOLD, DAY_TOLD
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.attacks import Teller
from cleardays.web.days import TELLABLE, cells_told, day_asked, forgetting, state_of, telling
from cleardays.web.endpoint import Endpoint
from cleardays.web.entry_questions import ENTRIES, SHEETS, of_day
from cleardays.web.forms import Form, written
from cleardays.web.history import versions_of
from cleardays.web.keeping import kept, need_one_of
from cleardays.web.marked import N_
from cleardays.web.months import recalled_on
from cleardays.web.places import base_of, for_both
from cleardays.web.questions import is_recovery, questions_of, said_in
from cleardays.web.roles import DIARY, WRITE, Need

_PATH = "/day/{day}"
_KEEP, _FORGET, _FIRST, _SECOND = "keep", "forget", "first", "second"


def day(asked: Asked) -> Response:
    """The day with everything told of it."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    known, which = asked.known, _which(asked)
    questions, told = questions_of(known.about), cells_told(known.entries, which)
    if not form.typed:
        form = form._replace(typed=_as_typed(told))
    other = known.entries.get((ALSO_TOLD, which.isoformat()))
    shown: dict[str, Any] = {
        "day": which,
        "before": which - timedelta(days=1),
        "after": which + timedelta(days=1) if which < asked.today else None,
        "state": state_of(known.entries, which),
        "recalled": recalled_on(known.entries, which, asked.zone),
        "groups": _groups(questions, form),
        "beside": of_day(known.entries, which.isoformat()),
        "entry_words": {word: says for word, (_, says, _) in ENTRIES.items()},
        "differences": [] if other is None else _differences(told, other.cells, asked),
        "told": (DAY_TOLD, which.isoformat()) in known.entries,
        "recovery": is_recovery(known.about),
        "form": form,
        "base": base_of(asked),
        "here": "/calendar",
    }
    return asked.page("day.html", shown, status=status)


def _which(asked: Asked) -> date:
    return day_asked(asked.request.path_params["day"], asked.today)


def _as_typed(cells: Mapping[str, str]) -> dict[str, str]:
    """Lists with a comma, as they are typed."""
    return {name: value.replace(";", ", ") if name not in ("note",) else value for name, value in cells.items()}


def _groups(questions: Any, form: Form) -> list[dict[str, Any]]:  # noqa: ANN401  # tuples of questions
    """The questions under their headings; a heading is open where something is told or wrong below it."""
    found = []
    for group in ("first", "kind", "more"):
        own = [each for each in questions if each.group == group]
        opened = group == "first" or any(form.value(each.cell) or each.cell in form.wrong for each in own)
        found.append({"name": group, "questions": own, "open": opened})
    return [each for each in found if each["questions"]]


def _differences(one: Mapping[str, str], other: Mapping[str, str], asked: Asked) -> list[tuple[str, str, str]]:
    says = {each.cell: each.says for each in questions_of(asked.known.about)}
    names = [name for name in dict.fromkeys((*one, *other)) if name in TELLABLE]
    return [
        (says.get(name, name), one.get(name, ""), other.get(name, "")) for name in names if one.get(name) != other.get(name)
    ]


async def tell_day(asked: Asked) -> Response:
    """Keep what the form says of the day, take the day back, or choose between two that were told."""
    which = _which(asked)
    bad = await kept(asked, _told)
    if bad is not None:
        return await run_in_threadpool(_page, asked, written(asked, bad), 422)
    return RedirectResponse(f"{base_of(asked)}/day/{which.isoformat()}", 303)


def _told(asked: Asked) -> list[Event]:
    which, known = _which(asked), asked.known
    teller = Teller(asked.now, asked.zone, asked.by)
    what = need_one_of(asked, "what", (_KEEP, _FORGET, _FIRST, _SECOND))
    if what == _FORGET:
        return forgetting(known.entries, which, teller)
    if what == _KEEP:
        return telling(known.entries, which, said_in(asked.form or {}, questions_of(known.about)), teller)
    standing = known.entries.get((DAY_TOLD if what == _FIRST else ALSO_TOLD, which.isoformat()))
    if standing is None or (ALSO_TOLD, which.isoformat()) not in known.entries:
        raise BadInput(Problem("what", "this day is no longer told in two ways.", "Look at the page again."))
    # the chosen one is told anew in its own words; it is as old as it was, and the other stays in the history
    at = standing.cells.get("reported_at") or standing.event.at.isoformat(timespec="seconds")
    body = {**standing.event.body, "cells": {**standing.cells, "reported_at": at}}
    return [Event(DAY_TOLD, teller.at, teller.by, body)]


def history(asked: Asked) -> Response:
    """Every version of the day, the latest first."""
    which, person = _which(asked), asked.person
    events = asked.house.store.events(person) if asked.known.seq else ()
    shown = {
        "day": which,
        "versions": versions_of(events, which),
        "says": _says(asked),
        "zone": asked.zone,
        "base": base_of(asked),
        "here": "/calendar",
    }
    return asked.page("day_history.html", shown)


def _says(asked: Asked) -> dict[str, dict[str, Any]]:
    """For each kind of entry what it is called, and what its cells and their answers are called."""
    by_kind = {DAY_TOLD: questions_of(asked.known.about), **{kind: questions for kind, _, questions in ENTRIES.values()}}
    called = {kind: says for kind, says, _ in ENTRIES.values()}
    return {
        kind: {
            "called": called.get(kind, ""),
            "cells": {"drug": N_("Known here as"), **{each.cell: each.says for each in questions}},
            "answers": {each.cell: dict(each.options) for each in questions},
        }
        for kind, questions in by_kind.items()
        if kind == DAY_TOLD or kind in SHEETS
    }


_WRITE = Need(DIARY, WRITE)
ROWS = for_both(
    Endpoint("GET", _PATH, day, Need(DIARY), "a day with everything told of it"),
    Endpoint("POST", _PATH, tell_day, _WRITE, "keep what is said of a day, or take it back"),
    Endpoint("GET", f"{_PATH}/history", history, Need(DIARY), "what was told of a day before"),
)
