"""What else that is taken changes the level of a treatment, and what came or went between two days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cleardays.plan.draft import Known
from cleardays.plan.holds import Holds
from cleardays.plan.protocol_choice import conditions_of
from cleardays.plan.when import holds

_OESTROGEN = "oestrogen-contraceptive"


class Turn(NamedTuple):
    """One influence that came or went, and whether another one stays beside it.

    `answer` is how it is known to hold, or to have held.
    """

    of: str
    comes: bool
    beside: bool
    answer: Holds

    @property
    def event(self) -> str:
        """As the change rows of the catalogue call it."""
        if self.of == _OESTROGEN:
            return f"{self.of}-{'started' if self.comes else 'stopped'}"
        return f"{self.of}-{'added' if self.comes else 'stopped'}"


def influences(known: Known) -> Mapping[str, Holds]:
    """Those that hold for a person, with the answer; what was stopped, however lately, does not."""
    rows = conditions_of(known.treatment, "influence", known.where)
    answers = {row["id"]: holds(row["when"], known.case) for row in rows}
    return {name: answer for name, answer in answers.items() if answer.value and not answer.lately}


def turns(before: Known, after: Known) -> tuple[Turn, ...]:
    """What came and went, by name."""
    had, has = influences(before), influences(after)
    beside = bool(had.keys() & has.keys())
    return tuple(
        Turn(name, name in has, beside, has[name] if name in has else had[name]) for name in sorted(had.keys() ^ has.keys())
    )
