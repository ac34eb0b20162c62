"""What the bodies of events are read with: strictly, every key known, every problem told at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleardays.plan.reader import Read, Reader
from cleardays.problems import BadInput, shown
from cleardays.texts import clean
from cleardays.trial.story.events import Event

LONGEST_WORDS = 10_000
LONGEST_KEY = 64


def body_of(event: Event, known: Mapping[str, Read], required: tuple[str, ...], where: str) -> dict[str, Any]:
    """The body of an event, each key as it is read; what was not told is left out.

    Raises:
        BadInput: with every key that is not known, is missing, or cannot be used.
    """
    reader = Reader()
    told = reader.fields(where, event.body, known, required)
    if reader.problems:
        raise BadInput(reader.problems)
    return {key: value for key, value in told.items() if value is not None}


def said(longest: int = LONGEST_WORDS) -> Read:
    """Words of a person, in any script: one line, never cut."""

    def read(reader: Reader, where: str, value: object) -> str | None:
        words = clean(value, longest + 1) if isinstance(value, str) else ""
        if not words:
            reader.refuse(where, "it says nothing.", "Write it in words, or leave it out.")
            return None
        if len(words) > longest:
            reader.refuse(where, f"it has more than {longest:,} characters.", "Say it shorter.")
            return None
        return words

    return read


def entry_name(reader: Reader, where: str, value: object) -> str | None:
    """The name by which an entry is told again."""
    name = clean(value, LONGEST_KEY + 1) if isinstance(value, str) else ""
    if not name or len(name) > LONGEST_KEY or name != value:
        how = f"Name it in up to {LONGEST_KEY} characters; the same name tells of the same entry again."
        reader.refuse(where, f"{shown(str(value))} is no name of an entry.", how)
        return None
    return name


def exactly(known: Mapping[str, Read], required: tuple[str, ...] = ()) -> Read:
    """An object inside a body: its keys as they are read; None where one that it needs is missing."""

    def read(reader: Reader, where: str, value: object) -> dict[str, Any] | None:
        told = reader.fields(where, value, known, required)
        whole = all(told.get(key) is not None for key in required)
        return {key: each for key, each in told.items() if each is not None} if whole else None

    return read
