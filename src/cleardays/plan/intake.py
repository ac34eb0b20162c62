"""Each planned dose beside what was told of it, in the log or by a change of the plan. Without either it is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from cleardays.plan.dose_log import LATE, MOST_SLOTS, SKIPPED, DoseLog, LoggedDose
from cleardays.plan.journal import PlanFile
from cleardays.plan.planned_doses import PlannedDose, days, planned, versions
from cleardays.plan.units import in_unit, unit_of
from cleardays.problems import BadInput, Problem


class Intake(NamedTuple):
    """A planned dose, and the entry that counts for it (None: nothing was told)."""

    dose: PlannedDose
    entry: LoggedDose | None

    @property
    def unlogged(self) -> bool:
        """Nothing was told."""
        return self.entry is None

    @property
    def taken(self) -> bool:
        """It was taken, in time or late."""
        return self.entry is not None and self.entry.was_taken

    @property
    def late(self) -> bool:
        """It was taken late."""
        return self.entry is not None and self.entry.status == LATE

    @property
    def skipped(self) -> bool:
        """It was told that it was not taken."""
        return self.entry is not None and self.entry.status == SKIPPED

    @property
    def amount(self) -> Decimal | None:
        """What was taken where that is told; 0 for a skipped one; None for one that nobody told of, or has no amount."""
        if self.entry is None or self.skipped:
            return None if self.entry is None else Decimal(0)
        return self.dose.amount if self.entry.amount is None else _in_unit_of(self.dose, self.entry)

    @property
    def assumed(self) -> Decimal:
        """What was taken, where nothing else is told as planned."""
        found = self.dose.amount if self.entry is None else self.amount
        return Decimal(0) if found is None else found

    @property
    def differs(self) -> bool:
        """It was taken, in another amount than planned."""
        return self.taken and self.amount != self.dose.amount


def intakes(
    file: PlanFile, log: DoseLog, until: date, as_of: date | None = None
) -> tuple[tuple[Intake, ...], tuple[LoggedDose, ...]]:
    """The doses that were due up to a day, each with its entry, and entries for doses that were not planned.

    Args:
        file: the plan.
        log: what was told.
        until: the last day.
        as_of: versions of the plan from a later day on are not read; all of them without it.

    Raises:
        BadInput: an amount in a unit that is none of the plan's.
    """
    told = {**_by_changes(file, as_of), **log.told()}
    moved = _moved(file, as_of)
    due = [dose for dose in planned(file, file.plan.start, until, as_of) if dose.day not in moved]
    found = tuple(Intake(dose, told.get((dose.day, dose.slot))) for dose in due)
    _require_units(found)
    known = {(dose.day, dose.slot) for dose in due}
    extra = [told[key] for key in sorted(told) if key not in known and told[key].was_taken]
    return found, tuple(entry for entry in extra if entry.day <= until)


def _by_changes(file: PlanFile, as_of: date | None) -> dict[tuple[date, int], LoggedDose]:
    """What changes of the plan tell: the doses of a gap, and a session that was left out, were not taken."""
    found = {}
    for version in versions(file, as_of):
        data, on = version.entry.data, version.entry.on
        missed = days(_day(data["missed_from"]), on - timedelta(days=1)) if "missed_from" in data else ()
        left_out = (_day(data["planned"]),) if "planned" in data and data.get("given") is None else ()
        for day in (*missed, *left_out):
            for slot in range(1, MOST_SLOTS + 1):
                found[day, slot] = LoggedDose(day=day, slot=slot, status=SKIPPED, note=version.entry.why)
    return found


def _moved(file: PlanFile, as_of: date | None) -> set[date]:
    """Days of sessions that were given on another day, on which a later version has them."""
    found = set[date]()
    for data in (version.entry.data for version in versions(file, as_of)):
        if data.get("given") is not None and "planned" in data:
            found.add(_day(data["planned"]))
            found.discard(_day(data["given"]))
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _require_units(found: Sequence[Intake]) -> None:
    wrong = [each for each in found if each.taken and each.entry and each.entry.unit and each.amount is None]
    if wrong:
        raise BadInput([_wrong_unit(each) for each in wrong])


def _wrong_unit(each: Intake) -> Problem:
    entry, unit = each.entry, each.dose.unit
    assert entry is not None
    what = f"{entry.unit} is no unit of the plan" + (f", which is in {unit}." if unit else ".")
    return Problem(f"doses, {entry.day}, dose {entry.slot}, unit", what, "Write the amount in that unit, or leave both out.")


def _in_unit_of(dose: PlannedDose, entry: LoggedDose) -> Decimal | None:
    """The amount that was told, in the unit of the plan; None where the units do not fit."""
    assert entry.amount is not None
    if entry.unit is None or dose.unit is None or unit_of(entry.unit) == unit_of(dose.unit):
        return entry.amount
    found = in_unit(float(entry.amount), entry.unit, unit_of(dose.unit) or "")
    return None if found is None else Decimal(repr(found)).normalize()
