"""The red card of a treatment: what to do at once, and for which signs; the treatment's own first."""

from __future__ import annotations

from typing import NamedTuple

from cleardays.report.person_help import help_now


class RedCard(NamedTuple):
    """What to do, and the signs."""

    do: str
    signs: tuple[str, ...]


def red_card(treatment: str) -> RedCard:
    """The card of one treatment; of one that the catalogue does not know, that of all."""
    return RedCard(*help_now(treatment))
