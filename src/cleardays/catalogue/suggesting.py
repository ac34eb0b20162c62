"""Names that look like one that is not known: shown as a question, never taken for it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cleardays.catalogue.spelling import plain

_MARKS = re.compile("[^a-z0-9]")
_ALIKE = 72.0  # of 100; below it a suggestion confuses more than it helps
_MOST = 3


def letters(text: str) -> str:
    """A name without capital letters, accents, spaces and marks.

    >>> letters("Raynaud's phénomène")
    'raynaudsphenomene'
    """
    spelled = plain(text)
    if spelled.isascii():
        return spelled if spelled.isalnum() else _MARKS.sub("", spelled)
    return "".join(filter(str.isalnum, spelled))


def suggestions(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Up to three names that are written much like this one, the likest first.

    Args:
        text: what was written.
        known: what to show, by spelling (see `letters`).
    """
    from rapidfuzz import fuzz, process  # only a name that is not known needs it

    found = process.extract(letters(text), known.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=4 * _MOST)
    return tuple(dict.fromkeys(known[spelling] for spelling, _, _ in found))[:_MOST]
