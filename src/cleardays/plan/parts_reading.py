"""What else belongs to a plan, from JSON: a list of parts of care."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from cleardays.plan.care import KINDS, Part
from cleardays.plan.reader import Read, Reader, choice, day, many, number, text
from cleardays.problems import BadInput, Problem


def parse_parts(raw: str, name: str, start: date) -> tuple[Part, ...]:
    """The text of a parts file; a part that names no day begins with the plan.

    Raises:
        BadInput: it is no JSON, or an entry is not one.
    """
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadInput(Problem(name, "it is no JSON.", f"Write a list: [{_EXAMPLE}].")) from None
    return read_parts(document, start)


# Kind, what, first day where it is told, every how many days, last day.
_Told = tuple[str, str, date | None, int, date | None]
_EXAMPLE = '{"kind": "counselling", "what": "Tuesday group", "every_days": 7}'


def read_parts(document: object, start: date) -> tuple[Part, ...]:
    """A parsed list of parts.

    Raises:
        BadInput: with everything that cannot be read.
    """
    reader = Reader()
    found = _PARTS(reader, "parts", document) or ()
    for place, (_, _, on, _, until) in enumerate(found, 1):
        if until is not None and until < (on or start):
            reader.refuse(f"parts[{place}].until", "it ends before it begins.", "Correct one of the two days.")
    if reader.problems:
        raise BadInput(reader.problems)
    return tuple(Part(kind, what, on or start, every_days, until) for kind, what, on, every_days, until in found)


def part_document(part: Part) -> dict[str, Any]:
    """As it is read back."""
    until = {} if part.until is None else {"until": part.until.isoformat()}
    return {"kind": part.kind, "what": part.what, "every_days": part.every_days, "on": part.on.isoformat(), **until}


def _part(reader: Reader, where: str, value: object) -> _Told | None:
    told = reader.fields(where, value, _PART, required=("kind", "what", "every_days"))
    if any(told.get(key) is None for key in ("kind", "what", "every_days")):
        return None
    if told["every_days"] != int(told["every_days"]):
        reader.refuse(f"{where}.every_days", "it is no whole number of days.", "Write 7 for once a week.")
    return told["kind"], told["what"], told.get("on"), int(told["every_days"]), told.get("until")


_PART: dict[str, Read] = {
    "kind": choice(*KINDS),
    "what": text,
    "every_days": number(1, 366, "days"),
    "on": day,
    "until": day,
}
_PARTS = many(_part)
