"""What stands beside the days of a diary. Most diaries are days alone, and read without what an attack or a dose is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleardays.diary.entries import Attack, AuraSymptom, DoseEntry, Event, PlanStep, Score


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything of a diary that is no day record."""

    attacks: tuple[Attack, ...] = ()
    auras: tuple[AuraSymptom, ...] = ()
    doses: tuple[DoseEntry, ...] = ()
    events: tuple[Event, ...] = ()
    scores: tuple[Score, ...] = ()
    plan: tuple[PlanStep, ...] = ()
    # tables of a newer or another program, carried along unread
    unread: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.attacks or self.auras or self.doses or self.events or self.scores or self.plan or self.unread)
