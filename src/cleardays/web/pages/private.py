"""The private space: its door, its lock, and the way out; in words that tell nobody what is behind it."""

from __future__ import annotations

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import ABOUT_TOLD
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import need_one_of
from cleardays.web.roles import ADD, CHANGE, DIARY, OWN, Need
from cleardays.web.spaces import is_private, private_of

_DOOR, _LOCK, _UNLOCK = "/private", "/private/lock", "/private/unlock"
_OPEN, _LEAVE, _PUT, _REMOVE = "open", "leave", "put", "remove"
_TRIES = 5  # a minute


def private(asked: Asked) -> Response:
    """The door: open it, lock it, or leave."""
    return _door(asked, Form())


def _door(asked: Asked, form: Form, status: int = 200) -> Response:
    inside = is_private(asked.whose)
    shown = {
        "form": form,
        "inside": inside,
        "locked": inside and asked.viewer.person is None,
        "has_lock": inside and asked.house.spaces.locks.has(asked.person),
        "here": "/more",
    }
    return asked.page("private.html", shown, status=status)


async def through_door(asked: Asked) -> Response:
    """Go in, or out."""
    spaces = asked.house.spaces
    if need_one_of(asked, "what", (_OPEN, _LEAVE)) == _LEAVE or asked.whose is None:
        answer = RedirectResponse("/", 303)
        spaces.leave(asked.request, answer)
        return answer
    if not is_private(asked.whose):
        await _begin(asked)
    answer = RedirectResponse("/", 303)
    spaces.enter(answer, secure=asked.house.settings.secure)
    return answer


async def _begin(asked: Asked) -> None:
    """The first time it is said of what the story is, and in which zone its days begin."""
    own = private_of(asked.person)
    known = await run_in_threadpool(asked.house.stories.at_hand, own)
    if known.about:
        return
    zone = (await run_in_threadpool(lambda: asked.known)).about.get("zone")
    about = {"condition": "recovery", **({"zone": zone} if zone else {})}
    by = asked.house.actor_of(asked.viewer, asked.person)
    await asyncio.wrap_future(asked.house.stories.tell(own, [Event(ABOUT_TOLD, asked.now, by, {"about": about})]))


def set_lock(asked: Asked) -> Response:
    """Lock it with a passphrase, another one, or none any more; only from inside."""
    locks, person = asked.house.spaces.locks, asked.person
    if not is_private(person):
        raise BadInput(Problem("what", "there is nothing to lock here.", "Open the private notes first."))
    answer = RedirectResponse(_DOOR, 303)
    if need_one_of(asked, "what", (_PUT, _REMOVE)) == _REMOVE:
        locks.remove(person)
        return answer
    try:
        locks.put(person, (asked.form or {}).get("passphrase", ""))
    except BadInput as bad:
        return _door(asked, written(asked, bad)._replace(typed={}), 422)
    asked.house.spaces.unlock(person, answer, secure=asked.house.settings.secure)
    return answer


def unlock(asked: Asked) -> Response:
    """Ask for the passphrase; telling something needs none."""
    kept = asked.request.query_params.get("kept") == "day"
    return asked.page("unlock.html", {"form": Form(), "kept": kept})


def try_unlock(asked: Asked) -> Response:
    """Open it where the passphrase is right."""
    spaces, person = asked.house.spaces, asked.person
    if not spaces.locks.opens(person, (asked.form or {}).get("passphrase", "")):
        problem = Problem("passphrase", "that is not the one.", "Try again, or leave.")
        return asked.page(
            "unlock.html", {"form": written(asked, BadInput(problem))._replace(typed={}), "kept": False}, status=422
        )
    answer = RedirectResponse("/", 303)
    spaces.unlock(person, answer, secure=asked.house.settings.secure)
    return answer


ROWS = (
    Endpoint("GET", _DOOR, private, Need(OWN), "the door of the private notes"),
    Endpoint("POST", _DOOR, through_door, Need(OWN), "go in or out"),
    Endpoint("POST", _LOCK, set_lock, Need(DIARY, CHANGE), "lock the private notes, or lock them no more", often=_TRIES),
    Endpoint("GET", _UNLOCK, unlock, Need(DIARY, ADD), "ask for the passphrase"),
    Endpoint("POST", _UNLOCK, try_unlock, Need(DIARY, ADD), "open the private notes", often=_TRIES),
)
