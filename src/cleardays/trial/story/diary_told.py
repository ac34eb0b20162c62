"""The diary as it was told: each entry with its corrections, and what stands of them at an instant.

An entry is told in cells, the same words as in the tables of a diary zip. A day is known by its date, anything else
by the name of its entry; what is told later of the same entry takes its place, and what it said before stays in
the events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from cleardays.diary.beside import Beside
from cleardays.diary.bundle import CHECKS
from cleardays.diary.conditions import contradictions_of, standard_drink_g
from cleardays.diary.records import DayRecord, Diary, contradictions
from cleardays.diary.sheet_rows import Contradictions, RowReader
from cleardays.diary.sheets import DAYS, Sheet
from cleardays.diary.sheets_beside import ATTACKS, AURAS, DOSES, EVENTS, SCORES
from cleardays.diary.tables import Row
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.story.events import Event, canonical

DAY_TOLD, ABOUT_TOLD, WITHDRAWN = "day.told", "diary.about", "entry.withdrawn"
# A day that a second device tells otherwise without having seen the first: kept beside it until somebody tells it anew.
ALSO_TOLD = "day.also-told"
# Kind of event -> its table and where it goes in `Beside`.
_TABLES: Mapping[str, tuple[Sheet, str]] = {
    "attack.told": (ATTACKS, "attacks"),
    "aura.told": (AURAS, "auras"),
    "dose.told": (DOSES, "doses"),
    "effect.told": (EVENTS, "events"),
    "score.told": (SCORES, "scores"),
}
# Marks a day whose file does not say when it was written down.
BROUGHT_IN = "brought_in"
_DAYS = (DAY_TOLD, ALSO_TOLD)
ENTRIES = (*_DAYS, *_TABLES)
DIARY_KINDS = (*ENTRIES, ABOUT_TOLD, WITHDRAWN)
_LONGEST_NOTE = 10_000
_NAMED_BY = 24  # figures of a digest
Key = tuple[str, str]


class Cells(NamedTuple):
    """What an entry says now, and the event that says so (its place in the story, from 1).

    `earlier` are the places of the events that told of the same entry before.
    """

    cells: Mapping[str, str]
    seq: int
    event: Event
    earlier: tuple[int, ...] = ()


def entry_key(event: Event, where: str) -> Key:
    """What names the entry that an event tells of: its kind, and its day or name.

    Raises:
        BadInput: the body says neither.
    """
    body = event.body
    kind = str(body.get("of")) if event.kind == WITHDRAWN else event.kind
    if kind not in ENTRIES:
        raise BadInput(Problem(f"{where}, of", f"{shown(kind)} is no kind of entry.", f"Use one of {', '.join(ENTRIES)}."))
    if kind in _DAYS:
        cells = body.get("cells")
        name = body.get("entry") if event.kind == WITHDRAWN else cells.get("date") if isinstance(cells, dict) else None
    else:
        name = body.get("entry")
    if not isinstance(name, str) or not 0 < len(name) <= 64:
        how = "A day is named by its date; anything else by a name of up to 64 characters that stays the same."
        raise BadInput(Problem(f"{where}, entry", "it does not say which entry it is.", how))
    return kind, name


def require_entry(event: Event, about: Mapping[str, str], where: str) -> None:
    """Refuse an entry that cannot be read, so that nothing unreadable is ever stored.

    Raises:
        BadInput: with every cell that cannot be used.
    """
    if event.kind == ABOUT_TOLD:
        told = event.body.get("about")
        if not isinstance(told, dict) or not all(isinstance(v, str) for pair in told.items() for v in pair):
            raise BadInput(Problem(f"{where}, about", "it is no object of texts.", 'Write {"zone": "Europe/Berlin", ...}.'))
        return
    entry_key(event, where)
    if event.kind != WITHDRAWN:
        _Reading(dict(about)).record(event.kind, _cells(event, where), where)


def fold_diary(events: Iterable[tuple[int, Event]]) -> tuple[Diary, dict[Key, Cells]]:
    """The diary that a row of events makes, and the entries it is made of.

    Args:
        events: with their places; those that are not of the diary are passed over.
    """
    about: dict[str, str] = {}
    standing: dict[Key, Cells] = {}
    for seq, event in events:
        if event.kind == ABOUT_TOLD:
            about |= event.body["about"]
        else:
            hear_entry(standing, seq, event)
    return diary_of(standing, about), standing


def hear_entry(standing: dict[Key, Cells], seq: int, event: Event) -> None:
    """Take what an event tells of an entry into what stands; an event that tells of none is passed over."""
    if event.kind == WITHDRAWN:
        standing.pop(entry_key(event, "entry"), None)
    elif event.kind in ENTRIES:
        key = entry_key(event, "entry")
        before = standing.get(key)
        earlier = () if before is None else (*before.earlier, before.seq)
        standing[key] = Cells(event.body["cells"], seq, event, earlier)
        if event.kind == DAY_TOLD:
            standing.pop((ALSO_TOLD, key[1]), None)  # whoever tells it now has seen both


def diary_of(standing: Mapping[Key, Cells], about: Mapping[str, str]) -> Diary:
    """The diary that entries make, with what is said of it as a whole."""
    reading = _Reading(dict(about))
    days: list[DayRecord] = []
    beside: dict[str, list[Any]] = {name: [] for _, name in _TABLES.values()}
    for (kind, _), told in standing.items():
        if kind == ALSO_TOLD:
            continue  # the first word stands until somebody says which is right
        record = reading.record(kind, told.cells, f"entry {told.seq}")
        if kind != DAY_TOLD:
            beside[_TABLES[kind][1]].append(record)
        else:
            # a day counts as told when it was written down, unless it was brought in from elsewhere
            own = record.reported_at or told.event.body.get(BROUGHT_IN)
            days.append(record if own else _written(record, told.event.at))
    days.sort(key=lambda record: record.date)
    rows: dict[str, Any] = {name: tuple(sorted(told, key=lambda row: row.date)) for name, told in beside.items()}
    return Diary(tuple(days), dict(about), (), Beside(**rows))


def _written(record: DayRecord, at: datetime) -> DayRecord:
    """The same day, written down at an instant; without running a constructor of fifty arguments (see `RowReader`)."""
    written: DayRecord = object.__new__(type(record))
    object.__setattr__(written, "__dict__", {**vars(record), "reported_at": at})
    return written


def told_by(diary: Diary) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The events (kind and body) that tell a whole diary, for bringing one into a story.

    A day that does not say when it was written down stays so: it is as old as it is, not as new as its import. What
    stands beside the days is named by what it says, so that bringing in the same file again tells nothing new, and
    another file never takes the place of it.
    """
    bodies: list[tuple[str, dict[str, Any]]] = []
    if diary.about:
        bodies.append((ABOUT_TOLD, {"about": dict(diary.about)}))
    bodies += [(DAY_TOLD, {"cells": cells_of(DAYS, record), BROUGHT_IN: True}) for record in diary.records]
    for kind, (sheet, name) in _TABLES.items():
        seen: Counter[str] = Counter()
        for row in getattr(diary.beside, name):
            cells = cells_of(sheet, row)
            said = sha256(canonical(cells).encode()).hexdigest()[:_NAMED_BY]
            seen[said] += 1  # two like doses of a day are two
            bodies.append((kind, {"entry": f"{said}-{seen[said]}", "cells": cells}))
    return tuple(bodies)


def cells_of(sheet: Sheet, record: object) -> dict[str, str]:
    """The cells of a record, those without an answer left out."""
    values = ((column, getattr(record, sheet.field(column))) for column in sheet.columns)
    return {column: sheet.columns[column].write(value) for column, value in values if value is not None}


def _cells(event: Event, where: str) -> Mapping[str, str]:
    cells = event.body.get("cells")
    if not isinstance(cells, dict) or not all(isinstance(v, str) for pair in cells.items() for v in pair):
        raise BadInput(Problem(f"{where}, cells", "they are no object of texts.", 'Write {"date": "2026-03-04", ...}.'))
    long = [column for column, text in cells.items() if len(text) > _LONGEST_NOTE]
    if long:
        what = f"{', '.join(sorted(long))} has more than {_LONGEST_NOTE:,} characters."
        raise BadInput(Problem(f"{where}, cells", what, "Say it shorter, or in two entries."))
    return cells


class _Reading:
    """Reads cells; keeps a reader for each set of columns, since most entries of a diary answer the same questions."""

    def __init__(self, about: dict[str, str]) -> None:
        drink_g = standard_drink_g(about)
        self._of_days: Contradictions = lambda record: [*contradictions(record), *contradictions_of(about, record, drink_g)]
        self._readers: dict[tuple[str, tuple[str, ...]], RowReader] = {}

    def record(self, kind: str, cells: Mapping[str, str], where: str) -> Any:  # noqa: ANN401  # a record of the kind's sheet
        header = tuple(cells)
        reader = self._readers.get((kind, header))
        if reader is None:
            reader = self._readers[kind, header] = self._reader(kind, header, where)
        problems: list[Problem] = []
        record = reader.read(Row(1, list(header), list(cells.values())), problems)
        if record is None:
            raise BadInput(problem._replace(where=problem.where.replace("cells, line 1", where)) for problem in problems)
        return record

    def _reader(self, kind: str, header: tuple[str, ...], where: str) -> RowReader:
        sheet = DAYS if kind in _DAYS else _TABLES[kind][0]
        unknown = [column for column in header if column not in sheet.columns]
        if unknown:
            what = f"{', '.join(map(shown, unknown))} is no column of {sheet.file}."
            raise BadInput(Problem(f"{where}, cells", what, "docs/reference/diary-zip.md names them."))
        check = self._of_days if kind in _DAYS else CHECKS.get(_TABLES[kind][1])
        return RowReader(sheet, list(header), "cells", check)
