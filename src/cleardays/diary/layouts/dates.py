"""Days written in another order than year-month-day: the order is decided over the whole file, or asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from cleardays.clock import FIRST_YEAR, LAST_YEAR
from cleardays.diary.layouts.words import fold, vocabulary
from cleardays.problems import BadInput, Problem, shown

ORDERS = ("dmy", "mdy", "ymd")
_SAID = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}
_NUMBERS = re.compile(r"(\d{1,4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,4})日?", re.ASCII)
_DOTS = re.compile(r"\d{1,2}\s?\.\s?\d{1,2}\s?\.\s?\d{2,4}", re.ASCII)  # nobody writes month.day.year
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[.\s]\s*([^\W\d_]+)[.,]?\s+(\d{4}|\d{2})", re.ASCII)
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}|\d{2})", re.ASCII)
_SAID_OF_DOTS = "dates with dots are read as day.month.year all the same"
_LONGEST = 40
_LEAST_ROWS = 4  # fewer days are in order by chance


class DatedRow(NamedTuple):
    """One date of the file: where, as it stands, and what stands beside it that can tell its order."""

    where: str
    text: str
    weekday: str = ""
    not_after: date | None = None


def read_date(text: str, order: str | None) -> date | None:
    """A day in the given order of its numbers; a year in front, dots or a month in words need none.

    >>> read_date("1/26/26", "mdy"), read_date("5 Jan 2026", None), read_date("26/1/26", "mdy"), read_date("3.4.2026", None)
    (datetime.date(2026, 1, 26), datetime.date(2026, 1, 5), None, datetime.date(2026, 4, 3))
    """
    said = unicodedata.normalize("NFKC", text).strip()[:_LONGEST]
    if found := _NUMBERS.fullmatch(said):
        a, b, c = found.groups()
        if len(a) == 4:
            return _day(a, b, c) if len(c) <= 2 else None
        if len(a) > 2 or len(c) not in (2, 4):
            return None
        if order == "ymd":
            return _day(a, b, c) if len(a) == 2 and len(c) <= 2 else None
        order = "dmy" if _DOTS.fullmatch(said) else order
        return _day(c, b, a) if order == "dmy" else _day(c, a, b) if order == "mdy" else None
    return _in_words(said)


def _in_words(said: str) -> date | None:
    months = vocabulary().months
    if found := _DAY_FIRST.fullmatch(said):
        return _day(found[3], months.get(fold(found[2]), ""), found[1])
    if found := _MONTH_FIRST.fullmatch(said):
        return _day(found[3], months.get(fold(found[1]), ""), found[2])
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def decide_order(
    rows: Sequence[DatedRow], name: str, *, asked: str | None, declared: str | None = None
) -> tuple[str | None, str]:
    """The order of the numbers in a file's dates, and why; ("dmy", "") where the numbers alone decide.

    Args:
        rows: the dates in the order of the file.
        name: how to call the file in a problem.
        asked: what the person said; it stands.
        declared: the order that the layout uses, for dates that could be read either way.

    Raises:
        BadInput: no order fits all dates, or more than one does and nothing tells which.
    """
    if asked is not None:
        return asked, _SAID_OF_DOTS if asked == "mdy" and any(_DOTS.fullmatch(_plain(row.text)) for row in rows) else ""
    if declared == "ymd" and all(read_date(row.text, "ymd") for row in rows):
        return declared, ""
    dotted = [row for row in rows if _DOTS.fullmatch(_plain(row.text)) and read_date(row.text, None)]
    if _year_may_be_first(dotted):
        raise AmbiguousDates(dotted[0], "day.month.year or year.month.day", ("dmy", "ymd"))
    open_rows = [row for row in rows if read_date(row.text, None) is None]
    open_rows = [row for row in open_rows if any(read_date(row.text, order) for order in ("dmy", "mdy"))]
    if not open_rows:
        return declared, ""
    fits = [order for order in ("dmy", "mdy") if all(read_date(row.text, order) for row in open_rows)]
    if not fits:
        raise BadInput(_mixed(open_rows, name))
    if _year_may_be_first(open_rows) and declared not in fits:
        raise AmbiguousDates(open_rows[0], "year-month-day or the year may stand last", (*fits, "ymd"))
    if len(fits) == 1 or all(read_date(row.text, "dmy") == read_date(row.text, "mdy") for row in open_rows):
        return fits[0], ""
    for order, why in ((_by_weekday(open_rows), "the weekdays fit"), (_by_limit(open_rows), "no day lies after its entry"),
                       (_by_sequence(open_rows), "the rows are in order")):  # fmt: skip
        if order is not None:
            return order, f"read as {_SAID[order]}: only so {why}"
    if declared is not None:
        return declared, ""
    row = next(row for row in open_rows if read_date(row.text, "dmy") != read_date(row.text, "mdy"))
    raise AmbiguousDates(row, "day/month or month/day", ("dmy", "mdy"))


class AmbiguousDates(BadInput):
    """Nothing tells the order of a file's dates; `orders` are those that fit."""

    def __init__(self, row: DatedRow, between: str, orders: tuple[str, ...]) -> None:
        what = f"{shown(row.text)} can be {between}, and nothing in the file tells which."
        cure = f"Say which: {' or '.join(f'--date-order {order}' for order in orders)}."
        super().__init__(Problem(row.where, what, cure))
        self.row, self.orders = row, orders


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _year_may_be_first(rows: Sequence[DatedRow]) -> bool:
    """26-01-05, 26-01-06: two digits in front that vary less than those at the end look like years."""
    groups = [found.groups() for row in rows if (found := _NUMBERS.fullmatch(_plain(row.text)))]
    if not groups or any(len(a) != 2 or len(c) != 2 for a, _, c in groups) or not all(read_date(r.text, "ymd") for r in rows):
        return False
    return len({a for a, _, _ in groups}) < len({c for _, _, c in groups})


def _mixed(rows: Sequence[DatedRow], name: str) -> Problem:
    by_day = next(row for row in rows if read_date(row.text, "mdy") is None)
    by_month = next(row for row in rows if read_date(row.text, "dmy") is None)
    what = f"{shown(by_day.text)} ({by_day.where}) and {shown(by_month.text)} ({by_month.where}) are in different orders."
    return Problem(name, what, "Write all days in one order, best as year-month-day.")


def _by_weekday(rows: Sequence[DatedRow]) -> str | None:
    weekdays = vocabulary().weekdays
    told = [(row, weekdays[fold(row.weekday)]) for row in rows if fold(row.weekday) in weekdays]
    return _only(lambda order: all(_matches(read_date(row.text, order), weekday) for row, weekday in told)) if told else None


def _matches(day: date | None, weekday: str) -> bool:
    return day is not None and str(day.weekday()) == weekday


def _by_limit(rows: Sequence[DatedRow]) -> str | None:
    told = [row for row in rows if row.not_after is not None]

    def within(order: str) -> bool:
        return all((read_date(row.text, order) or date.max) <= (row.not_after or date.max) for row in told)

    return _only(within) if told else None


def _by_sequence(rows: Sequence[DatedRow]) -> str | None:
    """Rows run from old to new or from new to old: an order in which they do, if the other breaks it."""

    def in_order(order: str) -> bool:
        days = [read_date(row.text, order) or date.min for row in rows]
        return days == sorted(days) or days == sorted(days, reverse=True)

    return _only(in_order) if len({row.text for row in rows}) >= _LEAST_ROWS else None


def _only(fits: Callable[[str], bool]) -> str | None:
    good = [order for order in ("dmy", "mdy") if fits(order)]
    return good[0] if len(good) == 1 else None
