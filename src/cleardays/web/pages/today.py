"""Today: an attack in one tap, the question of the evening, what the plan says, and what comes next."""

from __future__ import annotations

from starlette.responses import Response

from cleardays.trial.story.diary_told import DAY_TOLD
from cleardays.web.asked import Asked
from cleardays.web.attacks import running
from cleardays.web.endpoint import Endpoint
from cleardays.web.roles import DIARY, Need


def today(asked: Asked) -> Response:
    """The page of the day."""
    known, day = asked.known, asked.today
    shown = {
        "begun": bool(known.about),
        "day": day,
        "told": known.entries.get((DAY_TOLD, day.isoformat())),
        "attack": running(known.entries, asked.now),
        "trials": list(known.deciding.trials.values()),
    }
    return asked.page("today.html", shown)


ROWS = (Endpoint("GET", "/", today, Need(DIARY), "the page of the day"),)
