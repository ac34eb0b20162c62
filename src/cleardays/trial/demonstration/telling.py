"""A simulated trial as it is told, event by event, by the person, the clinician and the software.

Each event is asked for as a store asks, so that a demonstration can do nothing that a real trial may not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from cleardays.clock import local_day, zone_named
from cleardays.plan.change_state import Change
from cleardays.plan.changes import change
from cleardays.plan.confirmation import confirm
from cleardays.plan.confirmed import to_answer_for
from cleardays.plan.journal import PlanFile
from cleardays.plan.planned_doses import full_dose
from cleardays.trial.demonstration import dosing, keeping
from cleardays.trial.demonstration.day_cells import day_cells
from cleardays.trial.demonstration.keeping import Entry, instant
from cleardays.trial.demonstration.life import Lived, live
from cleardays.trial.demonstration.truth import Case, SideEffect
from cleardays.trial.story import steps
from cleardays.trial.story.diary_told import ABOUT_TOLD
from cleardays.trial.story.events import CLINICIAN, PERSON, SOFTWARE, Actor, Event
from cleardays.trial.story.story import Story, fold, require
from cleardays.trial.story.trial_record import Trial

VISIT = time(10, 0)
_MINUTE = timedelta(minutes=1)
_WEIGHED = "Weighed with the person (simulated)."


class Telling:
    """What was told so far of one case, and how it goes on.

    Attributes:
        case: the truth.
        seed: fixes everything.
        events: what was told, in order.
        plan: as it stands.
        sessions: days on which one was held.
    """

    def __init__(self, case: Case, seed: int) -> None:
        self.case, self.seed = case, seed
        self.trial = case.id
        self.person, self.clinician = Actor(case.person, PERSON), Actor(case.clinician, CLINICIAN)
        self.events: list[Event] = []
        self.plan: PlanFile | None = None
        self.sessions: tuple[date, ...] = ()
        self._target: float | None = None
        self._asked = Story(case.person)
        self._until: datetime | None = None

    # ---- what is told

    def tell(self, event: Event) -> None:
        """One event more, where it may be told."""
        self._asked = require(self._asked, event)
        self.events.append(event)

    def story(self) -> Story:
        """Everything so far."""
        return fold(self.case.person, enumerate(self.events, 1))

    @property
    def of(self) -> Trial:
        """The trial as it stands."""
        return self._asked.trials[self.trial]

    def at(self, day: date, when: time = VISIT) -> datetime:
        """A time of the person's day."""
        return instant(self.case, day, when)

    def introduce(self, about: Mapping[str, str]) -> None:
        """What the diary says of itself."""
        self.tell(Event(ABOUT_TOLD, self.at(self.case.begins), self.person, {"about": dict(about)}))

    def write_until(self, until: datetime) -> None:
        """The diary as it was written up to an instant: days, doses, side effects, questionnaires, other care."""
        last = local_day(until, zone_named(self.case.zone))
        entries = [each for each in self._entries(last) if (self._until is None or each.at > self._until) and each.at <= until]
        for entry in sorted(entries, key=lambda each: each.at):
            self.tell(Event(entry.kind, entry.at, self.person, entry.body))
        self._until = until
        if entries:  # a diary is asked for what it says by now
            self._asked = self._asked_with(self.story())

    def _asked_with(self, story: Story) -> Story:
        return Story(story.person, story.seq, self._asked.trials, self._asked.told, story.diary, story.entries)

    def _entries(self, last: date) -> list[Entry]:
        case, days = self.case, (last - self.case.begins).days + 1
        taken = dosing.intakes(case, self.seed, self.plan, last)
        found = [*keeping.diary_entries(case, self.seed, day_cells(case, self.seed, self.lived(days)))]
        found += dosing.dose_entries(case, taken)
        found += [entry for effect in self.effects() for entry in keeping.effect_entries(case, effect)]
        found += [keeping.score_entry(case, score) for score in case.scores]
        return [*found, *(entry for care in case.care for entry in keeping.care_entries(case, self.seed, care, last))]

    def lived(self, days: int) -> Lived:
        """What was lived in so many days."""
        last = self.case.begins + timedelta(days=days - 1)
        taken = dosing.intakes(self.case, self.seed, self.plan, last)
        held = tuple(on for on in self.sessions if on <= last)
        return live(self.case, self.seed, days, dosing.shares(self.case, days, self._target, taken, held))

    def effects(self) -> tuple[SideEffect, ...]:
        """The side effects that come: one of a session only where that was held."""
        held = len(self.sessions)
        return tuple(each for each in self.case.side_effects if each.session is None or each.session <= held)

    # ---- the plan

    def propose(self, plan: PlanFile, at: datetime) -> None:
        """A version that nobody confirmed yet."""
        self.plan = plan
        self.tell(steps.planning(self.trial, _as_kept(plan), at=at, by=Actor("cleardays", SOFTWARE)))

    def confirm(self, at: datetime) -> None:
        """The clinician's word on the present version."""
        assert self.plan is not None
        accepted = dict.fromkeys(sorted(to_answer_for(self.plan.plan)), _WEIGHED)
        plan = confirm(self.plan, by=self.clinician.name, at=at, accepted=accepted)
        self.plan = plan._replace(calendar_id=self.calendar)
        self._target = self._target or _full(self.plan)
        self.tell(steps.planning(self.trial, _as_kept(self.plan), at=at, by=self.clinician))

    @property
    def calendar(self) -> str:
        """The name of the plan in calendars: always the same one for a case and a seed."""
        return f"51111111-0000-4000-8000-{self.seed:012x}"

    def change(self, kind: str, on: date, why: str, data: Mapping[str, Any], at: datetime) -> None:
        """A new version, drafted and confirmed."""
        assert self.plan is not None
        found = change(self.plan, Change(kind, on, why, self.clinician.name, dict(data)))
        self.propose(found, at)
        self.confirm(at + _MINUTE)


def _full(plan: PlanFile) -> float | None:
    """What is taken on a day at the target; None where nothing is taken day by day."""
    full = full_dose(plan)
    return None if full is None else float(full.daily)


def _as_kept(plan: PlanFile) -> PlanFile:
    """As a store gives it back: whatever JSON makes of it is what an event holds."""
    json.dumps(plan.document(), allow_nan=False)
    return plan
