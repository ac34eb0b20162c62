"""Tables whose columns a mapping explains: each row an attack, or a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cleardays.clock import zone_named
from cleardays.diary.cells import Misread
from cleardays.diary.layouts.collected import Asked, Collected
from cleardays.diary.layouts.dates import DatedRow, decide_order, read_date
from cleardays.diary.layouts.mapped_rows import RowReader
from cleardays.diary.layouts.mapping import HOME, SEVERAL, WHOLE_DAYS, Mapping
from cleardays.diary.layouts.row_times import TimeReader, zone_needed
from cleardays.diary.layouts.values import read_stamp
from cleardays.diary.layouts.words import fold
from cleardays.diary.tables import Row, Table
from cleardays.problems import BadInput, Problem
from cleardays.texts import clean

_DATED = ("date", "start", "end", "end_date")
_STRENGTHS = frozenset(("pain", "headache", "severity"))
_NOT_MAPPED = "is not mapped to anything; left out"


def read_mapped(table: Table, mapping: Mapping, name: str, asked: Asked) -> Collected:
    """Read a table.

    Args:
        table: the opened table.
        mapping: what its columns mean.
        name: how to call the file in a problem.
        asked: home zone, order of dates, names of medicines.

    Raises:
        BadInput: columns are missing, the order of its dates or the zone cannot be known.
    """
    found = Collected(mapping.id, name, asked.home, has_attacks=mapping.rows != WHOLE_DAYS, daily=_daily(mapping))
    found.source = mapping.source
    columns = _columns(table.header, mapping, found)
    rows = list(table.rows)
    server = zone_named(mapping.zone) if mapping.zone != HOME else None
    if server is not None and asked.zone is None:
        raise BadInput(zone_needed(name))
    if "zone" in columns:
        asked = _with_one_zone(asked, rows, columns["zone"], found)
        found.home = asked.home
    order = _order(rows, columns, mapping, asked, found)
    times = TimeReader(name, asked.home, order, server, mapping.duration_unit, found.lost)
    reader = RowReader(mapping, times, asked, found, columns)
    for row in rows:
        reader.take(row)
    _unmapped(table.header, rows, columns, mapping, found)
    return found


def _daily(mapping: Mapping) -> bool:
    return mapping.rows == WHOLE_DAYS or mapping.zero_pain == "clear"


def _columns(header: list[str], mapping: Mapping, found: Collected) -> dict[str, list[int]]:
    """Where each target stands; of several columns for one target the first that is there, unless they add up."""
    where = {fold(column): index for index, column in enumerate(header) if column}
    columns: dict[str, list[int]] = {}
    for target, names in mapping.columns.items():
        there = [where[column] for column in names if column in where]
        if there:
            columns[target] = there if target in SEVERAL else there[:1]
    missing = [names[0] for target, names in mapping.columns.items() if target not in columns]
    if mapping.recognise and not mapping.knows(header):
        # a table of another kind must not become a list of attacks because it has a date
        fits = {"date", "start"} & columns.keys() and "pain" in columns and len(columns) >= len(mapping.columns) / 2
        if not fits:
            what = f"the columns are not those of {mapping.title}; it has no {', '.join(map(repr, missing[:6]))}."
            raise BadInput(
                Problem(found.name, what, "Leave --format out, or map the columns: --format csv --mapping MAP.toml.")
            )
    elif not mapping.recognise:
        _missing(header, mapping, columns, found)
    return columns


def _missing(header: list[str], mapping: Mapping, columns: dict[str, list[int]], found: Collected) -> None:
    """Columns that a person mapped and the table has not: without the day nothing can be read, the others are listed.

    Where a pain of 0 makes a clear day, the pain is needed too: without it each row would become an attack.
    """
    needed = {"date", "start"} & mapping.columns.keys()
    needed = {"date"} if "date" in needed else needed
    if mapping.zero_pain == "clear" and not _STRENGTHS & columns.keys():
        needed |= _STRENGTHS & mapping.columns.keys()
    gone = [names[0] for target, names in mapping.columns.items() if target in needed and target not in columns]
    if gone:
        seen = ", ".join(repr(clean(column, 40)) for column in header[:12] if column)
        what = f"there is no column {', '.join(map(repr, gone))}; the table has {seen}."
        raise BadInput(Problem(found.name, what, "Correct the mapping, or take the name out of it."))
    for target, names in mapping.columns.items():
        if target not in columns:
            what = f"the mapping takes it for {target}, but the table has no such column."
            found.lost.add(f"column {target}", f"column {clean(names[0], 80)}", what)


def _with_one_zone(asked: Asked, rows: list[Row], places: list[int], found: Collected) -> Asked:
    """The zone that every row names is the home zone, where nobody said another."""
    named = {row.values[places[0]] for row in rows} - {""}
    if asked.zone is not None:
        zones = sorted(filter(zone_named, named))
        if zones and asked.zone.key not in zones:
            seen = ", ".join(zones[:3]) + (", ..." if len(zones) > 3 else "")
            what = (
                f"its rows say {seen}, you said {asked.zone.key}; that is your home zone, and days stay as the rows tell them."
            )
            found.lost.add("zone", found.name, what)
        return asked
    zone = zone_named(next(iter(named))) if len(named) == 1 else None
    if zone is None:
        return asked
    found.about["zone"] = zone.key
    return replace(asked, zone=zone)


def _order(rows: list[Row], columns: dict[str, list[int]], mapping: Mapping, asked: Asked, found: Collected) -> str | None:
    dated = dated_rows(rows, columns, found.name)
    order, why = decide_order(dated, found.name, asked=asked.date_order, declared=mapping.date_order)
    if why:
        found.lost.count("order of the dates", why, len(dated))
    return order


def dated_rows(rows: Sequence[Row], columns: dict[str, list[int]], name: str) -> list[DatedRow]:
    """Every day that a table tells, with what can tell the order of its numbers."""
    dated = []
    for row in rows:
        weekday = row.values[columns["weekday"][0]] if "weekday" in columns else ""
        for target in _DATED:
            text = row.values[columns[target][0]] if target in columns else ""
            day = _day_text(text)
            if day:
                said = weekday if target in ("date", "start") else ""
                limit = _iso_day(row.values[columns["reported_at"][0]]) if "reported_at" in columns else None
                dated.append(DatedRow(f"{name}, line {row.line}", day, said, limit))
    return dated


def _day_text(text: str) -> str | None:
    try:
        return read_stamp(text).day if text else None
    except Misread:
        return None


def _iso_day(text: str) -> date | None:
    return read_date(_day_text(text) or "", None)


def _unmapped(header: list[str], rows: list[Row], columns: dict[str, list[int]], mapping: Mapping, found: Collected) -> None:
    used = {index for there in columns.values() for index in there}
    for index, column in enumerate(header):
        filled = 0 if index in used else sum(1 for row in rows if row.values[index])
        if filled:
            title = f"column {clean(column, 80)}" if column else f"column {index + 1} (without a name)"
            found.lost.count(title, mapping.left_out.get(fold(column), _NOT_MAPPED), filled)
