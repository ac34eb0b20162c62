"""What is taken and when, in words for the person who takes it: tablets, dates with their weekday, each dose day named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import combinations_with_replacement, groupby
from typing import Any, NamedTuple

from cleardays.catalogue.treatments import Treatment, load_treatment
from cleardays.clock import say_day
from cleardays.packaged import PACKAGE, read_toml
from cleardays.plan.plan import Plan
from cleardays.plan.steps import Step, exact, plain

_DAY = timedelta(days=1)
_WEEK, _YEAR = 7, 365
NO_BREAK = "\N{NO-BREAK SPACE}"
# A matter of words, not of doses: a count of more tablets than these is no help, and the amount stands alone.
_MOST_TABLETS = 4
_MOST_DAYS = 8  # named one by one
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_OFTEN = {1: "once a day", 2: "twice a day", 3: "3 times a day", 4: "4 times a day"}
_OFTEN_EACH = {2: "Twice a day", 3: "3 times a day", 4: "4 times a day"}
_EXTENDED = "extended-release"
_RELEASE = ("extended", "delayed", "modified")
_SOLID = ("tablet", "capsule")


@cache
def plan_words() -> dict[str, Any]:
    """The whole of `plan_words.toml`."""
    return read_toml(PACKAGE / "report" / "data" / "plan_words.toml")


def said(table: str, key: str) -> str:
    """An id in plain words; itself with spaces where there are none."""
    found: str = plan_words()[table].get(key, key.replace("-", " ").replace("_", " "))
    return found


class DoseRow(NamedTuple):
    """One line of the plan: the days, what is taken, and what must be known beside it (empty: nothing)."""

    days: str
    dose: str
    beside: str


def weekday(day: date, *, year: bool = False) -> str:
    r"""A day with its weekday, the same in every locale, kept on one line.

    >>> weekday(date(2026, 3, 2))
    'Mon\xa02\xa0Mar'
    """
    return f"{_WEEKDAYS[day.weekday()]} {say_day(day, year=year)}".replace(" ", NO_BREAK)


def days_named(days: Sequence[date]) -> str:
    r"""Days one after the other, the month once; of many the first ones only.

    >>> days_named([date(2026, 3, 28), date(2026, 3, 30), date(2026, 4, 1)])
    'Sat\xa028 and Mon\xa030\xa0Mar, Wed\xa01\xa0Apr'
    """
    shown = days if len(days) <= _MOST_DAYS else days[: _MOST_DAYS // 2]
    parts = []
    for _, group in groupby(shown, key=lambda day: (day.year, day.month)):
        *ahead, last = group
        before = [f"{_WEEKDAYS[day.weekday()]}{NO_BREAK}{day.day}" for day in ahead]
        parts.append(f"{', '.join(before)} and {weekday(last)}" if before else weekday(last))
    return ", ".join(parts)


def dose_rows(plan: Plan) -> tuple[DoseRow, ...]:
    """Every dose of the plan, in order; none where they are given in sessions."""
    if plan.sessions:
        return ()
    treatment, until = load_treatment(plan.treatment), None if plan.review is None else plan.review.on
    return tuple(_row(step, treatment, plan, until) for step in plan.steps)


def _row(step: Step, treatment: Treatment, plan: Plan, until: date | None) -> DoseRow:
    if not any(step.amounts):
        return DoseRow(_span(step, plan), "none: take no more of it", "")
    beside = [] if step.every_days == 1 else [_only_on(step, until)]
    if len(step.amounts) > 1:
        beside.append(f"{amount_said(sum(step.amounts, Decimal(0)), step.unit)} a day.")
    if step.if_needed:
        beside.append("Only if needed: ask your clinician first.")
    return DoseRow(_span(step, plan), dose_said(step, treatment, plan.variant), " ".join(beside))


def _span(step: Step, plan: Plan) -> str:
    """From one day to another; a year is named where it is not that of the start."""
    first, last = step.first, step.last
    begin = weekday(first, year=first.year != plan.start.year)
    if last is None:
        return f"From {begin} on"
    return begin if last == first else f"{begin} to {weekday(last, year=last.year != plan.start.year)}"


def _only_on(step: Step, until: date | None) -> str:
    """The days on which it is taken, for a step that has days without."""
    days = dose_days(step, until)
    if not days:
        return "No dose falls on these days."
    if len(days) == 1 and step.last is not None:
        return f"On {days_named(days)}."
    more = "" if step.last is not None and len(days) <= _MOST_DAYS else " and so on"
    return f"Only on {days_named(days)}{more}."


def dose_days(step: Step, until: date | None) -> list[date]:
    """The days on which a step has a dose, to its end or else to a day (at least three of them)."""
    last = step.last or max(until or step.first, step.first + _DAY * 3 * step.every_days)
    days = (step.first + _DAY * at for at in range((last - step.first).days + 1))
    return [day for day in days if step.planned_on(day)]


def dose_said(step: Step, treatment: Treatment, variant: str | None) -> str:
    """What is taken on a day on which it is taken, and how often."""
    counts = Counter(step.amounts)
    if len(counts) == 1:
        amount, times = next(iter(counts.items()))
        return f"{once_said(amount, step.unit, treatment, variant)}{_rhythm(step, times)}"
    return f"{_OFTEN_EACH.get(len(step.amounts), f'{len(step.amounts)} times a day')} {_portions(step, treatment, variant)}"


def _portions(step: Step, treatment: Treatment, variant: str | None) -> str:
    """Portions that differ, one after the other; shorter where each is one tablet."""
    each = [once_said(amount, step.unit, treatment, variant) for amount in step.amounts]
    heads = {said.rpartition(" of ")[0] for said in each}
    if len(heads) == 1 and (head := heads.pop()).startswith(f"1{NO_BREAK}") and " and " not in head:
        return f"{head}: {_spoken([amount_said(amount, step.unit) for amount in step.amounts])}"
    return _spoken(each)


def _spoken(items: Sequence[str]) -> str:
    return f"{', '.join(items[:-1])} and {items[-1]}"


def _rhythm(step: Step, times: int) -> str:
    when = "" if step.when is None else f" {step.when}"
    if step.every_days == 1:
        return when if times == 1 and when else f" {_OFTEN.get(times, f'{times} times a day')}{when}"
    if step.last is not None and (step.last - step.first).days < step.every_days:
        return f" once{when}"
    return f" {interval_said(step.every_days)}{when}"


def interval_said(days: int) -> str:
    """How often, in words.

    >>> interval_said(2), interval_said(84), interval_said(30), interval_said(365)
    ('every second day', 'every 12 weeks', 'every 30 days', 'once a year')
    """
    if days == 2:
        return "every second day"
    if days == _YEAR:
        return "once a year"
    if days % _WEEK == 0:
        return "once a week" if days == _WEEK else f"every {days // _WEEK} weeks"
    return f"every {days} days"


def amount_said(amount: Decimal, unit: str) -> str:
    r"""An amount with its unit, kept on one line.

    >>> amount_said(Decimal("155"), "U"), amount_said(Decimal("37.50"), "mg")
    ('155\xa0units', '37.5\xa0mg')
    """
    return f"{plain(amount)}{NO_BREAK}{plan_words()['unit'].get(unit, unit)}"


def once_said(amount: Decimal, unit: str, treatment: Treatment, variant: str | None) -> str:
    """What is taken at once: whole tablets where the catalogue knows them, else the amount and the way in."""
    tablets = _tablets(amount, unit, treatment, variant)
    if tablets is not None:
        (one, many), counts = tablets
        said = ((number, one if number == 1 else many, amount_said(each, unit)) for each, number in counts)
        return " and ".join(f"{number}{NO_BREAK}{form} of {each}" for number, form, each in said)
    routes = {form["route"] for form in treatment.facts("form")}
    way = plan_words()["route"].get(next(iter(routes)), "") if len(routes) == 1 else ""
    return f"{amount_said(amount, unit)} {way}".rstrip()


def _tablets(
    amount: Decimal, unit: str, treatment: Treatment, variant: str | None
) -> tuple[tuple[str, str], list[tuple[Decimal, int]]] | None:
    """The fewest whole tablets of the first form that makes the amount; None where no form is known to."""
    solid = [form for form in treatment.facts("form") if form.get("unit") == unit and form.get("strengths") and _is_solid(form)]
    slow = [form for form in solid if any(word in form["kind"] for word in _RELEASE)]
    wanted = slow if variant == _EXTENDED else [form for form in solid if form not in slow]
    for form in wanted or solid:
        found = _fewest(amount, tuple(exact(each) for each in form["strengths"]))
        if found:
            one, many = plan_words()["form"].get(form["kind"], (form["kind"], f"{form['kind']}s"))
            return (one, many), sorted(Counter(found).items(), reverse=True)
    return None


def _is_solid(form: Mapping[str, Any]) -> bool:
    return any(word in form["kind"] for word in _SOLID)


@cache
def _fewest(amount: Decimal, strengths: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    for many in range(1, _MOST_TABLETS + 1):
        made = [each for each in combinations_with_replacement(strengths, many) if sum(each) == amount]
        if made:
            return min(made, key=lambda each: (len(set(each)), each))
    return ()
