"""The Bearable layout: many rows a day, one for each thing that was rated.

A day with entries but without a word about headache stays unknown; a headache
rated 0 is a headache-free day.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cleardays.diary.cells import Misread
from cleardays.diary.layouts.collected import Asked, Collected, Finding
from cleardays.diary.layouts.dates import DatedRow, decide_order, read_date
from cleardays.diary.layouts.foreign_tables import row_text
from cleardays.diary.layouts.intake import Occasion, dose, read_list
from cleardays.diary.layouts.row_times import Cells, Unfit
from cleardays.diary.layouts.values import read_minutes
from cleardays.diary.layouts.words import as_note, as_word, fold, vocabulary
from cleardays.diary.records import CLEAR, DayRecord
from cleardays.diary.tables import Row, Table
from cleardays.texts import clean

LAYOUT = "bearable"
_SOURCE = f"import:{LAYOUT}"
_NEEDED = frozenset(("date", "category", "rating/amount", "detail"))
_READ = (*_NEEDED, "notes", "time of day")
_LEFT_OUT = dict.fromkeys(("date formatted", "weekday"), "the same day in other words")
_LEVELS = {0: CLEAR, 1: "mild", 2: "moderate", 3: "severe", 4: "severe"}
_SAID_BEHIND = re.compile(r"(.*?)\s*\(([^()]*)\)")
_RATING = re.compile(r"\d{1,2}(?:\.0+)?", re.ASCII)
_SYMPTOM, _MOOD, _SLEEP, _MEDICINES = ("symptom", "symptoms"), ("mood",), ("sleep",), ("meds/supplements", "medication", "meds")
_MOST_MOOD = 10


def recognises(header: list[str]) -> bool:
    """Whether a header row has this layout."""
    return set(header) >= _NEEDED


def read_bearable(table: Table, name: str, asked: Asked) -> Collected:
    """Read the table; `BadInput` where the order of its dates cannot be known."""
    found = Collected(LAYOUT, name, asked.home, has_attacks=False, daily=True)
    rows = list(table.rows)
    place = {column: index for index, column in enumerate(table.header)}
    dated = [DatedRow(f"{name}, line {row.line}", row.values[place["date"]], _at(row, place, "weekday")) for row in rows]
    order, why = decide_order([one for one in dated if one.text], name, asked=asked.date_order)
    if why:
        found.lost.count("order of the dates", why, len(dated))
    _count_left_out(table.header, rows, found)
    for row in rows:
        told = {column: row.values[index] for column, index in place.items() if row.values[index]}
        cells = Cells(told, {column: column for column in place}, f"{name}, line {row.line}")
        try:
            finding = _item(cells, order, asked, found)
            cells.done()
        except Unfit:
            found.refuse(cells.where, row_text(row), cells.problems)
            continue
        if finding is not None:
            found.findings.append(replace(finding, where=cells.where, text=row_text(row)))
    return found


def _count_left_out(header: list[str], rows: list[Row], found: Collected) -> None:
    for index, column in enumerate(header):
        filled = sum(1 for row in rows if row.values[index])
        if column not in _READ and filled:
            found.lost.count(f"column {clean(column, 60)}", _LEFT_OUT.get(column, "is not kept"), filled)


def _at(row: Row, place: dict[str, int], column: str) -> str:
    return row.values[place[column]] if column in place else ""


def _item(cells: Cells, order: str | None, asked: Asked, found: Collected) -> Finding | None:
    """What one row tells of its day."""
    day = read_date(cells.get("date"), order)
    if day is None:
        cells.add("date", f"{cells.get('date')[:40]!r} is no day that can be read.", "Write it as year-month-day.")
        raise Unfit(cells.problems)
    category = fold(cells.get("category"))
    note, changed = as_note(cells.get("notes"))
    if changed:
        found.lost.add("note", cells.where, "the note was too long, or held characters that no table can hold; cut.")
    if category in _MEDICINES:
        return _medicines(cells, day, note, asked, found)
    answers: dict[str, Any] = {}
    if category in _SYMPTOM:
        answers = _symptom(cells, found)
    elif category in _MOOD:
        answers = _mood(cells, found)
    elif category in _SLEEP:
        answers = _sleep(cells, found)
    else:
        found.lost.count(f"category {clean(cells.get('category'), 60) or '(none)'}", "is not kept")
    if cells.get("time of day") and answers:
        found.lost.count("column time of day", "parts of a day are not kept")
    if note is None and not answers:
        return None
    return Finding(where="", day=DayRecord(date=day, source=_SOURCE, note=note, **answers))


def _symptom(cells: Cells, found: Collected) -> dict[str, Any]:
    detail = clean(cells.get("detail"), 200)
    match = _SAID_BEHIND.fullmatch(detail)
    name, said = (fold(match[1]), match[2]) if match else (fold(detail), "")
    rating = _rating(cells)
    level = vocabulary().levels.get(fold(said)) if said else None
    if level is None and rating is not None:
        level = _LEVELS.get(rating)
    elif level is not None and rating is not None and _LEVELS.get(rating) not in (None, level):
        what = f"the word says {level}, the rating {rating}; the word was taken."
        found.lost.add("word and rating differ", cells.where, what)
    had = level != CLEAR
    words = vocabulary()
    kind = words.headaches.get(name)
    if kind in ("headache", "migraine"):
        answers: dict[str, Any] = {"headache": level or "present"}
        return answers | ({"migraine": "yes"} if kind == "migraine" and had else {})
    if kind == "menses":
        return {"menses": had}
    if name in words.symptoms:
        return {words.symptoms[name]: had}
    if not had or not name:
        return {}
    return {"other_symptoms": (words.other_symptoms.get(name) or as_word(match[1] if match else detail),)}


def _rating(cells: Cells) -> int | None:
    text = cells.get("rating/amount")
    return int(Decimal(text)) if _RATING.fullmatch(text) else None


def _mood(cells: Cells, found: Collected) -> dict[str, Any]:
    rating = _rating(cells)
    if rating is None or rating > _MOST_MOOD:
        found.lost.count("category Mood", "the rating is no whole number from 0 to 10; left out")
        return {}
    return {"mood": rating}


def _sleep(cells: Cells, found: Collected) -> dict[str, Any]:
    """Only a length is hours of sleep; a bare number may be a rating."""
    text = cells.get("rating/amount")
    try:
        minutes = read_minutes(text)
    except Misread:
        found.lost.count("category Sleep", "the amount is no length such as 7h 30m; left out")
        return {}
    return {"sleep_h": Decimal(f"{Decimal(minutes) / 60:.4f}").normalize() + 0} if minutes <= 24 * 60 else {}


def _medicines(cells: Cells, day: date, note: str | None, asked: Asked, found: Collected) -> Finding | None:
    written = read_list(cells.get("detail"), asked.naming, found.lost, cells.where)
    doses = tuple(replace(dose(one, Occasion(day), asked.naming, found.lost, cells.where), source=_SOURCE) for one in written)
    if cells.get("rating/amount"):
        found.lost.count("amount of Meds/Supplements", "its unit is not told; left out")
    if not doses and note is None:
        return None
    return Finding(where="", doses=doses, day=DayRecord(date=day, source=_SOURCE, note=note) if note else None)
