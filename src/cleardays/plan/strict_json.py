"""JSON as this project writes it: every key once, every number one, every text on one line that can be seen."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from cleardays.texts import clean


class Unfit(Exception):
    """It is JSON that others would read or show otherwise; says how."""


def strict_json(raw: str) -> object:
    """A parsed text.

    Raises:
        Unfit: it is read or shown in more than one way.
        ValueError: it is no JSON.
        RecursionError: it is nested deeper than anything that was written here.

    >>> strict_json('{"amount": 12.5}')
    {'amount': 12.5}
    """
    document = json.loads(raw, parse_constant=_number, parse_float=_number, object_pairs_hook=_no_key_twice)
    if any(not text.isprintable() and _is_unseen(text) for text in _texts(document)):
        raise Unfit("it holds characters that cannot be seen")
    return document


def _number(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise Unfit("it holds a number that is none")
    return number


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise Unfit("a key stands there twice")
    return found


def _texts(document: object) -> Iterator[str]:
    """Every text and every key."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, Mapping):
        for key, value in document.items():
            yield key
            yield from _texts(value)
    elif isinstance(document, list):
        for value in document:
            yield from _texts(value)


def _is_unseen(text: str) -> bool:
    """Whether it breaks a line, or holds what would steer a terminal; white space of any kind is seen."""
    return text.splitlines() not in ([], [text]) or clean(text, len(text)) != " ".join(text.split())
