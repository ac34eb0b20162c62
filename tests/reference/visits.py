"""Accounts for tests of the pages: an ordinary full one, and what can be told against them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from cleardays.diary.beside import Beside
from cleardays.diary.entries import Event, PlanStep, Score
from cleardays.diary.records import DayRecord, Diary
from cleardays.trial.account.account import Account
from cleardays.trial.account.making import account
from cleardays.trial.account.who import Goal, Own, Who
from cleardays.trial.also import Also
from cleardays.trial.review import review
from reference.plan_files import START, confirmed, plan_file

LAST = START + timedelta(days=106)
_LEVELS = ("mild", "moderate", "severe")


def full_diary(note: str | None = None, *, seed: int = 4) -> Diary:
    """Half a year: headaches that get fewer, triptans, gaps, days from memory, questionnaires, a rash."""
    draw, rows = random.Random(seed), []
    for offset in range(-84, 107):
        day = START + timedelta(days=offset)
        if draw.random() < 0.06:
            continue
        had = draw.random() < (0.52 if offset < 20 else 0.3)
        level = draw.choice(_LEVELS) if had else "clear"
        late = draw.random() < 0.06
        rows.append(
            DayRecord(
                date=day,
                reported_at=datetime.combine(day + timedelta(days=5 if late else 0), time(20), UTC),
                headache=level,
                hours=None if not had else 6,
                migraine="yes" if level in ("moderate", "severe") else "no",
                nausea=level == "severe",
                light=level in ("moderate", "severe"),
                sound=level in ("moderate", "severe"),
                one_sided=had,
                pulsating=had,
                worse_moving=had,
                acute_doses=int(level in ("moderate", "severe")),
                acute_classes=(draw.choice(("triptan", "non_opioid")),) if level in ("moderate", "severe") else (),
                function=2 if level == "severe" else 0,
                note=note,
            )
        )
    events = (
        Event(date=START + timedelta(days=40), kind="side_effect", term="dizziness", severity="severe", outcome="resolved"),
        Event(date=START + timedelta(days=33), kind="red_flag", term="rash", outcome="resolved"),
    )
    scores = (
        Score(date=START - timedelta(days=2), instrument="MIDAS", items=("8", "6", "5", "3", "4")),
        Score(date=START + timedelta(days=90), instrument="MIDAS", items=("4", "3", "2", "1", "1")),
        Score(date=START - timedelta(days=2), instrument="HIT-6", total=64),
        Score(date=START + timedelta(days=100), instrument="HIT-6", total=57),
    )
    plan = (
        PlanStep(
            step="a",
            from_day=START - timedelta(days=80),
            to=START - timedelta(days=15),
            drug="propranolol",
            amount=80,
            unit="mg",
        ),
    )
    return Diary(
        tuple(rows), {"zone": "Europe/Berlin", "kind": "simulated"}, (), Beside(events=events, scores=scores, plan=plan)
    )


def full_plan():
    """Lamotrigine beside a combined contraceptive, confirmed."""
    told = {"sex": "female", "contraception": "combined", "conditions": ["migraine with aura"], "medicines": ["sumatriptan"]}
    return confirmed(plan_file(("lamotrigine", "migraine-with-aura"), **told))


def full_account(
    *, name: str = "Sam Sample", sentence: str = "I want to plan a weekend again.", note: str | None = None, **more
) -> Account:
    """An account with everything on it."""
    diary, file = full_diary(note), full_plan()
    found = review(diary, "lamotrigine", START, outcome="headache_day", plan=file)
    goal = Goal("Two weekends a month without lying down", START - timedelta(days=10), "partly", LAST)
    own = Own(sentence, (goal,))
    options = {"who": Who(name, 1985), "own": own, **more}
    return account(diary, "lamotrigine", START, found.series.last_day, review=found, plan=file, **options)


def empty_account(**more) -> Account:
    """Of a person without one known day."""
    return account(Diary(()), "lamotrigine", START, LAST, review=None, **more)


def with_others(count: int) -> Account:
    """With many other treatments before."""
    diary, found = full_diary(), None
    also = tuple(
        Also(f"other medicine {n}", date(2016, 1, 1) + timedelta(days=90 * n), date(2016, 3, 1) + timedelta(days=90 * n))
        for n in range(count)
    )
    found = review(diary, "lamotrigine", START, also=also)
    return account(diary, "lamotrigine", START, found.series.last_day, review=found, also=also)


def changed(of: Account, **what) -> Account:
    """The same with something else told."""
    return replace(of, **what)
