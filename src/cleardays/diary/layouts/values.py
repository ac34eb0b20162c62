"""Single cells of other layouts: grades of pain, lengths, times of day. `Misread` says what would be right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal
from typing import NamedTuple

from cleardays.diary.cells import Misread
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.layouts.words import fold, vocabulary

_LONGEST_MINUTES = 366 * 24 * 60
_LONGEST_CELL = 60
_PAIN = "Give the pain as a number from 0 to 10, or a word: none, mild, moderate or severe (keine, leicht, mittel, stark ...)."
_HEADACHE = (
    "Use a word: clear (none, no, nein, kein, aucune, ninguno), present (yes, ja, oui, sí), mild (leicht), moderate (mittel, "
    "mäßig) or severe (stark), or a number from 0 to 10."
)
_GRADE = re.compile(r"(-?\d{1,4}(?:[.,]\d{1,3})?)(?:\s*/\s*10)?", re.ASCII)
_CLOCK = re.compile(
    r"(?P<before>am|pm|上午|下午)?\s*(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:\.\d{1,6})?)?)?"
    r"\s*(?P<after>am|pm|uhr)?", re.ASCII,
)  # fmt: skip
_COLONS = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_UNIT_MINUTES: dict[str, Decimal | int] = {
    "d": 1440, "day": 1440, "days": 1440, "天": 1440, "tag": 1440, "tage": 1440,
    "h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60, "小时": 60, "std": 60, "stunde": 60, "stunden": 60,
    "m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "minuten": 1, "分": 1, "分钟": 1,
    "s": Decimal(1) / 60, "sec": Decimal(1) / 60, "second": Decimal(1) / 60, "seconds": Decimal(1) / 60, "秒": Decimal(1) / 60,
}  # fmt: skip
_PART = re.compile(r"([0-9]{1,7}(?:[.,][0-9]{1,4})?)\s*([^\W\d_]+)\.?")
_NUMBER = re.compile(r"\d{1,7}(?:[.,]\d{1,6})?", re.ASCII)
_ISO_STAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)(?:\d{0,3})\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?", re.ASCII
)
_DATE_AND_TIME = re.compile(r"(.*\d[^\s\d]?),?\s+((?:\S{1,2}\s*)?\d{1,2}[:.h]\d{2}.*)", re.ASCII | re.DOTALL)


class Grade(NamedTuple):
    """A strength of pain: the grade 0-10 where there is one, and its word."""

    pain_max: int | None
    headache: str


def grade_word(grade: Decimal | int) -> str:
    """The word for a grade of pain: clear, mild, moderate or severe."""
    rules = headache_rules()
    if grade <= 0:
        return "clear"
    return "mild" if grade <= rules.mild_up_to else "moderate" if grade <= rules.moderate_up_to else "severe"


def read_grade(text: str) -> Grade:
    """Pain 0-10, as a number or one of our words.

    >>> read_grade("7/10"), read_grade("4.5"), read_grade("Mild")
    (Grade(pain_max=7, headache='severe'), Grade(pain_max=None, headache='moderate'), Grade(pain_max=None, headache='mild'))
    """
    said = unicodedata.normalize("NFKC", text).strip()[:_LONGEST_CELL]
    found = _GRADE.fullmatch(said)
    if found is None:
        level = vocabulary().levels.get(fold(said))
        if level is None:
            raise Misread(_PAIN)
        return Grade(None, level)
    grade = Decimal(found[1].replace(",", "."))
    if not 0 <= grade <= 10:
        raise Misread(_PAIN)
    return Grade(int(grade) if grade == int(grade) else None, grade_word(grade))


def strength_reader(words: dict[str, str], kind: str, *, mapped: bool) -> Callable[[str], Grade]:
    """A reader of pain or headache that knows the person's own words, and says what could stand there."""
    cure = _PAIN if kind == "pain" else _HEADACHE
    if mapped:
        cure += ' What your own words mean can stand under [words] of the mapping, such as "mies" = "severe".'

    def read(text: str) -> Grade:
        known = words.get(fold(text))
        if known:
            return Grade(None, known)
        try:
            return read_grade(text)
        except Misread:
            raise Misread(cure) from None

    return read


def read_level(text: str) -> str:
    """A word for the strength of a headache."""
    level = vocabulary().levels.get(fold(text))
    if level is None:
        raise Misread("Use a word such as none, mild, moderate or severe.")
    return level


def read_minutes(text: str, unit: str | None = None) -> int:
    """A length in whole minutes; `unit` (hours or minutes) is that of a bare number.

    >>> read_minutes("06h 00m"), read_minutes("1:30"), read_minutes("1.58", "hours"), read_minutes("45m")
    (360, 90, 95, 45)
    """
    said = unicodedata.normalize("NFKC", text).strip().lower()[:_LONGEST_CELL]
    if found := _COLONS.fullmatch(said):
        minutes = Decimal(int(found[1]) * 60 + int(found[2]))
    elif _NUMBER.fullmatch(said):
        if unit is None:
            raise Misread("Say the unit: 4h 30m, 45m or 1:30.")
        minutes = Decimal(said.replace(",", ".")) * (60 if unit == "hours" else 1)
    else:
        minutes = _sum_of_parts(said)
    if minutes > _LONGEST_MINUTES:
        raise Misread("No attack lasts longer than a year.")
    return round(minutes)


def _sum_of_parts(said: str) -> Decimal:
    parts = _PART.findall(said)
    if not parts or _PART.sub("", said).strip(" ,") or any(unit not in _UNIT_MINUTES for _, unit in parts):
        raise Misread("Write a length as 4h 30m, 45m or 1:30.")
    return sum((Decimal(number.replace(",", ".")) * _UNIT_MINUTES[unit] for number, unit in parts), Decimal(0))


def read_time(text: str) -> time:
    """A time of day: 22:55, 22:55:00, 9:40 PM.

    >>> read_time("9:40\N{NARROW NO-BREAK SPACE}p.m."), read_time("12:05 AM")
    (datetime.time(21, 40), datetime.time(0, 5))
    """
    said = unicodedata.normalize("NFKC", text).strip().lower()[:_LONGEST_CELL]
    said = re.sub(r"([ap])\.?\s?m\.?$", r"\1m", said)
    found = _CLOCK.fullmatch(said)
    half = (found["before"] or found["after"]) if found else None
    if found is None or (found["m"] is None and half is None):
        raise Misread("Write the time as 21:40 or 9:40 PM.")
    hour, minute, second = int(found["h"]), int(found["m"] or 0), int(found["s"] or 0)
    if half in ("am", "pm", "上午", "下午"):
        if not 1 <= hour <= 12:
            raise Misread("With AM or PM the hour runs from 1 to 12.")
        hour = hour % 12 + (12 if half in ("pm", "下午") else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise Misread("Write the time as 21:40 or 9:40 PM.") from None


class Stamp(NamedTuple):
    """A cell with a day, a time, or both; `instant` where it names its offset."""

    day: str | None
    clock: time | None
    instant: datetime | None


def read_stamp(text: str) -> Stamp:
    """Part a cell into its day and its time; the day stays text, for the order of its numbers is the file's.

    >>> read_stamp("1/26/26, 3:25 PM")
    Stamp(day='1/26/26', clock=datetime.time(15, 25), instant=None)
    """
    said = unicodedata.normalize("NFKC", text).strip()
    if found := _ISO_STAMP.fullmatch(said):
        day, clock, offset = found[1], found[2].replace(",", "."), found[3]
        if offset is None:
            return Stamp(day, _iso_time(clock), None)
        offset = "+00:00" if offset in ("Z", "UTC", "GMT") else offset
        try:
            return Stamp(None, None, datetime.fromisoformat(f"{day}T{clock}{offset}"))
        except ValueError:
            raise Misread("Write the time as 2026-03-04T20:15:00+01:00.") from None
    if found := _DATE_AND_TIME.fullmatch(said[: 2 * _LONGEST_CELL]):
        return Stamp(found[1].rstrip(","), read_time(found[2]), None)
    try:
        return Stamp(None, read_time(said), None)
    except Misread:
        return Stamp(said, None, None)


def _iso_time(clock: str) -> time:
    try:
        return time.fromisoformat(clock).replace(microsecond=0)
    except ValueError:
        raise Misread("Write the time as 21:40 or 9:40 PM.") from None
