"""Three-valued logic: True, False, and None for "not known".

An answer that would be the same whatever the unknown parts are is known;
otherwise it is None. Kleene's strong logic.
"""

from __future__ import annotations

from collections.abc import Iterable

Tri = bool | None


def negate(value: Tri) -> Tri:
    """Not.

    >>> negate(None) is None
    True
    """
    return None if value is None else not value


def all_of(*values: Tri) -> Tri:
    """And: False as soon as one part is False.

    >>> all_of(True, None, False), all_of(True, None)
    (False, None)
    """
    if any(value is False for value in values):
        return False
    return None if None in values else True


def any_of(*values: Tri) -> Tri:
    """Or: True as soon as one part is True.

    >>> any_of(False, None, True), any_of(False, None)
    (True, None)
    """
    if any(value is True for value in values):
        return True
    return None if None in values else False


def at_least(count: int, values: Iterable[Tri]) -> Tri:
    """Whether at least `count` of the values are True.

    >>> at_least(2, [True, True, None]), at_least(2, [True, None, False]), at_least(2, [None, False, False])
    (True, None, False)
    """
    values = list(values)
    sure = sum(value is True for value in values)
    if sure >= count:
        return True
    return None if sure + sum(value is None for value in values) >= count else False


def reaches(sure: int, possible: int, threshold: int) -> Tri:
    """Whether a count reaches a threshold when `sure` are known and at most `possible` more could be.

    >>> reaches(15, 0, 15), reaches(10, 4, 15), reaches(10, 5, 15)
    (True, False, None)
    """
    if sure >= threshold:
        return True
    return None if sure + possible >= threshold else False


def between(lowest: float, value: float | None, highest: float) -> Tri:
    """Whether a number lies in a closed range; None when it is not known."""
    return None if value is None else lowest <= value <= highest
