"""What is said of one thing that may go along with an outcome: its size, the verdict, and what to keep in mind."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import DaySeries
from cleardays.response.associations import Association, Tally, tally
from cleardays.response.summary import Interval, interval
from cleardays.sources import Reason
from cleardays.trial import trigger_words as words
from cleardays.trial.trigger_factors import CALENDAR, Logged

Array = NDArray[np.float64]
Rules = Mapping[str, Any]
RAISES, LOWERS, NO_ASSOCIATION, CANNOT_TELL = "raises", "lowers", "no_association", "cannot_tell"


class Size(NamedTuple):
    """How strongly something goes along with the outcome; intervals of 90 %.

    `chance_with` and `chance_without` are those of the day after a clear day (of the
    day itself for what the calendar brings) at the level of the last four weeks.
    """

    odds_ratio: Interval
    chance_with: Interval
    chance_without: Interval
    change: Interval
    probability_raises: float
    probability_lowers: float
    probability_within: float

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {name: value.document() if isinstance(value, Interval) else value for name, value in self._asdict().items()}


class Trigger(NamedTuple):
    """The answer about one thing. `size` and `same_day` are None where it cannot be compared."""

    logged: Logged
    tally: Tally
    verdict: str
    size: Size | None
    same_day: Interval | None
    reasons: tuple[Reason, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        values = self.logged.values
        return {
            "name": self.logged.name,
            "kind": self.logged.kind,
            "says": self.logged.says,
            "asked_about": "same_day" if self.logged.kind == CALENDAR else "day_after",
            "verdict": self.verdict,
            "days": {"present": values.count(True), "absent": values.count(False), "unknown": values.count(None)},
            "counted": self.tally._asdict(),
            **(dict.fromkeys(Size._fields) if self.size is None else self.size.document()),
            "same_day_odds_ratio": None if self.same_day is None else self.same_day.document(),
            "early_sign": self.logged.early_sign,
            "reasons": [reason.document() for reason in self.reasons],
        }


def enough(logged: Logged, days: DaySeries, rules: Rules) -> bool:
    """Whether there are days enough with it and without it."""
    counted = tally(days, logged.factor)
    return min(counted.days_with, counted.days_without) >= int(rules["compared"]["least_days"])


def why_not(logged: Logged, days: DaySeries, rules: Rules, called: words.Called) -> Reason | None:
    """Why it cannot be compared; None where it can."""
    day_before = logged.factor.day_before
    pairs = list(zip(logged.values, days.states, strict=True))
    on_clear = [value for value, state in pairs if state is False and value is not None]
    if day_before and (True, True) in pairs and not on_clear:
        return words.only_noted_with_it(called, rules)
    if days.known < rules["few-known-days"]["known_share"] * len(days.states):
        return words.few_known_days(days, rules)
    if day_before and pairs.count((True, True)) >= rules["compared"]["least_days"] and True not in on_clear:
        return words.only_named_with_it(called, rules)
    if not enough(logged, days, rules):
        return words.too_few(tally(days, logged.factor), called, rules, day_before=day_before)
    return None


def strength(trigger: Trigger) -> float:
    """What puts one before another of the same verdict."""
    size = trigger.size
    return float(trigger.tally.days_with) if size is None else max(size.probability_raises, size.probability_lowers)


def interval_of(values: Array) -> Interval:
    """Median and central 90 % interval of equally likely draws."""
    return interval(values, np.full(len(values), 1.0 / len(values)))


def size_of(found: Association, rules: Rules) -> Size:
    """What the draws say, against the limits of the rules."""
    relevant, within = np.log(rules["relevant"]["odds_ratio"]), np.log(rules["no-association"]["within_odds_ratio"])
    return Size(
        interval_of(np.exp(found.log_odds)),
        interval_of(found.chance_with),
        interval_of(found.chance_without),
        interval_of(found.chance_with - found.chance_without),
        float((found.log_odds > relevant).mean()),
        float((found.log_odds < -relevant).mean()),
        float((np.abs(found.log_odds) < within).mean()),
    )


def verdict_of(found: Association, size: Size, logged: Logged, rules: Rules, one: str) -> tuple[str, Reason]:
    """The verdict on something that was compared, and why."""
    when = "on the same day" if logged.kind == CALENDAR else "on the day after"
    if size.probability_raises >= rules["raises"]["probability"]:
        return RAISES, words.raises(size.probability_raises, rules, one, when)
    if size.probability_lowers >= rules["lowers"]["probability"]:
        return LOWERS, words.lowers(size.probability_lowers, rules, one, when)
    alone, own = NormalDist(*found.alone), rules["from-the-diary"]
    edge = float(np.log(own["within_odds_ratio"]))
    by_itself = alone.cdf(edge) - alone.cdf(-edge) >= own["probability"]
    none = rules["no-association"]
    likely = max(size.probability_raises, size.probability_lowers) >= none["relevant_below"]  # one that matters, one way
    if by_itself and not likely and size.probability_within >= none["probability"]:
        return NO_ASSOCIATION, words.no_association(size.probability_within, rules)
    return CANNOT_TELL, words.undecided(size.odds_ratio, rules)


def to_mind(logged: Logged, days: DaySeries, rules: Rules, called: words.Called) -> list[Reason]:
    """What limits the answer about something that was compared."""
    found = []
    if logged.early_sign:
        found.append(words.early_sign(logged.source))
    pairs = list(zip(logged.values, days.states, strict=True))
    clear, had = ([value is not None for value, state in pairs if state is which] for which in (False, True))
    if clear and had:
        on_clear, on_had = sum(clear) / len(clear), sum(had) / len(had)
        if on_clear < rules["unevenly-answered"]["share"] * on_had:
            found.append(words.unevenly_answered(on_clear, on_had, called, rules))
    unknown = logged.values.count(None)
    if unknown:
        found.append(words.unknown_days(unknown, rules))
    return found
