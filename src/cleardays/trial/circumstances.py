"""What else went on while a treatment was judged: other treatments, and days that differ for reasons of their own.

From the tables of a diary (doses, events, plan, menstruation), and from what the caller names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from cleardays.diary.known import entries_read
from cleardays.diary.records import Diary
from cleardays.diary.rules import read_rules
from cleardays.response.design import Circumstances
from cleardays.sources import Reason
from cleardays.trial.also import Also
from cleardays.trial.day_to_day import after_rescues, around_periods, weekends

if TYPE_CHECKING:
    from cleardays.trial.other_treatments import Others


class WentOn(NamedTuple):
    """For the response model, and what is to be said of it."""

    beside: Circumstances
    notes: tuple[Reason, ...]


def circumstances(
    diary: Diary,
    treatment: str,
    start: date,
    first_day: date,
    as_of: date,
    *,
    also: Sequence[Also] = (),
    weekday: bool = False,
) -> WentOn:
    """What went on beside the judged treatment, as far as it was told by a day.

    Args:
        diary: its days and tables.
        treatment: the judged one.
        start: its first day.
        first_day: of the diary's series.
        as_of: the last day that is read: what was told or began later, and an end that lies later, is not.
        also: other treatments named by the caller; what the diary tells of the same ones is then passed over.
        weekday: whether weekends are told apart.

    Raises:
        BadInput: one of `also` is the judged treatment, or is given twice for the same days.
    """
    rules = read_rules("circumstances")
    others = _others(diary, treatment, start, (first_day, as_of), also, rules)
    laid = [
        around_periods(entries_read(diary, as_of), first_day, as_of, rules["around-a-period"]),
        after_rescues(() if others is None else others.rescues, first_day, as_of, rules["after-rescue"]),
        weekends(first_day, as_of, rules["weekend"]) if weekday else None,
    ]
    found = [each for each in laid if each is not None]
    beside = Circumstances(() if others is None else others.kept, tuple(covariate for covariate, _ in found))
    return WentOn(beside, (*(() if others is None else others.notes), *(reason for _, reason in found)))


def _others(
    diary: Diary, treatment: str, start: date, days: tuple[date, date], also: Sequence[Also], rules: Mapping[str, Any]
) -> Others | None:
    """The other treatments; None where nothing could tell of any, which is so of most diaries."""
    beside = diary.beside
    if not (also or beside.doses or beside.events or beside.plan):
        return None
    from cleardays.trial.other_treatments import other_treatments  # it looks up names, which takes a moment

    return other_treatments(diary, treatment, start, days, also, rules)
