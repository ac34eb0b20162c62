"""`cleardays plan log`, and `cleardays response --plan`, as a user meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from importlib import resources

import jsonschema
import pytest

from reference.plans import PLAIN, START

TABLE = """day,slot,status,at,amount,unit,note,logged_at
2026-03-02,,taken,2026-03-02T21:00+01:00,,,,
2026-03-03,,late,2026-03-04T02:00+01:00,,,,
2026-03-04,,skipped,,,,forgot,2026-03-04T23:00+01:00
2026-03-04,,taken,2026-03-04T21:30+01:00,,,,2026-03-05T08:00+01:00
2026-03-05,,skipped,,,,,
"""


def cleardays(*arguments, given=None):
    command = [sys.executable, "-m", "cleardays", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def answer(*arguments, given=None):
    done = cleardays(*arguments, "--json", given=given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def schema(name):
    return json.loads(resources.files("cleardays.cli").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def plan(tmp_path):
    person = json.dumps(PLAIN)
    options = ("--person", "-", "--indication", "migraine-with-aura", "--start", START, "--target", "100 mg")
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(answer("plan", "draft", "lamotrigine", *options, given=person)))
    return file


@pytest.fixture
def diary(tmp_path):
    rows = [
        f"{START + timedelta(days=n)},{'mild' if n % 4 == 0 else 'clear'},{'y' if n % 8 == 0 else 'n'}" for n in range(-60, 120)
    ]
    file = tmp_path / "days.csv"
    file.write_text("date,headache,aura\n" + "\n".join(rows) + "\n")
    return file


def test_it_gives_the_document_of_its_schema(plan, tmp_path):
    file = tmp_path / "doses.csv"
    file.write_text(TABLE)
    found = answer("plan", "log", plan, "--doses", file, "--until", "2026-03-10")
    jsonschema.validate(found, schema("plan-log"), format_checker=jsonschema.FormatChecker())
    counts = [found[name] for name in ("planned", "taken", "late", "skipped", "unlogged")]
    assert counts == [9, 2, 1, 1, 5]
    assert found["share_taken"] == 0.75
    assert found["repeated"][0]["earlier"][0]["note"] == "forgot"
    assert found["exposure"]["assumed"] == 5
    assert answer("plan", "log", plan, "--doses", file)["until"] == "2026-03-05"


def test_a_table_json_and_a_diary_say_the_same(plan, tmp_path):
    table = tmp_path / "doses.csv"
    table.write_text("day,status\n2026-03-02,taken\n2026-03-03,skipped\n")
    rows = [{"day": "2026-03-02", "status": "taken"}, {"day": "2026-03-03", "status": "skipped"}]
    of_diary = "date,kind,drug,state\n2026-03-02,preventive,lamotrigine,taken\n2026-03-03,preventive,lamotrigine,skipped\n"
    found = [
        answer("plan", "log", plan, "--doses", table),
        answer("plan", "log", plan, "--doses", "-", given=json.dumps({"doses": rows})),
        answer("plan", "log", plan, "--doses", "-", given=json.dumps(rows)),
        answer("plan", "log", plan, "--doses", "-", given=of_diary),
    ]
    assert all(each == found[0] for each in found)


def test_the_words_say_what_is_known_and_what_is_not(plan, tmp_path):
    file = tmp_path / "doses.csv"
    skipped = "".join(f"2026-03-{n:02},skipped\n" for n in range(4, 11))
    file.write_text(f"day,status\n2026-03-02,taken\n2026-03-03,taken\n{skipped}")
    done = cleardays("plan", "log", plan, "--doses", file)
    assert done.returncode == 0
    for part in ("9 doses planned", "skipped 7", "GAP: 192 hours", "Call before the next dose.", "LTG-PDR", "Nobody confirmed"):
        assert part in done.stdout, part


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ("day,status\n2026-13-02,taken\n", "standard input, line 2, day"),
        ("day,status\n2026-03-02,eaten\n", "standard input, line 2, status"),
        ("day,satus\n2026-03-02,taken\n", "standard input"),
        ('{"doses": [{"day": "2026-03-02"}]}', "standard input, entry 1.status"),
        ("", "standard input"),
        ("day,status\n", "--until"),
        ("day,status,amount,unit\n2026-03-02,taken,5,U\n", "doses, 2026-03-02, dose 1, unit"),
    ],
)
def test_bad_input_is_told_by_row_and_field(plan, table, where):
    done = cleardays("plan", "log", plan, "--doses", "-", "--json", given=table)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)
    jsonschema.validate(found, schema("problems"))
    assert found["problems"][0]["where"] == where


def test_a_review_by_a_plan(plan, diary):
    """100 mg from day 29 on; judged eight weeks later."""
    judge_on = START + timedelta(days=28 + 56)
    asked = ("response", diary, "--treatment", "lamotrigine", "--start", START, "--plan", plan)
    early = answer(*asked, "--as-of", judge_on - timedelta(days=1))
    due = answer(*asked, "--as-of", judge_on)
    for found in (early, due):
        jsonschema.validate(found, schema("response"), format_checker=jsonschema.FormatChecker())
        assert any("Nobody confirmed" in reason["because"] for reason in found["reasons"])
        assert (found["outcome"], found["provenance"]["judge_on"]) == ("aura_day", judge_on.isoformat())
    assert early["verdict"] == "too_early"
    assert due["verdict"] != "too_early"
    assert due["provenance"]["plan"]["confirmed"] is False
    assert answer(*asked, "--outcome", "headache_day")["outcome"] == "headache_day"


def test_a_plan_of_another_trial_is_refused(plan, diary):
    other = date(2026, 3, 9)
    done = cleardays("response", diary, "--treatment", "topiramate", "--start", other, "--plan", plan, "--json")
    assert done.returncode == 2
    assert [problem["where"] for problem in json.loads(done.stdout)["problems"]] == ["--plan", "--start"]


def test_a_page_by_a_plan_names_the_treatment_once_where_it_begins(plan, diary, tmp_path):
    out = tmp_path / "page.html"
    done = cleardays(
        "report", diary, "--treatment", "lamotrigine", "--start", START, "--plan", plan, "--out", out, "--page", "answer"
    )
    assert done.returncode == 0, done.stderr
    drawn = out.read_text(encoding="utf-8")
    assert drawn.count(">lamotrigine from ") == drawn.count(">lamotrigine from 2 Mar 2026<") > 0
