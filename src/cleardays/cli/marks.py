"""How a doubtful fact is marked wherever it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from cleardays.sources import MARKS, Reason


def mark(confidence: str | None) -> str:
    """The mark to put behind a fact; nothing behind one that was read in its source, nor behind what is no fact.

    >>> mark("design"), mark("confirmed"), mark(None)
    (' [our choice]', '', '')
    """
    return f" [{MARKS[confidence]}]" if confidence in MARKS else ""


def sourced(text: str, source: Sequence[str], confidence: str | None) -> str:
    """A text with the keys of its sources and the mark of how sure they are."""
    keys = f" [{', '.join(source)}]" if source else ""
    return f"{text}{keys}{mark(confidence)}"


def reasoned(reason: Reason) -> str:
    """A reason in words, with its sources and their mark."""
    return sourced(reason.because, reason.source, reason.confidence)
