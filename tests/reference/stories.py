"""Events of a person's story, step by step, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from cleardays.diary.records import DayRecord, Diary
from cleardays.trial.story.baseline import fix_baseline
from cleardays.trial.story.diary_told import DAY_TOLD, told_by
from cleardays.trial.story.events import Actor, Event
from cleardays.trial.story.phases import (
    ANSWERED,
    BEGUN,
    CONFIRMED,
    DECIDED,
    END,
    OPENED,
    PLANNED,
    REVIEW_OPENED,
    SCREENED,
)  # fmt: skip
from reference.plan_files import START, confirmed, plan_file

PERSON, DOCTOR = Actor("Sam Sample", "person"), Actor("Dr Ada Field", "clinician")
TRIAL, TREATMENT, INDICATION = "first", "lamotrigine", "migraine-with-aura"


def at(day: date, hour: int = 12) -> datetime:
    """An instant of a day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def told(kind, body, day, by=PERSON, trial=None):
    """One event."""
    return Event(kind, at(day), by, body, trial)


def day_told(day, headache="clear", written=None, **cells):
    """A day of the diary, written down on that evening unless told otherwise."""
    return told(DAY_TOLD, {"cells": {"date": day.isoformat(), "headache": headache, **cells}}, written or day)


def days(first, marks):
    """A row of days: X moderate headache, 0 clear, . nothing told."""
    words = {"X": "moderate", "0": "clear"}
    return [day_told(first + timedelta(days=n), words[mark]) for n, mark in enumerate(marks) if mark != "."]


def opened(day, trial=TRIAL, treatment=TREATMENT):
    """A trial is opened."""
    body = {"treatment": treatment, "indication": INDICATION, "why": "aura every week", "on": day.isoformat()}
    return told(OPENED, body, day, trial=trial)


def screened(day, verdict="proceed", trial=TRIAL):
    """A screening with its verdict."""
    body = {"on": day.isoformat(), "verdict": verdict, "alerts": [], "catalogue_version": "1"}
    return told(SCREENED, body, day, trial=trial)


def plan_of(treatment=TREATMENT, start=START):
    """The draft and the confirmed plan."""
    draft = plan_file((treatment, INDICATION), start=start)
    return draft, confirmed(draft, by=DOCTOR.name)


def planned(plan, day, trial=TRIAL):
    """A version of the plan that nobody confirmed."""
    return told(PLANNED, {"plan": as_json(plan.document())}, day, trial=trial)


def confirmation(plan, day, by=DOCTOR, trial=TRIAL):
    """A version of the plan with a clinician's word."""
    return told(CONFIRMED, {"plan": as_json(plan.document())}, day, by, trial)


def begun(diary, start=START, trial=TRIAL, outcomes=("headache_day",)):
    """The first dose, with the baseline before it."""
    baseline = fix_baseline(diary, start, outcomes=outcomes, at=at(start), treatment=TREATMENT)
    return told(BEGUN, {"on": start.isoformat(), "baseline": as_json(baseline.document())}, start, trial=trial)


def review_opened(day, trial=TRIAL):
    """A review begins."""
    return told(REVIEW_OPENED, {"on": day.isoformat()}, day, DOCTOR, trial)


def answered(day, verdict="responding", trial=TRIAL):
    """The answer that the review rests on."""
    body = {"as_of": day.isoformat(), "answer": {"verdict": verdict}}
    return told(ANSWERED, body, day, Actor("cleardays", "software"), trial)


def decided(day, word="continue", by=DOCTOR, trial=TRIAL, **more):
    """A decision with its reason and the day of the next look."""
    again = None if word == "stop" else (day + timedelta(days=84)).isoformat()
    body = {"on": day.isoformat(), "decision": word, "reasons": ["fewer days"], "next_review_on": again, **more}
    return told(DECIDED, body, day, by, trial)


def ended(day, ending="finished", trial=TRIAL):
    """The end."""
    return told(END, {"on": day.isoformat(), "ending": ending, "why": "the way down is done"}, day, trial=trial)


def journey(review_on=START + timedelta(days=120)):
    """From the opening to a decision to continue, with 28 days before and 84 after the first dose."""
    before, first = days(START - timedelta(days=28), "X00X0X0" * 4), START - timedelta(days=30)
    draft, plan = plan_of()
    diary = Diary(tuple(DayRecord(date=date.fromisoformat(e.body["cells"]["date"]),
                                  headache=e.body["cells"]["headache"], reported_at=e.at) for e in before))  # fmt: skip
    return [
        opened(first),
        *before[:-1],
        screened(START - timedelta(days=5)),
        planned(draft, START - timedelta(days=4)),
        confirmation(plan, START - timedelta(days=3)),
        before[-1],
        begun(diary),
        *days(START, "X000.00" * 12),
        review_opened(review_on),
        answered(review_on),
        decided(review_on),
    ]


def whole_diary(diary: Diary, day: date):
    """The events that tell a diary, all on one day."""
    return [told(kind, body, day) for kind, body in told_by(diary)]


def placed(events):
    """With their places in the story."""
    return list(enumerate(events, 1))


def as_json(document):
    """As it comes back from a file."""
    import json

    return json.loads(json.dumps(document))
