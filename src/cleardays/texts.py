"""Words that came from somebody else: cleaned before they reach a terminal or a page."""

from __future__ import annotations

import unicodedata

# Joiners that Persian, Indic scripts and emoji need; every other invisible control is dropped.
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"

_UNSEEN = ("Cc", "Cf", "Cs", "Co")


def clean(text: str, longest: int) -> str:
    r"""One line without control characters, at most `longest` characters.

    White space becomes single spaces; terminal escapes and writing-direction
    overrides disappear.

    >>> clean("a\x1b[2J  b\n\u202ec", 20)
    'a[2J b c'
    """
    seen = "".join(c for c in text if c.isspace() or c in _JOINERS or unicodedata.category(c) not in _UNSEEN)
    kept = " ".join(seen.split())
    return kept if len(kept) <= longest else f"{kept[: longest - 1]}\N{HORIZONTAL ELLIPSIS}"
