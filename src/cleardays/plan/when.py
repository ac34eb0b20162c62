"""Does a rule hold? Three-valued: true, false, or not known with what would have to be told.

`when` of a rule is data: `all`, `any`, `not`, and single conditions (leaves, see
`leaves.py`). What eases a rule must be certain: a medicine, an illness or a
finding that is only possible counts as absent under `not`, so that naming one
more never loses an alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cleardays.plan.case import Case
from cleardays.plan.holds import NOT, Holds
from cleardays.plan.leaves import LEAVES


def holds(when: Mapping[str, Any], case: Case) -> Holds:
    """Whether a condition holds for a case, what is missing where that is open, and which medicines made it hold."""
    if "all" in when:
        return _every(holds(part, case) for part in when["all"])
    if "any" in when:
        return _some(holds(part, case) for part in when["any"])
    if "not" in when:
        return _turned(holds(when["not"], case), eased=_is_about_what_was_listed(when["not"]))
    kind = next(name for name in LEAVES if name in when)
    return LEAVES[kind](when, case)


def _every(parts: Iterable[Holds]) -> Holds:
    found = list(parts)
    if any(part.value is False for part in found):
        return NOT
    hanging = [part for part in found if part.value is None]
    return _open(hanging) if hanging else _together(found)


def _some(parts: Iterable[Holds]) -> Holds:
    found = list(parts)
    held = [part for part in found if part.value]
    if held:
        return _together(held)
    hanging = [part for part in found if part.value is None]
    return _open(hanging) if hanging else NOT


def _open(hanging: list[Holds]) -> Holds:
    return Holds(None, frozenset[str]().union(*(part.missing for part in hanging)))


def _together(held: list[Holds]) -> Holds:
    named = frozenset[str]().union(*(part.named for part in held))
    from_memory = frozenset[str]().union(*(part.from_memory for part in held))
    return Holds(True, frozenset(), named, from_memory, any(part.lately for part in held))


def _turned(inner: Holds, *, eased: bool) -> Holds:
    if inner.value is None and not eased:
        return inner
    # What was stopped lately may still act; it does not take an alert away.
    return Holds(not inner.value or (eased and inner.lately))


def _is_about_what_was_listed(when: Mapping[str, Any]) -> bool:
    parts = when.get("all") or when.get("any") or ([when["not"]] if "not" in when else None)
    if parts is not None:
        return all(_is_about_what_was_listed(part) for part in parts)
    return bool({"medicine", "class", "condition", "allergy", "reaction", "flag"} & when.keys())
