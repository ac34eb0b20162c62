"""`cleardays diary triggers` as a new user runs it, wrong input included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from importlib import resources

import jsonschema
import numpy as np
import pytest

from cleardays.diary.beside import Beside
from cleardays.diary.entries import Attack
from cleardays.diary.own_csv import write_days
from cleardays.diary.packing import pack
from cleardays.diary.records import DayRecord, Diary
from conftest import EXAMPLE
from reference.trigger_worlds import LOG_3, chain, early_sign, written_down


def run(*arguments, stdin: bytes = b""):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "cleardays", "diary", "triggers", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=os.environ,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def schema(name: str):
    text = resources.files("cleardays.cli").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


def document(*arguments, **options):
    code, out, err = run(*arguments, "--json", **options)
    assert code == 0, err
    found = json.loads(out)
    jsonschema.validate(found, schema("diary-triggers"), format_checker=jsonschema.FormatChecker())
    return found


@pytest.fixture(scope="module")
def clear_case(tmp_path_factory):
    """A year in which noise is followed by headache far more often, as a file."""
    diary = written_down(chain(np.random.default_rng(5), 365, log_odds=(2 * LOG_3,)))
    path = tmp_path_factory.mktemp("diaries") / "days.csv"
    path.write_text(write_days(Diary(diary.records, {"kind": "simulated"})), encoding="utf-8")
    return path


def test_it_explains_itself():
    code, out, _ = run("--help")
    assert code == 0
    for option in ("--outcome", "--as-of", "--treatment", "--start", "--json"):
        assert option in out
    assert "need not cause it" in out


def test_it_gives_the_document_of_its_schema(clear_case):
    found = document(clear_case)
    noise = found["triggers"][0]
    assert (noise["name"], noise["verdict"]) == ("noise", "raises")
    assert noise["odds_ratio"]["lower"] > 1.0
    assert noise["days"]["unknown"] == 0
    assert {each["name"] for each in found["triggers"]} == {
        "noise", "walk", "cheese", "travel", "screen", "alcohol", "caffeine", "chocolate", "weekend",
    }  # fmt: skip
    assert found["coverage"]["days"] == 365
    assert found["treatment"] is None


def test_the_page_fits_a_terminal_says_it_is_simulated_and_blames_nobody(clear_case):
    code, out, err = run(clear_case)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 78
    assert out.startswith("What goes along with a headache day? (simulated)\n")
    assert "Goes along with more headache days. Along with is not because of." in out
    assert "noise can be tested" in " ".join(out.split())
    for word in ("causes", "caused", "your fault", "should", "must"):
        assert word not in out.split()


def test_the_same_file_gives_the_same_bytes_also_on_standard_input(clear_case):
    assert run(clear_case, "--json") == run("-", "--json", stdin=clear_case.read_bytes())


def test_nothing_later_than_the_day_asked_about_is_read(clear_case):
    lines = clear_case.read_text(encoding="utf-8").splitlines(keepends=True)
    cut = "".join(line for line in lines if not "2026-08-01" <= line[:10] < "2027-02")
    asked = ("--as-of", "2026-07-31", "--json")
    assert run("-", *asked, stdin=cut.encode()) == run(clear_case, *asked)
    assert document("-", stdin=cut.encode())["triggers"] == document(clear_case, *asked[:2])["triggers"]


def test_triggers_noted_with_attacks_only_cannot_be_compared(tmp_path):
    person = chain(np.random.default_rng(8), 120)
    whole = written_down(person)
    records = tuple(DayRecord(date=each.date, headache=each.headache) for each in whole.records)
    attacks = tuple(
        Attack(id=str(n), date=each.date, headache="moderate", triggers=each.triggers)
        for n, each in enumerate(whole.records)
        if each.headache != "clear"
    )
    path = tmp_path / "diary.zip"
    path.write_bytes(pack(Diary(records, beside=Beside(attacks=attacks))))
    found = document(path)
    named = [each for each in found["triggers"] if each["kind"] == "named"]
    assert len(named) == 8
    assert {(each["verdict"], each["odds_ratio"]) for each in named} == {("cannot_tell", None)}
    assert {each["reasons"][0]["rule"] for each in named} == {"trigger.only-on-days-had"}
    code, out, _ = run(path)
    assert code == 0
    assert "only written down on headache days" in out
    assert "Nothing here is a reason to avoid anything." in out


def test_an_early_sign_goes_along_with_the_day_and_is_not_said_to_come_before_it(tmp_path):
    diary = written_down(early_sign(np.random.default_rng(3), 365))
    path = tmp_path / "days.csv"
    path.write_text(write_days(diary), encoding="utf-8")
    noise = next(each for each in document(path)["triggers"] if each["name"] == "noise")
    assert noise["verdict"] != "raises"
    assert noise["same_day_odds_ratio"]["lower"] > 1.5
    assert noise["early_sign"]


def test_a_diary_without_anything_to_compare_says_so():
    rows = "".join(f"2026-03-{n:02},{'clear' if n % 3 else 'mild'}\n" for n in range(2, 7))
    code, out, _ = run("-", stdin=f"date,headache\n{rows}".encode())
    assert code == 0
    assert "tells nothing of its days that could be compared" in " ".join(out.split())


def test_the_treatment_of_the_example_is_taken_from_its_file():
    found = document(EXAMPLE)
    assert found["treatment"] == {"treatment": "the biofeedback programme", "start": "2024-03-04", "told_by": "diary"}
    told = document(EXAMPLE, "--treatment", "propranolol", "--start", "2024-04-01")["treatment"]
    assert told == {"treatment": "propranolol", "start": "2024-04-01", "told_by": "option"}
    assert "plays no part" in " ".join(run(EXAMPLE, "--start", "2030-01-01")[1].split())


def test_days_of_use_are_not_told_of_attacks_or_pain():
    random = np.random.default_rng(4)
    rows = "".join(
        f"{date(2026, 1, 1) + timedelta(days=n)},{'y' if n % 3 == 0 else 'n'},{random.integers(0, 9)}\n" for n in range(140)
    )
    diary = f"#condition=alcohol-recovery\ndate,use_day,craving\n{rows}".encode()
    code, out, err = run("-", "--outcome", "use_day", stdin=diary)
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    assert "strong craving: craving" in said
    assert "On the day itself either may have led to the other, so that day is shown apart." in said
    for word in ("attack", "pain", "early sign", "*"):
        assert word not in said
    assert not any(each["early_sign"] for each in document("-", "--outcome", "use_day", stdin=diary)["triggers"])


def test_the_headings_deny_no_more_than_the_figures_do():
    nothing_matters = write_days(written_down(chain(np.random.default_rng(2), 365))).encode()
    said = " ".join(run("-", stdin=nothing_matters)[1].split())
    assert "No association of a size over 1.5. A smaller one is possible." in said
    assert "Cannot tell. The diary does not settle it." in said
    assert "a beginning attack may have brought it about" in said
    for promise in ("too small to matter", "all still possible"):
        assert promise not in said


def test_a_start_line_that_is_no_day_is_not_passed_over():
    diary = b"#treatment=topiramate\n#start=garbage\ndate,headache\n2026-03-02,clear\n2026-03-03,mild\n"
    code, out, err = run("-", "--json", stdin=diary)
    assert code == 2
    jsonschema.validate(json.loads(out), schema("problems"))
    assert "#start" in err
    assert "'garbage'" in err
    assert run("-", "--start", "2026-03-03", stdin=diary)[0] == 0


WRONG = {
    "no diary": ((), "DIARY"),
    "no such file": (("nothing.csv",), "cannot be read"),
    "no outcome": ((EXAMPLE, "--outcome", "happiness"), "is no outcome"),
    "an amount": ((EXAMPLE, "--outcome", "craving"), "comes in amounts"),
    "not recorded": ((EXAMPLE, "--outcome", "aura_day"), "Fill in the column aura"),
    "a treatment without a start": ((EXAMPLE, "--treatment", "topiramate"), "--start"),
    "a day that is none": ((EXAMPLE, "--start", "4.3.2024"), "year-month-day"),
    "before the diary": ((EXAMPLE, "--as-of", "2020-01-01"), "begins on 2024-02-12"),
    "an option that is none": ((EXAMPLE, "--lag", "3"), "unrecognized arguments"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_wrong_input_is_told_with_what_to_do(arguments, said):
    code, out, err = run(*arguments, "--json")
    assert code == 2
    found = json.loads(out)
    jsonschema.validate(found, schema("problems"))
    assert err.startswith("cleardays: ")
    assert said in err


def test_an_outcome_that_does_not_exist_is_answered_with_those_that_can_be_asked():
    code, _, err = run(EXAMPLE, "--outcome", "pain")
    assert code == 2
    assert "'pain' is no outcome" in err
    assert "headache_day" in err
    assert "craving" not in err


def test_a_day_without_migraine_is_not_called_a_clear_day():
    """It may have had another headache."""
    rows = ["#version=1", "date,headache,migraine,triggers"]
    for n in range(140):
        day, tea = f"2026-{1 + n // 28:02d}-{1 + n % 28:02d}", "tea" if n % 2 else "none"
        rows.append(f"{day},{'severe,yes' if n % 3 == 0 else 'mild,no'},{tea}")
    code, out, err = run("-", "--outcome", "migraine_day", stdin="\n".join(rows).encode())
    assert code == 0, err
    assert "where it was there on a day without migraine" in " ".join(out.split())
    assert "clear day" not in out
