"""Medicines for attacks: the last one first, taken in one tap; how many days had one, told without scolding."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.trial.acute_use import AcuteUse, Limit, acute_use
from cleardays.trial.story.diary_told import WITHDRAWN
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.attacks import DOSE, Teller, last_taken, taking
from cleardays.web.endpoint import Endpoint
from cleardays.web.entry_questions import RELIEF
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of
from cleardays.web.marked import N_
from cleardays.web.medicine_names import CLASSES, may_relieve, medicine_of, named_medicine, read_typed
from cleardays.web.relief import UNKNOWN, answered, relief_open
from cleardays.web.roles import DIARY, WRITE, Need, allowed

_PATH = "/medicines"
_TOOK, _ADD, _UNDO, _RELIEF = "took", "add", "undo", "relief"
_OFFERED = 12


def medicines(asked: Asked) -> Response:
    """What was taken before, what helped, and how many days had something."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    known = asked.known
    offered = last_taken(known.entries, _OFFERED)
    told = asked.request.query_params.get("told")
    dose = known.entries.get((DOSE, told or ""))
    shown: dict[str, Any] = {
        "form": form,
        "offered": [(each, medicine_of(each) is None) for each in offered],
        "told": None if dose is None else (told, dose.cells, medicine_of(dose.cells) is None),
        "undone": asked.request.query_params.get("undone") == "1",
        "relief": relief_open(known.entries, asked.now, asked.zone),
        "relief_options": (*RELIEF, (UNKNOWN, N_("I do not know"))),
        "use": acute_use(asked.story.diary, asked.today),
        "here": _PATH,
    }
    shown["limits"] = _limits(shown["use"])
    return asked.page("medicines.html", shown, status=status)


def _limits(use: AcuteUse) -> list[tuple[str, Limit]]:
    """The classes of which something was taken, with what they are called."""
    return [(CLASSES[each.classes[0]], each) for each in use.limits if each.told]


async def tell_medicine(asked: Asked) -> Response:
    """Keep that something was taken now, take that back, or keep whether it helped."""
    before = await run_in_threadpool(_doses, asked)
    bad = await kept(asked, _told)
    if bad is not None:
        if not allowed(asked.viewer, Need(DIARY), asked.person):
            raise bad
        return await run_in_threadpool(_page, asked, written(asked, bad), 422)
    if asked.field("back") == "today":
        return RedirectResponse("/", 303)
    new = sorted(await run_in_threadpool(_doses, asked) - before)
    query = {"told": new[0]} if new else {"undone": "1"} if asked.field("what") == _UNDO else {}
    return RedirectResponse(f"{_PATH}?{urlencode(query)}" if query else _PATH, 303)


def _doses(asked: Asked) -> set[str]:
    return {name for kind, name in asked.known.entries if kind == DOSE}


def _told(asked: Asked) -> list[Event]:
    what = need_one_of(asked, "what", (_TOOK, _ADD, _UNDO, _RELIEF))
    entries, teller = asked.known.entries, Teller(asked.now, asked.zone, asked.by)
    if what == _RELIEF:
        return answered(entries, asked.field("entry"), asked.field("relief_2h"), teller)
    if what == _UNDO:
        there = (DOSE, asked.field("entry")) in entries
        return [Event(WITHDRAWN, teller.at, teller.by, {"of": DOSE, "entry": asked.field("entry")})] if there else []
    return taking(entries, _chosen(asked) if what == _TOOK else _typed(asked), teller)


def _chosen(asked: Asked) -> dict[str, str]:
    which = asked.field("which")
    for each in last_taken(asked.known.entries, _OFFERED):
        if which == (each.get("name") or each.get("drug")):
            return each
    raise BadInput(Problem("which", "there is no such medicine.", "Choose one of those that are shown."))


def _typed(asked: Asked) -> dict[str, str]:
    """A medicine by its name as it stands on the box; an amount typed with it is read too."""
    name, amount, unit = read_typed(asked.field("name"))
    cells = {"name": name, "amount": asked.field("amount").replace(",", ".") or amount, "unit": asked.field("unit") or unit}
    cells = {cell: value for cell, value in cells.items() if value}
    if "name" not in cells:
        raise BadInput(Problem("name", "no medicine is named.", "Write its name as it stands on the box."))
    if not may_relieve(medicine_of(cells)):
        how = "If it was taken to prevent attacks, tell it on the page of the day."
        raise BadInput(Problem("name", "it is taken to prevent attacks; it does not relieve one that has begun.", how))
    return named_medicine(cells, {})


ROWS = (
    Endpoint("GET", _PATH, medicines, Need(DIARY), "medicines for attacks"),
    Endpoint("POST", _PATH, tell_medicine, Need(DIARY, WRITE), "keep that a medicine was taken, or whether it helped"),
)
