"""A diary as it was known on a day: nothing of a later day, nothing that was reported later; each part worked out once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from cleardays.diary.answers import reported_on
from cleardays.diary.beside import Beside
from cleardays.diary.records import DayRecord, Diary

if TYPE_CHECKING:
    from cleardays.diary.classified import ClassifiedDays
    from cleardays.diary.told import Told


def entries_read(diary: Diary, as_of: date | None) -> tuple[DayRecord, ...]:
    """The entries about days up to `as_of` that had been reported by then; all of them without it."""
    if as_of is None:
        return diary.records
    zone = diary.about.get("zone")
    return tuple(r for r in diary.records if r.date <= as_of and reported_on(r, zone) <= as_of)


def read_until(diary: Diary, as_of: date | None) -> Diary:
    """The diary as it was known on a day: no later day, no entry that was reported later; the diary itself without a day."""
    if as_of is None:
        return diary
    beside = Beside(
        attacks=tuple(attack for attack in diary.beside.attacks if attack.date <= as_of),
        auras=tuple(aura for aura in diary.beside.auras if aura.date <= as_of),
        doses=tuple(dose for dose in diary.beside.doses if dose.date <= as_of),
        events=tuple(event for event in diary.beside.events if event.date <= as_of),
        scores=tuple(score for score in diary.beside.scores if score.date <= as_of),
        plan=diary.beside.plan,
    )
    return replace(diary, records=entries_read(diary, as_of), beside=beside)


class Known:
    """What was known of a diary on a day, for whoever asks several questions of it; what nobody asks for is not worked out.

    Args:
        diary: the reported days.
        as_of: the day; without one, all that was ever told.
    """

    def __init__(self, diary: Diary, as_of: date | None = None) -> None:
        self.whole, self.as_of = diary, as_of

    @cached_property
    def records(self) -> tuple[DayRecord, ...]:
        """The entries that had been reported."""
        return entries_read(self.whole, self.as_of)

    @cached_property
    def diary(self) -> Diary:
        """The diary up to that day."""
        return read_until(self.whole, self.as_of)

    @cached_property
    def told(self) -> Told:
        """The same, sorted by day."""
        from cleardays.diary.told import told  # as below

        return told(self.diary)

    @cached_property
    def days(self) -> ClassifiedDays:
        """The same, classified by all criteria."""
        from cleardays.diary.classified import classify_told  # most questions need none of it

        return classify_told(self.told)
