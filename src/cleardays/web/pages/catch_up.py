"""The weekly look back: days of which nothing was told, each in one tap, all of them marked as recalled."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import RedirectResponse, Response

from cleardays.clock import parse_day
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.attacks import Teller
from cleardays.web.days import telling, unknown_days
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept
from cleardays.web.questions import is_recovery, questions_of
from cleardays.web.roles import DIARY, WRITE, Need

BACK = 14  # days; what is longer ago is told from the calendar, one by one


def catch_up(asked: Asked) -> Response:
    """The days that are unknown."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    known = asked.known
    shown = {
        "days": unknown_days(known.entries, asked.today - timedelta(days=1), BACK),
        "first": questions_of(known.about)[0],
        "recovery": is_recovery(known.about),
        "form": form,
        "here": "/calendar",
    }
    return asked.page("catch_up.html", shown, status=status)


async def tell_catch_up(asked: Asked) -> Response:
    """Keep each day that was answered; one that was left stays unknown."""
    bad = await kept(asked, _told)
    return RedirectResponse("/calendar?kept=days", 303) if bad is None else _page(asked, written(asked, bad), 422)


def _told(asked: Asked) -> list[Event]:
    known, teller, found, wrong = asked.known, Teller(asked.now, asked.zone, asked.by), list[Event](), list[Problem]()
    first = questions_of(known.about)[0]
    for name, answer in sorted((asked.form or {}).items()):
        day = parse_day(name)
        if day is None or not answer:
            continue
        if day >= asked.today or answer not in dict(first.options):
            where = name if day < asked.today else f"the day {name}"  # which the page does not ask about
            wrong.append(Problem(where, "that is no answer for this day.", "Choose one of those that are shown."))
            continue
        try:
            found += telling(known.entries, day, {first.cell: answer}, teller)
        except BadInput as bad:
            wrong += [problem._replace(where=name) for problem in bad.problems]
    if wrong:
        raise BadInput(wrong)
    return found


ROWS = (
    Endpoint("GET", "/catch-up", catch_up, Need(DIARY), "days that are still unknown"),
    Endpoint("POST", "/catch-up", tell_catch_up, Need(DIARY, WRITE), "keep what is remembered of them"),
)
