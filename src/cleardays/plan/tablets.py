"""Doses from whole tablets: what can be taken at once, and how a day's dose is divided.

A dose that cannot be made from whole tablets is rounded down, as the labels say; it is never rounded up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from cleardays.catalogue.planning import policy
from cleardays.plan.steps import exact

_OTHER_RELEASE = ("extended", "delayed", "modified")
_PLAIN, _NOT_EVERYWHERE = ("tablet", "capsule"), "some"


class Strengths(NamedTuple):
    """The whole tablets that there are: the usual ones, and with all the others. Without any every amount can be had."""

    usual: tuple[Decimal, ...]
    all: tuple[Decimal, ...]

    def makes(self, amount: Decimal) -> bool:
        """Whether usual tablets make this amount at once."""
        return not self.usual or amount in _at_once(self.usual)

    def divided(self, daily: Decimal, times: int) -> tuple[Decimal, ...] | None:
        """A day's dose in so many portions, the smaller ones first; None where that cannot be.

        >>> Strengths.of([{"kind": "tablet", "unit": "mg", "strengths": [5, 10]}], "mg").divided(Decimal(20), 3)
        (Decimal('5'), Decimal('5'), Decimal('10'))
        """
        if not self.all:
            return (daily / times,) * times
        return _divided(daily, times, self.usual) or _divided(daily, times, self.all)

    def taken(self, daily: Decimal, times: int) -> tuple[tuple[Decimal, ...], int]:
        """What is taken at once, and every how many days: rounded down.

        Half the smallest tablet is that tablet on alternate days; so is a dose for which no tablet is small enough.

        >>> Strengths.of([{"kind": "tablet", "unit": "mg", "strengths": [15, 25]}], "mg").taken(Decimal("12.5"), 1)
        ((Decimal('25'),), 2)
        """
        if self.usual and 2 * daily == self.usual[0]:
            return (self.usual[0],), 2
        amounts = self.rounded_down(daily, times)
        return (amounts, 1) if amounts else (self.rounded_down(2 * daily, 1), 2)

    def nearest(self, daily: Decimal, times: int) -> tuple[Decimal, ...]:
        """In as many portions, or else the next dose below that any tablets make.

        >>> Strengths.of([{"kind": "capsule", "unit": "mg", "strengths": [10, 25, 50]}], "mg").nearest(Decimal(55), 1)
        (Decimal('50'),)
        """
        return self.divided(daily, times) or _rounded_down(daily, times, self.all)

    def from_on(self, lowest: Decimal, highest: Decimal) -> Decimal:
        """The smallest dose at once of whole tablets from the lowest on; the highest where there is none between."""
        if not self.all:
            return lowest
        found = [dose for dose in (*_at_once(self.usual), *_at_once(self.all)) if lowest <= dose <= highest]
        return min(found, default=highest)

    def rounded_down(self, daily: Decimal, times: int) -> tuple[Decimal, ...]:
        """The largest day's dose up to this one, in as many portions or fewer; empty where no tablet is so small."""
        if not self.all:
            return (daily / times,) * times
        return _rounded_down(daily, times, self.usual) or _rounded_down(daily, times, self.all)

    @classmethod
    def of(cls, forms: Sequence[Mapping[str, Any]], unit: str, *, extended: bool = False) -> Strengths:
        """Of the forms of a treatment of one kind of release; where it comes in one kind only, of that."""
        solid = [form for form in forms if form.get("unit") == unit and form.get("strengths")]
        of_kind = [form for form in solid if _is_extended(form) is extended] or solid
        return cls(_sorted([form for form in of_kind if _is_usual(form["kind"])]), _sorted(of_kind))


def _is_usual(kind: str) -> bool:
    return kind.startswith(_PLAIN) and _NOT_EVERYWHERE not in kind.split()


def _sorted(forms: Sequence[Mapping[str, Any]]) -> tuple[Decimal, ...]:
    return tuple(sorted({exact(each) for form in forms for each in form["strengths"]}))


def _is_extended(form: Mapping[str, Any]) -> bool:
    return any(word in form["kind"] for word in _OTHER_RELEASE)


@cache
def _at_once(strengths: tuple[Decimal, ...]) -> dict[Decimal, int]:
    """Every amount that at most so many whole tablets make, nothing included, with the fewest that make it."""
    made = {Decimal(0): 0}
    for many in range(1, policy().tablets + 1):
        made = {**{amount + strength: many for amount in made for strength in strengths}, **made}
    return made


@cache
def _divided(daily: Decimal, times: int, strengths: tuple[Decimal, ...]) -> tuple[Decimal, ...] | None:
    """In equal portions, or in two sizes of which one is at most twice the other: of few tablets, then as equal as can be."""
    made, each = _at_once(strengths), daily / times
    if each in made:
        return (each,) * times
    found = list[tuple[Decimal, Decimal, tuple[Decimal, ...]]]()
    for low in (amount for amount in made if 0 < amount < each):
        for high in (amount for amount in made if each < amount <= 2 * low):
            many = (daily - low * times) / (high - low)
            if many == many.to_integral_value() and 0 < many < times:
                portions = (low,) * (times - int(many)) + (high,) * int(many)
                found.append((Decimal(sum(made[amount] for amount in portions)), high - low, portions))
    return min(found)[-1] if found else None


def _rounded_down(daily: Decimal, times: int, strengths: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """Fewer portions are taken where so many cannot be made of the same dose."""
    for dose in sorted(_a_day(strengths, times), reverse=True):
        for portions in range(times, 0, -1):
            found = _divided(dose, portions, strengths) if 0 < dose <= daily else None
            if found is not None:
                return found
    return ()


@cache
def _a_day(strengths: tuple[Decimal, ...], times: int) -> frozenset[Decimal]:
    doses = {Decimal(0)}
    for _ in range(times):
        doses |= {dose + more for dose in doses for more in _at_once(strengths)}
    return frozenset(doses)
