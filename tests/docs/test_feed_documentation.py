"""The page on calendars names every key, every title and every time that is used."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from cleardays.plan.steps import Step
from cleardays.report.feed import feed_of
from cleardays.report.feed_text import Look
from cleardays.report.feed_times import read_times
from cleardays.sources import Reason
from reference.calendars import holding, read
from reference.confirmed_plans import confirmed, drafted
from reference.plan_files import START

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "plan-feed.md").read_text(encoding="utf-8")
SAID = set(re.findall(r"`([^`]+)`", PAGE))


def test_each_key_is_described():
    text = resources.files("cleardays.cli").joinpath("schemas", "plan-feed.schema.json").read_text(encoding="utf-8")
    assert set(json.loads(text)["properties"]) <= SAID


def test_each_neutral_title_is_listed():
    for pair in (("topiramate", "episodic-migraine"), ("onabotulinumtoxina", "chronic-migraine")):
        feed = feed_of(confirmed(drafted(*pair)), Look(ZoneInfo("UTC")), read_times([]), today=START)
        assert {event.text("SUMMARY") for event in holding(read(feed.text))} <= SAID


def test_the_usual_times_are_those_of_the_page():
    words = " ".join(PAGE.split())
    step = Step(date(2026, 3, 2), None, (Decimal(1),), 1, "mg", Reason("x", "y"))
    for many, said in ((1, "{} for one portion"), (2, "{} and {} for two"), (3, "{}, {} and {} for three")):
        due = read_times([]).of(step._replace(amounts=(Decimal(1),) * many))
        assert said.format(*(f"{at:%H:%M}" for at in due)) in words
    (night,) = read_times([]).of(step._replace(when="at night"))
    assert f"{night:%H:%M} for one that is to be taken at night" in words
