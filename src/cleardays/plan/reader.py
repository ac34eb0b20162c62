"""Reading a JSON document field by field: every problem is kept, none stops the reading of the rest."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cleardays.catalogue.suggesting import letters, suggestions
from cleardays.clock import parse_day
from cleardays.problems import Problem, shown

# From where in the document and the value to what it means; None when it says nothing usable.
Read = Callable[["Reader", str, object], Any]
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_LONGEST = 200
_MOST = 500


class Reader:
    """Collects the problems of one document."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, where: str, what: str, try_this: str) -> None:
        """Note what cannot be used."""
        self.problems.append(Problem(where, what, try_this))

    def fields(self, where: str, value: object, known: Mapping[str, Read], required: tuple[str, ...] = ()) -> dict[str, Any]:
        """An object with known keys; null says nothing, an unknown key is a problem."""
        if not isinstance(value, dict):
            self.refuse(where, f"{_seen(value)} is no object.", "Write it in braces: {...}.")
            return {}
        inside = "" if where == "person" else f"{where}."
        for key in sorted(map(str, value.keys() - known.keys())):
            near = suggestions(str(key), {letters(each): each for each in known})
            meant = f"Did you mean {' or '.join(near)}?" if near else f"It may hold {', '.join(known)}."
            self.refuse(f"{inside}{_short(str(key))}", "there is no such key.", meant)
        for key in required:
            if value.get(key) is None:
                self.refuse(f"{inside}{key}", "it is missing.", "Say it, or leave the whole entry out.")
        return {
            key: read(self, f"{inside}{key}", value[key])
            for key, read in known.items()
            if key in value and value[key] is not None
        }


def _is_finite(value: float) -> bool:
    """A whole number may be larger than any that a computer counts with."""
    return isinstance(value, int) or math.isfinite(value)


def number(low: float, high: float, unit: str = "") -> Read:
    """A number within limits that no person passes."""

    def read(reader: Reader, where: str, value: object) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            reader.refuse(where, f"{_seen(value)} is no number.", "Write a number, or leave it out.")
            return None
        if not low <= value <= high:
            of = f" {unit}" if unit else ""
            seen = f"{value:g}" if isinstance(value, float) else shown(str(value)).strip("'")
            try_this = f"It lies from {low:g} to {high:g}{of}; check the unit."
            reader.refuse(where, f"{seen}{of} cannot be.", try_this)
            return None
        return float(value)

    return read


def choice(*words: str) -> Read:
    """One of several words."""

    def read(reader: Reader, where: str, value: object) -> str | None:
        word = value.strip().lower() if isinstance(value, str) else value
        if word not in words:
            reader.refuse(where, f"{_seen(value)} is none of the answers.", f"Write one of {', '.join(words)}.")
            return None
        return str(word)

    return read


def yes_no(reader: Reader, where: str, value: object) -> bool | None:
    """True or false."""
    if not isinstance(value, bool):
        reader.refuse(where, f"{_seen(value)} is neither true nor false.", "Write true or false, or leave it out.")
        return None
    return value


def text(reader: Reader, where: str, value: object) -> str | None:
    """A short text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        reader.refuse(where, f"{_seen(value)} is no text.", "Write a name in quotation marks.")
        return None
    name = " ".join(value.split())
    if len(name) > _LONGEST or not name.isprintable():
        reader.refuse(where, f"{shown(name)} is no name.", f"Use at most {_LONGEST} printable characters.")
        return None
    return name


def day(reader: Reader, where: str, value: object) -> date | None:
    """A calendar day."""
    found = parse_day(value) if isinstance(value, str) else None
    if found is None:
        reader.refuse(where, f"{_seen(value)} is no day.", "Write it as year-month-day, for example 2026-03-04.")
    return found


def clock_time(reader: Reader, where: str, value: object) -> str | None:
    """A time of day with two figures each."""
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        return value
    reader.refuse(where, f"{_seen(value)} is no time of day.", "Write it as 09:30.")
    return None


def many(read_one: Read) -> Read:
    """A list; entries that cannot be used are problems and left out."""

    def read(reader: Reader, where: str, value: object) -> tuple[Any, ...] | None:
        if not isinstance(value, list):
            reader.refuse(where, f"{_seen(value)} is no list.", "Write it in square brackets: [...].")
            return None
        if len(value) > _MOST:
            reader.refuse(where, f"it has {len(value):,} entries.", f"Write at most {_MOST}.")
            return None
        found = [read_one(reader, f"{where}[{at}]", each) for at, each in enumerate(value, 1)]
        return tuple(each for each in found if each is not None)

    return read


def _seen(value: object) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        return shown(value)
    if value is None:
        return "null"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else f"{value}"


def _short(key: str) -> str:
    return key if len(key) <= 40 else f"{key[:40]}..."
