"""Diaries and ledgers for the tests of payers' pages, written as rows of marks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cleardays.diary.records import DayRecord, Diary
from cleardays.trial.ledger.tried import Tried
from cleardays.trial.payers.facts import facts_of

START = date(2026, 3, 2)
ONE = timedelta(days=1)
# X migraine day (severe, 10 hours), h mild headache of 2 hours that was no migraine, 0 clear, . nothing told
_CELLS = {
    "X": {"headache": "severe", "hours": Decimal(10), "migraine": "yes"},
    "h": {"headache": "mild", "hours": Decimal(2), "migraine": "no"},
    "0": {"headache": "clear", "migraine": "no", "acute_doses": 0, "acute_classes": ()},
}


def day_record(day, mark, **more):
    """One day, written down that evening."""
    reported = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    return DayRecord(date=day, reported_at=reported, **{**_CELLS[mark], **more})


def diary_of(before, after="", start=START, **about):
    """A diary whose days before the start end on the day before it."""
    marks = before + after
    first = start - len(before) * ONE
    days = [(first + n * ONE, mark) for n, mark in enumerate(marks) if mark != "."]
    return Diary(tuple(day_record(day, mark) for day, mark in days), {"zone": "Etc/UTC", **about})


def tried(name, outcome="no effect", weeks=10.0, first=date(2025, 1, 1), last=date(2025, 6, 30), classes=(), **more):
    """One preventive of the ledger."""
    told = {"max_dose": "100 mg", "reason_stopped": "no effect", "evidence": "chart", "trial": None} | more
    return Tried(name, classes, weeks_at_target=weeks, first=first, last=last, outcome=outcome, **told)


THREE = (
    tried("propranolol", classes=("beta_blocker",)),
    tried("topiramate", "intolerable", 2.0, classes=("antiseizure",), reason_stopped="tingling"),
    tried("amitriptyline", classes=("tricyclic",)),
)


def facts(before, after="", treatment="onabotulinumtoxina", start=START, ledger=THREE, **more):
    """What is known of somebody, up to the last mark."""
    as_of = more.pop("as_of", start + (len(after) - 1) * ONE if after else start - ONE)
    diary = more.pop("diary", None) or diary_of(before, after, start)
    return facts_of(diary, treatment, start, as_of, ledger=ledger, **more)
