"""What else that is taken changes the level of a treatment, and what came or went between two days."""

from __future__ import annotations

from typing import NamedTuple

from cleardays.plan.draft import Known
from cleardays.plan.protocol_choice import conditions_of
from cleardays.plan.when import holds

_OESTROGEN = "oestrogen-contraceptive"


class Turn(NamedTuple):
    """One influence that came or went, and whether another one stays beside it."""

    of: str
    comes: bool
    beside: bool

    @property
    def event(self) -> str:
        """As the change rows of the catalogue call it."""
        if self.of == _OESTROGEN:
            return f"{self.of}-{'started' if self.comes else 'stopped'}"
        return f"{self.of}-{'added' if self.comes else 'stopped'}"


def influences(known: Known) -> frozenset[str]:
    """Those that hold for a person; what was stopped, however lately, does not."""
    rows = conditions_of(known.treatment, "influence", known.where)
    answers = {row["id"]: holds(row["when"], known.case) for row in rows}
    return frozenset(name for name, answer in answers.items() if answer.value and not answer.lately)


def turns(before: Known, after: Known) -> tuple[Turn, ...]:
    """What came and went, by name."""
    had, has = influences(before), influences(after)
    return tuple(Turn(name, name in has, bool(had & has)) for name in sorted(had ^ has))
