"""What a draft was made from, read back from the first version of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cleardays.clock import parse_day
from cleardays.plan.draft import Wish
from cleardays.plan.parts_reading import read_parts
from cleardays.plan.person import Person
from cleardays.plan.person_reading import read_person
from cleardays.plan.screening import INDICATIONS, JURISDICTIONS
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose

_KEYS = {"treatment", "indication", "start", "target", "at_most", "protocol", "jurisdiction", "parts", "person"}


def read_asked(data: Mapping[str, Any]) -> tuple[Wish, Person]:
    """The wish and the person of a draft.

    Raises:
        BadInput: the entry is not one that was written here.
    """
    start = _start(data)
    if start is None:
        raise BadInput(
            Problem("history.0.data", "it is not what a draft is made from.", "Take the file as cleardays wrote it.")
        )
    target, at_most = (None if data[key] is None else Dose.parse(data[key]) for key in ("target", "at_most"))
    head = (data["treatment"], data["indication"], start, target, at_most, data["protocol"], data["jurisdiction"])
    return Wish(*head, read_parts(data["parts"], start)), read_person(data["person"])


def _start(data: Mapping[str, Any]) -> date | None:
    """The first day, where every word of the wish is one that can be; the parts and the person are read by themselves."""
    if set(data) != _KEYS or not isinstance(data["treatment"], str) or data["indication"] not in INDICATIONS:
        return None
    if any(not isinstance(data[key], str | None) for key in ("target", "at_most", "protocol")):
        return None
    if data["jurisdiction"] not in (None, *JURISDICTIONS) or not isinstance(data["start"], str):
        return None
    return parse_day(data["start"])
