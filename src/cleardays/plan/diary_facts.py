"""What a diary tells of a person's days with headache and with acute medicines."""

from __future__ import annotations

from typing import Any, NamedTuple

from cleardays.diary.measures import measure_windows
from cleardays.diary.records import Diary
from cleardays.plan.person import Person

_MONTH_PER_WINDOW = 28 / 30.4375
_WINDOW = 28
_DISAGREE = 2.0  # days in four weeks by which a memory may be off without a word


class FromDiary(NamedTuple):
    """A person with the counts of a diary, and where the diary and what was told differ."""

    person: Person
    conflicts: tuple[tuple[str, str], ...]


def with_diary(person: Person, diary: Diary) -> FromDiary:
    """The person with the counts of the last 28 days of the diary, the greater where both tell.

    Only a whole window counts, and what was not logged is not counted as clear: a
    headache count stands only where the window was logged well enough. What differs
    by more than a slip of memory is told as a question.
    """
    measured: list[dict[str, Any]] = measure_windows(diary, profile="leiden", kind="w28")
    windows = [window for window in measured if window["n_days"] == _WINDOW]
    if not windows:
        return FromDiary(person, ())
    last = windows[-1]
    found: dict[str, Any] = {}
    if last["quality"] == "complete":
        found["headache_days_per_28"] = float(last["hd"])
        if not last["md_open"]:
            found["migraine_days_per_28"] = float(last["md"])
    conflicts = [_conflict(key, value, getattr(person, key)) for key, value in found.items()]
    merged = {key: max(value, getattr(person, key) or 0.0) for key, value in found.items()}
    days = {name: float(count) for name, count in last["acute_days"].items() if count is not None}
    if any(days.values()):
        told = person.acute_days_per_28 or {}
        conflicts += [_conflict(f"acute_days_per_28.{name}", count, told.get(name)) for name, count in days.items()]
        merged["acute_days_per_28"] = {name: max(days.get(name, 0.0), told.get(name, 0.0)) for name in {*days, *told}}
        merged["months_at_this_use"] = max(_months(windows), person.months_at_this_use or 0.0)
    return FromDiary(person._replace(**merged), tuple(each for each in conflicts if each is not None))


def _conflict(name: str, in_diary: float, told: float | None) -> tuple[str, str] | None:
    if told is None or abs(in_diary - told) <= _DISAGREE:
        return None
    what = name.replace("_per_28", "").replace("_", " ").replace(".", ", ")
    return f"{name}.differs", f"The diary has {in_diary:g} {what} in four weeks, the person told {told:g}: which is right?"


def _months(windows: list[dict[str, Any]]) -> float:
    """For how long, at least, some class has been at its limit up to the last window."""
    count = 0
    for window in reversed(windows):
        if "yes" not in window["overuse_month"].values():
            break
        count += 1
    return count * _MONTH_PER_WINDOW
