"""A baseline: how it was before, fixed once. What is told later of those days never changes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from cleardays.diary.answers import recalled
from cleardays.diary.outcomes import AMOUNTS, amount_series, day_series
from cleardays.diary.own_csv import write_days
from cleardays.diary.records import Diary
from cleardays.diary.series import DaySeries
from cleardays.diary.windows import count_window
from cleardays.problems import BadInput, Problem
from cleardays.response.fit import BASELINE_DAYS

ANY_PREVENTIVE, THIS_TREATMENT = "any preventive", "this treatment"
PRECEDES = (ANY_PREVENTIVE, THIS_TREATMENT)
LIVE, RECALLED, MIXED, NOTHING = "live", "recalled", "live and recalled", "nothing known"
CHART = "chart"


class Counted(NamedTuple):
    """What the baseline counted of one outcome: days had of days known; per 28 days where enough were known.

    `mean` is the mean amount of the days whose amount is known, of an outcome that comes in amounts (craving, drinks).
    """

    outcome: str
    had: int
    known: int
    per_28: float | None
    mean: float | None = None


class Baseline(NamedTuple):
    """The days before something, as they were known on the day it was fixed.

    `precedes` is what it comes before: any preventive at all, or this treatment. `method` says how the days
    came to be known. `digest` is of the day records it counted: what the diary says of these days now can be
    held against it.
    """

    precedes: str
    treatment: str | None
    first: date
    last: date
    days: int
    known: int
    recalled: int
    method: str
    counted: tuple[Counted, ...]
    fixed_at: datetime
    digest: str

    def document(self) -> dict[str, object]:
        """As it stands in an event and in JSON output."""
        return {
            **self._asdict(),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "fixed_at": self.fixed_at.isoformat(),
            "counted": [each._asdict() for each in self.counted],
        }

    def of(self, outcome: str) -> Counted | None:
        """What it counted of one outcome; None where it did not."""
        return next((each for each in self.counted if each.outcome == outcome), None)


def fix_baseline(
    diary: Diary,
    before: date,
    *,
    outcomes: tuple[str, ...],
    at: datetime,
    treatment: str | None = None,
    precedes: str = THIS_TREATMENT,
    method: str | None = None,
) -> Baseline:
    """Count the days before a treatment begins, at most the last 84 known of them, and keep the count.

    Args:
        diary: as it is known at that instant.
        before: the first day of the treatment; the baseline ends the day before.
        outcomes: what to count.
        at: the instant it is fixed.
        treatment: the treatment it precedes.
        precedes: "any preventive" or "this treatment".
        method: how the days came to be known, where the entries do not tell it ("chart").
    """
    stretches = {outcome: _stretch(diary, outcome, before) for outcome in outcomes}
    found = [count_window(days) for days in stretches.values() if days is not None]
    last = before - timedelta(days=1)
    first = min((window.start for window in found), default=last)
    inside = [record for record in diary.records if first <= record.date <= last]
    late = sum(recalled(record, record.tz or diary.about.get("zone")) for record in inside)
    return Baseline(
        precedes,
        treatment,
        first,
        last,
        (last - first).days + 1,
        max((window.n_logged for window in found), default=0),
        late,
        method or _method(len(inside), late),
        tuple(_counted(diary, outcome, days) for outcome, days in stretches.items()),
        at,
        digest_of(diary, first, last),
    )


def read_baseline(document: Mapping[str, Any], where: str) -> Baseline:
    """A baseline from its document.

    Raises:
        BadInput: something is missing or is not what it should be.
    """
    try:
        return Baseline(
            **{
                **document,
                "first": date.fromisoformat(document["first"]),
                "last": date.fromisoformat(document["last"]),
                "fixed_at": datetime.fromisoformat(document["fixed_at"]),
                "counted": tuple(Counted(**each) for each in document["counted"]),
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        what = f"it is no baseline ({error})."
        raise BadInput(Problem(where, what, "Take it as fix_baseline made it.")) from None


def digest_of(diary: Diary, first: date, last: date) -> str:
    """Of the day records between two days, as their table has them."""
    inside = tuple(record for record in diary.records if first <= record.date <= last)
    return sha256(write_days(Diary(inside)).encode()).hexdigest()


def _stretch(diary: Diary, outcome: str, before: date) -> DaySeries | None:
    """The days before that hold the last known ones; None where none is known."""
    if not diary.records:
        return None
    days = amount_series(diary, outcome).days if outcome in AMOUNTS else day_series(diary, outcome)
    return days.before(before, BASELINE_DAYS) if days.known and days.first_day < before else None


def _counted(diary: Diary, outcome: str, days: DaySeries | None) -> Counted:
    if days is None:
        return Counted(outcome, 0, 0, None)
    window, mean = count_window(days), None
    if outcome in AMOUNTS:
        amounts = amount_series(diary, outcome)
        first = (window.start - amounts.first_day).days
        told = [value for value in amounts.values[first : first + window.n_days] if value is not None]
        mean = sum(told) / len(told) if told else None
    return Counted(outcome, window.hd, window.n_logged, window.hd28, mean)


def _method(known: int, late: int) -> str:
    if not known:
        return NOTHING
    return LIVE if not late else RECALLED if late == known else MIXED
