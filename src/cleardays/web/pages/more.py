"""Everything else: the settings, each with a line that says what it does, and the way to the other pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response

from cleardays.clock import zone_named
from cleardays.diary.conditions import conditions
from cleardays.diary.packing import pack
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import ABOUT_TOLD
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept
from cleardays.web.questions import EVENING, MOST_OWN, OWN_ITEMS, choices, chosen, is_recovery, own_items, read_own_items
from cleardays.web.roles import CHANGE, DIARY, OPEN, Need
from cleardays.web.spaces import is_private
from cleardays.web.words import LANGUAGES

_MORE, _ABOUT, _EVENING, _LANGUAGE, _EXPORT = "/more", "/more/about", "/more/evening", "/more/language", "/export"
_YEAR_S = 31_536_000
_LONGEST_NAME = 120
_NOT_ONE_LINE = re.compile(r"[\r\n]")


def more(asked: Asked) -> Response:
    """The list of it all."""
    addresses = {getattr(each, "path", "") for each in asked.request.app.routes}  # a link to nowhere helps nobody
    shown = {"recovery": is_recovery(asked.known.about), "there": addresses, "here": _MORE, "languages": LANGUAGES}
    shown["clinic"] = asked.house.settings.clinic
    return asked.page("more.html", shown)


def about(asked: Asked) -> Response:
    """What is said of the diary as a whole."""
    return _about(asked, Form(asked.known.about))


def _about(asked: Asked, form: Form, status: int = 200) -> Response:
    shown = {"form": form, "conditions": _conditions(asked), "here": _MORE}
    return asked.page("more_about.html", shown, status=status)


def _conditions(asked: Asked) -> list[tuple[str, str]]:
    """What a diary may be of: of recovery in the private space, and wherever it was chosen so before."""
    recovery = [(each.id, each.name) for each in conditions().values() if not each.headache]
    if is_private(asked.whose) or is_recovery(asked.known.about):
        return recovery
    return [(each.id, each.name) for each in conditions().values() if each.headache]


async def tell_about(asked: Asked) -> Response:
    """Keep it."""
    bad = await kept(asked, _about_told)
    return RedirectResponse(_MORE, 303) if bad is None else _about(asked, written(asked, bad), 422)


def _about_told(asked: Asked) -> list[Event]:
    said = {name: asked.field(name) for name in ("person", "zone", "condition") if name in (asked.form or {})}
    problems = []
    if said.get("zone") and zone_named(said["zone"]) is None:
        problems.append(Problem("zone", "there is no such time zone.", "Write it like Europe/Berlin, or leave it empty."))
    if said.get("condition") and said["condition"] not in dict(_conditions(asked)):
        problems.append(Problem("condition", "this diary is of something else.", "Choose one of those that are shown."))
    name = said.get("person", "")
    if len(name) > _LONGEST_NAME or _NOT_ONE_LINE.search(name):
        problems.append(Problem("person", "it is too long for a name.", f"Use one line of at most {_LONGEST_NAME} characters."))
    if problems:
        raise BadInput(problems)
    return _told(asked, said)


def _told(asked: Asked, said: Mapping[str, str]) -> list[Event]:
    before = asked.known.about
    # asking nothing beside the first question is a choice too, and no empty field
    changed = {key: value for key, value in said.items() if before.get(key, None if key == EVENING else "") != value}
    return [Event(ABOUT_TOLD, asked.now, asked.by, {"about": changed})] if changed else []


def evening_settings(asked: Asked) -> Response:
    """What is asked in the evening: less, or more."""
    return _evening(asked, Form({OWN_ITEMS: ", ".join(own_items(asked.known.about))}))


def _evening(asked: Asked, form: Form, status: int = 200) -> Response:
    known = asked.known.about
    shown: dict[str, Any] = {"form": form, "choices": choices(known), "chosen": chosen(known), "most": MOST_OWN, "here": _MORE}
    return asked.page("more_evening.html", shown, status=status)


async def tell_evening_settings(asked: Asked) -> Response:
    """Keep the choice."""
    bad = await kept(asked, _evening_told)
    return RedirectResponse(_MORE, 303) if bad is None else _evening(asked, written(asked, bad), 422)


def _evening_told(asked: Asked) -> list[Event]:
    wanted = [name for name, _ in choices(asked.known.about) if asked.field(f"ask-{name}")]
    return _told(asked, {EVENING: " ".join(wanted), OWN_ITEMS: ";".join(read_own_items(asked.field(OWN_ITEMS)))})


def choose_language(asked: Asked) -> Response:
    """Remember the language on this device."""
    language = asked.field("language")
    if language not in LANGUAGES:
        raise BadInput(Problem("language", "it is not here yet.", f"Choose one of {', '.join(LANGUAGES.values())}."))
    answer = RedirectResponse(_MORE, 303)
    answer.set_cookie("language", language, max_age=_YEAR_S, samesite="lax", secure=asked.house.settings.secure)
    return answer


def export(asked: Asked) -> Response:
    """The whole diary of this space as our zip: tables for any spreadsheet, nothing of the other space."""
    name = "notes" if is_private(asked.person) else "diary"
    headers = {"Content-Disposition": f'attachment; filename="{name}-{asked.today.isoformat()}.zip"'}
    return Response(pack(asked.story.diary), headers=headers, media_type="application/zip")


_CHANGE = Need(DIARY, CHANGE)
ROWS = (
    Endpoint("GET", _MORE, more, Need(DIARY), "settings, and the way to the other pages"),
    Endpoint("GET", _ABOUT, about, Need(DIARY), "what is said of the diary as a whole"),
    Endpoint("POST", _ABOUT, tell_about, _CHANGE, "say it otherwise"),
    Endpoint("GET", _EVENING, evening_settings, Need(DIARY), "what is asked in the evening"),
    Endpoint("POST", _EVENING, tell_evening_settings, _CHANGE, "ask less, or more, in the evening"),
    Endpoint("POST", _LANGUAGE, choose_language, Need(OPEN), "choose a language for this device"),
    Endpoint("GET", _EXPORT, export, Need(DIARY), "the diary as a zip", often=20),
)
