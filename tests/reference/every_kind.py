"""A story in which every kind of event is told once or more, as bodies that a page and a store could hold."""

from __future__ import annotations

from datetime import timedelta

from cleardays.trial.story import kinds
from reference import stories
from reference.plan_files import START
from reference.stories import DOCTOR, PERSON, day_told, told

HELPER = PERSON._replace(name="Jo Sample", role="helper")
NURSE = PERSON._replace(name="Lee Nowak", role="nurse")
BEFORE = START - timedelta(days=40)
KETAMINE = {
    "treatment": "ketamine",
    "on": (START - timedelta(days=20)).isoformat(),
    "entered_by": "Dr Ada Field",
    "place": "clinic",
    "supervised": True,
    "given": [{"from_minute": 0, "route": "intravenous", "amount": 20, "unit": "mg"}],
    "vitals": [{"minute": 0, "sbp": 120, "dbp": 80}],
}


def intake(part, answer="told", day=BEFORE, by=PERSON, **body):
    """One part of the intake."""
    return told(kinds.INTAKE, {"part": part, "answer": answer, **body}, day, by)


def goal(entry, words, day=BEFORE, by=PERSON, **body):
    """A goal of the person."""
    return told(kinds.GOAL, {"entry": entry, "words": words, **body}, day, by)


def consent(may, day=BEFORE, helper=HELPER.name, by=PERSON, **body):
    """The person lets a helper tell some kinds of events."""
    return told(kinds.CONSENTED, {"helper": helper, "may": may, **body}, day, by)


def consent_withdrawn(day, helper=HELPER.name, by=PERSON, **body):
    """The person takes a consent back."""
    return told(kinds.CONSENT_WITHDRAWN, {"helper": helper, **body}, day, by)


def tried(entry="propranolol-2024", day=BEFORE, by=PERSON, **body):
    """A preventive that was tried before."""
    return told(kinds.TRIED, {"entry": entry, "treatment": "Inderal", "evidence": "recall", **body}, day, by)


def flag_shown(entry="rash", day=START, by=None, to=PERSON, trial=None, **body):
    """A warning sign that was shown to somebody."""
    sign = {"entry": entry, "code": "rash", "tier": "emergency", "on": day.isoformat(), "shown": "A rash: get help now."}
    software = PERSON._replace(name="cleardays", role="software")
    return told(kinds.FLAG_SHOWN, {**sign, "to": to.document(), **body}, day, by or software, trial)


def flag_answered(entry="rash", done="examined", day=START, by=DOCTOR, **body):
    """What was done about it."""
    return told(kinds.FLAG_ANSWERED, {"entry": entry, "done": done, **body}, day, by)


def session_held(entry="first", day=START - timedelta(days=20), by=DOCTOR, trial=None, record=KETAMINE, **body):
    """A supervised session."""
    return told(kinds.SESSION_HELD, {"entry": entry, "supervised": record, **body}, day, by, trial)


def beside(kind, cells, entry, day=START):
    """An entry of the diary that is no day."""
    return told(kind, {"entry": entry, "cells": cells}, day)


def every_kind():
    """Each kind at least once, in an order in which a store lets them in."""
    day = START.isoformat()
    review = START + timedelta(days=120)
    *journey, answered, decided = stories.journey(review)
    from cleardays.trial.story.baseline import fix_baseline
    from cleardays.trial.story.story import fold

    diary = fold("sam", enumerate(journey, 1)).diary
    early = fix_baseline(diary, START, outcomes=("headache_day",), at=stories.at(START), precedes="any preventive")
    return [
        intake("family", entries=[{"what": "migraine", "who": "mother"}]),
        intake("allergies", "none"),
        tried(outcome="no effect", weeks_at_target=9, max_dose="80 mg", reason_stopped="no fewer days"),
        goal("work", "to work five days a week"),
        goal("days", "at most four days", outcome="headache_day", at_most=4),
        consent(["diary", kinds.FLAG_ANSWERED], words="my sister writes for me on bad days"),
        day_told(START - timedelta(days=35), "mild")._replace(by=HELPER),
        told("day.also-told", {"cells": {"date": (START - timedelta(days=34)).isoformat(), "headache": "severe"}}, START),
        told("entry.withdrawn", {"of": "day.told", "entry": (START - timedelta(days=35)).isoformat()}, START, HELPER),
        told("diary.about", {"about": {"zone": "Europe/Berlin"}}, BEFORE),
        session_held(),
        told(kinds.BASELINE_FIXED, early.document(), START),
        *journey,
        beside("attack.told", {"date": day, "headache": "severe"}, "a1"),
        beside("aura.told", {"date": day, "type": "visual"}, "u1"),
        beside("dose.told", {"date": day, "kind": "preventive", "drug": "lamotrigine", "state": "taken"}, "d1"),
        beside("effect.told", {"date": day, "kind": "side_effect", "term": "dizziness", "severity": "mild"}, "e1"),
        beside("score.told", {"date": day, "instrument": "MIDAS", "total": "12"}, "s1"),
        flag_shown(),
        flag_answered(),
        consent_withdrawn(START, why="she moved away"),
        answered,
        decided._replace(body={**decided.body, "goals": [answer("work", "partly"), answer("days", "reached")]}),
        *ended(review),
    ]


def answer(entry, word, **body):
    """What a review said of a goal."""
    return {"entry": entry, "answer": word, **body}


def ended(day):
    """Stopped, and over."""
    return [stories.decided(day, "stop"), stories.ended(day + timedelta(days=1))]
