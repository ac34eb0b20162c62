"""What belongs to each kind of change: the names of its data, which of them are needed, and what each of them is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cleardays.clock import parse_day
from cleardays.plan.journal import REVIEW, STOP, TOLD

Fits = Callable[[object], bool]


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, float) or _is_whole(value)


def _is_day(value: object) -> bool:
    return isinstance(value, str) and parse_day(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


# By kind: what has to be told, and what may be.
NEEDED: Mapping[str, Mapping[str, Fits]] = {
    "hold": {"days": _is_whole},
    "step-back": {},
    "slow": {"times": _is_whole},
    "gap": {"missed_from": _is_day, "hours": _is_number},
    TOLD: {"person": _is_table},
    "go-on": {},
    STOP: {},
    "taper": {},
    "session": {"planned": _is_day},
    REVIEW: {"decision": _is_text},
}
ALLOWED: Mapping[str, Mapping[str, Fits]] = {
    **NEEDED,
    "go-on": {"dose": _is_text},
    "session": {**NEEDED["session"], "given": _is_day},
}


def is_made_from(kind: str, data: Mapping[str, object]) -> bool:
    """Whether what belongs to a change is there, fits, and nothing else is; whether it makes sense shows when it is made.

    >>> is_made_from("hold", {"days": 3}), is_made_from("hold", {"days": "3"}), is_made_from("stop", {"days": 3})
    (True, False, False)
    """
    here = {key: value for key, value in data.items() if value is not None}
    fits = ALLOWED[kind]
    return here.keys() >= NEEDED[kind].keys() and all(key in fits and fits[key](value) for key, value in here.items())
