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
    """A form with what was typed, and its messages."""
    wrong, others = dict[str, list[str]](), list[str]()
    for problem in bad.problems:
        field = _field(problem, typed)
        said = f"{problem.what} {problem.try_this}".strip()
        if field is None:
            others.append(f"{problem.where}: {said}")
        else:
            wrong.setdefault(field, []).append(said)
    return Form(typed, {name: " ".join(said) for name, said in wrong.items()}, tuple(others))


def _field(problem: Problem, typed: Mapping[str, str]) -> str | None:
    """The field that a problem names with its last word; "event, why" and "event.why" are of the field `why`."""
    named = problem.where.rpartition(", ")[2]
    return next((name for name in (named, named.rpartition(".")[2].lstrip("-")) if name in typed), None)
