"""Does an attack fall into the days around the first day of bleeding?"""

from __future__ import annotations

from datetime import date, timedelta

from cleardays.clock import parse_day, parse_stamp
from cleardays.diary.fields import Fields
from cleardays.diary.instruments import instruments
from cleardays.problems import BadInput, shown
from cleardays.sources import Reason


def menstrual_window(fields: Fields, name: str) -> dict[str, object]:
    """Whether `attack`, a day or a list of days, lies in the window around `day1`.

    Raises:
        BadInput: with every key and value that cannot be read.
    """
    table = instruments()[name]
    fields.only(("instrument", "day1", "attack", "sex"))
    day1 = _day(fields, "day1", fields.get("day1"))
    given = fields.get("attack")
    asked = given is not None
    attacks = [_day(fields, "attack", day) for day in (given if isinstance(given, list) else [given] if asked else [])]
    if not fields.told("attack"):
        fields.add("attack", "it is missing.", "Give the day of the attack, or a list of days.")
    if day1 is None or fields.problems:
        raise BadInput(fields.problems)
    first, last = day1 - timedelta(days=table["days_before"]), day1 + timedelta(days=table["days_after"])
    inside = sorted({day for day in attacks if day is not None and first <= day <= last})
    text = f"The window runs from {first.isoformat()} to {last.isoformat()}, both included."
    return {
        "instrument": name,
        "in_window": bool(inside) if asked else None,
        "in_window_dates": [day.isoformat() for day in inside],
        "valid": asked,
        "reasons": [Reason(f"measure.{name}", text, tuple(table["source"])).document()],
    }


def _day(fields: Fields, key: str, value: object) -> date | None:
    stamp = parse_stamp(value) if isinstance(value, str) else None
    day = stamp.date() if stamp is not None else parse_day(value) if isinstance(value, str) else None
    if day is None:
        fields.add(
            key, "it is missing." if value is None else f"{shown(str(value))} is no calendar day.", "Write it as 2026-03-04."
        )
    return day
