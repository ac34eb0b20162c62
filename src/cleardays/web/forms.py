"""Forms that come back: what was typed stays, and each message stands beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from cleardays.problems import BadInput

if TYPE_CHECKING:
    from cleardays.problems import Problem
    from cleardays.web.asked import Asked


class Form(NamedTuple):
    """What the fields hold, and what is wrong with them by name; `others` belong to no field."""

    typed: Mapping[str, str] = {}  # never changed
    wrong: Mapping[str, str] = {}
    others: tuple[str, ...] = ()

    def value(self, name: str, otherwise: str = "") -> str:
        """What was typed, or what stands there at first."""
        return self.typed.get(name, otherwise)


def written(asked: Asked, bad: BadInput) -> Form:
    """The form as it was sent, with its messages."""
    return wrong_of(asked.form or {}, bad)


def wrong_of(typed: Mapping[str, str], bad: BadInput) -> Form:
    """A form with what was typed, and its messages; of a field that was not sent it is said above the form, too."""
    wrong, others = dict[str, list[str]](), list[str]()
    for problem in bad.problems:
        names = _names(problem)
        field = next((name for name in names if name in typed), None)
        said = f"{problem.what} {problem.try_this}".strip()
        if field is None:
            others.append(f"{problem.where}: {said}")
        for name in names if field is None else (field,):
            wrong.setdefault(name, []).append(said)
    return Form(typed, {name: " ".join(said) for name, said in wrong.items()}, tuple(others))


def _names(problem: Problem) -> tuple[str, ...]:
    """The fields that a problem may name with its last word; "event, why" and "event.why" are of the field `why`."""
    named = problem.where.rpartition(", ")[2]
    return tuple(dict.fromkeys((named, named.rpartition(".")[2].lstrip("-"))))
