"""Values that carry their unit, and the treatment as the response model sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from cleardays.problems import BadInput, Problem, shown

_AMOUNT = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*([^\s\d]\S*)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount of a medicine with its unit; amounts of different units never mix.

    >>> str(Dose(Decimal("12.50"), "mg") + Dose(Decimal("12.5"), "mg"))
    '25 mg'
    >>> Dose(Decimal(25), "mg") < Dose(Decimal(100), "mg")
    True
    """

    amount: Decimal
    unit: str

    @classmethod
    def parse(cls, text: str) -> Dose:
        """Read "100 mg"; raises `BadInput` when the amount or the unit is missing."""
        match = _AMOUNT.fullmatch(text)
        if match is None:
            raise BadInput(Problem("dose", f"{shown(text)} is not an amount with a unit.", 'Write it as "100 mg".'))
        return cls(Decimal(match[1]), match[2])

    def __add__(self, other: Dose) -> Dose:
        return Dose(self.amount + self._same_unit(other).amount, self.unit)

    def __lt__(self, other: Dose) -> bool:
        return self.amount < self._same_unit(other).amount

    def __le__(self, other: Dose) -> bool:
        return self.amount <= self._same_unit(other).amount

    def _same_unit(self, other: Dose) -> Dose:
        if other.unit != self.unit:
            raise BadInput(Problem("dose", f"{self} and {other} have different units.", "Convert one of them first."))
        return other

    def __str__(self) -> str:
        amount = self.amount.normalize()
        plain = amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount
        return f"{plain} {self.unit}"


def counted(number: int, noun: str) -> str:
    """1 day, 2 days."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def percent(share: float) -> str:
    r"""A share in whole per cent, the sign kept on the number's line.

    >>> percent(0.413)
    '41\xa0%'
    """
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def say_probability(value: float) -> str:
    """Two decimals; never 0 or 1, because no diary makes anything certain.

    >>> say_probability(0.0), say_probability(0.413), say_probability(0.9999)
    ('under 0.01', '0.41', 'over 0.99')
    """
    if value < 0.01:
        return "under 0.01"
    return "over 0.99" if value > 0.99 else f"{value:.2f}"


class ExposureStep(NamedTuple):
    """From this day on, the treatment is taken at this level (1 = the full treatment, 0 = none)."""

    from_day: date
    level: float


class ExposureSeries(NamedTuple):
    """A treatment over time, as the response model meets it: steps of a dimensionless level.

    Before the first step the level is 0. Steps are in order of their days. The
    model, not this series, adds the delay between taking and effect.
    """

    treatment: str
    steps: tuple[ExposureStep, ...]
    origin: date | None = None  # the first day of treatment, where that is not the first step

    @classmethod
    def started(cls, treatment: str, on: date) -> ExposureSeries:
        """A treatment that begins in full on one day and goes on."""
        return cls(treatment, (ExposureStep(on, 1.0),))

    @property
    def start(self) -> date:
        """The first day of treatment."""
        return self.origin or self.steps[0].from_day

    def stopped(self, on: date) -> ExposureSeries:
        """The same treatment, not taken any more from this day on."""
        kept = tuple(step for step in self.steps if step.from_day < on)
        return self._replace(steps=(*kept, ExposureStep(on, 0.0)))


class DayCovariate(NamedTuple):
    """What differs from day to day and is no treatment: the weekend, the days around a period, the days after a rescue.

    `values` has one number for each day from `first_day` on; 0 stands for the ordinary day, and for every day outside.
    """

    name: str
    first_day: date
    values: tuple[float, ...]
