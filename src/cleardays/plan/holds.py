"""The answer to a condition of a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, NamedTuple

from cleardays.sources import MEMORY, UNCONFIRMED

if TYPE_CHECKING:
    from cleardays.plan.case import Case

Tri = bool | None


class Holds(NamedTuple):
    """True, false, or None with the names of what is not known.

    `named` are the medicines and illnesses that made it true, `from_memory` those medicines
    of which only memory says that they belong to the class; `lately` where they were stopped
    in the last days and only therefore still count.
    """

    value: Tri
    missing: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    from_memory: frozenset[str] = frozenset()
    lately: bool = False


NOT, ALWAYS = Holds(False), Holds(True)
_TESTS = {"below": lt, "at_most": le, "above": gt, "at_least": ge}
Leaf = Callable[[Mapping[str, Any], "Case"], Holds]


def unknown(*names: str) -> Holds:
    """Open until these are told."""
    return Holds(None, frozenset(names))


def no_surer(row: Mapping[str, Any], answer: Holds) -> Mapping[str, Any]:
    """A row that holds by an answer: no surer than that what was named belongs to what the row speaks of."""
    return {**row, "source": [*row["source"], MEMORY], "confidence": UNCONFIRMED} if answer.from_memory else row


def compare(when: Mapping[str, Any], value: float | None, name: str) -> Holds:
    """A number against `below`, `at_most`, `above` and `at_least` of a condition."""
    if value is None:
        return unknown(name)
    return Holds(all(test(value, float(when[key])) for key, test in _TESTS.items() if key in when))
