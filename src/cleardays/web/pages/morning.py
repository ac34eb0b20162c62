"""The question of the morning after: an attack of which no end was told is asked about once, in one tap."""

from __future__ import annotations

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import Event
from cleardays.web.asides import ASKED_ABOUT, asked_about, question_of
from cleardays.web.asked import Asked
from cleardays.web.attacks import ATTACK, Teller, changing
from cleardays.web.endpoint import Endpoint
from cleardays.web.roles import DIARY, WRITE, Need

_DAY_S = 24 * 60 * 60


async def tell_over(asked: Asked) -> Response:
    """Keep when it ended; or, where it goes on, ask no more today."""
    entry = asked.field("entry")
    answer = RedirectResponse("/", 303)
    if asked.field("when") == "goes-on":
        about = asked_about(entry[:64], asked.today)
        secure = asked.house.settings.secure
        answer.set_cookie(ASKED_ABOUT, about, max_age=_DAY_S, samesite="lax", httponly=True, secure=secure)
        return answer
    events = await run_in_threadpool(_ended, asked, entry)
    if events:
        await asyncio.wrap_future(asked.house.stories.tell(asked.person, events))
    return answer


def _ended(asked: Asked, entry: str) -> list[Event]:
    """The attack with its end; nothing where somebody told it meanwhile.

    Raises:
        BadInput: no answer that was offered.
    """
    known = asked.known.entries.get((ATTACK, entry))
    if known is None or "end" in known.cells:
        return []
    question, when = question_of(asked), asked.field("when")
    if question is None or question.entry != entry or when not in ("early", "late"):
        raise BadInput(Problem("when", "that is no answer of this question.", "Go back to today, and choose one."))
    end = question.early if when == "early" else question.late
    more = {"end": end.isoformat(timespec="minutes")}
    if when == "late" and question.woke:
        more["asleep_end"] = "y"
    return changing(asked.known.entries, entry, more, Teller(asked.now, asked.zone, asked.by))


ROWS = (Endpoint("POST", "/over", tell_over, Need(DIARY, WRITE), "say when an attack was over"),)
