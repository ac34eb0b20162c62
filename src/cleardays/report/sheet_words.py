"""How days in a row, several days and treatments read on the pages of a trial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from cleardays.report import words
from cleardays.report.treatment_page_words import in_sentence
from cleardays.texts import clean

_DAY = timedelta(days=1)
DASH = "\N{EN DASH}"
LONGEST_NAME = 60
_LONGEST_TREATMENT = 40


def name_of(text: str, longest: int = _LONGEST_TREATMENT) -> str:
    """A treatment as a row can hold it, with a capital first letter."""
    return words.sentence(clean(in_sentence(text), longest))


def span(first: date, last: date) -> str:
    """Two days, the first without its year where both have the same.

    >>> span(date(2026, 3, 2), date(2026, 4, 26)), span(date(2025, 12, 1), date(2026, 1, 3))
    ('2 Mar to 26 Apr 2026', '1 Dec 2025 to 3 Jan 2026')
    """
    return f"{words.day(first, year=first.year != last.year)} to {words.day(last)}"


def listed(days: Iterable[date]) -> str:
    """Days month by month, those in a row joined.

    >>> listed([date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 7), date(2026, 4, 1)])
    '3, 5–7 Mar 2026; 1 Apr 2026'
    >>> listed([])
    'none'
    """
    months: dict[tuple[int, int], list[str]] = {}
    for first, last in _runs(sorted(days)):
        months.setdefault((first.year, first.month), []).append(
            str(first.day) if first == last else f"{first.day}{DASH}{last.day}"
        )
    said = (f"{', '.join(found)} {words.day(date(year, month, 1)).split(' ', 1)[1]}" for (year, month), found in months.items())
    return "; ".join(said) or "none"


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """First and last of days in a row, no run reaching over the end of a month."""
    start = 0
    for at, day in enumerate(days):
        after = days[at + 1] if at + 1 < len(days) else None
        if after != day + _DAY or (after is not None and after.month != day.month):
            yield days[start], day
            start = at + 1
