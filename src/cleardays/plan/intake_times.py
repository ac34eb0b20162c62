"""At what time of the day each dose is usually taken, from the times that were told.

Where none was told the doses are spread evenly over the day; that is a choice of ours, and gaps
between doses are then known by whole days only.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from statistics import median
from typing import NamedTuple

from cleardays.plan.dose_log import TAKEN, DoseLog, LoggedDose
from cleardays.plan.planned_doses import PlannedDose

_FIRST_HOUR, _DAY_H = 8.0, 24.0


class IntakeTimes(NamedTuple):
    """The usual hour after midnight of each dose of a day, as far as it was told."""

    usual: dict[int, float]

    @property
    def told(self) -> bool:
        """Whether any time was told."""
        return bool(self.usual)

    def hour(self, slot: int, of_day: int) -> float:
        """When a dose of a day is due: its usual time, else evenly after one whose time is known."""
        if slot in self.usual:
            return self.usual[slot]
        known = min(self.usual, default=1, key=lambda each: (abs(each - slot), each))
        return self.usual.get(known, _FIRST_HOUR) + (slot - known) * _DAY_H / max(of_day, 1)

    def due(self, dose: PlannedDose) -> datetime:
        """When a dose is due, by the clock on the wall."""
        return datetime.combine(dose.day, time()) + timedelta(hours=self.hour(dose.slot, dose.of_day))

    def taken(self, dose: PlannedDose, entry: LoggedDose | None) -> datetime:
        """When it was taken, as far as that is told, else when it was due."""
        return self.due(dose) if entry is None or entry.local is None else entry.local


def intake_times(log: DoseLog) -> IntakeTimes:
    """The middle one of the times at which each dose of a day was taken in time."""
    seen: dict[int, list[float]] = {}
    for entry in log.told().values():
        if entry.status == TAKEN and entry.local is not None:
            after = entry.local - datetime.combine(entry.day, time())
            seen.setdefault(entry.slot, []).append(after.total_seconds() / 3600)
    return IntakeTimes({slot: median(hours) for slot, hours in seen.items()})
