"""Timeline Followback: days of use named over a stretch that was asked about, as day records.

A calendar of this kind lists days of use only. Inside the stretch that was asked
about a day that is not listed is a day without use; outside it, and after the last
visit, nothing is known. Method: Sobell and Sobell's Timeline Followback; the trap
of counting drop-outs as abstinent is shown in docs/explanation/unknown-days.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from cleardays.diary.records import DayRecord
from cleardays.problems import BadInput, Problem


def timeline_records(
    used: Mapping[int, Collection[str]],
    substances: Collection[str],
    *,
    first: int,
    last: int,
    day_zero: date,
    asked_on: int | None = None,
) -> tuple[DayRecord, ...]:
    """Day records of a calendar of use.

    Args:
        used: relative day -> the substances used on it; days without use are absent.
        substances: which of them make a day of use; others are kept in `other_use`.
        first: first relative day that was asked about.
        last: last relative day that was asked about, the last visit for a trial.
        day_zero: the calendar day of relative day 0.
        asked_on: relative day on which the days up to it were asked about in one
            sitting; such days are marked as told later.

    Raises:
        BadInput: the stretch ends before it begins.
    """
    if last < first:
        raise BadInput(Problem("timeline", f"it ends on day {last}, before it begins on day {first}.", "Correct one."))
    return tuple(_record(used.get(day, ()), substances, day, day_zero, asked_on) for day in range(first, last + 1))


def _record(used: Collection[str], substances: Collection[str], day: int, day_zero: date, asked_on: int | None) -> DayRecord:
    return DayRecord(
        date=day_zero + timedelta(days=day),
        backfilled_days=asked_on - day if asked_on is not None and day <= asked_on else None,
        source="import:timeline",
        status="complete",
        use_day=any(name in substances for name in used),
        other_use=tuple(sorted(name for name in used if name not in substances)),
    )
