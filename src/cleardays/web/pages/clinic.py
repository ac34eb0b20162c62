"""The clinic's morning: who needs somebody today and why, the worst first; one click tells that it was done."""

from __future__ import annotations

import asyncio
from datetime import date
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.clock import local_day
from cleardays.store.audit import Seen
from cleardays.trial.story import kinds
from cleardays.trial.story.events import Event
from cleardays.trial.story.safety_told import ADVISE
from cleardays.trial.story.safety_told import CALLED as CALLED_SOMEBODY
from cleardays.web import board
from cleardays.web.asked import Asked
from cleardays.web.board import ACTS, CALLED, DECISION, DUE, FLAG, KINDS, OVERUSE, SILENT
from cleardays.web.endpoint import Endpoint
from cleardays.web.keeping import need_one_of
from cleardays.web.leading import need_clinic
from cleardays.web.marked import N_
from cleardays.web.roles import DIARY, LIST, WRITE, Need

SAYS = {
    FLAG: N_("Warning sign"),
    DECISION: N_("To decide"),
    DUE: N_("Due"),
    OVERUSE: N_("Acute medicines"),
    SILENT: N_("Not writing"),
}
_LISTED = "listed"


def clinic(asked: Asked) -> Response:
    """The list of the day."""
    need_clinic(asked)
    found = asked.house.board.rows(asked.house.stories, asked.viewer.shown, _today(asked))
    of = asked.request.query_params.get("of", "")
    kind = of if of in KINDS else None
    rows = [row for row in found.rows if kind is None or any(each.kind == kind for each in row.why)]
    _write_down(asked, [row.person for row in rows])
    counts = {name: sum(any(each.kind == name for each in row.why) for row in found.rows) for name in KINDS}
    open_rows = [row for row in rows if not _done_today(asked, row)]
    shown = {
        "rows": open_rows,
        "done": [row for row in rows if _done_today(asked, row)],
        "says": SAYS,
        "counts": counts,
        "everybody": len(found.rows),
        "kind": kind,
        "waiting": found.waiting,
        "shown_to_me": len(asked.viewer.shown),
        "address": lambda person: f"/clinic/{quote(person, safe='')}",
        "day": _today(asked),
        "zone": asked.house.zone_of({}),
        "here": "/clinic",
    }
    return asked.page("clinic.html", shown)


def _done_today(asked: Asked, row: board.Row) -> bool:
    return row.done_at is not None and local_day(row.done_at, asked.house.zone_of({})) == _today(asked)


def _today(asked: Asked) -> date:
    """The day of the clinic, where the server is."""
    return local_day(asked.now, asked.house.zone_of({}))


def _write_down(asked: Asked, people: list[str]) -> None:
    """That these names were shown to this account; of each once a day, or the list would be all that the audit holds."""
    viewer = asked.viewer
    if viewer.account is None:
        return
    new = asked.house.board.newly_listed(viewer.account, people, asked.now.date())
    if new:
        asked.house.store.accounts.audit.add(
            [Seen(asked.now, viewer.account, viewer.role, person, _LISTED, LIST, "clinic") for person in new]
        )


async def clinic_done(asked: Asked) -> Response:
    """Write down that somebody was called, or that it was seen; a call is told of each open warning sign too."""
    need_clinic(asked)
    act = need_one_of(asked, "what", ACTS)
    if act == CALLED:
        events = await run_in_threadpool(_calls, asked)
        if events:
            await asyncio.wrap_future(asked.house.stories.tell(asked.person, events))
    await run_in_threadpool(_done, asked, act)
    back = asked.field("of")
    return RedirectResponse(f"/clinic?of={back}" if back in KINDS else "/clinic", 303)


def _calls(asked: Asked) -> list[Event]:
    """What is told of the signs that wait."""
    flags = asked.known.deciding.told.flags
    waiting = [name for name, flag in flags.items() if flag.open and flag.tier != ADVISE]
    on = asked.today.isoformat()
    return [
        Event(kinds.FLAG_ANSWERED, asked.now, asked.by, {"entry": name, "done": CALLED_SOMEBODY, "on": on}) for name in waiting
    ]


def _done(asked: Asked, act: str) -> None:
    viewer = asked.viewer
    seen = Seen(asked.now, viewer.account, viewer.role, asked.person, act, LIST, "clinic")
    asked.house.store.accounts.audit.add(seen)
    asked.house.board.done(asked.person, asked.now, act)


ROWS = (
    Endpoint("GET", "/clinic", clinic, Need(LIST), "who needs somebody today"),
    Endpoint("POST", "/clinic/{person}/done", clinic_done, Need(DIARY, WRITE), "write down a call, or that it was seen"),
)
