"""What disturbs a window of a diary: a change of dose, a rescue treatment, a withdrawal.

A window that straddles one cannot be compared with another as if nothing had
happened. A change on a window's first day does not straddle it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from cleardays.diary.entries import TAKEN, DoseEntry, PlanStep
from cleardays.diary.records import Diary

_DISTURBING = ("rescue", "withdrawal", "dose_change")


class Disturbance(NamedTuple):
    """What happened on which day; `within` if it also disturbs a window that begins with it."""

    day: date
    what: str
    within: bool


def disturbances(diary: Diary) -> tuple[Disturbance, ...]:
    """Everything in a diary that disturbs a window, by day."""
    beside = diary.beside
    found = [
        Disturbance(event.date, f"{event.kind.replace('_', ' ')}: {event.term}", event.kind == "rescue")
        for event in beside.events
        if event.kind in _DISTURBING
    ]
    found += [
        Disturbance(dose.date, f"session: {dose.drug or dose.name or 'a treatment'}", within=False)
        for dose in beside.doses
        if dose.kind == "session" and dose.state in (None, *TAKEN)
    ]
    found += _plan_changes(beside.plan)
    found += _dose_changes(beside.doses)
    return tuple(sorted(set(found)))


def straddled(found: Sequence[Disturbance], first: date, last: date) -> list[Disturbance]:
    """Those that fall inside a window."""
    return [each for each in found if first < each.day <= last or (each.within and each.day == first)]


def _plan_changes(plan: Sequence[PlanStep]) -> Iterable[Disturbance]:
    by_drug: dict[str | None, list[PlanStep]] = defaultdict(list)
    for step in plan:
        by_drug[step.drug].append(step)
    for drug, steps in by_drug.items():
        for step in sorted(steps, key=lambda step: step.from_day):
            yield Disturbance(step.from_day, f"plan step {step.step}: {drug or 'the treatment'}", within=False)


def _dose_changes(doses: Sequence[DoseEntry]) -> Iterable[Disturbance]:
    """Days on which a preventive's daily amount differs from the last one told; days without an entry say nothing."""
    daily: dict[tuple[str, str | None], dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for dose in doses:
        drug = dose.drug or dose.name
        if dose.kind == "preventive" and dose.state in (None, *TAKEN) and drug and dose.amount is not None:
            daily[drug, dose.unit][dose.date] += dose.amount
    for (drug, unit), amounts in daily.items():
        for (_, before), (day, after) in pairwise(sorted(amounts.items())):
            if before != after:
                yield Disturbance(day, f"{drug}: {before} to {after} {unit or ''}".strip(), within=False)
