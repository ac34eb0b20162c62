"""Whether a medicine helped: asked once, two hours after it was taken, and never again where it is left open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from cleardays.diary.entries import RELIEFS
from cleardays.trial.story.events import Event
from cleardays.web.attacks import DOSE, Entries, Teller

_AFTER = timedelta(hours=2)
_UNTIL = timedelta(hours=36)
# In the body of a dose: it was asked, and left open.
_ASKED = "relief_asked"
UNKNOWN = "unknown"


class Open(NamedTuple):
    """A dose of which nobody said yet whether it helped: the name of its entry, its cells, and when it was taken."""

    name: str
    cells: Mapping[str, str]
    taken: datetime


def relief_open(entries: Entries, now: datetime, zone: tzinfo) -> Open | None:
    """The dose to ask about, the latest one; None where there is none."""
    found = []
    for (kind, name), told in entries.items():
        cells = told.cells
        if kind != DOSE or cells.get("kind") != "acute" or "time" not in cells or "relief_2h" in cells:
            continue
        if told.event.body.get(_ASKED) or cells.get("state", "taken") not in ("taken", "late"):
            continue
        taken = datetime.fromisoformat(f"{cells['date']}T{cells['time']}").replace(tzinfo=zone)
        if _AFTER <= now - taken <= _UNTIL:
            found.append(Open(name, cells, taken))
    return max(found, key=lambda each: each.taken, default=None)


def answered(entries: Entries, name: str, answer: str, teller: Teller) -> list[Event]:
    """The dose with the answer; "unknown" only says that it was asked. Nothing where it was taken back meanwhile."""
    told = entries.get((DOSE, name))
    if told is None or answer not in (*RELIEFS, UNKNOWN):
        return []
    body: dict[str, Any] = {"entry": name, "cells": dict(told.cells), _ASKED: True}
    if answer != UNKNOWN:
        body["cells"]["relief_2h"] = answer
    return [Event(DOSE, teller.at, teller.by, body)]
