"""What is said of stretches without, and of their end; never that it is anybody's doing or fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from cleardays.clock import say_day
from cleardays.diary.conditions import Outcome
from cleardays.diary.windows import Window
from cleardays.quantities import percent, say_probability
from cleardays.sources import Reason

REMISSION, LONG, AS_BEFORE, NONE, CANNOT_TELL = "remission", "long_stretch", "as_before", "none", "cannot_tell"
TOO_EARLY, BACK, NOT_BACK = "too_early", "back", "not_back"
ROUGH = "remission.rough-fit"
Rules = Mapping[str, Any]


class Stretch(NamedTuple):
    """Days in a row of which none is known to have had it, from the first to the last one known to be without.

    `known` of them are known, `recalled` of those written down from memory; `ended_on` is the day that had it again.
    """

    first: date
    last: date
    known: int
    recalled: int
    ended_on: date | None

    @property
    def days(self) -> int:
        """Its length in calendar days."""
        return (self.last - self.first).days + 1

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "days": self.days,
            "known": self.known,
            "recalled": self.recalled,
        }


def no_stretch(said: Outcome, rules: Rules) -> Reason:
    """The last known day had it, or none is known."""
    because = f"There is no stretch without: the last known day since the start is one of the {said.had[1]}, or none is known."
    return Reason("remission.none", because, tuple(rules["source"]))


def short(found: Stretch, said: Outcome, rules: Rules) -> Reason:
    """Not long enough to ask."""
    because = f"{_told(found, said)} Under {rules['least_days']} days nothing is made of it."
    return Reason("remission.short", because, tuple(rules["source"]))


def unknown(found: Stretch, until: date, said: Outcome, rules: Rules) -> Reason:
    """Too many unknown days in it."""
    days = (until - found.first).days + 1
    because = (
        f"{_told(found, said)} Up to {say_day(until)} only {found.known} of {days} days are known, and on any of the others "
        f"there may have been {said.had[1]}; an unknown day is never clear."
    )
    return Reason("remission.unknown-days", because, (*rules["source"], "counting-policy"))


def nothing_to_compare(found: Stretch, said: Outcome, why: Reason | None, rules: Rules) -> Reason:
    """Nothing is known of how likely it is."""
    because = f"{_told(found, said)} How likely so long a stretch is without the treatment cannot be told."
    more = "" if why is None else f" {why.because}"
    return Reason("remission.cannot-tell", f"{because}{more}", (*rules["source"], *(() if why is None else why.source)))


def stretch(found: Stretch, chance: float, answer: str, said: Outcome, rules: Rules) -> Reason:
    """How long, how likely, and what it is called."""
    often = f"At the level of before, its waves included, so long a stretch has a probability of {say_probability(chance)}"
    if answer == AS_BEFORE:
        because = f"{_told(found, said)} {often}: it may well be one of those there always were, and is no remission."
    elif answer == LONG:
        because = f"{_told(found, said)} {often}: longer than usual. From {rules['days']} days on it is called {_name(said)}."
    else:
        because = f"{_told(found, said)} {often}: {_name(said)}, so far. Whether it lasts is not known."
    return Reason(f"remission.{answer.replace('_', '-')}", because, (*rules["source"], "response-model"))


def not_the_cause(rules: Rules) -> Reason:
    """Who or what brought it about is another question."""
    because = "What brought it about is not said by its length; the verdict weighs that against waves of the level itself."
    return Reason("remission.not-the-cause", because, tuple(rules["source"]))


def rough_fit(rules: Rules) -> Reason:
    """The model did not come to rest, or few of its draws count."""
    because = "On the days before, the model's own check failed: take the probabilities of stretches and months as rough."
    return Reason(ROUGH, because, tuple(dict.fromkeys((*rules["source"], "response-model"))))


def just_ended(found: Stretch, since: Window, said: Outcome, rules: Rules) -> Reason:
    """It ended, and too little is known since."""
    because = f"{_ended(found, said)} {_one_day(said, found)} {_since(since)}: too few to say whether it comes back."
    return Reason("remission.just-ended", because, tuple(rules["source"]))


def returned(found: Stretch, since: Window, usual: float, answer: str, said: Outcome, rules: Rules) -> Reason:
    """What the days since say."""
    level = f"before the treatment it was {usual:.1f} per 28"
    if answer == BACK:
        name = "it is coming back" if said.headache else "that is more than a lapse, and no failure"
        because = (
            f"{_ended(found, said)} {_since(since)} had it, {level}: {percent(rules['share'])} of that or more is back, so "
            f"{name}. It is a reason to look at the plan together with the clinician soon."
        )
    else:
        because = f"{_ended(found, said)} {_one_day(said, found)} {_since(since)} had it; {level}."
    return Reason(f"remission.{answer.replace('_', '-')}", because, tuple(rules["source"]))


def _told(found: Stretch, said: Outcome) -> str:
    known = "all of them known" if found.known == found.days else f"{found.known} of them known"
    count = "1 day" if found.days == 1 else f"{found.days} days, {known}"
    return f"No {said.had[0]} on any known day from {say_day(found.first)} to {say_day(found.last)}: {count}."


def _name(said: Outcome) -> str:
    return "a remission" if said.headache else "a lasting stretch without"


def _ended(found: Stretch, said: Outcome) -> str:
    on = "" if found.ended_on is None else say_day(found.ended_on)
    return f"A stretch of {found.days} days without {said.had[1]} ({found.known} of them known) ended on {on}."


def _one_day(said: Outcome, found: Stretch) -> str:
    if said.headache:
        return "One such day is no relapse."
    return f"One such day is a lapse and no failure; it takes nothing away from the {found.days} days before it."


def _since(since: Window) -> str:
    if since.n_days == 1:
        return "Since then 1 day"
    return f"Since then, {since.hd} of {since.n_logged} known days in the last {since.n_days}"
