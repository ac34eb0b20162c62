"""How a doubtful fact is marked wherever it is shown."""

from __future__ import annotations

_MARKS = {
    "unconfirmed": " [not confirmed]",
    "secondary": " [read at second hand]",
    "derived": " [worked out]",
    "design": " [our choice]",
}


def mark(confidence: str) -> str:
    """The mark to put behind a fact; nothing behind one that was read in its source."""
    return _MARKS.get(confidence, "")
