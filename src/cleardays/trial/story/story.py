"""A person's story, folded from its events: the diary as it stands, the trials, and what was told beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile

from cleardays.diary.records import Diary
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.story import diary_told, goals_told, kinds, person_told, phases, sessions_told, trials
from cleardays.trial.story.baseline import Baseline
from cleardays.trial.story.diary_told import Cells, Key
from cleardays.trial.story.events import Event
from cleardays.trial.story.goals_told import Goal
from cleardays.trial.story.kinds import KINDS, PERSON_KINDS
from cleardays.trial.story.person_told import PersonTold
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.story.versions import Versions

__all__ = ["KINDS", "Story", "fold", "require"]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that follows from a person's events. `seq` is the place of the last one, 0 of none."""

    person: str
    seq: int = 0
    trials: Mapping[str, Trial] = field(default_factory=dict)
    told: PersonTold = field(default_factory=PersonTold)
    diary: Diary = field(default_factory=lambda: Diary(()))
    entries: Mapping[Key, Cells] = field(default_factory=dict)

    @property
    def baselines(self) -> tuple[Baseline, ...]:
        """Every baseline that was fixed, those before a trial and those of no trial."""
        of_trials = (trial.baseline for trial in self.trials.values() if trial.baseline is not None)
        return (*self.told.baselines, *of_trials)


def fold(person: str, events: Iterable[tuple[int, Event]], *, until: datetime | None = None) -> Story:
    """The story of a row of events.

    Args:
        person: whose.
        events: with their places, in order.
        until: leave out what was written down after this instant, as if it were then. Where a clock went back, what
            came later counts as written down no earlier than what came before it.

    Raises:
        BadInput: a step that could not be taken; a store lets none in.
    """
    heard = list(events if until is None else takewhile(_known_by(until), events))
    told, found = PersonTold(), dict[str, Trial]()
    for seq, event in heard:
        if event.kind in phases.TRIAL_KINDS:
            found[event.trial or ""] = _trial(found, event, f"event {seq}")
        elif event.kind in PERSON_KINDS:
            told = person_told.hear(told, event, f"event {seq}")
    diary, entries = diary_told.fold_diary(heard)
    return Story(person, heard[-1][0] if heard else 0, found, told, diary, entries)


def _known_by(until: datetime) -> Callable[[tuple[int, Event]], bool]:
    """Whether a place in the row was reached by an instant: a step is never heard without those before it."""
    return lambda placed: placed[1].at <= until


def require(story: Story, event: Event, where: str = "event") -> Story:
    """The story with one more event, where it may be told; what a store asks before it keeps one.

    The diary of the result is the one of `story`: an entry is checked here, and read when the story is folded.

    Raises:
        BadInput: an unknown kind, a step that cannot be taken, a role that may not, a body that cannot be read.
    """
    if event.kind not in KINDS:
        raise BadInput(Problem(f"{where}, kind", f"{shown(event.kind)} is no kind of event.", "See docs/reference/events.md."))
    person_told.require_role(story.told, event, where)
    seq = story.seq + 1
    if event.kind in phases.TRIAL_KINDS:
        if event.kind in (phases.PLANNED, phases.CONFIRMED):
            trials.require_plan(event, where)
        elif event.kind == phases.BEGUN:
            trials.require_standing(story.trials.get(event.trial or ""), event, where)
        trial = _trial(story.trials, event, where)
        _require_goals(story.told.goals, trial, event, where)
        changed = {**story.trials, event.trial or "": trial}
        return Story(story.person, seq, changed, story.told, story.diary, story.entries)
    if event.kind in PERSON_KINDS:
        of = _known(story.trials, event, where) if event.trial is not None else None
        told = person_told.hear(story.told, event, where)
        if event.kind == kinds.SESSION_HELD:
            sessions_told.require_session(event, None if of is None else of.treatment, where)
        return Story(story.person, seq, story.trials, told, story.diary, story.entries)
    diary_told.require_entry(event, story.diary.about, where)
    return Story(story.person, seq, story.trials, story.told, story.diary, story.entries)


def _trial(known: Mapping[str, Trial], event: Event, where: str) -> Trial:
    if event.kind == phases.OPENED:
        return trials.open_trial(event, known, where)
    return trials.step(_known(known, event, where), event, where)


def _known(known: Mapping[str, Trial], event: Event, where: str) -> Trial:
    trial = known.get(event.trial or "")
    if trial is None:
        what = f"there is no trial {shown(event.trial or '')}."
        raise BadInput(Problem(f"{where}, trial", what, "Open it first, or name one that was opened."))
    return trial


def _require_goals(goals: Versions[Goal], trial: Trial, event: Event, where: str) -> None:
    """A decision to go on answers the person's goals, each that stands; a stop is never held up by one."""
    if event.kind == phases.ANSWERED:
        goals_told.require_known(goals, trial.answers[-1].goals, where)
    elif event.kind == phases.DECIDED:
        decision = trial.decisions[-1]
        goals_told.require_known(goals, decision.goals, where)
        if decision.decision != phases.STOP:
            goals_told.require_answered(goals, decision.goals, where)
