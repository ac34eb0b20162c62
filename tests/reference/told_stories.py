"""Events of a story as a person, a helper and a clinician tell them, and whole trials of several months."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from cleardays.diary.records import DayRecord, Diary
from cleardays.trial.story.baseline import fix_baseline
from cleardays.trial.story.diary_told import told_by
from cleardays.trial.story.events import CLINICIAN, HELPER, NURSE, PERSON, Actor, Event
from cleardays.trial.story.story import Story, fold, require
from reference.confirmed_plans import confirmed, drafted

MARA = Actor("Mara", PERSON)
JON = Actor("Jon", HELPER)
DR = Actor("Dr Ada Field", CLINICIAN)
NURSE_LEE = Actor("Lee Nowak", NURSE)
START = date(2026, 3, 2)


def at(day, hour=12, minute=0):
    return datetime.combine(day, time(hour, minute), UTC)


def event(kind, body, on=START, by=MARA, trial=None, hour=12):
    return Event(kind, at(on, hour), by, body, trial)


def told(events, person="mara"):
    """Each event asked for as a store does, and the story folded of all of them."""
    story = Story(person)
    for one in events:
        story = require(story, one)
    return fold(person, enumerate(events, 1))


def diary_events(diary, on=START):
    return [Event(kind, at(on, 6), MARA, body) for kind, body in told_by(diary)]


def diary_of(pattern, first, **beside):
    """A day for each mark: X headache, 0 clear, . unknown."""
    levels = {"X": "moderate", "0": "clear"}
    days = enumerate(pattern)
    return Diary(tuple(DayRecord(date=first + timedelta(days=n), headache=levels[m]) for n, m in days if m in levels), **beside)


def begun(name, treatment="lamotrigine", indication="migraine-with-aura", start=START, diary=None, file=None, **wish):
    """Everything up to the first dose; the plan is confirmed the day before."""
    file = file or confirmed(drafted(treatment, indication, start, **wish))
    before = start - timedelta(days=1)
    diary = diary or diary_of("X000" * 7, start - timedelta(days=28))
    baseline = fix_baseline(diary, start, outcomes=("headache_day",), at=at(before), treatment=treatment)

    def of(kind, body, by=MARA, on=before, hour=12):
        return event(kind, body, on=on, by=by, trial=name, hour=hour)

    return [
        of("trial.opened", {"treatment": treatment, "indication": indication, "why": "too many attacks", "on": str(before)}),
        of("trial.screened", {"on": str(before), "verdict": "proceed", "alerts": [], "catalogue_version": "1"}, hour=13),
        of("trial.confirmed", {"plan": file.document()}, by=DR, hour=14),
        of("trial.begun", {"on": str(start), "baseline": baseline.document()}, on=start, hour=7),
    ]


def reviewed(name, on, answer=None, by=DR, **decided):
    """A review with its answer and the decision."""
    answer = answer or {"verdict": "not_responding", "probability": {"reduction_ge_30": 0.05}}

    def of(kind, body, who=MARA, hour=12):
        return event(kind, body, on=on, by=who, trial=name, hour=hour)

    decision = {"on": str(on), "decision": "continue", "reasons": ["it is as it was"], **decided}
    if decision["decision"] != "stop":
        decision.setdefault("next_review_on", str(on + timedelta(days=84)))
    return [
        of("trial.review-opened", {"on": str(on)}),
        of("trial.answered", {"as_of": str(on), "answer": answer}, hour=13),
        of("trial.decided", decision, who=by, hour=14),
    ]


def ended(name, on, why="it is over", ending="finished", **body):
    return [event("trial.ended", {"on": str(on), "ending": ending, "why": why, **body}, on=on, trial=name, hour=15)]
