"""Leaving: everything in one file to take along, and then, with the name typed again, nothing of it left here."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import Response

from cleardays.diary.bundle import to_tables
from cleardays.problems import BadInput, Problem
from cleardays.store.exporting import documents, write_lines
from cleardays.web.accounts.cookies import DEVICE, SESSION, take_back
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.roles import CHANGE, HISTORY, Need
from cleardays.web.spaces import is_private, private_of

_PATH = "/leave"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip format's own first day
_READ_ME = """\
Everything that cleardays kept of you.

days.csv and the tables beside it: the diary as it stands, for any program that reads tables.
story.jsonl: all that was ever told, in order, with who told it; "event" is the readable text. Its first line says what it
is, the next who you are here and which key opened it; `cleardays store import` reads it back.
consents.json, looks.json: what you showed to whom, and who looked; only a clinic has them.
"""


def leave(asked: Asked) -> Response:
    """What there is, how to take it along, and how to have it gone."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    shown = {"form": form, "name": _called(asked), "there": bool(asked.known.digest), "here": "/more"}
    return asked.page("leave.html", shown, status=status, keep=False)


def take_along(asked: Asked) -> Response:
    """Everything in one zip."""
    name = f"cleardays-{asked.today.isoformat()}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_packed(asked), headers=headers, media_type="application/zip")


def _packed(asked: Asked) -> bytes:
    files = {"READ-ME.txt": _READ_ME, **to_tables(asked.story.diary), "story.jsonl": _story(asked)}
    if asked.house.settings.clinic:
        accounts = asked.house.store.accounts
        files["consents.json"] = _lines(each._asdict() for each in accounts.consents.of(asked.person))
        files["looks.json"] = _lines(each.seen._asdict() for each in accounts.audit.of_person(asked.person, most=1_000_000))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, text in files.items():
            archive.writestr(zipfile.ZipInfo(file, _EPOCH), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _story(asked: Asked) -> str:
    out, store = io.StringIO(), asked.house.store
    with store.database.reading() as connection:
        write_lines(documents(connection, lambda named: named == asked.person, readable=True), out)
    return out.getvalue()


def _lines(found: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(found), indent=1, default=str)


def erase(asked: Asked) -> Response:
    """Destroy what opens the story, with the name, the consents, the links and the account; it cannot be taken back."""
    try:
        if asked.field("name") != _called(asked):
            raise BadInput(Problem("name", "this is not the name of the diary.", f"Type {_called(asked)} to erase it."))
        if asked.field("sure") != "yes":
            raise BadInput(Problem("sure", "it is not ticked.", "Tick it, or leave everything as it is."))
    except BadInput as bad:
        return _page(asked, written(asked, bad), 422)
    house = asked.house
    for person in _stories_of(asked):
        house.stories.forget(person)
        house.store.erase(person)
        house.forget(person)
    answer = house.paper.page(asked.words, "left.html", {"viewer": None, "now": asked.now}, theme=asked.theme)
    for name in () if is_private(asked.person) else (SESSION, DEVICE):
        take_back(answer, name, secure=house.settings.secure)
    house.spaces.leave(asked.request, answer)
    # what waits on the device to be sent is of the diary, which stays where the notes alone were erased
    answer.headers["Clear-Site-Data"] = '"cache"' if is_private(asked.person) else '"cache", "storage"'
    return answer


def _stories_of(asked: Asked) -> list[str]:
    """What is erased: from the diary, first the private notes beside it; from inside those, they alone."""
    private = [] if is_private(asked.person) else [private_of(asked.person)]
    there = asked.house.store.people()
    return [each for each in private if each in there] + [asked.person]


def _called(asked: Asked) -> str:
    """The name to type: as the diary calls the person, and without one as the store does."""
    return asked.known.about.get("person") or asked.person


ROWS = (
    Endpoint("GET", _PATH, leave, Need(HISTORY, CHANGE), "take everything along, or have it erased"),
    Endpoint("GET", f"{_PATH}/everything.zip", take_along, Need(HISTORY, CHANGE), "everything in one file", often=10),
    Endpoint("POST", _PATH, erase, Need(HISTORY, CHANGE), "erase everything", often=10),
)
