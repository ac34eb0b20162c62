"""Reading and writing the single cells of a diary table.

A reader returns the value or raises `Misread` with what would have been right;
an empty cell never reaches it, because empty means not answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from cleardays.clock import parse_day, parse_instant
from cleardays.diary.records import ACUTE_CLASSES, HEADACHE_LEVELS, STATUSES


class Misread(ValueError):
    """A cell that does not hold what its column asks for; the message says what would."""


class Column(NamedTuple):
    """How one column is read from and written to text."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]


def _day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise Misread(
            "Write the day as year-month-day with two digits for month and day, like 2026-03-04 (years 1900 to 2199)."
        )
    return day


def _instant(text: str) -> datetime:
    instant = parse_instant(text)
    if instant is None:
        raise Misread("Write the time with its offset, for example 2026-03-04T20:15:00+01:00.")
    return instant


def _one_of(*words: str) -> Column:
    def read(text: str) -> str:
        if text.lower() not in words:
            raise Misread(f"Use one of {', '.join(words)}.")
        return text.lower()

    return Column(read, str)


def _whole(lowest: int, highest: int) -> Column:
    def read(text: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII) or not lowest <= int(text) <= highest:
            raise Misread(f"Use a whole number from {lowest} to {highest}.")
        return int(text)

    return Column(read, str)


def _decimal(lowest: int, highest: int) -> Column:
    def read(text: str) -> Decimal:
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", text, re.ASCII) or not lowest <= value <= highest:
            raise Misread(f"Use a number from {lowest} to {highest} with a decimal point.")
        return value

    return Column(read, str)


def _yes_no(text: str) -> bool:
    if text.lower() not in ("y", "n"):
        raise Misread("Use y or n; leave it empty when it was not answered.")
    return text.lower() == "y"


def _classes(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(";"))
    unknown = [name for name in names if name not in ACUTE_CLASSES]
    if unknown:
        raise Misread(f"Use names joined by ';' out of {', '.join(ACUTE_CLASSES)}.")
    return tuple(sorted(set(names)))


# A spreadsheet runs a cell that begins with one of these as a formula.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guard_formula(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguard_formula(text: str) -> str:
    """Take the apostrophe of `guard_formula` away again."""
    return text[1:] if _GUARDED.match(text) else text


def _text(text: str) -> str:
    # one kind of line end: the csv writer does not quote a bare carriage return
    return unguard_formula(text.replace("\r\n", "\n").replace("\r", "\n"))


_TEXT = Column(_text, guard_formula)
_YES_NO = Column(_yes_no, lambda value: "y" if value else "n")
_ITEM_0_10 = _whole(0, 10)

COLUMNS: dict[str, Column] = {
    "date": Column(_day, date.isoformat),
    "reported_at": Column(_instant, datetime.isoformat),
    "backfilled_days": _whole(0, 99999),
    "source": _TEXT,
    "status": _one_of(*STATUSES),
    "headache": _one_of(*HEADACHE_LEVELS),
    "pain_max": _ITEM_0_10,
    "hours": _decimal(0, 24),
    "migraine": _one_of("yes", "no", "unsure"),
    "migraine_rule": _TEXT,
    **dict.fromkeys(("aura", "nausea", "vomiting", "light", "sound", "worse_moving", "one_sided", "pulsating"), _YES_NO),
    "acute_doses": _whole(0, 999),
    "acute_classes": Column(_classes, ";".join),
    "function": _whole(0, 3),
    "craving": _ITEM_0_10,
    "mood": _ITEM_0_10,
    "sleep_h": _decimal(0, 24),
    "use_day": _YES_NO,
    "menses": _YES_NO,
    "note": _TEXT,
}
