"""Save a copy of everything, and bring one back into an empty diary."""

from __future__ import annotations

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import Event, read_event
from cleardays.web.apart import COPY
from cleardays.web.asides import SAVED_ON
from cleardays.web.asked import Asked
from cleardays.web.copies import LARGEST_COPY, copy_of
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import CHANGE, HISTORY, Need
from cleardays.web.uploads import read_apart

_YEAR_S = 31_536_000


def copies(asked: Asked) -> Response:
    """What can be saved and brought back."""
    return _page(asked, Form(), 200)


def _page(asked: Asked, form: Form, status: int) -> Response:
    shown = {
        "form": form,
        "events": asked.known.seq,
        "saved": asked.request.cookies.get(SAVED_ON),
        "may_bring_back": not asked.house.settings.clinic,
        "here": "/more",
    }
    return asked.page("copy.html", shown, status=status, keep=False)


def save_copy(asked: Asked) -> Response:
    """The copy as a file."""
    if asked.known.seq == 0:
        raise Refused(404, Problem("diary", "nothing was told yet.", "Tell something first."))
    events = (event for _, event in asked.house.store.events(asked.person))
    content = copy_of(asked.story, events, asked.now)
    name = f"cleardays-{asked.today.isoformat()}.zip"
    answer = Response(content, media_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'})
    secure = asked.house.settings.secure
    answer.set_cookie(SAVED_ON, asked.today.isoformat(), max_age=_YEAR_S, samesite="lax", httponly=True, secure=secure)
    return answer


async def bring_back(asked: Asked) -> Response:
    """Keep all that a copy tells, or nothing; only where nothing was told yet, so that nothing is mixed."""
    try:
        events = await run_in_threadpool(_checked, asked, await _file(asked))
        await asyncio.wrap_future(asked.house.stories.tell(asked.person, events, expected=0))
    except BadInput as bad:
        return await run_in_threadpool(_page, asked, written(asked, bad)._replace(typed={}), 422)
    return RedirectResponse("/", 303)


async def _file(asked: Asked) -> bytes:
    async with asked.request.form() as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise BadInput(Problem("file", "none was chosen.", 'Choose the file that "Save a copy" made.'))
        return await sent.read()


def _checked(asked: Asked, content: bytes) -> list[Event]:
    if asked.house.settings.clinic:  # a copy could say that a clinician confirmed a plan
        raise BadInput(Problem("file", "a clinic takes no copies.", "Ask the clinic to bring your diary in."))
    if asked.known.seq:
        raise BadInput(Problem("file", "there is a diary here already.", "Bring it back where nothing was told yet."))
    return [read_event(told, f"event {number}") for number, told in enumerate(read_apart(COPY, content), 1)]


ROWS = (
    Endpoint("GET", "/copy", copies, Need(HISTORY), "save a copy, or bring one back"),
    Endpoint("GET", "/copy.zip", save_copy, Need(HISTORY), "a copy of everything", often=12),
    Endpoint(
        "POST", "/copy", bring_back, Need(HISTORY, CHANGE), "bring a copy back into an empty diary",
        often=12, longest=LARGEST_COPY,
    ),
)  # fmt: skip
