"""What a diary offers day by day that an outcome may go along with, each there, not there or unknown.

Three kinds: words *named* as triggers, on days or with attacks; what was *measured*, told as numbers against the person's own
usual; and the *calendar*, weekends and the days around a period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any, NamedTuple

from cleardays.diary.answers import recalled
from cleardays.diary.known import entries_read
from cleardays.diary.layouts.words import fold, read_triggers
from cleardays.diary.records import DayRecord, Diary
from cleardays.diary.rules import read_rules
from cleardays.diary.series import DaySeries
from cleardays.quantities import DayCovariate
from cleardays.response.associations import Factor
from cleardays.trial.day_to_day import around_periods, weekends

NAMED, MEASURED, CALENDAR = "named", "measured", "calendar"
Values = tuple[bool | None, ...]


class Logged(NamedTuple):
    """One thing of a diary: what it is called, what counts as there, and its value on each day of the outcome's series.

    `early_sign`: it may be the beginning of an attack and not what brought it about.
    `words` are named triggers that say the same.
    """

    name: str
    kind: str
    says: str
    values: Values
    early_sign: bool
    words: tuple[str, ...]
    source: tuple[str, ...]

    @property
    def factor(self) -> Factor:
        """Asked about the day after; what the calendar brings, about the day itself."""
        return Factor(self.name, self.values, day_before=self.kind != CALENDAR)

    @property
    def same_day(self) -> Factor:
        """Asked about the day itself."""
        return Factor(self.name, self.values, day_before=False)


class Offered(NamedTuple):
    """Everything that was there on some day, and how many days were told too late to be used."""

    factors: tuple[Logged, ...]
    told_late: int


def factors_of(diary: Diary, days: DaySeries, as_of: date | None, rules: Mapping[str, Any]) -> Offered:
    """Find them.

    Args:
        diary: entries, attacks; what is told of days after the last one of `days` is not read.
        days: the outcome, day by day.
        as_of: what was reported after this day is not read.
        rules: `trigger_rules.toml`.
    """
    zone = diary.about.get("zone")
    read = entries_read(diary, as_of)
    used = [record for record in read if not recalled(record, record.tz or zone)]
    found = [*_measured(used, days, rules), *_calendar(read, days, rules), *_named(used, diary, days, rules)]
    columns = {"triggers", *(column for row in rules["measured"] for column in row["columns"])}
    late = [record for record in read if recalled(record, record.tz or zone)]
    told_late = sum(any(getattr(record, column) is not None for column in columns) for record in late)
    return Offered(tuple(each for each in found if True in each.values), told_late)


def _laid(days: DaySeries, found: Iterable[tuple[DayRecord, bool | None]]) -> Values:
    values: list[bool | None] = [None] * len(days.states)
    for record, value in found:
        offset = (record.date - days.first_day).days
        if 0 <= offset < len(values):
            values[offset] = value
    return tuple(values)


# ---- words


def _named(records: Sequence[DayRecord], diary: Diary, days: DaySeries, rules: Mapping[str, Any]) -> list[Logged]:
    """Each word as it was named; a day with any list, an empty one too, answers for all words."""
    lists: dict[int, set[str]] = {}
    told = [(record.date, record.triggers) for record in records]
    told += [(attack.date, attack.triggers) for attack in diary.beside.attacks]
    for day, words in told:
        offset = (day - days.first_day).days
        known = () if not words else read_triggers(list(words))
        if words is not None and known is not None and 0 <= offset < len(days.states):
            lists.setdefault(offset, set()).update(word.casefold() for word in known)
    early = {fold(word) for word in rules["early-signs"]["words"]}
    source = tuple(rules["early-signs"]["source"])
    return [
        Logged(
            name=word,
            kind=NAMED,
            says=f"{word} named as a trigger",
            values=tuple(None if at not in lists else word in lists[at] for at in range(len(days.states))),
            early_sign=fold(word) in early,
            words=(),
            source=source if fold(word) in early else (),
        )
        for word in sorted({word for words in lists.values() for word in words})
    ]


# ---- numbers


def _measured(records: Sequence[DayRecord], days: DaySeries, rules: Mapping[str, Any]) -> list[Logged]:
    found = []
    for row in rules["measured"]:
        if days.outcome in row.get("not_for", ()):
            continue
        told = [(record, _number(record, row["columns"])) for record in records]
        known = [number for _, number in told if number is not None]
        if not known:
            continue
        usual = median(known)
        values = _laid(days, ((record, None if number is None else _is_there(row, number, usual)) for record, number in told))
        early = bool(row.get("early_sign"))
        columns = [column for column in row["columns"] if any(getattr(record, column) is not None for record in records)]
        says = _says(row, columns, usual)
        found.append(Logged(row["name"], MEASURED, says, values, early, tuple(row.get("words", ())), tuple(row["source"])))
    return found


def _number(record: DayRecord, columns: Iterable[str]) -> Decimal | None:
    return next((Decimal(value) for column in columns if (value := getattr(record, column)) is not None), None)


def _is_there(row: Mapping[str, Any], number: Decimal, usual: Decimal) -> bool:
    if "more_than" in row:
        return number > int(row["more_than"])
    if "above_usual_by" in row:
        return number >= usual + int(row["above_usual_by"])
    return number <= usual - int(row["below_usual_by"])


def _says(row: Mapping[str, Any], columns: Sequence[str], usual: Decimal) -> str:
    column = " or ".join(columns)
    if "more_than" in row:
        return f"{column} above {row['more_than']}"
    if "above_usual_by" in row:
        return f"{column} {usual + row['above_usual_by']:g} or more (the usual is {usual:g})"
    return f"{column} {usual - row['below_usual_by']:g} or less (the usual is {usual:g})"


# ---- the calendar


def _calendar(records: Sequence[DayRecord], days: DaySeries, rules: Mapping[str, Any]) -> list[Logged]:
    of_days = read_rules("circumstances")
    first, last = days.first_day, days.last_day
    laid = weekends(first, last, of_days["weekend"])
    found = [_of_calendar(rules["weekend"], "Saturday and Sunday", laid, days)]
    period = around_periods(records, first, last, of_days["around-a-period"])
    if period is not None:
        found.append(_of_calendar(rules["period"], period[0].name, period, days))
    return found


def _of_calendar(row: Mapping[str, Any], says: str, laid: tuple[DayCovariate, Any], days: DaySeries) -> Logged:
    """From a centred covariate: above 0 it was there, below 0 not; 0 is unknown."""
    covariate, reason = laid
    begin = (days.first_day - covariate.first_day) // timedelta(days=1)
    values = tuple(None if v == 0.0 else v > 0.0 for v in covariate.values[begin : begin + len(days.states)])
    return Logged(
        row["name"], CALENDAR, says, values, early_sign=False, words=tuple(row.get("words", ())), source=reason.source
    )
