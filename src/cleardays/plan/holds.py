"""The answer to a condition of a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from cleardays.plan.case import Case

Tri = bool | None


class Holds(NamedTuple):
    """True, false, or None with the names of what is not known; `named` are the medicines and illnesses that made it true."""

    value: Tri
    missing: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()


NOT = Holds(False)
Leaf = Callable[[Mapping[str, Any], "Case"], Holds]


def unknown(*names: str) -> Holds:
    """Open until these are told."""
    return Holds(None, frozenset(names))


def compare(when: Mapping[str, Any], value: float | None, name: str, ending: str = "") -> Holds:
    """A number against `below`, `at_most`, `above` and `at_least` of a condition."""
    if value is None:
        return unknown(name)
    tests = {
        f"below{ending}": lambda limit: value < limit,
        f"at_most{ending}": lambda limit: value <= limit,
        f"above{ending}": lambda limit: value > limit,
        f"at_least{ending}": lambda limit: value >= limit,
    }
    return Holds(all(test(when[key]) for key, test in tests.items() if key in when))
