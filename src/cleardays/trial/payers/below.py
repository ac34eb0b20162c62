"""Somebody who began above a threshold and is below it now, on treatment: the fall is what the treatment was given for."""

from __future__ import annotations

from typing import NamedTuple

from cleardays.diary.kleene import negate, reaches
from cleardays.trial.payers.days import Count
from cleardays.trial.payers.facts import Facts
from cleardays.trial.payers.findings import MEETS, Evaluated
from cleardays.trial.payers.packs import START
from cleardays.trial.payers.spans import BEFORE, latest, length


class Below(NamedTuple):
    """The threshold that was reached before treatment and is not now, with both counts."""

    least: int
    before: Count
    now: Count


def below_threshold(found: Evaluated, facts: Facts) -> tuple[Below, ...]:
    """Each number of days that had to be reached to start, was reached, and surely is no longer.

    Nothing of a treatment that has gone on for less than 28 days: its latest days are not all on treatment.
    """
    if facts.treated_days < length().days:
        return ()
    under = []
    for each in found.of(START):
        asks = each.criterion.asks_for
        if each.criterion.kind != "days" or each.verdict != MEETS or "at_least" not in asks or asks["window"] != BEFORE:
            continue
        (now,) = latest(facts, asks["metric"])
        if not now.too_few and negate(reaches(now.had, now.unknown, int(asks["at_least"]))):
            under.append(Below(int(asks["at_least"]), each.found.counts[-1], now))
    return tuple(under)
