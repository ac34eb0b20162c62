"""One open trial as it stands on a day: what holds, what is taken, what comes next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cleardays.diary.records import Diary
from cleardays.plan.change_state import RUNNING
from cleardays.plan.changes import state_of
from cleardays.plan.day_of_plan import Visit
from cleardays.plan.follow_up import FollowUp, follow_up
from cleardays.plan.journal import PlanFile
from cleardays.plan.monitoring import Check
from cleardays.sources import Reason
from cleardays.trial.dose_levels import level_rules
from cleardays.trial.story import phases
from cleardays.trial.story.trial_record import Trial

_DAY = timedelta(days=1)


class Due(NamedTuple):
    """A check with the days on which it is due, from the one that is asked about; none: at every contact, or all the time."""

    check: Check
    days: tuple[date, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self.check.document(), "days": [day.isoformat() for day in self.days]}


class OpenTrial(NamedTuple):
    """One trial with its plan (None: none was told yet) held against the diary, and what is to come.

    `stands_still` says why nothing is to be taken by this page although a plan is there; empty where nothing stands in the way.
    """

    trial: Trial
    file: PlanFile | None
    follow: FollowUp | None
    sessions: tuple[Visit, ...]
    checks: tuple[Due, ...]
    stands_still: tuple[Reason, ...] = ()

    @property
    def begun(self) -> bool:
        """Whether its first dose or session was told."""
        return self.trial.begun_on is not None

    @property
    def due_today(self) -> bool | None:
        """Whether something is to be taken on the day; None where somebody has to be asked before."""
        if self.follow is None:
            return False
        return None if self.stands_still else self.follow.today.due

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        trial, follow = self.trial, self.follow
        days = {name: None if (day := getattr(trial, name)) is None else day.isoformat() for name in ("begun_on", "review_on")}
        return {
            "id": trial.id,
            "treatment": trial.treatment,
            "indication": trial.indication,
            "why": trial.why,
            "phase": trial.phase,
            "opened_on": trial.opened_on.isoformat(),
            **days,
            "due_today": self.due_today,
            "stands_still": [each.document() for each in self.stands_still],
            "plan_version": None if self.file is None else self.file.version,
            "today": None if follow is None else follow.today.document(),
            "next_step": None if follow is None or follow.next_step is None else follow.next_step.document(),
            "sessions": [each.document() for each in self.sessions],
            "checks": [each.document() for each in self.checks],
            "alerts": [] if follow is None else [each.document() for each in follow.findings.alerts],
            "asked": [] if follow is None else [each.document() for each in follow.findings.asked],
        }


def open_trial_on(trial: Trial, diary: Diary, on: date) -> OpenTrial:
    """A trial that has not ended, on a day."""
    file = None if trial.plan is None else trial.plan.file
    if file is None:
        return OpenTrial(trial, None, None, (), ())
    follow = follow_up(file, diary, on)
    coming = tuple(sorted(each for each in follow.standing.visits if each.on >= on))
    return OpenTrial(trial, file, follow, coming, _checks(file, on), tuple(_still(trial, file, on)))


def _still(trial: Trial, file: PlanFile, on: date) -> list[Reason]:
    found = []
    if trial.begun_on is None and file.plan.start <= on:
        because = f"The first dose was planned for {file.plan.start}, and nobody told that it was taken. Ask before it is."
        found.append(Reason("trial.not-begun", because))
    stopped = [each for each in trial.decisions if each.decision == phases.STOP]
    if trial.phase == phases.TAPER and stopped and state_of(file).mode == RUNNING:
        last = stopped[-1]
        because = f"{last.by} decided on {last.on} to stop, and the plan has no way down yet. Ask before the next dose."
        found.append(Reason("trial.no-way-down", because))
    return found


def _checks(file: PlanFile, on: date) -> tuple[Due, ...]:
    """What is watched from a day on, the first due first; what has no day comes last."""
    last = on + timedelta(days=int(level_rules()["ahead"]["days"]))
    found = [Due(each, _days(each, on, last)) for each in file.plan.monitoring if each.until is None or each.until >= on]
    kept = [each for each in found if each.days or _goes_on(each.check, on)]
    return tuple(sorted(kept, key=lambda each: (not each.days, each.days[:1], each.check.on, each.check.what)))


def _goes_on(check: Check, on: date) -> bool:
    """Without a day of its own, and already to be looked at."""
    return check.every_days is None and check.on <= on


def _days(check: Check, on: date, last: date) -> tuple[date, ...]:
    """The days on which it is due from one day to another; of a stretch that is watched all the time none but its first."""
    if check.every_days is None or check.every_days == 1:
        return (check.on,) if on <= check.on <= last else ()
    ends = last if check.until is None else min(last, check.until)
    skip = max(0, -((check.on - on).days // check.every_days)) if check.on < on else 0
    day, found = check.on + skip * check.every_days * _DAY, list[date]()
    while day <= ends:
        found += [day] if day >= on else []
        day += check.every_days * _DAY
    return tuple(found)
