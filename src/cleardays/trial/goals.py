"""The person's goals beside a trial: told before day one or after it, and what each review said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cleardays.clock import local_day, zone_named
from cleardays.diary.kleene import Tri, reaches
from cleardays.diary.outcomes import day_series
from cleardays.diary.records import Diary
from cleardays.problems import BadInput
from cleardays.trial.story.events import Actor
from cleardays.trial.story.goals_told import (
    CANNOT_TELL,
    NOT_REACHED,
    OF_DAYS,
    REACHED,
    Count,
    Goal,
    GoalAnswer,
)
from cleardays.trial.story.steps import trial_of
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.story.versions import Told, standing

BEFORE, CHANGED, AFTER, NOT_BEGUN = "before day one", "changed after day one", "after day one", "nothing begun yet"
_WORDS: dict[Tri, str] = {True: REACHED, False: NOT_REACHED, None: CANNOT_TELL}


class GoalBeside(NamedTuple):
    """A goal beside one trial. `when` says whether its words stood before the first dose; `answers` are those of reviews."""

    entry: str
    goal: Goal
    told_at: datetime
    by: Actor
    when: str
    answers: tuple[tuple[date, GoalAnswer], ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "entry": self.entry,
            **self.goal._asdict(),
            "told_at": self.told_at.isoformat(),
            "by": self.by.document(),
            "when": self.when,
            "answers": [{"on": on.isoformat(), **answer.document()} for on, answer in self.answers],
        }


def goals_beside(story: Story, trial: str) -> tuple[GoalBeside, ...]:
    """Every goal that stands, in the order in which they were told first.

    Raises:
        BadInput: there is no such trial.
    """
    of, found = trial_of(story, trial), list[GoalBeside]()
    for entry, goal in standing(story.told.goals).items():
        versions = story.told.goals[entry]
        first, last = versions[0], versions[-1]
        found.append(GoalBeside(entry, goal, first.at, last.by, _when(story, of, versions), _answers(of, entry)))
    return tuple(sorted(found, key=lambda each: (each.told_at, each.entry)))


def counted_answers(story: Story, as_of: date) -> tuple[GoalAnswer, ...]:
    """What the diary says of each standing goal that it can count, in the 28 days up to a day."""
    goals = {entry: goal for entry, goal in standing(story.told.goals).items() if goal.counted}
    diary = _of_late(story.diary, as_of) if goals else story.diary
    return tuple(_counted(entry, goal, diary, as_of) for entry, goal in goals.items())


def goals_to_ask(story: Story) -> tuple[tuple[str, Goal], ...]:
    """The standing goals that no diary can answer: the person is asked."""
    return tuple((entry, goal) for entry, goal in standing(story.told.goals).items() if not goal.counted)


def _of_late(diary: Diary, as_of: date) -> Diary:
    """The last days alone, and as many before them, so that an attack that runs into the first is whole."""
    since = as_of - timedelta(days=2 * OF_DAYS)
    beside = replace(
        diary.beside,
        attacks=tuple(row for row in diary.beside.attacks if row.date >= since),
        auras=tuple(row for row in diary.beside.auras if row.date >= since),
        doses=tuple(row for row in diary.beside.doses if row.date >= since),
    )
    records = tuple(record for record in diary.records if record.date >= since)
    return replace(diary, records=records, beside=beside)


def _counted(entry: str, goal: Goal, diary: Diary, as_of: date) -> GoalAnswer:
    first = as_of - timedelta(days=OF_DAYS - 1)
    try:
        days = day_series(diary, goal.outcome or "", as_of=as_of).between(first, as_of) if diary.records else None
    except BadInput:  # no entry by that day
        days = None
    had, known = (0, 0) if days is None else (days.had, days.known)
    unknown = OF_DAYS - known
    if goal.at_least is not None:
        met = reaches(had, unknown, goal.at_least)
    else:
        above = reaches(had, unknown, (goal.at_most or 0) + 1)
        met = None if above is None else not above
    return GoalAnswer(entry, _WORDS[met], None, Count(had, known, first, as_of))


def _when(story: Story, trial: Trial, versions: tuple[Told[Goal], ...]) -> str:
    if trial.begun_on is None:
        return NOT_BEGUN
    zone = zone_named(story.diary.about.get("zone", ""))
    days = [local_day(version.at, zone) for version in versions]
    if days[0] >= trial.begun_on:
        return AFTER
    return BEFORE if days[-1] < trial.begun_on else CHANGED


def _answers(trial: Trial, entry: str) -> tuple[tuple[date, GoalAnswer], ...]:
    """By review: what the decision knew of it, or the answer alone where nothing was decided yet."""
    told = [(answered.as_of, answered.goals) for answered in trial.answers]
    told += [(each.on if each.answered is None else each.answered.as_of, each.goals) for each in trial.decisions]
    found = {on: answer for on, answers in told for answer in answers if answer.entry == entry}
    return tuple(sorted(found.items(), key=lambda pair: pair[0]))
