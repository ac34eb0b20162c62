"""What a draft was made from, read back from the first version of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cleardays.plan.draft import Wish
from cleardays.plan.parts_reading import read_parts
from cleardays.plan.person import Person
from cleardays.plan.person_reading import read_person
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose

_KEYS = {"treatment", "indication", "start", "target", "at_most", "protocol", "jurisdiction", "parts", "person"}


def read_asked(data: Mapping[str, Any]) -> tuple[Wish, Person]:
    """The wish and the person of a draft.

    Raises:
        BadInput: the entry is not one that was written here.
    """
    if set(data) != _KEYS:
        raise BadInput(
            Problem("history.0.data", "it is not what a draft is made from.", "Take the file as cleardays wrote it.")
        )
    start = date.fromisoformat(data["start"])
    target, at_most = (None if data[key] is None else Dose.parse(data[key]) for key in ("target", "at_most"))
    head = (data["treatment"], data["indication"], start, target, at_most, data["protocol"], data["jurisdiction"])
    return Wish(*head, read_parts(data["parts"], start)), read_person(data["person"])
