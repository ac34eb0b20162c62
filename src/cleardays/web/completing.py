"""What a device wrote while it was away, as the page itself would have made it: read, named, and never ahead of its time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from cleardays.clock import local_day, parse_day, parse_stamp
from cleardays.trial.story.diary_told import DAY_TOLD, Cells, Key
from cleardays.web.attacks import ATTACK, DOSE, running
from cleardays.web.entry_questions import ENTRIES, WORD_OF
from cleardays.web.medicine_names import named_medicine
from cleardays.web.questions import questions_of, said_in

# A clock may be ahead by so much; what it writes is still of now.
_SLACK = timedelta(minutes=2)


def completed(
    kind: str, body: Mapping[str, Any], at: datetime, entries: Mapping[Key, Cells], about: Mapping[str, str]
) -> Mapping[str, Any]:
    """The body of an entry that a form wrote without the server, with what the server adds.

    Answers are read as their page reads them; a medicine is looked up by its name, unless it stands there by that name,
    and a new one belongs to the attack that went on when it was taken.

    Args:
        kind: of the entry.
        body: as it was sent.
        at: when it was written down.
        entries: as they stand.
        about: what is said of the diary.
    """
    cells = body.get("cells")
    if not isinstance(cells, dict) or not all(isinstance(each, str) for each in cells.values()):
        return body  # refused later, with its reason
    if kind == DAY_TOLD:
        return {**body, "cells": {**cells, **said_in(cells, questions_of(about))}}
    if kind in WORD_OF:
        cells = {**cells, **said_in(cells, ENTRIES[WORD_OF[kind]][2])}
    if kind != DOSE:
        return {**body, "cells": cells}
    standing = entries.get((DOSE, str(body.get("entry"))))
    named = cells if standing is None and "drug" in cells else named_medicine(cells, standing.cells if standing else {})
    new = named.get("kind") == "acute" and "time" in named and standing is None
    going = running(entries, at) if new else None
    return {**body, "cells": named if going is None or at < going.start else {"attack": going.entry, **named}}


def not_ahead(kind: str, body: Mapping[str, Any], at: datetime, now: datetime, zone: tzinfo) -> Mapping[str, Any]:
    """A body with its times moved back by what the clock of the device is ahead; a day told late stays the day it is of.

    Args:
        kind: of the entry.
        body: as it was sent.
        at: when it was written down, as the device says.
        now: this instant.
        zone: in which the person's days begin.
    """
    cells, by = body.get("cells"), at - now
    if by <= _SLACK or not isinstance(cells, dict):
        return body
    moved = {name: _moved(cells[name], by) for name in ("start", "end") if name in cells}
    day = parse_day(str(cells.get("date", "")))
    if kind == ATTACK and "start" in moved:
        moved["date"] = moved["start"][:10]
    elif kind == DOSE and "time" in cells:
        stamp = parse_stamp(f"{cells.get('date')}T{cells['time']}")
        there = "" if stamp is None else (stamp.replace(tzinfo=zone) - by).isoformat(timespec="minutes")
        moved |= {"date": there[:10], "time": there[11:16]} if there else {}
    elif day is not None and day >= local_day(at, zone):
        moved["date"] = local_day(now, zone).isoformat()
    return {**body, "cells": {**cells, **moved}}


def _moved(text: object, by: timedelta) -> str:
    stamp = parse_stamp(text) if isinstance(text, str) else None
    return str(text) if stamp is None else (stamp - by).isoformat(timespec="minutes")
