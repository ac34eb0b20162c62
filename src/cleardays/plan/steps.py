"""A step of a plan: one dose over a stretch of calendar days, with the reason for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.sources import Reason


class Rung(NamedTuple):
    """One level of a protocol, without dates.

    `amounts` is what is taken at each time of a day on which it is taken, every
    `every_days` days. `least_days` is how long it lasts at least before the next one;
    None on the last. `when` is the time of the day where the source tells one.
    """

    amounts: tuple[Decimal, ...]
    every_days: int
    least_days: int | None
    reason: Reason
    if_needed: bool = False
    when: str | None = None

    @property
    def on_a_day(self) -> Decimal:
        """What is taken on a day on which it is taken."""
        return sum(self.amounts, Decimal(0))

    @property
    def daily(self) -> Decimal:
        """The mean a day."""
        return self.on_a_day / self.every_days

    def worded(self, said: str, rule: str | None = None) -> Rung:
        """The same dose from the same sources, with other words for it."""
        return self._replace(reason=self.reason._replace(because=said, rule=rule or self.reason.rule))


class Step(NamedTuple):
    """A dose from one local calendar day to another, both included; `last` None is open-ended.

    `counted_from` is a day with a dose from which the others are counted; None is the first day.
    """

    first: date
    last: date | None
    amounts: tuple[Decimal, ...]
    every_days: int
    unit: str
    reason: Reason
    if_needed: bool = False
    when: str | None = None
    counted_from: date | None = None

    @property
    def daily(self) -> Decimal:
        """The mean dose a day."""
        return sum(self.amounts, Decimal(0)) / self.every_days

    @property
    def amount(self) -> Decimal:
        """What is taken at once; the mean of several that differ (`amounts` holds those)."""
        return sum(self.amounts, Decimal(0)) / len(self.amounts) if self.amounts else Decimal(0)

    def covers(self, day: date) -> bool:
        """Whether the step holds on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    def planned_on(self, day: date) -> tuple[Decimal, ...]:
        """What is to be taken on a day of this step, time by time; nothing on the days between."""
        return self.amounts if (day - (self.counted_from or self.first)).days % self.every_days == 0 else ()

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "from": self.first.isoformat(),
            "to": None if self.last is None else self.last.isoformat(),
            "daily_dose": plain(self.daily),
            "amount": plain(self.amount),
            "unit": self.unit,
            "every_days": self.every_days,
            "counted_from": (self.counted_from or self.first).isoformat(),
            "times_per_day": len(self.amounts),
            "amounts": [plain(each) for each in self.amounts],
            "when": self.when,
            "if_needed": self.if_needed,
            "reason": self.reason.document(),
        }


def plain(amount: Decimal) -> int | float:
    """An amount as a JSON number: whole where it is whole.

    >>> plain(Decimal("25.0")), plain(Decimal("12.5"))
    (25, 12.5)
    """
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def exact(number: float | int | str) -> Decimal:
    """A figure of a data file as it is written there."""
    return Decimal(str(number))


def lay_out(rungs: Iterable[Rung], first: date, unit: str) -> tuple[Step, ...]:
    """The rungs one after the other from a day on, each for its least days; the last is open-ended.

    A rung that is taken every so many days lasts whole intervals, so that no dose comes sooner than its interval.
    """
    steps, on = list[Step](), first
    for rung in rungs:
        last = None if rung.least_days is None else on + timedelta(days=rung.least_days - 1)
        steps.append(Step(on, last, rung.amounts, rung.every_days, unit, rung.reason, rung.if_needed, rung.when))
        if last is None:
            break
        on = last + timedelta(days=1)
    return tuple(steps)


def step_on(steps: Iterable[Step], day: date) -> Step | None:
    """The step that holds on a day, or None before the first."""
    return next((step for step in steps if step.covers(day)), None)


def rungs_of(protocol: Mapping[str, Any]) -> tuple[Rung, ...]:
    """The levels of a protocol of the catalogue, as they stand there."""
    found = []
    for row in protocol["steps"]:
        at_once = row["amounts"] if "amounts" in row else [row["amount"]] * row["times_per_day"]
        last = row.get("to_day")
        found.append(
            Rung(
                tuple(exact(each) for each in at_once),
                int(row["every_days"]),
                None if last is None else last - row["from_day"] + 1,
                Reason.of("protocol.step", f"{_day(row['from_day'], last)} of {protocol['id']}.", protocol),
                bool(row.get("if_needed", False)),
                row.get("when"),
            )
        )
    return tuple(found)


def _day(first: int, last: int | None) -> str:
    return f"From day {first} on" if last is None else f"Days {first} to {last}"
