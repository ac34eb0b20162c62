"""The whole plan of a person in one view on a day: every open trial, everything beside it, and what belongs together.

Composed from a story; nothing is decided here. What nobody was asked is said to be not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from cleardays.diary.entries import Event
from cleardays.diary.known import entries_read
from cleardays.diary.records import Diary
from cleardays.diary.red_flags import RedFlag, red_flags
from cleardays.plan.care import Attendance
from cleardays.texts import clean
from cleardays.trial.acute_use import AcuteUse, acute_use
from cleardays.trial.avenues import Avenues, avenues, care_told
from cleardays.trial.dose_levels import level_rules
from cleardays.trial.dose_response import is_simulated
from cleardays.trial.goals import counted_answers
from cleardays.trial.medicines_taken import Concern, Medicines, concerns_between, medicines_taken
from cleardays.trial.revisions import Revision, revisions
from cleardays.trial.story import intake_told, phases
from cleardays.trial.story.goals_told import Goal, GoalAnswer
from cleardays.trial.story.intake_told import PartTold
from cleardays.trial.story.safety_told import Flag
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.story.versions import standing
from cleardays.trial.told_treatments import key
from cleardays.trial.whole_trial import OpenTrial, open_trial_on

_SHOWN = ("emergency", "soon")
_LONGEST = 200
_MEDICINES, _COMPLEMENTARY = "medicines", "complementary"


class CareNow(NamedTuple):
    """A part of care of a plan: how often it was due and who came, and the last day on which the diary tells of it."""

    attendance: Attendance
    last: date | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        each = self.attendance
        counts = {"due": each.due, "came": each.came, "missed": each.missed, "unlogged": each.unlogged}
        return {**each.part.document(), **counts, "last_told": None if self.last is None else self.last.isoformat()}


class CareTold(NamedTuple):
    """Care that the diary or the intake tells of, and no plan holds: when last, and how often the person came lately."""

    what: str
    last: date | None
    came: int
    missed: int
    words: str | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "last": None if self.last is None else self.last.isoformat()}


class GoalNow(NamedTuple):
    """A goal of the person, since when it stands, and what was last said of it in a review (None: nothing yet).

    `counted` is what the diary says of the 28 days up to now, of a goal that it can count.
    """

    name: str
    goal: Goal
    since: date
    answer: GoalAnswer | None
    answered_on: date | None
    answered_in: str | None
    counted: GoalAnswer | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "name": self.name,
            **self.goal._asdict(),
            "since": self.since.isoformat(),
            "answer": None if self.answer is None else self.answer.document(),
            "answered_on": None if self.answered_on is None else self.answered_on.isoformat(),
            "trial": self.answered_in,
            "counted_now": None if self.counted is None else self.counted.document(),
        }


class WholePlan(NamedTuple):
    """All of it. `between` is what the screens of the open treatments say of one another."""

    person: str
    on: date
    trials: tuple[OpenTrial, ...]
    ended: tuple[Trial, ...]
    between: tuple[Concern, ...]
    medicines: Medicines
    acute: AcuteUse
    care: tuple[CareNow, ...]
    care_told: tuple[CareTold, ...]
    care_asked: bool
    avenues: Avenues
    goals: tuple[GoalNow, ...]
    flags: tuple[RedFlag, ...]
    open_flags: tuple[Flag, ...]
    clinicians: tuple[str, ...]
    revisions: tuple[Revision, ...]
    simulated: bool = False

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "person": self.person,
            "on": self.on.isoformat(),
            "simulated": self.simulated,
            "trials": [each.document() for each in self.trials],
            "ended": [_ended(each) for each in self.ended],
            "between_the_treatments": [each.document() for each in self.between],
            "medicines": self.medicines.document(),
            "acute_use": self.acute.document(),
            "care": [each.document() for each in self.care],
            "care_told": [each.document() for each in self.care_told],
            "complementary_asked": self.care_asked,
            "avenues": self.avenues.document(),
            "goals": [each.document() for each in self.goals],
            "warning_signs": [_flag(each) for each in self.flags],
            "open_warning_signs": [each.document() for each in self.open_flags],
            "clinicians": list(self.clinicians),
            "revisions": [each.document() for each in self.revisions],
        }


def whole_plan(story: Story, on: date) -> WholePlan:
    """The whole plan of a person on a day.

    Args:
        story: everything that was told.
        on: the day. Of the diary, nothing about later days is read; trials opened later are left out.
    """
    known = [trial for trial in story.trials.values() if trial.opened_on <= on]
    ended = tuple(trial for trial in known if trial.phase == phases.ENDED)
    trials = tuple(open_trial_on(trial, story.diary, on) for trial in known if trial.phase != phases.ENDED)
    intake = standing(story.told.intake)
    care = _once(each for trial in trials if trial.follow is not None for each in trial.follow.care)
    return WholePlan(
        person=clean(story.person, _LONGEST),
        on=on,
        trials=trials,
        ended=ended,
        between=concerns_between(trials, on),
        medicines=medicines_taken(trials, ended, intake.get(_MEDICINES), story.diary, on),
        acute=acute_use(story.diary, on),
        care=tuple(CareNow(each, _last_told(story.diary, each, on)) for each in care),
        care_told=tuple(_told_care(story.diary, intake.get(_COMPLEMENTARY), care, on)),
        care_asked=_COMPLEMENTARY in intake and intake[_COMPLEMENTARY].answer in (intake_told.TOLD, intake_told.NONE),
        avenues=avenues(story, trials, on),
        goals=tuple(_goals(story, on)),
        flags=_flags(story.diary, on),
        open_flags=tuple(each for each in story.told.flags.values() if each.open and each.on <= on),
        clinicians=_clinicians(trials),
        revisions=tuple(sorted(_revisions(trials, ended), key=lambda each: each.on)),
        simulated=is_simulated(story),
    )


# ---- care


def _once(found: Iterable[Attendance]) -> tuple[Attendance, ...]:
    """A part that several plans hold stands once."""
    by_part = {(each.part.kind, key(each.part.what), each.part.on, each.part.every_days): each for each in found}
    return tuple(by_part.values())


def _last_told(diary: Diary, of: Attendance, on: date) -> date | None:
    """The last day on which somebody came, due or not."""
    names = {key(of.part.what), key(of.part.kind)}
    came = [event.date for at, each in care_told(diary.beside.events, on).items() if at in names for event in each
            if event.attended]  # fmt: skip
    return max(came, default=None)


def _told_care(diary: Diary, intake: PartTold | None, care: Sequence[Attendance], on: date) -> Iterator[CareTold]:
    """What no plan holds: care in the diary, and what the intake names."""
    since = on - timedelta(days=int(level_rules()["ahead"]["lately"]))
    planned = {name for each in care for name in (key(each.part.what), key(each.part.kind))}
    told = {at: events for at, events in care_told(diary.beside.events, on).items() if at not in planned}
    for events in told.values():
        yield _of_events(events, since)
    for entry in () if intake is None else intake.entries:
        if key(entry["what"]) not in {*told, *planned}:
            yield CareTold(clean(entry["what"], _LONGEST), None, 0, 0, entry.get("words"))


def _of_events(events: Sequence[Event], since: date) -> CareTold:
    lately = [event for event in events if event.date >= since]
    came, missed = (sum(event.attended is word for event in lately) for word in (True, False))
    return CareTold(clean(events[-1].term, _LONGEST), events[-1].date, came, missed)


# ---- goals, signs, people


def _goals(story: Story, on: date) -> Iterator[GoalNow]:
    counted = {each.entry: each for each in counted_answers(story, on)}
    for name, goal in standing(story.told.goals).items():
        since = story.told.goals[name][-1].at.date()
        answer, answered_on, trial = _last_answer(story.trials, name, on) or (None, None, None)
        yield GoalNow(name, goal, since, answer, answered_on, trial, counted.get(name))


def _last_answer(trials: Mapping[str, Trial], name: str, on: date) -> tuple[GoalAnswer, date, str] | None:
    """The last answer of a review or a decision to one goal."""
    found = list[tuple[date, GoalAnswer, str]]()
    for trial in trials.values():
        told = [*((each.as_of, each.goals) for each in trial.answers), *((each.on, each.goals) for each in trial.decisions)]
        found += [(day, each, trial.id) for day, goals in told if day <= on for each in goals if each.entry == name]
    if not found:
        return None
    day, answer, trial_id = max(found, key=lambda each: each[0])
    return answer, day, trial_id


def _flags(diary: Diary, on: date) -> tuple[RedFlag, ...]:
    """What the diary shows lately that needs help now or soon, and nobody answered."""
    if not diary.records and not diary.beside.attacks:
        return ()
    beside, since = diary.beside, on - timedelta(days=int(level_rules()["ahead"]["lately"]))
    inside: dict[str, Any] = {
        name: tuple(each for each in getattr(beside, name) if each.date <= on)
        for name in ("attacks", "auras", "doses", "events")
    }
    until = replace(diary, records=entries_read(diary, on), beside=replace(beside, **inside))
    if not until.records and not until.beside.attacks:
        return ()
    return tuple(flag for flag in red_flags(until) if flag.tier in _SHOWN and flag.open and since <= flag.on <= on)


def _clinicians(trials: Sequence[OpenTrial]) -> tuple[str, ...]:
    """Whose word the open plans rest on, the latest first."""
    named = [each.trial.confirmed.confirmed_by for each in trials if each.trial.confirmed is not None]
    named += [decision.by for each in trials for decision in reversed(each.trial.decisions)]
    return tuple(dict.fromkeys(clean(name, _LONGEST) for name in named if name))


def _revisions(trials: Sequence[OpenTrial], ended: Sequence[Trial]) -> Iterator[Revision]:
    for each in trials:
        yield from revisions(each.trial, each.file)
    for trial in ended:
        yield from revisions(trial, None if trial.plan is None else trial.plan.file)


def _ended(trial: Trial) -> dict[str, object]:
    days = {name: None if (day := getattr(trial, name)) is None else day.isoformat() for name in ("begun_on", "ended_on")}
    why = trial.reason_ended
    return {
        "id": trial.id,
        "treatment": trial.treatment,
        "indication": trial.indication,
        **days,
        "ending": trial.ending,
        "why": why,
    }


def _flag(flag: RedFlag) -> dict[str, object]:
    return {**flag._asdict(), "on": flag.on.isoformat(), "source": list(flag.source)}
