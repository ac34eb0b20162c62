"""What one day record answers: had, clear or unknown.

None means that the record does not say; it never becomes a clear day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from cleardays.clock import local_day
from cleardays.diary.records import CLEAR, DayRecord
from cleardays.diary.rules import day_rules


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


ANSWERS: dict[str, Callable[[DayRecord], bool | None]] = {
    "headache_day": _headache,
    "aura_day": lambda record: record.aura,
    "acute_med_day": _acute_medicine,
    "use_day": lambda record: record.use_day,
}
# Counted on the page beside the outcomes; plain answers, not classified days.
ITEMS: dict[str, Callable[[DayRecord], bool | None]] = {
    "headache": _headache,
    "own_migraine": _own_migraine,
    "moderate_or_severe": _moderate_or_severe,
    "acute_medicine": _acute_medicine,
    "lost_function": _lost_function,
}


def day_state(record: DayRecord, question: str) -> bool | None:
    """The state of one reported day for an outcome or item."""
    return (ANSWERS.get(question) or ITEMS[question])(record)


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
