"""Values of a JSON document, each read as what it should be, every problem with its path."""

from __future__ import annotations

import json
import math
from collections import Counter
from datetime import datetime
from typing import Any

from cleardays.diary.layouts.clocks import Home, epoch_ms, in_years
from cleardays.diary.layouts.row_times import zone_needed
from cleardays.problems import BadInput, Problem, shown

_MOST_TEXT = 200_000
_DEEPEST = 50


def parse(text: str, name: str) -> object:
    """The document.

    Raises:
        BadInput: it is no JSON, has a number that is none, a key twice, or is nested too deeply.
    """
    try:
        document = json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except _Twice as twice:
        raise BadInput(Problem(name, f"the key {shown(str(twice))} stands twice in one object.", "Export it again.")) from None
    except RecursionError:
        raise BadInput(Problem(name, "it is nested too deeply to be a diary.", "Check that this is the right file.")) from None
    except ValueError as error:
        where = f"{name}, line {error.lineno}" if isinstance(error, json.JSONDecodeError) else name
        what = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise BadInput(Problem(where, f"this is no JSON ({what[:100]}).", "Export the diary again.")) from None
    if _depth(document) > _DEEPEST:
        raise BadInput(Problem(name, "it is nested too deeply to be a diary.", "Check that this is the right file."))
    return document


class _Twice(Exception):
    """A key that an object has twice."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice(Counter(key for key, _ in pairs).most_common(1)[0][0])
    return found


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no number")


def _depth(document: object) -> int:
    deepest, level = 0, [document]
    while level and deepest <= _DEEPEST + 1:
        deepest += 1
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
            if isinstance(inner, dict | list)
        ]
    return deepest


class Fields:
    """One JSON object of a file; what cannot be read is collected. Absent and null both read as None."""

    def __init__(self, value: object, where: str, home: Home, name: str) -> None:
        self.where, self.home, self.name = where, home, name
        self.problems: list[Problem] = []
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.problems.append(Problem(where, f"this is {_kind(value)}, no object.", "Export the diary again."))

    def add(self, key: str, what: str, try_this: str) -> None:
        """Note a problem with one key."""
        self.problems.append(Problem(f"{self.where}.{key}", what, try_this))

    def has(self, key: str) -> bool:
        """Whether there is an answer."""
        return self.value.get(key) is not None

    def text(self, key: str) -> str | None:
        """A text; blank text is no answer."""
        value = self.value.get(key)
        if value is None or (isinstance(value, str) and len(value) <= _MOST_TEXT):
            return (value or "").strip() or None
        self.add(key, f"this is {_kind(value)}, no text of a usual length.", "Write it in quotes.")
        return None

    def id(self, key: str = "id") -> str | None:
        """A name, told as text or number."""
        value = self.value.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
            return str(value)
        return self.text(key)

    def number(self, key: str, lowest: float, highest: float) -> int | float | None:
        """A number within a range."""
        value = self.value.get(key)
        if value is None:
            return None
        good = isinstance(value, int | float) and not isinstance(value, bool)
        # a whole number may be too large for a float
        if not good or (isinstance(value, float) and not math.isfinite(value)) or not lowest <= value <= highest:
            self.add(key, f"{_seen(value)} is no number from {lowest:g} to {highest:g}.", "Correct it.")
            return None
        return int(value) if value == int(value) else float(value)

    def items(self, key: str) -> list[Any]:
        """A list; empty where there is none."""
        value = self.value.get(key)
        if value is None or isinstance(value, list):
            return value or []
        self.add(key, f"this is {_kind(value)}, no list.", "Export the diary again.")
        return []

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        values = self.items(key)
        if all(isinstance(value, str) and len(value) <= _MOST_TEXT for value in values):
            return [value.strip() for value in values if value.strip()]
        self.add(key, "this is no list of texts.", "Export the diary again.")
        return []

    def moment(self, key: str) -> datetime | None:
        """Milliseconds since 1970, on the clock at home."""
        value = self.value.get(key)
        if value is None:
            return None
        stamp = epoch_ms(int(value)) if isinstance(value, int | float) and _whole(value) else None
        if stamp is None:
            self.add(key, f"{_seen(value)} is no time in milliseconds since 1970.", "Correct it (years 1900 to 2199).")
            return None
        if self.home.zone is None:
            raise BadInput(zone_needed(self.name))
        return self.home.instant(stamp)

    def stamp(self, key: str) -> datetime | None:
        """A time with its offset, on the clock at home; one without an offset is taken as at home."""
        text = self.text(key)
        if text is None:
            return None
        try:
            stamp = datetime.fromisoformat(text)
        except ValueError:
            stamp = None
        if stamp is None or not in_years(stamp) or len(text) < len("2026-03-04T20:15"):
            self.add(key, f"{shown(text)} is no time that can be read.", "Write it as 2026-03-04T20:15:00Z.")
            return None
        stamp = stamp.replace(microsecond=0)
        if stamp.tzinfo is None:
            return self.home.wall(stamp)
        if self.home.zone is None and not stamp.utcoffset():
            raise BadInput(zone_needed(self.name))
        # a time in UTC says nothing about where the person was
        return self.home.carried(stamp) if stamp.utcoffset() else self.home.instant(stamp)


def _whole(value: int | float) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int) or math.isfinite(value))


def _seen(value: object) -> str:
    if isinstance(value, int) and abs(value) > 10**30:
        return "a number of very many digits"
    return shown(value if isinstance(value, str) else str(value))


def _kind(value: object) -> str:
    kinds = {"NoneType": "nothing", "bool": "true or false", "int": "a number", "float": "a number", "str": "a text",
             "list": "a list", "dict": "an object"}  # fmt: skip
    return kinds.get(type(value).__name__, "something else")
