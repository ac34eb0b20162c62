"""Bring a diary: a file of another app is read apart, shown, and kept once somebody says so; it takes no day's word away."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from cleardays.diary.layouts.dates import ORDERS
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import WITHDRAWN
from cleardays.trial.story.events import Event
from cleardays.web.apart import DIARY as READ_DIARY
from cleardays.web.asked import Asked
from cleardays.web.brought import Brought, brought
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of
from cleardays.web.marked import N_
from cleardays.web.roles import CHANGE, DIARY, Need
from cleardays.web.uploads import read_apart

_PATH, _KEEP = "/more/bring", "/more/bring/keep"
LARGEST = 64 * 1024 * 1024  # bytes, packed
_LONGEST_NAME = 80
_ORDERS = {"": N_("As the file shows it"), "dmy": N_("Day, month, year"), "mdy": N_("Month, day, year")}
BESIDE = {
    "attack.told": N_("Attacks"),
    "aura.told": N_("Auras"),
    "dose.told": N_("Medicines taken"),
    "effect.told": N_("Side effects and events"),
    "score.told": N_("Questionnaires"),
}


def bring(asked: Asked) -> Response:
    """Which files are read, and a place for one."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200, *, found: Brought | None = None, word: str = "") -> Response:
    shown = {
        "form": form,
        "orders": [(value, asked.words._(said)) for value, said in _ORDERS.items()],
        "found": found,
        "word": word,
        "beside": [] if found is None else [(said, found.beside.get(kind, 0)) for kind, said in BESIDE.items()],
        "here": "/more",
    }
    return asked.page("bring.html", shown, status=status)


async def look_through(asked: Asked) -> Response:
    """Read the file and show what would be kept; nothing is kept by this."""
    try:
        name, content = await _file(asked)
        found = await run_in_threadpool(_read, asked, name, content)
    except BadInput as bad:
        return await run_in_threadpool(_page, asked, written(asked, bad), 422)
    word = asked.house.waiting.put(asked.person, found.told) if found.told else ""
    return await run_in_threadpool(lambda: _page(asked, Form(), found=found, word=word))


async def _file(asked: Asked) -> tuple[str, bytes]:
    async with asked.request.form() as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise BadInput(Problem("file", "none was chosen.", "Choose the file that the other app made."))
        return sent.filename[-_LONGEST_NAME:], await sent.read()


def _read(asked: Asked, name: str, content: bytes) -> Brought:
    order = asked.field("date_order")
    if order and order not in ORDERS:
        raise BadInput(Problem("date_order", "that is no choice of this page.", "Choose one of those that are shown."))
    options = {"name": name, "date_order": order, "zone": asked.known.about.get("zone", "")}
    return brought(read_apart(READ_DIARY, content, options), asked.known.entries)


async def keep_brought(asked: Asked) -> Response:
    """Keep what was shown, or leave it."""
    if need_one_of(asked, "what", ("keep", "leave")) == "leave":
        asked.house.waiting.take(asked.person, asked.field("word"))
        return RedirectResponse("/more", 303)
    bad = await kept(asked, _told)
    if bad is not None:
        return await run_in_threadpool(_page, asked, written(asked, bad), 422)
    return RedirectResponse("/calendar", 303)


def _told(asked: Asked) -> list[Event]:
    told = asked.house.waiting.take(asked.person, asked.field("word"))
    if told is None:
        raise BadInput(Problem("file", "it was shown too long ago, or was kept already.", "Choose the file again."))
    return [Event(kind, asked.now, asked.by, dict(body)) for kind, body in told if kind != WITHDRAWN]


_NEED = Need(DIARY, CHANGE)
ROWS = (
    Endpoint("GET", _PATH, bring, _NEED, "bring a diary that another app kept"),
    Endpoint("POST", _PATH, look_through, _NEED, "what a file of another app tells", often=12, longest=LARGEST),
    Endpoint("POST", _KEEP, keep_brought, _NEED, "keep what was shown of it", often=12),
)
