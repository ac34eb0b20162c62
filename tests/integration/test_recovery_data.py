"""The recovery trials and a headache trial give the figures measured in them; drop-outs are never abstinent."""

from __future__ import annotations

import csv
import gzip
import json
import os
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from cleardays.diary.classified import classify_diary
from cleardays.diary.records import Diary
from cleardays.diary.responder import responders
from cleardays.diary.timeline import timeline_records
from cleardays.diary.window_outcomes import outcome_columns

DATA = Path(os.environ.get("CLEARDAYS_REFERENCE_DATA", "/nowhere"))
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="CLEARDAYS_REFERENCE_DATA names no folder: the real trials are not on this machine"
)
OPIOIDS = ("heroin", "other_opioid", "methadone_nonstudy", "buprenorphine_nonstudy")
DAY_ZERO = date(2010, 1, 1)


def expected(name):
    return json.loads((DATA / "expected.json").read_text())[name]


@pytest.fixture(scope="module")
def trials():
    folder = DATA / "recovery"
    used: dict[str, dict[int, list[str]]] = {}
    with gzip.open(folder / "ctn27_ctn30_use_days.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            told = [name for name, value in row.items() if value == "1" and name not in ("trial", "id", "day")]
            used.setdefault(row["id"], {})[int(row["day"])] = told
    with (folder / "ctn27_ctn30_people.csv").open(newline="") as file:
        people = [row for row in csv.DictReader(file) if row["day_randomised"]]
    return people, used


def use_days(person, used, first, last):
    """had, assessed, and the states in order, of the days from `first` to `last` after randomisation."""
    zero = int(float(person["day_randomised"]))
    records = timeline_records(used.get(person["id"], {}), OPIOIDS, first=zero + first, last=zero + last, day_zero=DAY_ZERO)
    diary = Diary(records, {"condition": "opioid-recovery"})
    (column,) = (c for c in outcome_columns(diary, classify_diary(diary)) if c.outcome.id == "use_day")
    return column


def whole(column):
    return column.document(slice(0, len(column.values)))


@pytest.mark.parametrize(("trial", "name"), [("27", "ctn27"), ("30", "ctn30")])
def test_use_from_randomisation_to_the_last_kept_visit(trials, trial, name):
    people, used = trials
    had = assessed = 0
    after = {1.0: [0, 0], 0.0: [0, 0]}
    for person in people:
        if person["trial"] != trial or not person["last_visit_day"]:
            continue
        last = min(int(float(person["last_visit_day"])) - int(float(person["day_randomised"])), 168)
        if last < 1:
            continue
        column = use_days(person, used, 1, last)
        figures = whole(column)
        had, assessed = had + figures["had"], assessed + figures["assessed"]
        for before, now in zip(column.values, column.values[1:], strict=False):
            after[before][0] += int(now)
            after[before][1] += 1
    measured = expected(name)
    assert had / assessed == pytest.approx(measured["opioid_rate_to_last_kept_visit"], abs=5e-5)
    assert after[1.0][0] / after[1.0][1] == pytest.approx(measured["p_use_given_use"], abs=5e-5)
    assert after[0.0][0] / after[0.0][1] == pytest.approx(measured["p_use_given_none"], abs=5e-5)


@pytest.mark.parametrize(("trial", "name"), [("27", "ctn27"), ("30", "ctn30")])
def test_the_retrospective_month_and_the_trap_of_counting_drop_outs_as_abstinent(trials, trial, name):
    """The month before is asked in one sitting of everybody; later months must not be divided by everybody."""
    people, used = (
        [p for p in trials[0] if p["trial"] == trial],
        trials[1],
    )
    measured = expected(name)
    for first, last, key in ((-28, -1, "opioid_day_rate_rel_m28_m1"), (141, 168, "opioid_day_rate_rel_141_168")):
        columns = [whole(use_days(person, used, first, last)) for person in people]
        rate = sum(c["had"] for c in columns) / sum(c["assessed"] for c in columns)
        assert rate == pytest.approx(measured[key], abs=5e-5)
    # the honest figure of the same weeks: only who still came
    seen = []
    for person in people:
        last = min(int(float(person["last_visit_day"] or -999)) - int(float(person["day_randomised"])), 168)
        if last >= 141:
            seen.append(whole(use_days(person, used, 141, last)))
    honest = sum(c["had"] for c in seen) / sum(c["assessed"] for c in seen)
    assert honest > rate


def test_the_responders_of_the_acupuncture_trial():
    with (DATA / "trials" / "acupuncture_headache_vickers2004.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["time"] == "12" and row["head"] and row["head_base"]]
    measured = expected("vickers2004")["measured"]
    for threshold, key in ((50, "responder50"), (30, "responder30")):
        for arm, share in (("2", measured[key][0]), ("1", measured[key][1])):
            mine = [row for row in rows if row["treat"] == arm]
            answers = [
                responders(100 * (Fraction(row["head_base"]) - Fraction(row["head"])) / Fraction(row["head_base"]), [threshold])
                for row in mine
            ]
            assert sum(a[str(threshold)] is True for a in answers) / len(mine) == pytest.approx(share, abs=5e-5)
