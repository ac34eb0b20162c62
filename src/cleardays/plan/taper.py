"""The way back: from the dose that is taken down to none, by the stopping rules that the catalogue drafts from.

Doses only fall, whole tablets are rounded down, and the last step is nothing, from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.plan.protocol_choice import conditions_of
from cleardays.plan.steps import Step, exact
from cleardays.plan.tablets import Strengths
from cleardays.sources import Reason

_WEEK = 7
_PERCENT = 100


class Pace(NamedTuple):
    """How fast a dose may fall: the rows that say so, with at least so many days in all."""

    rows: tuple[Mapping[str, Any], ...]
    days: int

    @property
    def reason(self) -> Reason:
        """What the sources say of it."""
        return Reason.of("taper", " ".join(row["says"] for row in self.rows), *self.rows)


def pace_of(treatment: Treatment, where: str) -> Pace | None:
    """The rows that drafts are made from; None where the sources hold none."""
    rows = tuple(row for row in conditions_of(treatment, "stopping", where) if row.get("draft"))
    return Pace(rows, max(int(row.get("over_days_min", 0)) for row in rows)) if rows else None


def taper(last: Step, pace: Pace, on: date, strengths: Strengths) -> tuple[Step, ...]:
    """Steps that begin on a day, from a dose to none.

    Args:
        last: what is taken until then.
        pace: how fast it may fall.
        on: the first day of the taper.
        strengths: of the tablets that there are.
    """
    doses = list(_levels(last, pace, strengths))
    lengths = _lengths(pace, len(doses))
    steps, first = list[Step](), on
    for (amounts, every_days), days in zip(doses, lengths, strict=True):
        until = first + timedelta(days=days - 1)
        steps.append(Step(first, until, amounts, every_days, last.unit, pace.reason))
        first = until + timedelta(days=1)
    return (*steps, Step(first, None, (Decimal(0),), 1, last.unit, pace.reason))


def _levels(last: Step, pace: Pace, strengths: Strengths) -> Iterator[tuple[tuple[Decimal, ...], int]]:
    """The doses on the way with their interval, each lower than the one before; none where it may stop at once."""
    dose, times, lower = last.daily, max(len(last.amounts), 1), _next(last.daily, pace)
    while lower is not None and dose > 0:
        amounts, every_days = strengths.taken(lower(dose), times)
        if not any(amounts):
            return
        yield amounts, every_days
        dose = sum(amounts, Decimal(0)) / every_days


def _next(start: Decimal, pace: Pace) -> Callable[[Decimal], Decimal] | None:
    """From one dose to the next: by a share, by an amount, or in equal parts over the weeks that it takes."""
    share = [exact(row["step_percent"]) for row in pace.rows if "step_percent" in row]
    amounts = [row for row in pace.rows if "step_max" in row]
    if share:
        many, done = _weeks(pace), list[Decimal]()

        def halved(dose: Decimal) -> Decimal:
            done.append(dose)
            return dose * (1 - share[0] / _PERCENT) if len(done) <= many else Decimal(0)

        return halved
    if amounts:
        return lambda dose: dose - min(_applies(amounts, dose))
    if pace.days:
        part = start / _weeks(pace)
        return lambda dose: dose - part if dose > part else Decimal(0)
    return None


def _applies(rows: Sequence[Mapping[str, Any]], dose: Decimal) -> list[Decimal]:
    """The steps that are allowed at a dose."""
    within = [row for row in rows if dose <= exact(row.get("from_daily_at_most", dose))]
    return [exact(row["step_max"]) for row in within]


def _weeks(pace: Pace) -> int:
    return max(-(-pace.days // _WEEK), 1)


def _lengths(pace: Pace, many: int) -> list[int]:
    """How long each dose lasts: a week, or as the rows say, and in all at least as long as they say."""
    each = max((int(row["step_every_days"]) for row in pace.rows if "step_every_days" in row), default=0)
    if not many:
        return []
    each = each or max(-(-pace.days // many), 1)
    lengths = [each] * many
    lengths[-1] += max(pace.days - each * many, 0)
    return lengths
