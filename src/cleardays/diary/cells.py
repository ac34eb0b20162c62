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

from cleardays.clock import parse_day, parse_instant, parse_stamp, zone_named
from cleardays.texts import clean


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


def one_of(*words: str) -> Column:
    """One of some fixed words."""

    def read(text: str) -> str:
        if text.lower() not in words:
            raise Misread(f"Use one of {', '.join(words)}.")
        return text.lower()

    return Column(read, str)


def whole(lowest: int, highest: int) -> Column:
    """A whole number in a range."""

    def read(text: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII) or not lowest <= int(text) <= highest:
            raise Misread(f"Use a whole number from {lowest} to {highest}.")
        return int(text)

    return Column(read, str)


def decimal(lowest: int, highest: int) -> Column:
    """A number with a decimal point, in a range."""

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


# An empty list is an answer ("none of them"), an empty cell is not.
NONE_OF_THEM = "none"
_LONGEST_WORD, _MOST_WORDS = 80, 100


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_in_order(text)))


def _in_order(text: str) -> tuple[str, ...]:
    """Answers one after the other, repeated ones too."""
    if text.lower() == NONE_OF_THEM:
        return ()
    words = tuple(clean(unguard_formula(part), _LONGEST_WORD + 1) for part in text.split(";"))
    if len(words) > _MOST_WORDS or not all(0 < len(word) <= _LONGEST_WORD for word in words):
        raise Misread(f"Give words joined by ';', or {NONE_OF_THEM}; each up to {_LONGEST_WORD} characters.")
    return words


def classes(allowed: tuple[str, ...]) -> Column:
    """Fixed words joined by semicolons, each once, sorted."""

    def read(text: str) -> tuple[str, ...]:
        names = tuple(part.strip() for part in text.split(";"))
        if any(name not in allowed for name in names):
            raise Misread(f"Use names joined by ';' out of {', '.join(allowed)}.")
        return tuple(sorted(set(names)))

    return Column(read, ";".join)


def _zone(text: str) -> str:
    if zone_named(text) is None:
        raise Misread("Use a time zone like Europe/Berlin.")
    return text


def _stamp(text: str) -> datetime:
    stamp = parse_stamp(text)
    if stamp is None:
        raise Misread("Write the time as 2026-03-04T20:15, with an offset such as +01:00 where it is known.")
    return stamp


def _time(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        raise Misread("Write the time as 20:15.")
    return text


def _write_stamp(stamp: datetime) -> str:
    return stamp.isoformat(timespec="minutes" if not (stamp.second or stamp.microsecond) else "auto")


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


def _write_words(words: tuple[str, ...]) -> str:
    return guard_formula(";".join(words)) if words else NONE_OF_THEM


TEXT = Column(_text, guard_formula)
YES_NO = Column(_yes_no, lambda value: "y" if value else "n")
GRADE = whole(0, 10)
DAY = Column(_day, date.isoformat)
INSTANT = Column(_instant, datetime.isoformat)
STAMP = Column(_stamp, _write_stamp)
TIME = Column(_time, str)
ZONE = Column(_zone, str)
WORDS = Column(_words, _write_words)
IN_ORDER = Column(_in_order, _write_words)
