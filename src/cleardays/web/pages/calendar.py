"""The calendar: every day with a shape and a word, so that what is not known stays visible."""

from __future__ import annotations

from starlette.responses import Response

from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.months import month_asked, month_of
from cleardays.web.places import base_of, for_both
from cleardays.web.questions import is_recovery
from cleardays.web.roles import DIARY, Need


def calendar(asked: Asked) -> Response:
    """One month: as a sheet, or as a list of the same days with their words."""
    known, named = asked.known, asked.request.query_params
    month = month_of(known.entries, month_asked(named.get("month"), asked.today), asked.today, asked.zone)
    week_begins = asked.words.locale.first_week_day
    shown = {
        "month": month,
        "today": asked.today,
        "start": (month.first.weekday() - week_begins) % 7,
        "weekdays": [_name(asked, (week_begins + n) % 7) for n in range(7)],
        "as_list": named.get("as") == "list",
        "recovery": is_recovery(known.about),
        "kept": named.get("kept") == "days",
        "base": base_of(asked),
        "here": "/calendar",
    }
    return asked.page("calendar.html", shown)


def _name(asked: Asked, weekday: int) -> str:
    return str(asked.words.locale.days["stand-alone"]["abbreviated"][weekday])


ROWS = for_both(Endpoint("GET", "/calendar", calendar, Need(DIARY), "the diary, a month at a time"))
