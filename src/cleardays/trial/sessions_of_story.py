"""The sessions that practitioners recorded in a story, as the records of a review and as doses beside the diary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from cleardays.diary.entries import TAKEN, DoseEntry
from cleardays.diary.records import Diary
from cleardays.plan.injection_record import SessionRecord as Injections
from cleardays.plan.session_record import SessionRecord
from cleardays.plan.units import unit_of
from cleardays.trial.ledger.tried import known_as
from cleardays.trial.story.sessions_told import HeldSession
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.story.versions import standing

_GIVEN, _SESSION = "given", "session"


def records_of(story: Story, trial: Trial) -> tuple[SessionRecord, ...]:
    """The records of a trial's supervised sessions, in order."""
    return tuple(record for held in _of(story, trial) if isinstance(record := held.file, SessionRecord))


def diary_with_sessions(story: Story, trial: Trial, *, records_too: bool = True) -> Diary:
    """The diary, with each recorded session of a trial as a dose that was given, where the diary does not tell of one.

    Args:
        story: whose.
        trial: which.
        records_too: with supervised sessions too; False leaves them to those who read the records themselves.
    """
    beside = story.diary.beside
    there = {dose.date for dose in beside.doses if dose.state in TAKEN and _names(dose) == trial.treatment}
    new = tuple(_doses(story, trial, there, records_too=records_too))
    return replace(story.diary, beside=replace(beside, doses=(*beside.doses, *new))) if new else story.diary


def _doses(story: Story, trial: Trial, there: set[date], *, records_too: bool) -> Iterator[DoseEntry]:
    for held in _of(story, trial):
        record = held.file
        if held.on in there or (isinstance(record, SessionRecord) and not records_too):
            continue
        bare = DoseEntry(date=held.on, kind=_SESSION, drug=trial.treatment, state=_GIVEN)
        # What a supervised session gave stands in its record, by minutes and routes; it has no one amount.
        if isinstance(record, Injections) and _as_planned(trial, record.unit):
            bare = replace(bare, amount=record.units, unit=record.unit)
        yield bare


def _as_planned(trial: Trial, unit: str) -> bool:
    """Whether the plan counts in this unit; units of one product are no units of another."""
    sessions = () if trial.plan is None else trial.plan.document["sessions"]
    return any(row["unit"] is not None and unit_of(row["unit"]) == unit_of(unit) for row in sessions)


def _of(story: Story, trial: Trial) -> list[HeldSession]:
    """Those of this trial, one a day, the last that was told: each names it, or names none and is of the same treatment."""
    sessions = standing(story.told.sessions).values()
    own = [held for held in sessions if held.trial == trial.id or (held.trial is None and _treatment(held) == trial.treatment)]
    by_day = {held.on: held for held in own}
    return [by_day[on] for on in sorted(by_day)]


def _treatment(held: HeldSession) -> str:
    return known_as(str(held.record.get("treatment") or held.record.get("product") or ""))[0]


def _names(dose: DoseEntry) -> str:
    return known_as(dose.drug or dose.name or "")[0]
