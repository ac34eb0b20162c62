"""Printing answers: one JSON document, or words for a terminal."""

from __future__ import annotations

import json
import sys


def print_json(document: object) -> None:
    """One JSON document on stdout, in ASCII so that any terminal or locale can carry it.

    A figure that is not finite would be a fault of ours and raises.
    """
    print(json.dumps(document, allow_nan=False))


def ascii_only() -> bool:
    """Whether this terminal cannot show the marks that we would like to use."""
    try:
        "\N{BLACK SQUARE}\N{WHITE CIRCLE}\N{MIDDLE DOT}\N{RIGHTWARDS ARROW}".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False
