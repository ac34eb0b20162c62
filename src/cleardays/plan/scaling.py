"""A lower dose for weaker kidneys, a sick liver or a slow enzyme: the sourced factor, in whole tablets, rounded down."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.plan.case import Case
from cleardays.plan.holds import no_surer
from cleardays.plan.protocol_choice import conditions_of
from cleardays.plan.steps import Rung, exact
from cleardays.plan.tablets import Strengths
from cleardays.plan.when import holds
from cleardays.sources import Reason


class Scale(NamedTuple):
    """The lowest factor that holds (1 where none does), why, and what is not known that may lower it."""

    factor: Decimal
    reason: Reason | None
    open_names: frozenset[str]


def scale_of(treatment: Treatment, case: Case, where: str) -> Scale:
    """Of several the strictest; they are not multiplied, since each says what the dose is as a whole."""
    factor, reason, missing = Decimal(1), None, set[str]()
    for row in conditions_of(treatment, "modifier", where):
        if row["on"] != "dose" or "factor" not in row or "when" not in row or exact(row["factor"]) >= 1:
            continue
        answer = holds(row["when"], case)
        missing |= answer.missing if answer.value is None else frozenset()
        if answer.value and exact(row["factor"]) < factor:
            factor = exact(row["factor"])
            reason = Reason.of("dose.lowered", f"{row['what']}: {row['says']}", no_surer(row, answer))
    return Scale(factor, reason, frozenset(missing))


def scaled(rungs: Sequence[Rung], factor: Decimal, strengths: Strengths) -> tuple[Rung, ...]:
    """Every rung with its dose times the factor, never above that and never sooner.

    Nothing where no tablet makes one of them: leaving that one out would begin the next too early.
    """
    if factor == 1:
        return tuple(rungs)
    lowered = tuple(_scaled(rung, factor, strengths) for rung in rungs)
    return lowered if all(rung.amounts for rung in lowered) else ()


def _scaled(rung: Rung, factor: Decimal, strengths: Strengths) -> Rung:
    exactly = tuple(amount * factor for amount in rung.amounts)
    if all(strengths.makes(amount) for amount in exactly):
        return rung._replace(amounts=exactly)
    amounts, every_days = strengths.taken(rung.daily * factor, len(rung.amounts))
    return rung._replace(amounts=amounts, every_days=every_days, least_days=_whole(rung.least_days, every_days))


def _whole(days: int | None, every_days: int) -> int | None:
    """As many days or a few more, so that the next dose does not come before its day."""
    return None if days is None else -(-days // every_days) * every_days
