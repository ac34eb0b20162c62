"""A person with two open trials, care beside them, medicines, goals and a plan that was revised."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from cleardays.diary.beside import Beside
from cleardays.diary.entries import DoseEntry, Event
from cleardays.plan.change_state import Change
from cleardays.plan.changes import change
from cleardays.plan.draft import Wish, draft
from cleardays.plan.journal import begin
from cleardays.plan.parts_reading import read_parts
from cleardays.plan.person_reading import read_person
from reference.confirmed_plans import confirmed
from reference.plan_files import WELL
from reference.told_stories import DR, START, begun, diary_events, diary_of, event, told

DAY = timedelta(days=1)
BEFORE = START - 28 * DAY
TODAY = START + 60 * DAY


def plan_of(treatment, indication, start=START, parts=(), **person):
    """A confirmed plan with parts of care, for somebody told otherwise."""
    found = read_person({**WELL, **person})
    wish = Wish(treatment, indication, start, parts=read_parts(list(parts), start))
    return confirmed(begin(wish, found, draft(wish, found)))


def beside(note="rash on one arm"):
    """Doses, effects and care as a diary tells them."""
    taken = [
        DoseEntry(date=START + n * DAY, kind="preventive", drug="lamotrigine", amount=Decimal(25), unit="mg", state="taken")
        for n in range(14)
    ]
    acute = [
        DoseEntry(date=TODAY - n * DAY, kind="acute", drug="sumatriptan", acute_class="triptan", amount=Decimal(50), unit="mg",
                  state="taken")
        for n in range(1, 19, 2)
    ]  # fmt: skip
    events = (
        Event(date=START + 4 * DAY, kind="side_effect", term=note, severity="mild"),
        Event(date=START + 10 * DAY, kind="care", term="yoga", attended=True),
        Event(date=START + 17 * DAY, kind="care", term="yoga", attended=False),
        Event(date=START + 12 * DAY, kind="care", term="psychologist", attended=True),
    )
    return Beside(doses=tuple(sorted([*taken, *acute], key=lambda dose: dose.date)), events=events)


def whole_story(name="mara", **words):
    """The story of these events."""
    return told(whole_events(**words), name)


def whole_events(note="rash on one arm", why="dizzy at work", goal="go to my sister's wedding", medicines=None):
    """What was told; every text that a person may write can be another one."""
    medicines = ["valproate", "melatonin", {"name": "sumatriptan", "as_needed": True}] if medicines is None else medicines
    parts = [
        {"kind": "sleep", "what": "in bed by eleven", "on": str(START + 5 * DAY), "every_days": 1},
        {"kind": "therapy", "what": "psychologist", "on": str(START - 40 * DAY), "every_days": 14},
    ]
    file = plan_of("lamotrigine", "migraine-with-aura", parts=parts, medicines=medicines)
    back = confirmed(change(file, Change("step-back", START + 40 * DAY, why, DR.name, {})))
    second = plan_of("onabotulinumtoxina", "chronic-migraine", START + 14 * DAY, medicines=medicines)
    diary = diary_of("X000" * 7 + "X00.X0000" * 7, BEFORE, beside=beside(note))
    said = {"part": "medicines", "answer": "told", "entries": [{"what": "Magnesium", "daily_dose": 400, "unit": "mg"}]}
    complementary = {"part": "complementary", "answer": "told", "entries": [{"what": "acupuncture"}]}
    return [
        event("intake.told", said, on=START - 10 * DAY),
        event("intake.told", complementary, on=START - 10 * DAY),
        event("goal.told", {"entry": "wedding", "words": goal}, on=START - 10 * DAY),
        event("goal.told", {"entry": "days", "words": "fewer bad days", "outcome": "headache_day", "at_most": 6},
              on=START - 10 * DAY),
        *begun("first", file=file, diary=diary_of("X000" * 7, BEFORE)),
        *diary_events(diary, on=START),
        *begun("botox", "onabotulinumtoxina", "chronic-migraine", START + 14 * DAY, file=second,
               diary=diary_of("X000" * 10, BEFORE)),
        event("trial.confirmed", {"plan": back.document()}, on=START + 39 * DAY, by=DR, trial="first"),
    ]  # fmt: skip
