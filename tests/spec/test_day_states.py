"""What one reported day says about each outcome: had, clear, or nothing."""

from __future__ import annotations

import pytest

from cleardays.diary.answers import day_state
from cleardays.diary.own_csv import read_days

CASES = [
    # columns, cells, question, state
    ("headache", "clear", "headache_day", False),
    ("headache", "present", "headache_day", True),
    ("headache", "mild", "headache_day", True),
    ("headache", "", "headache_day", None),
    ("headache,pain_max", ",6", "headache_day", True),
    ("headache,pain_max", ",0", "headache_day", False),
    ("headache,hours", ",0.5", "headache_day", True),
    ("headache,status", ",declined", "headache_day", None),
    ("headache,aura", "clear,y", "aura_day", True),
    ("headache,aura", "clear,y", "headache_day", False),
    ("headache,aura", "clear,", "aura_day", None),
    ("headache,acute_doses", "mild,0", "acute_med_day", False),
    ("headache,acute_doses", "mild,2", "acute_med_day", True),
    ("headache,acute_doses", "mild,", "acute_med_day", None),
    ("headache,acute_classes", "mild,triptan", "acute_med_day", True),
    ("headache,acute_doses,acute_classes", "mild,1,antiemetic", "acute_med_day", False),
    ("headache,acute_doses,acute_classes", "mild,2,antiemetic;nsaid", "acute_med_day", True),
    ("headache,use_day", "clear,n", "use_day", False),
    ("headache", "present", "moderate_or_severe", None),
    ("headache", "clear", "moderate_or_severe", False),
    ("headache,pain_max", "present,3", "moderate_or_severe", False),
    ("headache,pain_max", "present,4", "moderate_or_severe", True),
    ("headache,migraine", "mild,unsure", "own_migraine", None),
    ("headache,function", "mild,2", "lost_function", True),
    ("headache,function", "mild,1", "lost_function", False),
]


@pytest.mark.parametrize(("columns", "cells", "question", "state"), CASES)
def test_a_day(columns, cells, question, state):
    (record,) = read_days([f"date,{columns}\n", f"2026-03-01,{cells}\n"], "days.csv").records
    assert day_state(record, question) is state
