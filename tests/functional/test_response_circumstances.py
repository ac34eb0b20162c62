"""`cleardays response` where more went on than one treatment, as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from importlib import resources

import jsonschema
import pytest

from cleardays.cli.files import save_diary
from cleardays.diary.beside import Beside
from cleardays.diary.entries import DoseEntry, Event
from cleardays.diary.records import DayRecord, Diary
from reference.plans import PLAIN

FIRST = date(2026, 1, 1)
START = date(2026, 3, 26)
LENGTH = 196
ASKED = ("--treatment", "topiramate", "--start", START)


def on(n):
    return FIRST + timedelta(days=n)


def cleardays(*arguments):
    command = [sys.executable, "-m", "cleardays", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def answer(*arguments):
    done = cleardays(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    schema = resources.files("cleardays.cli").joinpath("schemas", "response.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(found, json.loads(schema), format_checker=jsonschema.FormatChecker())
    return found


def reasons(found, rule):
    return [reason["because"] for reason in found["reasons"] if reason["rule"] == rule]


def record(n):
    """Every second day before the start, every seventh from three weeks after it on."""
    ached = n % 2 == 0 if on(n) < START + timedelta(days=14) else n % 7 == 0
    return DayRecord(date=on(n), headache="moderate" if ached else "clear")


@pytest.fixture
def days(tmp_path):
    path = tmp_path / "days.csv"
    save_diary(Diary(tuple(map(record, range(LENGTH)))), str(path))
    return path


@pytest.fixture
def zipped(tmp_path):
    def save(name="diary.zip", length=LENGTH, **tables):
        path = tmp_path / name
        save_diary(Diary(tuple(map(record, range(length))), beside=Beside(**tables)), str(path))
        return path

    return save


# ---- several treatments


def test_alone_it_helps_and_with_another_that_began_on_the_same_day_nobody_can_tell(days):
    assert answer("response", days, *ASKED)["verdict"] == "responding"
    found = answer("response", days, *ASKED, "--also", f"amitriptyline={START}")
    assert found["verdict"] == "cannot_tell"
    assert found["reasons"][0]["rule"] == "attribution.cannot-separate"
    assert "amitriptyline (begun on the same day)" in found["reasons"][0]["because"]
    assert found["time_to_answer"] is None
    early = answer("response", days, *ASKED, "--also", f"amitriptyline={START}", "--as-of", START + timedelta(days=30))
    assert early["verdict"] == "too_early"
    assert reasons(early, "attribution.cannot-separate")


def test_the_page_says_so_in_words(days):
    done = cleardays("response", days, *ASKED, "--also", f"amitriptyline={START}")
    told = " ".join(done.stdout.split())
    assert "THIS DIARY CANNOT TELL" in told
    assert "What topiramate did cannot be separated from amitriptyline (begun on the same day)." in told
    assert "Which part is whose rests on the prior, not on this diary" in told
    assert "amitriptyline from 26 Mar 2026 on" in told


def test_eight_weeks_apart_each_has_its_own_reason(days):
    found = answer("response", days, *ASKED, "--also", f"amitriptyline={START - timedelta(days=56)}")
    assert found["verdict"] == "responding"
    (told,) = [reason for reason in found["reasons"] if reason["rule"].startswith("attribution.")]
    assert told["rule"] in ("attribution.separated", "attribution.separated-partly")
    assert "amitriptyline was begun 56 days before topiramate." in told["because"]


def test_the_order_in_which_others_are_given_changes_nothing(days):
    also = (f"yoga={START - timedelta(days=30)}", f"CBT={START - timedelta(days=30)}", f"magnesium={START}")
    once, again = (
        answer("response", days, *ASKED, *(part for each in order for part in ("--also", each))) for order in (also, also[::-1])
    )
    assert once == again


def test_weekends_are_told_apart_on_demand(days):
    assert reasons(answer("response", days, *ASKED, "--weekday"), "beside.weekend")
    assert not reasons(answer("response", days, *ASKED), "beside.weekend")


def test_a_report_takes_the_same_options(days, tmp_path):
    out = tmp_path / "page.html"
    done = cleardays("report", days, *ASKED, "--also", f"yoga={START}", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "yoga from 26 Mar 2026 on" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("also", "seen", "advice"),
    [
        ("amitriptyline", "'amitriptyline' has no day", "NAME=START"),
        ("amitriptyline=3 March", "'3 March' is not a day", "year-month-day"),
        ("amitriptyline=2026-02-30", "'2026-02-30' is not a day", "year-month-day"),
        ("amitriptyline=2026-03-04..", "'' is not a day", "year-month-day"),
        ("amitriptyline=2026-03-04..2026-03-03", "stops on 2026-03-03, before it starts on 2026-03-04", "two dots"),
        ("=2026-03-04", "cannot be a name", "printable"),
        ("Topamax=2026-03-04", "'Topamax' is the treatment that is judged", "Leave it out"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(days, also, seen, advice):
    done = cleardays("response", days, *ASKED, "--also", also, "--json")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem["where"] == "--also"
    assert seen in problem["what"]
    assert advice in problem["try_this"]


# ---- the tables of a diary


def test_the_tables_of_a_diary_tell_of_others_too(zipped):
    doses = tuple(DoseEntry(date=on(n), kind="preventive", drug="propranolol", state="taken") for n in range(84, LENGTH))
    found = answer("response", zipped(doses=doses), *ASKED)
    assert found["verdict"] == "cannot_tell"
    assert "propranolol (begun on the same day)" in found["reasons"][0]["because"]
    before = answer("response", zipped(doses=doses), *ASKED, "--also", "propranolol=2019-05-01")
    assert before["verdict"] == "responding"
    assert reasons(before, "beside.constant")


def test_what_is_told_later_changes_no_answer_of_an_earlier_day(zipped):
    as_of = on(150)
    tables = {
        "doses": (DoseEntry(date=on(120), kind="preventive", drug="propranolol", state="taken"),),
        "events": (Event(date=on(100), kind="care", term="biofeedback"),),
    }
    later = {
        "doses": (*tables["doses"], DoseEntry(date=on(151), kind="preventive", drug="propranolol", state="skipped")),
        "events": (
            *tables["events"],
            Event(date=on(151), kind="withdrawal", term="no triptans", drug="sumatriptan", since=on(80)),
            Event(date=on(152), kind="care", term="biofeedback", since=on(100), until=on(110)),
            Event(date=on(151), kind="side_effect", term="nausea", since=on(90)),
        ),
    }
    then = answer("response", zipped("then.zip", 151, **tables), *ASKED, "--as-of", as_of)
    assert answer("response", zipped("later.zip", **later), *ASKED, "--as-of", as_of) == then
    assert reasons(then, "beside.others")


# ---- what was taken


@pytest.fixture
def plan(tmp_path):
    person = tmp_path / "person.json"
    person.write_text(json.dumps(PLAIN))
    options = ("--person", person, "--indication", "episodic-migraine", "--start", START)
    path = tmp_path / "plan.json"
    done = cleardays("plan", "draft", "propranolol", *options, "--json")
    assert done.returncode == 0, done.stderr
    path.write_text(done.stdout)
    return path


def test_who_took_two_doses_in_five_is_judged_by_those_and_less_is_known(zipped, plan):
    def taken(share_of_five):
        rows = tuple(
            DoseEntry(date=on(n), kind="preventive", drug="propranolol", state="taken" if n % 5 < share_of_five else "skipped")
            for n in range((START - FIRST).days, LENGTH)
            for _ in range(2)
        )
        return answer(
            "response",
            zipped(f"{share_of_five}.zip", doses=rows),
            "--treatment",
            "propranolol",
            "--start",
            START,
            "--plan",
            plan,
        )

    every, some = taken(5), taken(2)
    assert some["diagnostics"]["exposure_now"] < 0.6 < 0.9 < every["diagnostics"]["exposure_now"]
    width = [found["reduction_pct"]["upper"] - found["reduction_pct"]["lower"] for found in (every, some)]
    assert width[1] > 1.2 * width[0]
    assert "224 are told: 224 taken (100\N{NO-BREAK SPACE}% of them), 0 not" in reasons(every, "exposure.taken")[0]
    assert "224 are told: 90 taken (40\N{NO-BREAK SPACE}% of them), 134 not" in reasons(some, "exposure.taken")[0]


def test_of_doses_of_which_nobody_told_no_share_is_given(zipped, plan):
    found = answer("response", zipped(), "--treatment", "propranolol", "--start", START, "--plan", plan)
    assert not reasons(found, "exposure.taken")
    assert reasons(found, "exposure.assumed")


# ---- the outcome told as a side effect


def test_a_headache_told_as_a_side_effect_asks_whose_it_is_and_is_not_counted_twice(zipped):
    asked = (
        Event(date=START + timedelta(days=9), kind="side_effect", term="Headache", drug="topiramate"),
        Event(date=START + timedelta(days=12), kind="side_effect", term="nausea"),
    )
    no_question = (
        Event(date=START - timedelta(days=20), kind="side_effect", term="headache"),
        Event(date=START + timedelta(days=15), kind="side_effect", term="headache", attribution="condition"),
        Event(date=START + timedelta(days=15), kind="side_effect", term="tingling"),
    )
    found = answer("response", zipped("asked.zip", events=(*no_question, *asked)), *ASKED)
    plain = answer("response", zipped("plain.zip", events=no_question), *ASKED)
    (told,) = reasons(found, "attribution.effect-or-illness")
    assert "headache (4 Apr 2026), nausea (7 Apr 2026)" in told
    assert "topiramate" in told
    assert not reasons(plain, "attribution.effect-or-illness")
    assert {key: found[key] for key in ("coverage", "current", "baseline")} == {
        key: plain[key] for key in ("coverage", "current", "baseline")
    }
    early = answer("response", zipped("asked.zip", events=asked), *ASKED, "--as-of", START + timedelta(days=8))
    assert not reasons(early, "attribution.effect-or-illness")


@pytest.mark.parametrize("whose", ["treatment", "both"])
def test_a_headache_that_is_an_effect_counts_once_and_the_answer_says_so(zipped, whose):
    """Its day is a headache day because the day's own answer says it is; the event changes no figure."""
    own = (Event(date=START + timedelta(days=21), kind="side_effect", term="Headache", attribution=whose),)
    tingling = (Event(date=START + timedelta(days=21), kind="side_effect", term="tingling", attribution=whose),)
    found = answer("response", zipped("own.zip", events=own), *ASKED)
    other = answer("response", zipped("other.zip", events=tingling), *ASKED)
    (said,) = reasons(found, "attribution.effect-counted-once")
    assert "headache (16 Apr 2026)" in said
    assert "counts once" in said
    assert not reasons(found, "attribution.effect-or-illness")
    assert not reasons(other, "attribution.effect-counted-once")
    for key in ("coverage", "current", "baseline", "verdict"):
        assert found[key] == other[key]
