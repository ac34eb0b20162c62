"""From a request to its answer: who asks, how often, may they, what did they send, what is said.

Every endpoint passes here and nothing else answers, so no handler can forget to ask who is looking.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from cleardays.problems import BadInput, Problem
from cleardays.store import Busy, Conflict, StoreFault
from cleardays.web.asked import Asked
from cleardays.web.guard.limits import caller_of
from cleardays.web.problem_answers import Refused, problem_answer
from cleardays.web.roles import NOBODY, Viewer, allowed, only_one
from cleardays.web.spaces import is_private, need_of
from cleardays.web.watching import refused, watched
from cleardays.web.words import Words, language_of, words_in

if TYPE_CHECKING:
    from starlette.requests import Request

    from cleardays.web.endpoint import Endpoint
    from cleardays.web.house import House

_JSON = "application/json"
_MOST_FIELDS = 500
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def route(house: House, endpoint: Endpoint) -> Route:
    """The route of one row of the table."""

    async def answer(request: Request) -> Response:
        asked: Asked | None = None
        try:
            asked = await _asked(house, endpoint, request)
            return await _handled(endpoint, asked)
        except BadInput as bad:
            return _refusal(endpoint, request, house, _status(bad), bad.problems, asked)
        except Refused as no:
            if no.status == 401 and not endpoint.changes and not endpoint.is_api:
                return RedirectResponse(f"{no.at}?next={quote(request.url.path)}", 303)
            return _refusal(endpoint, request, house, no.status, [no.problem], asked)
        finally:
            await request.close()  # of files that came along

    return Route(endpoint.path, answer, methods=[endpoint.method], name=f"{endpoint.method} {endpoint.path}")


async def _handled(endpoint: Endpoint, asked: Asked) -> Response:
    handler = endpoint.handler
    if inspect.iscoroutinefunction(handler):
        return await handler(asked)  # type: ignore[no-any-return]
    return await run_in_threadpool(handler, asked)  # type: ignore[arg-type]


async def _asked(house: House, endpoint: Endpoint, request: Request) -> Asked:
    """Everything known before the handler; whoever may not ask is told so before anything is read."""
    viewer = house.spaces.seen(request, await run_in_threadpool(house.viewers.of, request))
    wait = house.buckets.take(viewer.account or caller_of(request), endpoint.name, endpoint.often)
    if wait:
        what = "that is more than anybody needs in a minute."
        raise Refused(429, Problem("request", what, f"Try again in {math.ceil(wait)} seconds."))
    whose = request.path_params.get("person") or viewer.person or viewer.may_add or only_one(viewer)
    if not allowed(viewer, need_of(endpoint.need, whose), whose):
        await run_in_threadpool(refused, house, endpoint, viewer, whose)
        raise _not_allowed(viewer)
    await run_in_threadpool(watched, house, endpoint, viewer, whose)
    body, form = await _sent(endpoint, request)
    return Asked(request, house, viewer, _words_of(request), house.clock(), whose, body, form)


def _words_of(request: Request) -> Words:
    """The language that was chosen on this device, else that of its browser."""
    return words_in(language_of(request.cookies.get("language"), request.headers.get("accept-language")))


def _not_allowed(viewer: Viewer) -> Refused:
    """Nobody is asked to sign in; whoever is signed in learns not even whether there is such a person."""
    if viewer.person is None and is_private(viewer.may_add):
        return Refused(401, Problem("request", "these notes are locked.", "Unlock them first."), at="/private/unlock")
    if viewer.role == NOBODY:
        return Refused(401, Problem("request", "nobody is signed in.", "Sign in first."))
    return Refused(404, Problem("address", "there is nothing here for you.", "Go back, or ask whoever gave you the address."))


async def _sent(endpoint: Endpoint, request: Request) -> tuple[Any, Mapping[str, str] | None]:
    """The body as the endpoint takes it, within its size."""
    if not endpoint.changes:
        return None, None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    raw = await _read(request, endpoint.longest)
    if endpoint.is_api:
        if endpoint.takes is None:
            return None, None
        if kind != _JSON:
            raise Refused(415, Problem("Content-Type", "the body is not said to be JSON.", f"Send it as {_JSON}."))
        return _decoded(endpoint.takes, raw), None
    if kind and kind not in _FORMS:
        raise Refused(415, Problem("Content-Type", "the body is no form.", "Send the form of the page."))
    request._body = raw  # what was read within its size is what the form is read from
    try:
        form = await request.form(max_files=1, max_fields=_MOST_FIELDS)
        sent = {name: value for name, value in form.items() if isinstance(value, str)}
        "".join((*sent, *sent.values())).encode()  # half a character could be shown and kept nowhere
    except (HTTPException, UnicodeError):
        raise Refused(400, Problem("body", "it cannot be read as a form.", "Go back, and send the form once more.")) from None
    return None, sent


async def _read(request: Request, longest: int) -> bytes:
    """The body, given up as soon as it is too long."""
    parts, size = list[bytes](), 0
    async for part in request.stream():
        size += len(part)
        if size > longest:
            what = f"it is larger than {longest // 1024} kB."
            raise Refused(413, Problem("body", what, "Send less at once."))
        parts.append(part)
    return b"".join(parts)


def _decoded(takes: type[Any], raw: bytes) -> Any:  # noqa: ANN401  # whatever the endpoint takes
    try:
        return msgspec.json.decode(raw, type=takes)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        place = where.strip("`").removeprefix("$.") or "body"
        raise BadInput(Problem(place, f"{what}.", "See the description of the API.")) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, Problem("body", f"it is no JSON ({error}).", "Send one JSON document.")) from None


def _status(bad: BadInput) -> int:
    if isinstance(bad, Conflict):
        return 409
    if isinstance(bad, Busy):
        return 503
    return 500 if isinstance(bad, StoreFault) else 422


def _refusal(
    endpoint: Endpoint,
    request: Request,
    house: House,
    status: int,
    problems: Sequence[Problem],
    asked: Asked | None,
) -> Response:
    """Problems as a program or a person reads them."""
    if endpoint.is_api:
        return problem_answer(status, problems)
    if status == 404 and endpoint.path == "/" and not endpoint.changes:
        return RedirectResponse("/home", 303)  # who keeps no diary begins elsewhere
    words = _words_of(request) if asked is None else asked.words
    return house.paper.problems(words, status, problems, theme=request.cookies.get("theme", "auto"))
