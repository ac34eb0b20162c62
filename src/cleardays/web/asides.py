"""What the page of the day asks beside its own question: whether an attack is over, what two devices told, a copy to keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from cleardays.trial.story.diary_told import ALSO_TOLD
from cleardays.web.asked import Asked
from cleardays.web.attacks import ATTACK, running

# Before, nobody is asked whether it is over: there may be an attack.
_ASKED_AFTER = timedelta(hours=6)
_WOKE, _SLEPT = time(7), time(23)
# Cookies of this device: which attack was asked about today, and when a copy was saved last.
ASKED_ABOUT, SAVED_ON = "asked-about", "saved-on"
_COPY_EVERY = timedelta(days=30)
_WORTH_A_COPY = 20  # events


class Question(NamedTuple):
    """An attack of which no end was told, and two times at which it may have ended, as guesses to choose from.

    `woke`: the later one is when the person woke up without it.
    """

    entry: str
    start: datetime
    early: datetime
    late: datetime
    woke: bool


def asides(asked: Asked) -> dict[str, Any]:
    """What to ask; each None or 0 where there is nothing."""
    known, cookies = asked.known, asked.request.cookies
    question = question_of(asked)
    told = None if question is None else cookies.get(ASKED_ABOUT)
    return {
        "question_cells": {} if question is None else dict(known.entries[ATTACK, question.entry].cells),
        "question": None if question is None or told == asked_about(question.entry, asked.today) else question,
        "doubts": sum(kind == ALSO_TOLD for kind, _ in known.entries),
        "copy_due": known.seq >= _WORTH_A_COPY and _copy_due(cookies, asked.today),
        "zone": asked.zone,
    }


def asked_about(entry: str, today: date) -> str:
    """What the cookie says when the person answered that it goes on: asked once a day at most."""
    return f"{entry}.{today.isoformat()}"


def question_of(asked: Asked) -> Question | None:
    """The question for an attack that began long ago; None where there is none, or where it may well go on."""
    going = running(asked.known.entries, asked.now)
    if going is None or asked.now - going.start < _ASKED_AFTER:
        return None
    return _question(going.entry, going.start, asked.now, asked.zone)


def _question(entry: str, start: datetime, now: datetime, zone: tzinfo) -> Question:
    began, here = start.astimezone(zone), now.astimezone(zone)
    woke = _next(began, _WOKE)
    late = min(woke, here)
    slept = datetime.combine(began.date(), _SLEPT, began.tzinfo)
    early = slept if began < slept < late else began + (late - began) / 2
    return Question(entry, start, early.replace(second=0, microsecond=0), late.replace(second=0, microsecond=0), woke <= here)


def _next(after: datetime, clock: time) -> datetime:
    found = datetime.combine(after.date(), clock, after.tzinfo)
    return found if found > after else found + timedelta(days=1)


def _copy_due(cookies: Mapping[str, str], today: date) -> bool:
    try:
        return today - date.fromisoformat(cookies.get(SAVED_ON, "")) >= _COPY_EVERY
    except ValueError:
        return True
