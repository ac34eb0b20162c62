"""What is wrong with what we were given, said so that the reader can mend it.

A bad *request* or bad *records* raise `BadInput` carrying every `Problem` found,
not only the first. A `Problem` says where it was seen, what was seen, and what
to do next; it never blames.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that stopped us: where we saw it, what we saw, what to try."""

    where: str
    what: str
    try_this: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.try_this}"


class CleardaysError(Exception):
    """Root of every error that cleardays raises on purpose."""


class BadInput(CleardaysError):
    """The input cannot be used; `problems` lists everything that was found."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        found = [problems] if isinstance(problems, Problem) else list(problems)
        if not found:
            raise ValueError("BadInput needs at least one Problem")
        self.problems: tuple[Problem, ...] = tuple(found)
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        super().__init__(f"{found[0]}{more}")


# A file with more is no diary with slips in it; nobody would read on.
MOST_PROBLEMS = 10_000


def enough(problems: list[Problem], where: str) -> None:
    """Give up on a file after very many problems; raises `BadInput` with those found so far."""
    if len(problems) >= MOST_PROBLEMS:
        more = f"there are {len(problems):,} problems up to here; the rest was not read."
        raise BadInput([*problems, Problem(where, more, "Check that this is the right file.")])


def shown(text: str, longest: int = 40) -> str:
    """Quote what was seen, cut to a length that a person can read.

    >>> shown("02/03/2026")
    "'02/03/2026'"
    >>> shown("x" * 1000)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' ... (1,000 characters)"
    """
    if len(text) <= longest:
        return repr(text)
    return f"{text[:longest]!r} ... ({len(text):,} characters)"
