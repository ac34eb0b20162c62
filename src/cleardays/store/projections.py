"""What is derived from the events so that lists need not read every story: one row a day told, one row a trial.

Also which events decide what may be told later, so that checking a new one need not open the entries of a diary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, select

from cleardays.diary.answers import day_state
from cleardays.diary.records import DayRecord
from cleardays.diary.sheets import DAYS
from cleardays.store import tables
from cleardays.store.tables import CLEAR, HAD, UNKNOWN
from cleardays.trial.story import phases
from cleardays.trial.story.diary_told import DAY_TOLD, ENTRIES, WITHDRAWN, entry_key
from cleardays.trial.story.events import Event, say_instant
from cleardays.trial.story.story import Story, fold
from cleardays.trial.story.trial_record import Trial

# What no later event depends on, so that a new one can be checked without them.
OF_THE_DIARY = (*ENTRIES, WITHDRAWN)
# Columns that answer whether there was headache.
_ANSWERING = ("headache", "pain_max", "hours")
Row = dict[str, Any]


class Derived(NamedTuple):
    """Rows of `day` by their date, None where the day was withdrawn, rows of `trial` by their name, places of `deciding`."""

    days: dict[date, Row | None]
    trials: dict[str, Row]
    deciding: tuple[int, ...] = ()


def day_row(person: str, seq: int, event: Event) -> tuple[date, Row | None] | None:
    """The day that an event tells of with its row, None for the row where it was withdrawn; None of any other event."""
    if event.kind not in (DAY_TOLD, WITHDRAWN):
        return None
    kind, name = entry_key(event, "entry")
    if kind != DAY_TOLD:
        return None
    on = DAYS.columns["date"].read(name)
    if event.kind == WITHDRAWN:
        return on, None
    cells: Mapping[str, str] = event.body["cells"]
    told = {column: DAYS.columns[column].read(cells[column]) for column in _ANSWERING if cells.get(column)}
    state = day_state(DayRecord(date=on, **told), "headache_day")
    said = UNKNOWN if state is None else HAD if state else CLEAR
    return on, {"person": person, "date": on, "headache": said, "seq": seq}


def trial_row(person: str, seq: int, trial: Trial) -> Row:
    """The row of a trial after the event `seq`."""
    confirmed = trial.confirmed
    word = None if confirmed is None else confirmed.document["confirmed"]
    return {
        "person": person,
        "trial": trial.id,
        "treatment": trial.treatment,
        "indication": trial.indication,
        "phase": trial.phase,
        "plan_confirmed_by": None if word is None else str(word["by"]),
        "plan_confirmed_at": None if word is None else say_instant(datetime.fromisoformat(word["at"])),
        "opened_on": trial.opened_on,
        "begun_on": trial.begun_on,
        "review_on": trial.review_on,
        "ended_on": trial.ended_on,
        "seq": seq,
    }


def derive(person: str, events: Iterable[tuple[int, Event]]) -> Derived:
    """Everything that a person's events, in their order, derive."""
    days: dict[date, Row | None] = {}
    deciding: list[tuple[int, Event]] = []
    last_of: dict[str, int] = {}
    for seq, event in events:
        told = day_row(person, seq, event)
        if told is not None:
            days[told[0]] = told[1]
        if event.kind not in OF_THE_DIARY:
            deciding.append((seq, event))
        if event.kind in phases.TRIAL_KINDS and event.trial:
            last_of[event.trial] = seq
    story: Story = fold(person, deciding)
    standing: dict[date, Row | None] = {on: row for on, row in days.items() if row is not None}
    trials = {name: trial_row(person, last_of[name], trial) for name, trial in story.trials.items()}
    return Derived(standing, trials, tuple(seq for seq, _ in deciding))


def keep(connection: Connection, changed: Iterable[tuple[str, Derived]]) -> None:
    """Write rows that events of these people changed; rows that were there are replaced."""
    days, gone, trials, deciding = [], [], [], []
    for person, derived in changed:
        days += [row for row in derived.days.values() if row is not None]
        gone += [(person, on) for on, row in derived.days.items() if row is None]
        trials += list(derived.trials.values())
        deciding += [{"person": person, "seq": seq} for seq in derived.deciding]
    _put(connection, tables.day, days)
    _put(connection, tables.trial, trials)
    if deciding:
        connection.execute(tables.deciding.insert(), deciding)
    for person, on in gone:
        connection.execute(delete(tables.day).where(tables.day.c.person == person, tables.day.c.date == on))


def replace_all(connection: Connection, person: str, derived: Derived) -> None:
    """Throw away what was derived of a person and write it anew."""
    forget(connection, person)
    keep(connection, [(person, derived)])


def forget(connection: Connection, person: str) -> None:
    """Throw away what was derived of a person."""
    for table in tables.DERIVED:
        connection.execute(delete(table).where(table.c.person == person))


def kept(connection: Connection, person: str) -> Derived:
    """What the tables hold of a person."""
    days = connection.execute(select(tables.day).where(tables.day.c.person == person)).mappings()
    trials = connection.execute(select(tables.trial).where(tables.trial.c.person == person)).mappings()
    places = select(tables.deciding.c.seq).where(tables.deciding.c.person == person).order_by(tables.deciding.c.seq)
    deciding = tuple(connection.execute(places).scalars())
    return Derived({row["date"]: dict(row) for row in days}, {row["trial"]: dict(row) for row in trials}, deciding)


def _put(connection: Connection, table: Table, rows: list[Row]) -> None:
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    stated = insert(table)
    fresh = {column.name: stated.excluded[column.name] for column in table.columns if not column.primary_key}
    connection.execute(stated.on_conflict_do_update(index_elements=list(table.primary_key), set_=fresh), rows)
