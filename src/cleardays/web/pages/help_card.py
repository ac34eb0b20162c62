"""The help card: which signs are no ordinary attack, and whom to call. Nobody signs in for it, and it needs no network."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.web.asked import KEEP, Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.helplines import WHAT, checked, countries, country_of_zone, everywhere, lines_of, read_number, signs
from cleardays.web.roles import OPEN, Need

_OWN = "own-"
_COUNTRY = "country"
_YEAR_S = 31_536_000


def help_card(asked: Asked) -> Response:
    """The card."""
    return _card(asked, None, 200)


def _card(asked: Asked, form: Form | None, status: int) -> Response:
    country, chosen = _country(asked)
    own = {what: asked.request.cookies.get(_OWN + what, "") for what in WHAT}
    names = sorted(((_name(asked, each), each) for each in countries()), key=lambda each: each[0].casefold())
    shown = {
        "signs": signs(),
        "lines": lines_of(country, {what: _unquoted(number) for what, number in own.items()}),
        "country": country,
        "country_name": None if country is None else _name(asked, country),
        "known": country in countries(),
        "chosen": chosen,
        "checked": checked(),
        "everywhere": everywhere(),
        "countries": [("", asked.words._("Another country")), *((code, name) for name, code in names)],
        "form": form or Form({_COUNTRY: country or "", **{what: _unquoted(number) for what, number in own.items()}}),
        "here": "/more",
    }
    page = asked.page("help.html", shown, status=status, theme=asked.night)
    if status == 200:
        page.headers["Offline"] = KEEP
    return page


def _country(asked: Asked) -> tuple[str | None, bool]:
    """The country that was chosen on this device, else a guess from the diary's time zone; None where nobody knows."""
    chosen = asked.request.cookies.get(_COUNTRY)
    if chosen is not None:
        return (chosen if chosen in countries() else None), True
    zone = asked.known.about.get("zone", "") if asked.whose is not None else ""
    return country_of_zone(zone), False


def _name(asked: Asked, country: str) -> str:
    return str(asked.words.locale.territories.get(country, country))


async def set_help(asked: Asked) -> Response:
    """Remember the country and the person's own numbers on this device; they go nowhere else."""
    country, problems = asked.field(_COUNTRY), list[Problem]()
    if country and country not in countries():
        problems.append(Problem(_COUNTRY, "its numbers are not known here.", "Choose another country, and write its numbers."))
    for what in WHAT:
        try:
            read_number(asked.field(what), what)
        except BadInput as bad:
            problems += bad.problems
    if problems:
        return _card(asked, written(asked, BadInput(problems)), 422)
    answer = RedirectResponse("/help", 303)
    for name, value in ((_COUNTRY, country), *((_OWN + what, _quoted(asked.field(what))) for what in WHAT)):
        secure = asked.house.settings.secure
        answer.set_cookie(name, value, max_age=_YEAR_S, samesite="lax", secure=secure, httponly=True)
    return answer


def _quoted(number: str) -> str:
    """A number as a cookie takes it."""
    return number.replace(" ", "_")


def _unquoted(number: str) -> str:
    """What a cookie says, if it is a number."""
    try:
        return read_number(number.replace("_", " "), "cookie")
    except BadInput:
        return ""


ROWS = (
    Endpoint("GET", "/help", help_card, Need(OPEN), "the help card"),
    Endpoint("POST", "/help", set_help, Need(OPEN), "choose the country and own numbers of the help card"),
)
