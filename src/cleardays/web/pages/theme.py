"""The colours of this device: one set for an attack, one for the rest of the day."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.paper import THEMES
from cleardays.web.roles import OPEN, Need

_NIGHT, _DAY = "night", "theme"
NIGHT_THEMES = ("green", "amber", "grey", "light")
# The button of the attack screen goes through the dark ones only: nobody is met by a white page on the way.
_DARK = NIGHT_THEMES[:-1]
_YEAR_S = 31_536_000


def theme(asked: Asked) -> Response:
    """What can be chosen."""
    return asked.page("theme.html", {"night": asked.night, "nights": NIGHT_THEMES, "themes": THEMES, "here": "/more"})


def choose_theme(asked: Asked) -> Response:
    """Remember the choice on this device, and go back."""
    where = _NIGHT if _NIGHT in (asked.form or {}) else _DAY
    chosen = asked.field(where)
    if where == _NIGHT and chosen == "next":
        now = asked.night
        chosen = _DARK[(_DARK.index(now) + 1) % len(_DARK)] if now in _DARK else _DARK[0]
    if chosen not in (NIGHT_THEMES if where == _NIGHT else THEMES):
        raise BadInput(Problem(where, "there are no such colours.", "Choose one of those that are shown."))
    answer = RedirectResponse("/attack" if asked.field("back") == "attack" else "/theme", 303)
    # read by the script of the attack screen, so that the colours change at once; it says nothing of anybody
    answer.set_cookie(where, chosen, max_age=_YEAR_S, samesite="lax", secure=asked.house.settings.secure)
    return answer


ROWS = (
    Endpoint("GET", "/theme", theme, Need(OPEN), "the colours"),
    Endpoint("POST", "/theme", choose_theme, Need(OPEN), "choose colours for this device"),
)
