"""A day as a form tells it: what was told before stays where nothing new is said; an empty field takes an answer back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from cleardays.clock import parse_day
from cleardays.diary.records import CLEAR as NO_HEADACHE
from cleardays.diary.sheets import DAYS
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import ALSO_TOLD, BROUGHT_IN, DAY_TOLD, WITHDRAWN, Cells, Key
from cleardays.trial.story.events import Event
from cleardays.web.attacks import ATTACK, Teller

Entries = Mapping[Key, Cells]
HAD, CLEAR, UNKNOWN = "had", "clear", "unknown"
_OF_THE_VERSION = ("reported_at", "backfilled_days", "status")
# Cells that a form may tell; the others are of the version, or worked out.
TELLABLE = frozenset(DAYS.columns) - {"date", "source", "migraine_rule", *_OF_THE_VERSION}
_NOT_ANSWERS = ("note", "tz")
_DAY = timedelta(days=1)
# Nobody remembers further back day by day; older days are told one by one, from the calendar.
OLDEST = 366 * 10


class Seen(NamedTuple):
    """One day on the calendar. `level` is what was told of headache; `recalled`: written down late."""

    day: date
    state: str
    level: str | None = None
    recalled: bool = False
    attack: bool = False
    dose: bool = False
    doubted: bool = False


def cells_told(entries: Entries, day: date) -> Mapping[str, str]:
    """What was told of a day."""
    known = entries.get((DAY_TOLD, day.isoformat()))
    return {} if known is None else known.cells


def day_asked(text: str, today: date) -> date:
    """The day that an address or a form names.

    Raises:
        BadInput: it is none, or still to come.
    """
    day = parse_day(text)
    if day is None:
        raise BadInput(Problem("day", "there is no such day.", "Write it as 2026-03-04."))
    if day > today:
        raise BadInput(Problem("day", "it is still to come.", "Tell of today or of an earlier day."))
    if (today - day).days > OLDEST:
        raise BadInput(Problem("day", "it is longer ago than anybody remembers a day.", "Bring in old diaries as a file."))
    return day


def telling(entries: Entries, day: date, said: Mapping[str, str], teller: Teller) -> list[Event]:
    """The event that tells of a day what a form says; none where it says nothing new.

    A day of which nothing is left is taken back: it is unknown, and not clear.

    Args:
        entries: as they stand.
        day: which day.
        said: cells by their names; an empty one takes the answer back, one that is missing leaves it.
        teller: who says so, and when.

    Raises:
        BadInput: it is said to be clear, and an attack with headache is told of it.
    """
    known = entries.get((DAY_TOLD, day.isoformat()))
    before = {} if known is None else {name: value for name, value in known.cells.items() if name in TELLABLE}
    cells = {**before, **{name: value for name, value in said.items() if name in TELLABLE}}
    cells = {name: value for name, value in cells.items() if value != ""}
    if cells == before:
        return []
    if cells.get("headache") == NO_HEADACHE and before.get("headache") != NO_HEADACHE and _ached(entries, day):
        how = "Take the attack back on the page of this day first, or choose how bad it was."
        raise BadInput(Problem("headache", "an attack is told of this day.", how))
    if not cells:
        return forgetting(entries, day, teller)
    kept = {"date": day.isoformat(), **cells, "source": "patient", "status": _status(cells)}
    body = {"cells": kept, **({} if known is None else _written(known, before, cells))}
    return [Event(DAY_TOLD, teller.at, teller.by, body)]


def _written(known: Cells, before: Mapping[str, str], cells: Mapping[str, str]) -> dict[str, object]:
    """A note added later leaves the answers as old as they are; any other change is written down now."""
    if {**before, **dict.fromkeys(_NOT_ANSWERS)} != {**cells, **dict.fromkeys(_NOT_ANSWERS)}:
        return {}
    if known.event.body.get(BROUGHT_IN) and "reported_at" not in known.cells:
        return {BROUGHT_IN: True}
    at = known.cells.get("reported_at") or known.event.at.isoformat(timespec="seconds")
    kept = {"date": known.cells["date"], "reported_at": at, **cells, "source": "patient", "status": _status(cells)}
    return {"cells": kept}


def forgetting(entries: Entries, day: date, teller: Teller) -> list[Event]:
    """A day taken back: it is unknown again, and not clear."""
    kinds = [kind for kind in (DAY_TOLD, ALSO_TOLD) if (kind, day.isoformat()) in entries]
    return [Event(WITHDRAWN, teller.at, teller.by, {"of": kind, "entry": day.isoformat()}) for kind in kinds]


def unknown_days(entries: Entries, until: date, back: int) -> tuple[date, ...]:
    """The days up to one of them of which nothing was told, the latest first; never one before the diary began."""
    told = [name for kind, name in entries if kind == DAY_TOLD]
    began = date.fromisoformat(min(told)) if told else until
    days = (until - n * _DAY for n in range(back))
    return tuple(day for day in days if day >= began and state_of(entries, day)[0] == UNKNOWN)


def state_of(entries: Entries, day: date) -> tuple[str, str | None]:
    """Had, clear or unknown, and the level that was told; a day that says nothing of headache or use is unknown."""
    cells = cells_told(entries, day)
    level = cells.get("headache")
    if level is None:  # any pain or time is a headache, and a zero is none
        figures = [float(cells[name]) for name in ("pain_max", "hours") if name in cells]
        level = None if not figures else "present" if any(figures) else NO_HEADACHE
    if level is not None:
        return (CLEAR if level == NO_HEADACHE else HAD), level
    use = cells.get("use_day")
    if use is not None:
        return (HAD if use == "y" else CLEAR), None
    return UNKNOWN, None


def _ached(entries: Entries, day: date) -> bool:
    """Whether an attack with headache is told of a day."""
    told = [cells.cells for (kind, _), cells in entries.items() if kind == ATTACK]
    return any(each.get("date") == day.isoformat() and each.get("headache") != NO_HEADACHE for each in told)


def _status(cells: Mapping[str, str]) -> str:
    return "complete" if "headache" in cells or "use_day" in cells else "partial"
