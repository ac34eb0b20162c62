"""An event as it is written down before it is sealed: one line of JSON, always the same for the same event."""

from __future__ import annotations

import json

from cleardays.problems import BadInput, Problem
from cleardays.store.sealing import Seal
from cleardays.trial.story.events import Event, canonical, read_event

LONGEST_TEXT = 4_000_000


def write_event(event: Event, where: str = "event") -> tuple[Event, str]:
    """The text of an event, and the event as it will be read from it.

    Raises:
        BadInput: it could not be read again: no zone, a body that JSON has no word for, half a character.
    """
    if event.at.tzinfo is None:
        raise BadInput(Problem(f"{where}, at", "it is a time without a zone.", "Give the instant in UTC."))
    try:
        told = read_event(json.loads(canonical(event.document())), where)
        text = canonical(told.document())
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        what = f"it cannot be written down ({type(error).__name__}: {error})."
        raise BadInput(Problem(f"{where}, body", what, "Use texts, numbers, lists and objects as JSON has them.")) from None
    if len(text) > LONGEST_TEXT:
        what = f"it has {len(text):,} characters; {LONGEST_TEXT:,} are the most."
        raise BadInput(Problem(f"{where}, body", what, "Tell it in several events."))
    return told, text


def read_text(text: str, where: str) -> Event:
    """The event of a stored text.

    Raises:
        BadInput: it is no event.
    """
    try:
        return read_event(json.loads(text), where)
    except (ValueError, RecursionError):
        how = "Run cleardays doctor; restore the last backup beside it."
        raise BadInput(Problem(where, "what is stored there is no event.", how)) from None


def read_sealed(seal: Seal, seq: int, sealed: str, where: str) -> Event:
    """The event of a sealed text.

    Raises:
        BadInput: it does not open, or is no event.
    """
    return read_text(seal.open(seq, sealed, where), where)
