"""What makes the app one of the device: its manifest, its service worker, and the page for where there is no network."""

from __future__ import annotations

import msgspec
from starlette.responses import Response

from cleardays.trial.story.diary_told import DAY_TOLD
from cleardays.web.asked import KEEP, Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.entry_questions import ENTRIES
from cleardays.web.pages.entry import TODAY
from cleardays.web.questions import questions_of
from cleardays.web.roles import OPEN, Need

# Kept on the device from the first visit on.
_PAGES = (
    "/attack", "/help", "/", "/evening", "/calendar", "/catch-up", "/plan", "/medicines", "/effects", "/waiting",
    "/offline", "/offline?unsent", *(f"/day/{TODAY}/new/{word}" for word in ENTRIES),
)  # fmt: skip
_NEVER_SENT = ("js/sw.js",)


def manifest(asked: Asked) -> Response:
    """How the app is installed. It opens on the attack screen: from there an attack is one tap.

    A diary of recovery has no attacks; it opens on the page of the day.
    """
    recovery = asked.whose is not None and asked.known.about.get("condition") == "recovery"
    _, asset = asked.words._, asked.house.paper.assets.address
    document = {
        "id": "/", "name": "cleardays", "short_name": "cleardays", "lang": asked.words.language, "dir": asked.words.direction,
        "description": _("An attack in one tap, a diary, a plan, an answer."),
        "start_url": "/" if recovery else "/attack", "scope": "/", "display": "standalone", "orientation": "any",
        "background_color": "#000000", "theme_color": "#000000",
        "icons": [
            {"src": asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": asset("icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": asset("icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
            {"src": asset("icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
        "shortcuts": [
            *([] if recovery else [{"name": _("Attack"), "url": "/attack"}]),
            {"name": _("Today"), "url": "/"},
            {"name": _("Evening"), "url": "/evening"},
            {"name": _("Help"), "url": "/help"},
        ],
    }  # fmt: skip
    return Response(msgspec.json.encode(document), media_type="application/manifest+json")


def worker(asked: Asked) -> Response:
    """The service worker with what it keeps; it changes when any file of the app does."""
    assets = asked.house.paper.assets
    files = [assets.address(name) for name in assets.names() if name not in _NEVER_SENT]
    named = {"MARK": assets.mark, "FILES": files, "PAGES": _PAGES}
    before = "".join(f"const {name} = {msgspec.json.encode(value).decode()};\n" for name, value in named.items())
    content = before.encode() + assets.read("js/sw.js")
    return Response(content, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def offline(asked: Asked) -> Response:
    """What is shown for a page that this device does not keep."""
    return _for_all(asked.page("offline.html", {"unsent": "unsent" in asked.request.query_params}))


def waiting(asked: Asked) -> Response:
    """What waits on this device to be sent; it is filled in there, the server knows nothing of it."""
    return _for_all(asked.page("waiting.html", {"cells": _named_cells(asked)}))


def _named_cells(asked: Asked) -> dict[str, dict[str, tuple[str, dict[str, str]]]]:
    """For each kind of entry what its cells are called on its page, and what their answers are called."""
    about = {} if asked.whose is None else asked.known.about  # words of recovery are on no other device
    questions = {kind: of for kind, _, of in ENTRIES.values()} | {DAY_TOLD: questions_of(about)}
    say = asked.words._
    return {
        kind: {each.cell: (say(each.says), {value: say(text) for value, text in each.options if value}) for each in of}
        for kind, of in questions.items()
    }


def _for_all(page: Response) -> Response:
    page.headers["Offline"] = KEEP
    return page


ROWS = (
    Endpoint("GET", "/app.webmanifest", manifest, Need(OPEN), "how the app is installed"),
    Endpoint("GET", "/sw.js", worker, Need(OPEN), "the service worker"),
    Endpoint("GET", "/offline", offline, Need(OPEN), "shown where there is no network"),
    Endpoint("GET", "/waiting", waiting, Need(OPEN), "what waits on this device to be sent"),
)
