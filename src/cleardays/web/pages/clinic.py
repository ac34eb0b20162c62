"""The clinic's morning: who needs somebody today and why, the worst first; one click tells that it was done."""

from __future__ import annotations

import asyncio
import unicodedata
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
from cleardays.web.roles import DIARY, LIST, SOME, WRITE, Need, allowed

SAYS = {
    FLAG: N_("Warning sign"),
    DECISION: N_("To decide"),
    DUE: N_("Due"),
    OVERUSE: N_("Acute medicines"),
    SILENT: N_("Not writing"),
}
_LISTED = "listed"
_LONGEST_NAME, _MOST_OTHERS, _FIGURES = 120, 50, 6


def clinic(asked: Asked) -> Response:
    """The list of the day."""
    need_clinic(asked)
    found = asked.house.board.rows(asked.house.stories, asked.viewer.shown, clinic_day(asked))
    of = asked.request.query_params.get("of", "")
    kind = of if of in KINDS else None
    name = asked.request.query_params.get("name", "").strip()[:_LONGEST_NAME]
    rows = [row for row in found.rows if kind is None or any(each.kind == kind for each in row.why)]
    others = list[str]()
    if name:
        rows = [row for row in rows if _is_in(name, row.person)]
        listed = {row.person for row in rows}
        others = [each for each in sorted(asked.viewer.shown) if _is_in(name, each) and each not in listed][:_MOST_OTHERS]
    _write_down(asked, [*(row.person for row in rows), *others])
    counts = {name: sum(any(each.kind == name for each in row.why) for row in found.rows) for name in KINDS}
    open_rows = [row for row in rows if not _doneclinic_day(asked, row)]
    shown = {
        "rows": open_rows,
        "done": [row for row in rows if _doneclinic_day(asked, row)],
        "says": SAYS,
        "counts": counts,
        "everybody": len(found.rows),
        "kind": kind,
        "name": name,
        "others": others,
        "overuse": OVERUSE,
        "waiting": found.waiting,
        "shown_to_me": len(asked.viewer.shown),
        "address": address_of,
        "day": clinic_day(asked),
        "zone": asked.house.zone_of({}),
        "here": "/clinic",
    }
    return asked.page("clinic.html", shown)


def address_of(person: str) -> str:
    """The page of one person here."""
    return f"/clinic/{quote(person, safe='')}"


def _is_in(name: str, person: str) -> bool:
    """Whether what was typed is part of a name, however it is written."""
    return _plain(name) in _plain(person)


def _plain(text: str) -> str:
    """Without marks on letters, and in small ones: who types "muller" finds "Müller"."""
    return "".join(each for each in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(each))


def _doneclinic_day(asked: Asked, row: board.Row) -> bool:
    return row.done_at is not None and local_day(row.done_at, asked.house.zone_of({})) == clinic_day(asked)


def clinic_day(asked: Asked) -> date:
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
    back, at = asked.field("of"), asked.field("at")
    place = f"#row-{at}" if at.isdecimal() and len(at) < _FIGURES else ""  # the next one stands there now
    return RedirectResponse(f"/clinic{f'?of={back}' if back in KINDS else ''}{place}", 303)


def _calls(asked: Asked) -> list[Event]:
    """What is told of the signs that wait; nothing by whom they are not shown to."""
    if not allowed(asked.viewer, Need(DIARY), asked.person):
        return []
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
    Endpoint("POST", "/clinic/{person}/done", clinic_done, Need(SOME, WRITE), "write down a call, or that it was seen"),
)
