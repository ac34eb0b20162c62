"""May the next step be taken? Only after its days at the dose, with no red flag since, and with its checks in view."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from cleardays.diary.records import Diary
from cleardays.diary.red_flags import RedFlag, red_flags
from cleardays.plan.monitoring import Check
from cleardays.plan.plan import Plan
from cleardays.plan.steps import Step
from cleardays.sources import Reason

_HOLDS_BACK = ("emergency", "soon")


class StepGate(NamedTuple):
    """The next step that rises, why it may not be taken yet (`open`), and what is to be seen to on its day."""

    step: Step
    open: tuple[Reason, ...]
    checks: tuple[Check, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "step": self.step.document(),
            "released": not self.open,
            "open": [reason.document() for reason in self.open],
            "checks": [check.document() for check in self.checks],
        }


def step_gate(plan: Plan, diary: Diary, on: date) -> StepGate | None:
    """The gate before the next rise; None where none follows.

    Args:
        plan: as it runs.
        diary: of the person; what it tells after `on` is not looked at.
        on: the day on which it is asked.
    """
    ahead = [(here, step) for here, step in pairwise(plan.steps) if step.first >= on and step.daily > here.daily]
    if not ahead:
        return None
    here, coming = ahead[0]
    open_ = list(_flagged(red_flags(diary), here.first, on))
    if coming.first > on:
        because = f"The dose of now lasts to {here.last}; the next step is not earlier."
        open_.insert(0, Reason("gate.days", because, here.reason.source))
    return StepGate(coming, tuple(open_), tuple(check for check in plan.monitoring if check.on == coming.first))


def _flagged(flags: Iterable[RedFlag], since: date, on: date) -> Iterable[Reason]:
    for flag in flags:
        if flag.tier in _HOLDS_BACK and flag.open and since <= flag.on <= on:
            yield Reason("gate.red-flag", f"{flag.on}: {flag.shown} {flag.do} Until it is settled, no step is taken.")
