"""An attack, a medicine, an event or a questionnaire of a day: told, corrected, or taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.clock import parse_day
from cleardays.diary.records import CLEAR as NO_HEADACHE
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import WITHDRAWN, require_entry
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.attacks import ATTACK, DOSE, Teller, day_with
from cleardays.web.days import day_asked
from cleardays.web.effect_events import EFFECT, sign_of
from cleardays.web.endpoint import Endpoint
from cleardays.web.entry_questions import DAY, ENTRIES, cells_said
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of, new_name
from cleardays.web.medicine_names import named_medicine
from cleardays.web.places import base_of, for_both
from cleardays.web.roles import CHANGE, DIARY, WRITE, Need
from cleardays.web.undo import taking_back

_ONE, _NEW = "/entry/{word}/{name}", "/day/{day}/new/{word}"
_KEEP, _BACK, _SCORE = "keep", "take-back", "score.told"
TODAY = "today"  # in place of a day: the page that a device keeps for any day, for where there is no network
_FIRST_ASKED = {"attack": "headache", "medicine": "name", "event": "term", "score": "instrument"}
_AT_FIRST: Mapping[str, Mapping[str, str]] = {
    "medicine": {"kind": "acute", "state": "taken"},
    "event": {"kind": "side_effect"},
}


def entry(asked: Asked) -> Response:
    """One entry, to be corrected or taken back."""
    return _page(asked, Form())


def new_entry(asked: Asked) -> Response:
    """An entry more for a day."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    word, name, cells = _which(asked)
    kind, says, questions = ENTRIES[word]
    if not form.typed:
        form = form._replace(typed=_as_typed(cells))
    shown: dict[str, Any] = {
        "word": word,
        "name": name,
        "says": says,
        "kind": kind,
        "cells": dict(cells),
        "form": form,
        "first": [each for each in questions if each.group == "first"],
        "more": [each for each in questions if each.group != "first"],
        "more_open": any(form.value(each.cell) or each.cell in form.wrong for each in questions if each.group != "first"),
        "day": cells["date"],
        "base": base_of(asked),
        "here": "/calendar",
    }
    return asked.page("entry.html", shown, status=status)


def _which(asked: Asked) -> tuple[str, str | None, Mapping[str, str]]:
    """The word, the name (None: a new one), and the cells as they stand or begin."""
    named = asked.request.path_params
    word, name = named["word"], named.get("name")
    if word not in ENTRIES:
        raise BadInput(Problem("address", "there is no such kind of entry.", "Go back to the day."))
    if name is None:
        day = asked.today if named["day"] == TODAY else day_asked(named["day"], asked.today)
        return word, None, {"date": day.isoformat(), **_AT_FIRST.get(word, {})}
    told = asked.known.entries.get((ENTRIES[word][0], name))
    if told is None:
        raise BadInput(Problem("entry", "it is not there any more.", "Go back to the calendar, and open the day."))
    return word, name, told.cells


def _as_typed(cells: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value.replace(";", ", ") if name in ("triggers", "other_symptoms", "items") else value
        for name, value in cells.items()
    }


async def tell_entry(asked: Asked) -> Response:
    """Keep the entry as the form tells it, or take it back."""
    word, name, before = await run_in_threadpool(_which, asked)
    entry = name or new_name()
    bad = await kept(asked, lambda asked: _told(asked, entry))
    if bad is not None:
        return await run_in_threadpool(_page, asked, written(asked, bad), 422)
    if word == "event" and await run_in_threadpool(_is_sign, asked, entry):
        return RedirectResponse(f"{base_of(asked)}/effects/{entry}", 303)
    typed = asked.field("date")
    day = typed if parse_day(typed) is not None else before["date"]
    return RedirectResponse(f"{base_of(asked)}/day/{day}", 303)


def _is_sign(asked: Asked, entry: str) -> bool:
    """Whether it is a sign that waits for an answer: then what to do stands before anything else."""
    flag = asked.known.deciding.told.flags.get(entry)
    return flag is not None and flag.open


def _told(asked: Asked, entry: str) -> list[Event]:
    word, name, before = _which(asked)
    kind, _, questions = ENTRIES[word]
    teller = Teller(asked.now, asked.zone, asked.by)
    what = need_one_of(asked, "what", (_KEEP, _BACK))
    if what == _BACK:
        return [] if name is None else _withdrawn(asked, kind, name, teller)
    cells = cells_said(asked.form or {}, word, before, asked.zone)
    _require_past(asked, cells, [each.cell for each in questions if each.kind == DAY])
    if kind == DOSE:
        cells = _named(cells, before)
    if cells == before:
        return [] if name is not None else _nothing(word)
    if name is None and kind != _SCORE:
        cells = {**cells, "source": "patient"}
    told = Event(kind, teller.at, teller.by, {"entry": entry, "cells": cells})
    if kind == EFFECT:
        require_entry(told, asked.known.about, "entry")
        return [told, *sign_of(asked, entry, cells)]
    level = cells.get("headache", "present")
    aches = kind == ATTACK and level != NO_HEADACHE
    return [told, *(day_with(asked.known.entries, cells["date"], level, teller) if aches else ())]


def _nothing(word: str) -> list[Event]:
    raise BadInput(Problem(_FIRST_ASKED[word], "nothing was told.", "Say something of it, or go back to the day."))


def _named(cells: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    if "name" not in cells and "drug" not in cells:
        raise BadInput(Problem("name", "no medicine is named.", "Write its name as it stands on the box."))
    return named_medicine(cells, before)


def _withdrawn(asked: Asked, kind: str, name: str, teller: Teller) -> list[Event]:
    """Taken back; an attack that was told once takes back with it what it said of its day."""
    known = asked.known.entries
    told = known[kind, name]
    if kind == ATTACK and not told.earlier:
        return taking_back(known, (kind, name), lambda place: asked.house.stories.event(asked.person, place), teller)
    return [Event(WITHDRAWN, teller.at, teller.by, {"of": kind, "entry": name})]


def _require_past(asked: Asked, cells: Mapping[str, str], names: list[str]) -> None:
    problems = []
    for name in names:
        day = parse_day(cells.get(name, ""))
        if day is not None and day > asked.today:
            problems.append(Problem(name, "it is still to come.", "Write today or an earlier day."))
    if "date" not in cells:
        problems.append(Problem("date", "there is no day.", "Write it as 2026-03-04."))
    if problems:
        raise BadInput(problems)


ROWS = for_both(
    Endpoint("GET", _NEW, new_entry, Need(DIARY), "an entry more for a day"),
    Endpoint("POST", _NEW, tell_entry, Need(DIARY, WRITE), "keep an entry of a day"),
    Endpoint("GET", _ONE, entry, Need(DIARY), "one entry of the diary"),
    Endpoint("POST", _ONE, tell_entry, Need(DIARY, CHANGE), "correct an entry, or take it back"),
)
