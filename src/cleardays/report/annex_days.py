"""Every day of a diary, a line a month, so that the whole record stands in the annex."""

from __future__ import annotations

import calendar
from datetime import date
from typing import NamedTuple

from cleardays.report import words
from cleardays.trial.account.account import Account
from cleardays.trial.account.read import DayMark

# Letters, not colours: the same on paper, on a screen and read aloud.
LETTERS = {"unknown": "?", "clear": "-", "mild": "1", "moderate": "2", "severe": "3", "some": "x"}
MARKS_SAY = "- none, 1 mild, 2 moderate, 3 severe, x had and strength not told, ? unknown, a dot after it: from memory"
_WIDE = 3
HEAD = "".join(str(day).ljust(_WIDE) for day in range(1, 32)).rstrip()


class MonthLine(NamedTuple):
    """A month: its name, and a mark for each of its days; what lies outside the diary is empty."""

    name: str
    marks: tuple[str, ...]

    @property
    def run(self) -> str:
        """The marks as one run of letters, three places a day, under `HEAD`."""
        return "".join(mark.ljust(_WIDE) for mark in self.marks).rstrip()


def month_lines(account: Account) -> tuple[MonthLine, ...]:
    """Each month that the diary touches, the latest first."""
    months: dict[date, dict[int, str]] = {}
    for mark in account.all_days:
        months.setdefault(mark.date.replace(day=1), {})[mark.date.day] = _letter(mark)
    return tuple(_line(first, months[first]) for first in sorted(months, reverse=True))


def _line(first: date, marks: dict[int, str]) -> MonthLine:
    length = calendar.monthrange(first.year, first.month)[1]
    return MonthLine(words.day(first).split(" ", 1)[1], tuple(marks.get(day, "") for day in range(1, length + 1)))


def _letter(mark: DayMark) -> str:
    return f"{LETTERS[mark.level]}{'.' if mark.recalled else ''}"
