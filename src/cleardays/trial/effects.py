"""Side effects as they were told, each beside what was taken on that day: the treatment, and its dose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import NamedTuple

from cleardays.diary.entries import SEVERITIES, Event
from cleardays.plan.dose_log import DoseLog
from cleardays.plan.dose_table import log_of_diary
from cleardays.plan.intake import Intake, intakes
from cleardays.plan.planned_doses import held_on, versions
from cleardays.quantities import Dose
from cleardays.trial.ledger.tried import ONGOING, Tried, known_as
from cleardays.trial.preventives import followed, sum_of_day
from cleardays.trial.sessions_of_story import diary_with_sessions
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.story.versions import standing

TAKEN, LEFT_OUT, DUE, LAST, TOLD = "taken", "left out", "due, nothing told", "given before", "told of the time"
_EFFECT = "side_effect"
_NOT_OF_IT = ("condition", "other")


class Running(NamedTuple):
    """What ran on a day: the dose of that day, and how it is known; of what is given at intervals, the last one and its day."""

    treatment: str
    trial: str | None
    dose: str | None
    how: str
    dose_on: date | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "dose_on": None if self.dose_on is None else self.dose_on.isoformat()}


class Effect(NamedTuple):
    """One side effect, and what ran on the day it began. `of` are the treatments it may be of; `named`: somebody said so."""

    event: Event
    began: date
    running: tuple[Running, ...]
    of: tuple[str, ...]
    named: bool

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        told = self.event
        return {
            "on": told.date.isoformat(),
            "began": self.began.isoformat(),
            "term": told.term,
            "severity": told.severity,
            "serious": told.serious,
            "attribution": told.attribution,
            "action": told.action,
            "helped": told.helped,
            "outcome": told.outcome,
            "running": [each.document() for each in self.running],
            "of": list(self.of),
            "named": self.named,
        }


class Profile(NamedTuple):
    """One effect of one treatment in this person: on how many days told, how bad at worst, at which doses it began."""

    treatment: str
    term: str
    times: int
    worst: str | None
    doses: tuple[str, ...]
    named: bool


def effects_of(story: Story, *, as_of: date) -> tuple[Effect, ...]:
    """Every side effect of the diary up to a day, the latest first.

    Raises:
        BadInput: the doses of the diary do not fit a plan.
    """
    events = [event for event in story.diary.beside.events if event.kind == _EFFECT and event.date <= as_of]
    regimens = [_OfTrial(story, trial, as_of) for trial in story.trials.values()] if events else []
    tried = tuple(standing(story.told.tried).values())
    found = [_effect(event, regimens, tried) for event in events]
    return tuple(sorted(found, key=lambda each: (-each.event.date.toordinal(), each.event.term)))


def running_on(story: Story, day: date) -> tuple[Running, ...]:
    """What ran on a day, by the trials and by what was told of earlier treatments.

    Raises:
        BadInput: the doses of the diary do not fit a plan.
    """
    regimens = [_OfTrial(story, trial, day) for trial in story.trials.values()]
    return tuple(_running(day, regimens, tuple(standing(story.told.tried).values())))


def profiles(effects: Iterable[Effect]) -> tuple[Profile, ...]:
    """The effects side by side, by treatment: the person's own, beside those of the catalogue."""
    groups: dict[tuple[str, str], list[Effect]] = {}
    for effect in effects:
        for treatment in effect.of:
            groups.setdefault((treatment, " ".join(effect.event.term.casefold().split())), []).append(effect)
    return tuple(_profile(*name, of) for name, of in sorted(groups.items()))


def _profile(treatment: str, term: str, of: list[Effect]) -> Profile:
    told = [each.event.severity for each in of if each.event.severity is not None]
    in_order = sorted(of, key=lambda each: each.began)
    running = [each for effect in in_order for each in effect.running if each.treatment == treatment]
    doses = tuple(dict.fromkeys(each.dose for each in running if each.dose is not None))
    worst = max(told, key=SEVERITIES.index) if told else None
    return Profile(treatment, term, len({each.event.date for each in of}), worst, doses, any(each.named for each in of))


def _effect(event: Event, regimens: list[_OfTrial], tried: tuple[Tried, ...]) -> Effect:
    began = event.since or event.date
    running = tuple(_running(began, regimens, tried))
    if event.drug:
        return Effect(event, began, running, (known_as(event.drug)[0],), named=True)
    none = event.attribution in _NOT_OF_IT
    return Effect(event, began, running, () if none else tuple(each.treatment for each in running), named=False)


def _running(day: date, regimens: list[_OfTrial], tried: tuple[Tried, ...]) -> Iterator[Running]:
    own = [found for regimen in regimens if (found := regimen.on(day)) is not None]
    yield from own
    for each in tried:
        since = each.first is not None and each.first <= day
        until = each.last >= day if each.last is not None else each.outcome == ONGOING
        if since and until and each.treatment not in {one.treatment for one in own}:
            yield Running(each.treatment, None, each.max_dose, TOLD, None)


class _OfTrial:
    """What one trial had due and told, by day; worked out once."""

    def __init__(self, story: Story, trial: Trial, until: date) -> None:
        self._story, self._trial = story, trial
        self._until = until if trial.ended_on is None else min(until, trial.ended_on)

    def on(self, day: date) -> Running | None:
        first = self._trial.begun_on
        if first is None or not first <= day <= self._until:
            return None
        last = max((on for on in self._by_day if on <= day), default=None)
        if last is None:
            return Running(self._trial.treatment, self._trial.id, None, DUE, None)
        if last != day and self._over(day):
            return None
        dose, how = _dose(self._by_day[last])
        given = how if last == day else LAST if how == TAKEN else how
        return Running(self._trial.treatment, self._trial.id, None if dose is None else str(dose), given, last)

    def _over(self, day: date) -> bool:
        """Whether the plan, where it goes by steps, had nothing due any more."""
        file = followed(self._trial)
        assert file is not None  # nothing is begun without a confirmed plan
        version = held_on(versions(file, day), day)
        return bool(version.steps) and version.due_step(day) is None

    @cached_property
    def _by_day(self) -> dict[date, list[Intake]]:
        file, by_day = followed(self._trial), dict[date, list[Intake]]()
        assert file is not None
        log = log_of_diary(diary_with_sessions(self._story, self._trial).beside.doses, self._trial.treatment)
        log = DoseLog(tuple(entry for entry in log.entries if entry.day <= self._until))
        for each in intakes(file, log, self._until, as_of=self._until)[0]:
            by_day.setdefault(each.dose.day, []).append(each)
        return by_day


def _dose(of: list[Intake]) -> tuple[Dose | None, str]:
    """The dose of one day: what was taken where anything was told of it, else what was due."""
    if all(each.unlogged for each in of):
        return sum_of_day(of, planned=True), DUE
    if not any(each.taken for each in of):
        return None, LEFT_OUT
    return sum_of_day(of), TAKEN
