"""Which days a rule looks at: before treatment, before any preventive, lately, after a session; and the months beside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from cleardays.clock import say_day
from cleardays.diary.rules import day_rules
from cleardays.trial.payers.days import ONE, Count
from cleardays.trial.payers.facts import Facts

BEFORE, BEFORE_ANY, LATEST, AFTER_SESSION = "before", "before_any", "latest", "after_session"
NAMES = {
    "headache_day": ("headache day", "headache days"),
    "migraine_day": ("migraine day", "migraine days"),
    "headache_day_4h": ("headache day of 4 hours or longer", "headache days of 4 hours or longer"),
    "mod_sev_day": ("day of moderate or severe headache", "days of moderate or severe headache"),
    "residual_day": (
        "day of migraine, or of moderate or severe headache",
        "days of migraine, or of moderate or severe headache",
    ),
    "acute_med_day": ("day of an acute medicine", "days of an acute medicine"),
    "lost_function_day": ("day of lost function", "days of lost function"),
    "attacks": ("attack", "attacks"),
}


class NoSpan(NamedTuple):
    """Why there are no days to look at."""

    because: str


def length() -> timedelta:
    """A month as days are counted in trials."""
    return timedelta(days=day_rules().window_days)


def end_of(window: str, facts: Facts) -> date | NoSpan:
    """The last day before treatment, or before any preventive; the last day that is read where neither has begun."""
    own = facts.start - ONE if facts.start is not None and facts.begun else facts.as_of
    if window == BEFORE:
        return own
    told = [each for each in facts.ledger if each.first is not None or each.outcome != "contraindicated"]
    firsts = [each.first for each in told if each.first is not None]
    if len(firsts) < len(told):
        return NoSpan("When the first of the preventives was begun is not known, so neither is which days come before it.")
    if not told:
        return NoSpan("Which preventives were taken before is not told, so neither is which days come before any of them.")
    return min([first - ONE for first in firsts] + [own])


def months_before(window: str, facts: Facts, metric: str, months: int) -> tuple[Count, ...] | NoSpan:
    """So many stretches of 28 days up to the start, the first one first."""
    end = end_of(window, facts)
    if isinstance(end, NoSpan):
        return end
    of = {BEFORE: "before treatment" if facts.begun else "up to the last day read"}.get(window, "before any preventive")
    whats = [f"28 days {of}" if months == 1 else f"month {n + 1} of {months} {of}" for n in range(months)]
    return _stretches(facts, metric, end, whats)


def latest(facts: Facts, metric: str, months: int = 1) -> tuple[Count, ...]:
    """So many stretches of 28 days up to the last day that is read."""
    whats = ["latest 28 days"] if months == 1 else [f"month {n + 1} of the last {months}" for n in range(months)]
    return _stretches(facts, metric, facts.as_of, whats)


def _stretches(facts: Facts, metric: str, end: date, whats: list[str]) -> tuple[Count, ...]:
    """Stretches of 28 days up to a day, by their names."""
    found = list[Count]()
    for what in reversed(whats):
        found.append(_count(facts, metric, end - length() + ONE, end, what))
        end -= length()
    return tuple(reversed(found))


def after_session(facts: Facts, metric: str) -> Count | None:
    """The 28 days from the latest session on that are over; None where there is none yet."""
    over = [on for on in facts.sessions if on + length() - ONE <= facts.as_of]
    return None if not over else _count(facts, metric, over[-1], over[-1] + length() - ONE, "28 days after the latest session")


def _count(facts: Facts, metric: str, first: date, last: date, what: str) -> Count:
    return facts.days.count(metric, first, last, what)


def calendar_months(facts: Facts, metric: str, end: date, months: int) -> tuple[Count, ...]:
    """The last whole calendar months up to a day, the first one first."""
    found = list[Count]()
    last = _month_end(end)
    for _ in range(months):
        first = last.replace(day=1)
        found.append(_count(facts, metric, first, last, f"{first:%B %Y}"))
        last = first - ONE
    return tuple(reversed(found))


def _month_end(day: date) -> date:
    """The last day of the latest month that is over by then."""
    following = (day.replace(day=1) + timedelta(days=31)).replace(day=1) - ONE
    return day if day == following else day.replace(day=1) - ONE


def said(count: Count) -> str:
    """A count in words, always with the days it was counted on.

    What stands in brackets are its first and its last day.
    """
    many = NAMES[count.metric][count.had != 1]
    known = f"all {len(count.days)} known" if not count.unknown else f"{count.known} of {len(count.days)} known"
    return f"{count.had} {many} in {_the(count)} ({say_day(count.first)} to {say_day(count.last)}; {known})"


def all_said(counts: Sequence[Count]) -> str:
    """Several counts in one sentence, without its stop."""
    text = "; ".join(said(count) for count in counts)
    return text[:1].upper() + text[1:]


def _the(count: Count) -> str:
    """Months have names of their own; any other stretch is the one that is meant."""
    return count.what if not count.what[:1].isdigit() and not count.what.startswith("latest") else f"the {count.what}"


def enough_days(count: Count) -> str:
    """Why nothing follows from a stretch of which too few days are known."""
    return f"Only {count.known} of {len(count.days)} days are known in {_the(count)}, which is too few: {_short(count)}."


def _short(count: Count) -> str:
    return f"{count.had} {NAMES[count.metric][count.had != 1]} are known of so far" if count.had else "none is known of so far"
