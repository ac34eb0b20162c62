"""What a diary tells of a person's days with headache and with acute medicines."""

from __future__ import annotations

from typing import Any

from cleardays.diary.measures import measure_windows
from cleardays.diary.records import Diary
from cleardays.plan.person import Person

_MONTH_PER_WINDOW = 28 / 30.4375


def with_diary(person: Person, diary: Diary) -> Person:
    """The person with the counts of the last 28 days of the diary where nothing else was told.

    Only whole windows count, and what was not logged is not counted as clear: a
    headache count stands only where the window was logged well enough, and days of
    intake where the greater part of days say.
    """
    measured: list[dict[str, Any]] = measure_windows(diary, profile="leiden", kind="w28")
    windows = [window for window in measured if window["n_days"] == 28]
    if not windows:
        return person
    last = windows[-1]
    found: dict[str, Any] = {}
    if last["quality"] == "complete":
        found["headache_days_per_28"] = float(last["hd"])
        if not last["md_open"]:
            found["migraine_days_per_28"] = float(last["md"])
    days = {name: float(count) for name, count in last["acute_days"].items() if count is not None}
    if any(days.values()):
        found["acute_days_per_28"] = days
        found["months_at_this_use"] = _months(windows)
    return person._replace(**{key: value for key, value in found.items() if getattr(person, key) is None})


def _months(windows: list[dict[str, Any]]) -> float:
    """For how long, at least, some class has been at its limit up to the last window."""
    count = 0
    for window in reversed(windows):
        if "yes" not in window["overuse_month"].values():
            break
        count += 1
    return count * _MONTH_PER_WINDOW
