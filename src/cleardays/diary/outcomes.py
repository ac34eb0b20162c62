"""Outcomes of a day: had, clear or unknown.

Each outcome is a question to one day record. None means that the record does
not say; it never becomes a clear day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cleardays.clock import local_day
from cleardays.diary.records import CLEAR, LONGEST_SPAN_DAYS, DayRecord, Diary
from cleardays.diary.rules import day_rules
from cleardays.diary.series import DaySeries
from cleardays.problems import BadInput, Problem, shown


def _headache(record: DayRecord) -> bool | None:
    if record.headache is not None:
        return record.headache != CLEAR
    if record.pain_max or record.hours:
        return True
    return False if record.pain_max == 0 or record.hours == 0 else None


def _moderate_or_severe(record: DayRecord) -> bool | None:
    """Moderate or severe pain that day; a headache of unrecorded strength is unknown."""
    if record.headache in ("moderate", "severe"):
        return True
    if record.headache == "mild" or _headache(record) is False:
        return False
    return None if record.pain_max is None else record.pain_max > day_rules().mild_up_to


def _own_migraine(record: DayRecord) -> bool | None:
    """The person's own answer, nothing computed; a clear day that was not answered is none."""
    if record.migraine is None and _headache(record) is False:
        return False
    return {"yes": True, "no": False}.get(record.migraine or "")


def _acute_medicine(record: DayRecord) -> bool | None:
    if record.acute_doses is None and record.acute_classes is None:
        return None
    counted = [name for name in record.acute_classes or () if name != "antiemetic"]
    if record.acute_classes is not None and not counted:
        return False  # antiemetics are recorded but are no acute class
    return bool(record.acute_doses or counted)


def _lost_function(record: DayRecord) -> bool | None:
    return None if record.function is None else record.function >= day_rules().lost_function_from


OUTCOMES: dict[str, Callable[[DayRecord], bool | None]] = {
    "headache_day": _headache,
    "aura_day": lambda record: record.aura,
    "acute_med_day": _acute_medicine,
    "use_day": lambda record: record.use_day,
}
# Which columns answer an outcome, to be named where none does.
ANSWERED_BY = {
    "headache_day": "the column headache (or pain_max, or hours)",
    "aura_day": "the column aura",
    "acute_med_day": "the column acute_doses or acute_classes",
    "use_day": "the column use_day",
}
# Counted on the page beside the outcomes; plain answers, not classified days.
ITEMS: dict[str, Callable[[DayRecord], bool | None]] = {
    "headache": _headache,
    "own_migraine": _own_migraine,
    "moderate_or_severe": _moderate_or_severe,
    "acute_medicine": _acute_medicine,
    "lost_function": _lost_function,
}
_NOT_YET = ("migraine_day", "mod_sev_headache_day", "craving", "drinks")


def day_state(record: DayRecord, question: str) -> bool | None:
    """The state of one reported day for an outcome or item."""
    return (OUTCOMES.get(question) or ITEMS[question])(record)


def require_outcome(outcome: str) -> None:
    """Raise `BadInput` unless this outcome can be answered."""
    if outcome in OUTCOMES:
        return
    known = ", ".join(OUTCOMES)
    what = "is not counted by this version yet" if outcome in _NOT_YET else "is no outcome"
    raise BadInput(Problem("--outcome", f"{shown(outcome)} {what}.", f"Choose one of {known}."))


def recalled(record: DayRecord, zone: str | None) -> bool:
    """Whether the day was written down later than the end of the next local day."""
    behind = record.backfilled_days
    if behind is None and record.reported_at is not None:
        behind = (reported_on(record, zone) - record.date).days
    return behind is not None and behind > day_rules().late_after_days


def reported_on(record: DayRecord, zone: str | None) -> date:
    """The local day on which the day was reported; the day itself when that was not kept."""
    if record.reported_at is None:
        return record.date
    return local_day(record.reported_at, ZoneInfo(zone) if zone else None)


def entries_read(diary: Diary, as_of: date | None) -> tuple[DayRecord, ...]:
    """The entries about days up to `as_of` that had been reported by then; all of them without it."""
    if as_of is None:
        return diary.records
    zone = diary.about.get("zone")
    return tuple(r for r in diary.records if r.date <= as_of and reported_on(r, zone) <= as_of)


def day_series(diary: Diary, question: str, *, as_of: date | None = None) -> DaySeries:
    """One outcome or item from the first reported day to the last (or to `as_of`), day by day.

    With `as_of`, entries about later days and entries reported later are not
    read, and days up to it without an entry are unknown.

    Raises:
        BadInput: no entry on or before `as_of`.
    """
    zone = diary.about.get("zone")
    read = entries_read(diary, as_of)
    if not read:
        what = f"no entry on or before {as_of} had been reported by then"
        raise BadInput(Problem("--as-of", f"{what}.", f"The diary begins on {diary.records[0].date}."))
    first, last = read[0].date, as_of or read[-1].date
    if (last - first).days > LONGEST_SPAN_DAYS:
        raise BadInput(Problem("--as-of", f"{last} is more than a lifetime after {first}.", "Correct the year."))
    states: list[bool | None] = [None] * ((last - first).days + 1)
    late = [False] * len(states)
    for record in read:
        offset = (record.date - first) // timedelta(days=1)
        states[offset] = day_state(record, question)
        late[offset] = states[offset] is not None and recalled(record, zone)
    return DaySeries(question, first, tuple(states), tuple(late))
