"""A side effect as it is kept: with the treatment that it is held to be of, and with the sign that it is, if it is one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cleardays.clock import parse_day
from cleardays.diary.entries import Event as DiaryEvent
from cleardays.plan.told_terms import flags_in
from cleardays.trial.story.events import Event
from cleardays.trial.story.kinds import FLAG_SHOWN
from cleardays.trial.told_signs import UNNAMED
from cleardays.web.escalation import NOTE, Escalation, escalated

if TYPE_CHECKING:
    from cleardays.web.asked import Asked

EFFECT = "effect.told"


def effect_events(asked: Asked, name: str, cells: Mapping[str, str], at: datetime) -> list[Event]:
    """What is kept of a side effect or a sign.

    Args:
        asked: the request that brings it.
        name: of the entry.
        cells: as it was told.
        at: when it was told.
    """
    found = escalated(asked.known.deciding, in_diary(asked, cells), asked.today)
    of = {"drug": found.treatment} if found.treatment is not None and cells["kind"] == "side_effect" else {}
    kept = {"attribution": "unsure", **of, **cells}
    return [Event(EFFECT, at, asked.by, {"entry": name, "cells": kept}), *sign_of(asked, name, cells)]


def sign_of(asked: Asked, name: str, cells: Mapping[str, str]) -> list[Event]:
    """The sign that an entry is, where it is urgent and was not shown before; nothing of what is over, or never was one."""
    event = in_diary(asked, cells)
    found = escalated(asked.known.deciding, event, asked.today)
    shown = name in asked.known.deciding.told.flags
    return [] if found.tier == NOTE or shown else [_sign(asked, name, event, found)]


def in_diary(asked: Asked, cells: Mapping[str, str]) -> DiaryEvent:
    """The entry as it stands in the diary."""
    return DiaryEvent(
        date=parse_day(cells["date"]) or asked.today,
        kind=cells["kind"],
        term=cells["term"],
        severity=cells.get("severity"),
        until=parse_day(cells.get("until", "")),
        outcome=cells.get("outcome"),
    )


def _sign(asked: Asked, name: str, event: DiaryEvent, found: Escalation) -> Event:
    """What is urgent is shown to whoever tells it, and stays open."""
    flag = next(iter(sorted(flags_in(event.term))), UNNAMED)
    body = {
        "entry": name, "code": flag, "tier": found.tier, "on": event.date.isoformat(),
        "shown": " ".join(f"{each.what}. {each.do}" for each in found.said),
        **({} if found.treatment is None else {"treatment": found.treatment}),
    }  # fmt: skip
    return Event(FLAG_SHOWN, asked.now, asked.by, body, found.trial)
