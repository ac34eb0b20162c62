"""A side effect in two taps: which, and how bad; what is urgent is answered at once, and stays open until it is dealt with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response

from cleardays.diary.entries import SEVERITIES
from cleardays.plan.told_terms import flags_in
from cleardays.problems import BadInput, Problem
from cleardays.report.treatment_page_effects import effects_of
from cleardays.trial.story.diary_told import WITHDRAWN, Cells
from cleardays.trial.story.events import CLINICIAN, Event
from cleardays.trial.story.kinds import FLAG_ANSWERED
from cleardays.trial.story.safety_told import CALLED, CHANGED, HELD, NOTHING, SEEN_BY, STOPPED
from cleardays.web.asked import Asked
from cleardays.web.effect_events import EFFECT, effect_events, in_diary
from cleardays.web.endpoint import Endpoint
from cleardays.web.escalation import EMERGENCY, SOON, escalated, running, signs_of
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of, new_name
from cleardays.web.marked import N_
from cleardays.web.places import base_of, for_both
from cleardays.web.problem_answers import Refused
from cleardays.web.red_card import red_card
from cleardays.web.roles import DIARY, WRITE, Need
from cleardays.web.trials import called

_PATH, _ONE = "/effects", "/effects/{entry}"
_MOST = 12  # shown at once; the rest one tap away
_LONGEST = 200
DONE = {
    CALLED: N_("I called somebody"), HELD: N_("The dose is held"), STOPPED: N_("The treatment is stopped"),
    SEEN_BY: N_("Examined"), CHANGED: N_("The plan is changed"), NOTHING: N_("No change is needed"),
}  # fmt: skip
_OF_CLINICIANS = (SEEN_BY, CHANGED, NOTHING)


def effects(asked: Asked) -> Response:
    """Which effect it is; or, once that is said in the address, how bad it is."""
    return _page(asked, Form({key: value for key, value in asked.request.query_params.items() if key == "term"}))


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    story = asked.known.deciding
    usual = [(called(each.treatment), _usual(each.treatment)) for each in running(story)]
    shown: dict[str, Any] = {
        "form": form,
        "term": form.value("term")[:_LONGEST],
        "usual": [(name, terms[:_MOST], terms[_MOST:]) for name, terms in usual],
        "signs": signs_of(story),
        "severities": SEVERITIES,
        "told": _told_today(asked),
        "base": base_of(asked),
        "here": "/plan",
    }
    return asked.page("effects.html", shown, status=status)


def _usual(treatment: str) -> list[tuple[str, str]]:
    """The effects that the catalogue knows, the most frequent first: as a source names them, and in plain words."""
    return [(rows[0]["term"], name) for name, rows in effects_of(treatment).items()]


def _told_today(asked: Asked) -> list[tuple[str, Mapping[str, str]]]:
    day = asked.today.isoformat()
    found = [(key[1], told.cells) for key, told in asked.known.entries.items() if key[0] == EFFECT]
    return [(name, cells) for name, cells in found if cells.get("date") == day]


async def tell_effect(asked: Asked) -> Response:
    """Keep it, then say what follows from it."""
    name = new_name()
    bad = await kept(asked, lambda asked: _told(asked, name))
    if bad is not None:
        return _page(asked, written(asked, bad), 422)
    return RedirectResponse(f"{base_of(asked)}{_PATH}/{name}", 303)


def _told(asked: Asked, name: str) -> list[Event]:
    return effect_events(asked, name, _cells(asked), asked.now)


def _cells(asked: Asked) -> dict[str, str]:
    """The entry that the form tells.

    Raises:
        BadInput: nothing is named, or it is not said how bad it is.
    """
    head = {"date": asked.today.isoformat(), "source": "patient"}
    flag = asked.field("sign")
    if flag:
        if not flags_in(flag):
            raise BadInput(Problem("sign", "that is no sign of this page.", "Choose one, or write it in your own words."))
        return {**head, "kind": "red_flag", "term": flag}
    term, severity = asked.field("term"), asked.field("severity")
    problems = list[Problem]()
    if not 0 < len(term) <= _LONGEST:
        problems.append(Problem("term", "it does not say what it is.", f"Say it in at most {_LONGEST} letters."))
    if severity not in SEVERITIES:
        problems.append(Problem("severity", "it does not say how bad it is.", "Choose mild, moderate or severe."))
    if problems:
        raise BadInput(problems)
    return {**head, "kind": "side_effect", "term": term, "severity": severity}


def effect(asked: Asked) -> Response:
    """What was kept, and what follows."""
    return _one(asked, Form())


def _entry(asked: Asked) -> tuple[str, Cells]:
    name = asked.request.path_params["entry"]
    told = asked.known.entries.get((EFFECT, name))
    if told is None:
        raise Refused(404, Problem("effect", "there is no such entry any more.", "Go back to the side effects."))
    return name, told


def _one(asked: Asked, form: Form, status: int = 200) -> Response:
    name, told = _entry(asked)
    cells, story = told.cells, asked.known.deciding
    found = escalated(story, in_diary(asked, cells), asked.today)
    flag = story.told.flags.get(name)
    may = DONE if asked.viewer.role == CLINICIAN else {key: said for key, said in DONE.items() if key not in _OF_CLINICIANS}
    shown = {
        "form": form,
        "name": name,
        "cells": cells,
        "found": found,
        "emergency": found.tier == EMERGENCY,
        "soon": found.tier == SOON,
        "card": red_card(found.treatment or ""),
        "flag": flag,
        "done": list(may.items()),
        "done_said": DONE,
        "base": base_of(asked),
        "here": "/plan",
    }
    return asked.page("effect_kept.html", shown, status=status)


async def answer_effect(asked: Asked) -> Response:
    """What was done about it; or it was told by mistake."""
    name, _ = _entry(asked)
    bad = await kept(asked, _answered)
    if bad is not None:
        return _one(asked, written(asked, bad), 422)
    onward = _PATH if asked.field("do") == "undo" else f"{_PATH}/{name}"
    return RedirectResponse(f"{base_of(asked)}{onward}", 303)


def _answered(asked: Asked) -> list[Event]:
    name, _ = _entry(asked)
    if need_one_of(asked, "do", ("undo", "done")) == "undo":
        return [Event(WITHDRAWN, asked.now, asked.by, {"of": EFFECT, "entry": name})]
    done = need_one_of(asked, "done", tuple(DONE))
    words = {"words": asked.field("words")} if asked.field("words") else {}
    flag = asked.known.deciding.told.flags.get(name)
    trial = None if flag is None else flag.trial
    body = {"entry": name, "done": done, "on": asked.today.isoformat(), **words}
    return [Event(FLAG_ANSWERED, asked.now, asked.by, body, trial)]


_WRITE = Need(DIARY, WRITE)
ROWS = for_both(
    Endpoint("GET", _PATH, effects, Need(DIARY), "which side effect, and how bad"),
    Endpoint("POST", _PATH, tell_effect, _WRITE, "keep a side effect or a warning sign"),
    Endpoint("GET", _ONE, effect, Need(DIARY), "what follows from a side effect"),
    Endpoint("POST", _ONE, answer_effect, _WRITE, "what was done about it"),
)
