"""What a diary of recovery tells beside the judged outcome: the other days its condition counts, and amounts."""

from __future__ import annotations

from datetime import date

from cleardays.diary.conditions import DAY, condition_of
from cleardays.diary.outcomes import AMOUNTS, amount_series, day_series
from cleardays.diary.records import Diary
from cleardays.diary.series import AmountSeries, DaySeries


def other_days(diary: Diary, judged: DaySeries, as_of: date | None) -> tuple[DaySeries, ...]:
    """Days that the condition counts beside the judged ones, where any was answered; the same days are not told twice."""
    others = [each.id for each in condition_of(diary.about).outcomes if each.kind == DAY and each.flag is None]
    found = (day_series(diary, each, as_of=as_of) for each in others if each != judged.outcome)
    return tuple(days for days in found if days.known and days.states != judged.states)


def amounts_told(diary: Diary, as_of: date | None) -> tuple[AmountSeries, ...]:
    """The amounts that the diary tells: craving, drinks. That there was no use on a day is no number of drinks yet."""
    found = (amount_series(diary, each, as_of=as_of) for each in AMOUNTS)
    return tuple(each for each in found if any(each.values) or (each.averaged and each.days.known))
