"""Today: an attack in one tap, the question of the evening, what the plan says, and what comes next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from cleardays.report.treatment_page_words import in_sentence
from cleardays.trial.story.phases import OPEN
from cleardays.web.asides import asides
from cleardays.web.asked import Asked
from cleardays.web.attacks import running
from cleardays.web.days import cells_told, state_of, unknown_days
from cleardays.web.endpoint import Endpoint
from cleardays.web.entry_questions import RELIEF
from cleardays.web.forms import Form
from cleardays.web.marked import N_
from cleardays.web.pages.catch_up import BACK
from cleardays.web.pages.evening import open_evening, shown_of
from cleardays.web.relief import UNKNOWN as RELIEF_UNKNOWN
from cleardays.web.relief import relief_open
from cleardays.web.roles import DIARY, Need


def today(asked: Asked) -> Response:
    """The page of the day."""
    known, day = asked.known, asked.today
    asks = open_evening(asked)
    cells = {} if asks is None else cells_told(known.entries, asks)
    shown = {
        **shown_of(asked, asks or day, cells),
        "begun": bool(known.about),
        "today": day,
        "asks": asks,
        "state": state_of(known.entries, day),
        "form": Form(cells),
        "kept": asked.request.query_params.get("kept") == "day",
        "attack": running(known.entries, asked.now),
        "open_days": len(unknown_days(known.entries, day - timedelta(days=1), BACK)),
        "follows": any(each.confirmed and each.phase in OPEN for each in known.deciding.trials.values()),
        "relief": relief_open(known.entries, asked.now, asked.zone),
        "relief_options": (*RELIEF, (RELIEF_UNKNOWN, N_("I do not know"))),
        "next": _next(asked),
        "here": "/",
    }
    return asked.page("today.html", {**shown, **asides(asked)})


def _next(asked: Asked) -> list[dict[str, Any]]:
    """What is looked at next, of trials that go on: when, and of what."""
    trials = (each for each in asked.known.deciding.trials.values() if each.phase in OPEN)
    found: list[tuple[date, str]] = [(each.review_on, each.treatment) for each in trials if each.review_on is not None]
    return [{"on": on, "treatment": in_sentence(treatment), "due": on <= asked.today} for on, treatment in sorted(found)]


ROWS = (Endpoint("GET", "/", today, Need(DIARY), "the page of the day"),)
