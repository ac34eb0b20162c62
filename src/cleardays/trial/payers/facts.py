"""What a pack is held against: the diary's days, the ledger of preventives, sessions, scores, and what somebody said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from cleardays.diary.answers import recalled
from cleardays.diary.beside import Beside
from cleardays.diary.classified import ClassifiedDays, classify_told
from cleardays.diary.entries import Score
from cleardays.diary.known import entries_read
from cleardays.diary.records import Diary
from cleardays.diary.told import told
from cleardays.diary.window_extras import extras_of
from cleardays.trial.ledger.tried import Tried, known_as
from cleardays.trial.payers.days import Days
from cleardays.trial.preventives import ledger_of
from cleardays.trial.sessions_held import sessions_held
from cleardays.trial.sessions_of_story import diary_with_sessions
from cleardays.trial.story.baseline import Baseline
from cleardays.trial.story.diary_told import DAY_TOLD, WITHDRAWN, entry_key
from cleardays.trial.story.events import Event
from cleardays.trial.story.steps import trial_of
from cleardays.trial.story.story import Story

_GRADES = ("none", "mild", "moderate", "severe")
_FLAGS = {
    "headache_day": "headache_day",
    "migraine_day": "migraine_day.leiden",
    "headache_day_4h": "headache_day_4h",
    "acute_med_day": "acute_med_day",
}
METRICS = (*_FLAGS, "mod_sev_day", "residual_day", "lost_function_day")


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one pack may ask. `start` is the first day of treatment, None where none is set.

    `sessions_told` False: nobody told of any, the start alone counts as one. `said` answers the questions of a pack by
    the ids of its rules; what is not in it was not said.
    """

    treatment: str
    classes: tuple[str, ...]
    start: date | None
    as_of: date
    days: Days
    diary_days: tuple[date, date] | None
    ledger: tuple[Tried, ...] = ()
    sessions: tuple[date, ...] = ()
    sessions_told: bool = False
    scores: tuple[Score, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    said: Mapping[str, bool] = field(default_factory=dict)
    intake: ClassifiedDays | None = None

    @property
    def begun(self) -> bool:
        """Whether treatment has begun by the last day that is read."""
        return self.start is not None and self.start <= self.as_of

    @property
    def treated_days(self) -> int:
        """Days of treatment up to the last day that is read; 0 before it begins."""
        return (self.as_of - self.start).days + 1 if self.start is not None and self.begun else 0


def facts_of(
    diary: Diary,
    treatment: str,
    start: date | None,
    as_of: date,
    *,
    ledger: Sequence[Tried] = (),
    said: Mapping[str, bool] | None = None,
    edits: Mapping[date, date] | None = None,
    baselines: Sequence[Baseline] = (),
) -> Facts:
    """Read a diary for a pack.

    Args:
        diary: it may hold no day at all.
        treatment: its name; `ledger` may hold its own course too.
        start: first day of treatment, None where none is set.
        as_of: the last day that is read; nothing later, and nothing reported later, is.
        ledger: preventives that were tried.
        said: answers to the questions of a pack, by the id of the rule.
        edits: days that were changed later (`edits_of`), None where nobody keeps that.
        baselines: those that were fixed.
    """
    known_by = _until(diary, as_of)
    days, intake = _read(known_by, as_of, edits)
    name, classes = known_as(treatment)
    held = () if start is None or start > as_of else sessions_held(known_by, treatment, start, as_of)
    inside = [record.date for record in known_by.records]
    return Facts(
        name,
        classes,
        start,
        as_of,
        days,
        (min(inside), max(inside)) if inside else None,
        tuple(sorted(ledger, key=lambda each: (each.first or date.min, each.treatment))),
        tuple(each.on for each in held if each.told),
        any(not each.by_start for each in held if each.told),
        tuple(sorted(known_by.beside.scores, key=lambda score: (score.date, score.instrument))),
        tuple(baselines),
        dict(said or {}),
        intake,
    )


def facts_of_story(
    story: Story, trial: str, as_of: date, *, said: Mapping[str, bool] | None = None, edits: Mapping[date, date] | None = None
) -> Facts:
    """Read a trial of a person's story for a pack: its diary, its ledger, its baselines.

    Args:
        story: everything that was told.
        trial: the name of the trial.
        as_of: the last day that is read.
        said: answers to the questions of a pack.
        edits: days that were changed later, by `edits_of` of the story's events.

    Raises:
        BadInput: there is no such trial, or its doses do not fit its plan.
    """
    of = trial_of(story, trial)
    begun = of.begun_on if of.begun_on is not None and of.begun_on <= as_of else None
    return facts_of(
        diary_with_sessions(story, of),
        of.treatment,
        begun,
        as_of,
        ledger=ledger_of(story, as_of=as_of),
        said=said,
        edits=edits,
        baselines=story.baselines,
    )


def edits_of(events: Iterable[tuple[int, Event]]) -> dict[date, date]:
    """The days that were changed on a later day than they were first written, each with the day of its last change.

    A day that says the same again was not changed; one that was taken back was.
    """
    first: dict[date, tuple[Mapping[str, str], date]] = {}
    changed: dict[date, date] = {}
    for _, event in events:
        if event.kind not in (DAY_TOLD, WITHDRAWN) or (event.kind == WITHDRAWN and event.body.get("of") != DAY_TOLD):
            continue
        day, on = date.fromisoformat(entry_key(event, "entry")[1]), event.at.date()
        cells = event.body.get("cells", {})
        before, written = first.setdefault(day, (cells, on))
        if cells != before and on > written:
            changed[day] = on
        first[day] = cells, written
    return changed


def _until(diary: Diary, as_of: date) -> Diary:
    """The diary as it was known on a day."""
    beside = Beside(
        attacks=tuple(attack for attack in diary.beside.attacks if attack.date <= as_of),
        auras=tuple(aura for aura in diary.beside.auras if aura.date <= as_of),
        doses=tuple(dose for dose in diary.beside.doses if dose.date <= as_of),
        scores=tuple(score for score in diary.beside.scores if score.date <= as_of),
    )
    return replace(diary, records=entries_read(diary, as_of), beside=beside)


def _read(diary: Diary, as_of: date, edits: Mapping[date, date] | None) -> tuple[Days, ClassifiedDays | None]:
    if not diary.records and not diary.beside.attacks:
        nothing, none = np.zeros(1, dtype=np.int8), np.zeros(1, dtype=bool)
        return Days(as_of, dict.fromkeys((*METRICS, "logged"), nothing), none, none, none, edits, None), None
    of = told(diary)
    found = classify_told(of)
    extras = extras_of(diary, found, of)
    states = {metric: found.flags[flag] for metric, flag in _FLAGS.items()}
    grades = extras.grade
    moderate = np.where(np.isnan(grades), 0, np.where(grades >= _GRADES.index("moderate"), 1, -1)).astype(np.int8)
    moderate[found.flags["headache_day"] == -1] = -1
    # had where either was; not known where one is open and the other was not
    either = np.where((moderate == 1) | (states["migraine_day"] == 1), 1, np.minimum(moderate, states["migraine_day"]))
    open_ = (either != 1) & ((moderate == 0) | (states["migraine_day"] == 0))
    states |= {
        "mod_sev_day": moderate,
        "residual_day": np.where(open_, 0, either).astype(np.int8),
        "lost_function_day": extras.lost_function,
        "logged": np.where(found.logged, 1, 0).astype(np.int8),
    }
    late, dated = np.zeros((2, len(found.logged)), dtype=bool)
    for record in diary.records:
        at = (record.date - found.first_day).days
        late[at] = recalled(record, record.tz or diary.about.get("zone"))
        dated[at] = record.reported_at is not None or record.backfilled_days is not None
    began = None if extras.attacks is None else extras.began
    return Days(found.first_day, states, found.logged, late, dated, edits, began), found
