"""A month of the diary as the calendar shows it, and what of it is known, in words' numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cleardays.clock import FIRST_YEAR, LAST_YEAR, local_day, parse_instant
from cleardays.diary.rules import day_rules
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.diary_told import ALSO_TOLD, BROUGHT_IN, DAY_TOLD
from cleardays.web.attacks import ATTACK, DOSE
from cleardays.web.days import CLEAR, HAD, UNKNOWN, Entries, Seen, state_of

if TYPE_CHECKING:
    from datetime import tzinfo

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = timedelta(days=1)


class Counts(NamedTuple):
    """Days of a month up to today: had, clear and unknown; `recalled` of the known ones were written down late."""

    had: int
    clear: int
    unknown: int
    recalled: int

    @property
    def known(self) -> int:
        """Days of which it is known."""
        return self.had + self.clear


class Month(NamedTuple):
    """One month: its days as far as they have come, those still to come, and its neighbours."""

    first: date
    days: tuple[Seen, ...]
    to_come: tuple[date, ...]
    counts: Counts
    before: date | None
    after: date | None


def month_asked(text: str | None, today: date) -> date:
    """The first day of the month that an address names; this month where it names none.

    Raises:
        BadInput: there is no such month, or it is still to come.
    """
    if not text:
        return today.replace(day=1)
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12 or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise BadInput(Problem("month", "there is no such month.", "Write it as 2026-03."))
    first = date(int(found[1]), int(found[2]), 1)
    if first > today:
        raise BadInput(Problem("month", "it is still to come.", "Choose this month or an earlier one."))
    return first


def month_of(entries: Entries, first: date, today: date, zone: tzinfo) -> Month:
    """The month that begins on a day.

    Args:
        entries: of the diary, as they stand.
        first: its first day.
        today: the person's day; later ones are still to come.
        zone: of the person.
    """
    after = (first + 31 * _DAY).replace(day=1)
    last = after - _DAY
    days = tuple(_seen(entries, first, min(last, today), zone))
    to_come = tuple(first + n * _DAY for n in range(len(days), (last - first).days + 1))
    before = (first - _DAY).replace(day=1)
    return Month(
        first, days, to_come, counts_of(days), before if before.year >= FIRST_YEAR else None, after if after <= today else None
    )


def counts_of(days: tuple[Seen, ...]) -> Counts:
    """How many there are of each."""
    by_state = {state: sum(each.state == state for each in days) for state in (HAD, CLEAR, UNKNOWN)}
    recalled = sum(each.recalled for each in days if each.state != UNKNOWN)
    return Counts(by_state[HAD], by_state[CLEAR], by_state[UNKNOWN], recalled)


def _seen(entries: Entries, first: date, last: date, zone: tzinfo) -> Iterator[Seen]:
    attacks = {told.cells["date"] for (kind, _), told in entries.items() if kind == ATTACK}
    doses = {told.cells["date"] for (kind, _), told in entries.items() if kind == DOSE and told.cells.get("kind") == "acute"}
    for n in range((last - first).days + 1):
        day = first + n * _DAY
        state, level = state_of(entries, day)
        name = day.isoformat()
        doubted = (ALSO_TOLD, name) in entries
        yield Seen(day, state, level, recalled_on(entries, day, zone), name in attacks, name in doses, doubted)


def recalled_on(entries: Entries, day: date, zone: tzinfo) -> bool:
    """Whether a day was told later than the end of the next one; not known of a day that was brought in without it."""
    told = entries.get((DAY_TOLD, day.isoformat()))
    if told is None:
        return False
    behind = told.cells.get("backfilled_days")
    if behind is None:
        stamp = told.cells.get("reported_at")
        at = told.event.at if stamp is None else parse_instant(stamp)
        if at is None or (stamp is None and told.event.body.get(BROUGHT_IN)):
            return False
        behind = str((local_day(at, zone) - day).days)
    return int(behind) > day_rules().late_after_days
