"""Entries of the diary as a program or a phone sends them, also late and also twice."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Literal

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from cleardays.clock import parse_instant
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import DIARY_KINDS, require_entry
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.completing import completed, not_ahead
from cleardays.web.effect_events import EFFECT, effect_events
from cleardays.web.endpoint import API, Endpoint
from cleardays.web.problem_answers import ProblemSaid, Refused, said
from cleardays.web.roles import ADD, DIARY, Need
from cleardays.web.stories import AtHand
from cleardays.web.syncing import DOUBTED, NEW, THERE, Sent, Settled, settle


class EntrySent(msgspec.Struct, frozen=True):
    """One entry: its kind, when it was written down, what it says, and the place of the story it was written on.

    With `with_day` an attack says of its day too that there was headache, and one that is withdrawn takes that back.
    With `merge` it is an entry of a form: the cells of a day are added to what is told of it, and an empty one takes its
    answer back; a medicine is looked up by its name; a side effect is held against the plan.
    """

    id: str
    kind: str
    at: str
    body: dict[str, Any]
    based_on: int | None = None
    with_day: bool = False
    merge: bool = False


class EntriesSent(msgspec.Struct, frozen=True):
    """Several entries, each on its own: one that cannot be kept holds no other back.

    `who` is whose entries a device takes them for; where somebody else is signed in by now, none of them is kept.
    """

    entries: list[EntrySent]
    who: str | None = None


class EntryKept(msgspec.Struct, frozen=True):
    """What became of one entry.

    `kept`: it is on the disk; `there`: it was before; `asked`: another device said otherwise, both are kept and the
    person is asked; `refused`: see the problems.
    """

    id: str
    state: Literal["kept", "there", "asked", "refused"]
    problems: list[ProblemSaid] = []


class EntriesKept(msgspec.Struct, frozen=True):
    """What became of each, and how many events the story has now."""

    entries: list[EntryKept]
    seq: int


async def send_entries(asked: Asked) -> Response:
    """Keep entries; answered when they are on the disk."""
    found: list[EntryKept] = []
    sent: EntriesSent = asked.body
    if sent.who is not None and sent.who != asked.person:
        raise Refused(403, Problem("who", "somebody else is signed in here now.", "Sign in as whoever told these entries."))
    seq: int | None = None
    for each in sent.entries:
        became, seq = await _kept(asked, each)
        found.append(became)
    if seq is None:
        seq = (await run_in_threadpool(asked.house.stories.at_hand, asked.person)).seq
    return Response(msgspec.json.encode(EntriesKept(found, seq)), media_type="application/json")


async def _kept(asked: Asked, sent: EntrySent) -> tuple[EntryKept, int | None]:
    """What became of one, and how many events the story has since; None where that is not known."""

    def of_place(place: int) -> Event:
        return asked.house.stories.event(asked.person, place)

    try:
        known = await run_in_threadpool(asked.house.stories.at_hand, asked.person)
        event = _event(asked, known, sent)
        written = Sent(event, sent.based_on, sent.with_day, sent.merge)
        settled = await run_in_threadpool(settle, known.entries, written, of_place)
        if settled.how == NEW and sent.merge and event.kind == EFFECT:
            settled = await run_in_threadpool(_with_sign, asked, event)
        seq = known.seq
        if settled.events:
            seq = (await asyncio.wrap_future(asked.house.stories.tell(asked.person, settled.events))).seq
    except BadInput as bad:
        return EntryKept(sent.id, "refused", said(bad.problems).problems), None
    return EntryKept(sent.id, _STATES[settled.how]), seq


_STATES: dict[str, Literal["kept", "there", "asked"]] = {NEW: "kept", THERE: "there", DOUBTED: "asked"}


def _event(asked: Asked, known: AtHand, sent: EntrySent) -> Event:
    """The entry as an event: never later than now, and with what its page would have added."""
    kind, at, now = _kind(sent), _at(sent), asked.now
    body = not_ahead(kind, sent.body, at, now, asked.house.zone_of(known.about))
    if sent.merge:
        body = completed(kind, body, min(at, now), known.entries, known.about)
    return Event(kind, min(at, now), asked.by, body)


def _with_sign(asked: Asked, event: Event) -> Settled:
    """A side effect of a form that was sent late: urgent ones stay open until somebody answers them."""
    require_entry(event, asked.known.about, "entry")
    return Settled(NEW, tuple(effect_events(asked, event.body["entry"], event.body["cells"], event.at)))


def _kind(sent: EntrySent) -> str:
    if sent.kind not in DIARY_KINDS:
        raise BadInput(Problem("kind", "it is no kind of entry.", f"Use one of {', '.join(DIARY_KINDS)}."))
    return sent.kind


def _at(sent: EntrySent) -> datetime:
    """When it was written down, as the device says."""
    at = parse_instant(sent.at)
    if at is None:
        raise BadInput(Problem("at", "it is no time with a zone.", "Write 2026-03-04T20:15+01:00."))
    return at


ROWS = (
    Endpoint(
        "POST", f"{API}/entries", send_entries, Need(DIARY, ADD), "keep entries of the diary",
        takes=EntriesSent, gives=EntriesKept, longest=1024 * 1024,
    ),
)  # fmt: skip
