"""The methods that look at one diary as two piles of days: before, and the last 28 days of treatment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cleardays.response.study.answers import Answer
from cleardays.response.study.person import MONTH, Array, Person
from cleardays.response.verdict import NOT_RESPONDING, RESPONDING, JudgingRules, settle

_DRAWS = 4000
_TAILS = (0.05, 0.95)
_HALF, _THIRD = 0.5, 0.3


class Pile(NamedTuple):
    """Known days and how many of them were had."""

    known: int
    had: int

    @property
    def rate(self) -> float | None:
        """Share of the known days that were had; None without a known day."""
        return self.had / self.known if self.known else None


def piles(person: Person, treated_days: int) -> tuple[Pile, Pile]:
    """The days before the start, and the last 28 days (at most) of so many days of treatment."""
    days = person.seen(treated_days)
    begun = (person.exposure.start - days.first_day).days
    before, after = days.states[:begun], days.states[begun:][-MONTH:]
    found = [Pile(sum(s is not None for s in part), sum(s is True for s in part)) for part in (before, after)]
    return found[0], found[1]


def rule_on_worst_month(person: Person, treated_days: int) -> Answer:
    """The 50 % rule against the month that made the person seek help, as it is remembered."""
    _, after = piles(person, treated_days)
    return _by_rule(person.worst_month / MONTH, after.rate)


def rule_on_run_in(person: Person, treated_days: int) -> Answer:
    """The 50 % rule against the days of the diary before the start."""
    before, after = piles(person, treated_days)
    return _by_rule(before.rate, after.rate)


def _by_rule(before: float | None, after: float | None) -> Answer:
    """Certain of what it counts; without a day had before there is no reduction."""
    apparent = 1 - after / before if before and after is not None else -1.0
    half, third = float(apparent >= _HALF), float(apparent >= _THIRD)
    return Answer(half, third, RESPONDING if half else NOT_RESPONDING)


def beta(person: Person, treated_days: int, rules: JudgingRules) -> Answer:
    """Two rates of independent days, each with a flat prior, and their ratio."""
    before, after = piles(person, treated_days)
    random = np.random.default_rng([before.known, before.had, after.known, after.had])
    earlier, later = (random.beta(pile.had + 1, pile.known - pile.had + 1, _DRAWS) for pile in (before, after))
    low, high = (float(q) for q in np.quantile(MONTH * later, _TAILS))
    return from_draws(1 - later / earlier, rules)._replace(current=(low, high))


def from_draws(reduction: Array, rules: JudgingRules) -> Answer:
    """An answer from equally likely values of R."""
    half, third = (float((reduction >= share).mean()) for share in (_HALF, _THIRD))
    low, high = (float(q) for q in np.quantile(reduction, _TAILS))
    return Answer(half, third, settle(rules, half), (low, high))
