"""What readers ask of an answer, from the diary to the page: outcomes beside headache days, grades, and no promise."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from importlib import resources

import jsonschema
import numpy as np
import pytest

from cleardays.cli.files import save_diary
from cleardays.diary.beside import Beside
from cleardays.diary.entries import Attack, AuraSymptom, DoseEntry
from cleardays.diary.records import DayRecord, Diary
from conftest import START

BEFORE, AFTER = 56, 112


def cleardays(*arguments, given: str = ""):
    command = [sys.executable, "-W", "error", "-m", "cleardays", *map(str, arguments)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answer(given: str, *options, diary="-"):
    asked = ("response", diary, "--treatment", "lamotrigine", "--start", START, *options)
    found = json.loads(cleardays(*asked, "--json", given=given))
    schema = resources.files("cleardays.cli").joinpath("schemas", "response.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(found, json.loads(schema), format_checker=jsonschema.FormatChecker())
    return found


def page(given: str, *options) -> str:
    return cleardays("response", "-", "--treatment", "lamotrigine", "--start", START, *options, given=given)


def told(columns: str, row, *, before: int = BEFORE, after: int = AFTER) -> str:
    """A days.csv; `row(random, treated)` gives the cells of a day."""
    random = np.random.default_rng(11)
    lines = [f"{START + timedelta(days=n)},{','.join(row(random, n >= 0))}\n" for n in range(-before, after)]
    return f"date,{columns}\n{''.join(lines)}"


def aura_row(random, treated):
    """As many headaches as before, but hardly an aura."""
    ached = random.random() < 0.5
    return ("moderate" if ached else "clear", "y" if ached and random.random() < (0.05 if treated else 0.7) else "n")


def strength_row(random, treated):
    """As many headaches as before, but hardly a severe one."""
    ached = random.random() < 0.6
    if not ached:
        return ("clear", "")
    strong = random.random() < (0.1 if treated else 0.85)
    return ("severe" if strong else "mild", "8" if strong else "2")


def rescue_row(random, treated):
    """As many headaches as before, but hardly one that needs a triptan."""
    ached = random.random() < 0.5
    return ("moderate" if ached else "clear", "1" if ached and random.random() < (0.08 if treated else 0.8) else "0")


# ---- outcomes of their own


def test_aura_is_an_outcome_of_its_own_beside_headache_days():
    text = told("headache,aura", aura_row)
    aura, headache = answer(text, "--outcome", "aura_day"), answer(text)
    assert (aura["outcome"], aura["verdict"]) == ("aura_day", "responding")
    assert (headache["outcome"], headache["verdict"]) == ("headache_day", "not_responding")
    said = page(text, "--outcome", "aura_day")
    assert "Aura days, smoothed: " in " ".join(said.split())
    assert "An aura day is a local calendar day with any aura" in said
    (why,) = [reason for reason in aura["reasons"] if reason["rule"].startswith("judge.threshold")]
    assert why["source"] == ["judging-policy"]  # what the societies say is of headache and migraine days
    assert "we know of no source that states one for aura days" in why["because"]


def test_auras_told_attack_by_attack_give_the_same_days(tmp_path):
    """The subgroup with aura: attacks with an aura row count, those without one do not."""
    random = np.random.default_rng(11)
    records, attacks, auras = [], [], []
    for n in range(-BEFORE, AFTER):
        day = START + timedelta(days=n)
        headache, aura = aura_row(random, n >= 0)
        records.append(DayRecord(date=day, headache=headache, aura=None if headache != "clear" else False))
        if headache != "clear":
            attacks.append(Attack(date=day, id=str(n), headache=headache, minutes=300, aura=aura == "y"))
            if aura == "y":
                auras.append(AuraSymptom(date=day, attack=str(n), type="visual"))
    path = tmp_path / "attacks.zip"
    save_diary(Diary(tuple(records), beside=Beside(attacks=tuple(attacks), auras=tuple(auras))), str(path))
    by_attack = answer("", "--outcome", "aura_day", diary=path)
    by_day = answer(told("headache,aura", aura_row), "--outcome", "aura_day")
    assert by_attack["verdict"] == "responding"
    for key in ("baseline", "current", "coverage"):
        assert by_attack[key] == by_day[key]


def test_frequency_and_strength_are_judged_apart_and_counted_side_by_side():
    text = told("headache,hours", strength_row)
    assert answer(text)["verdict"] == "not_responding"
    assert answer(text, "--outcome", "mod_sev_headache_day")["verdict"] == "responding"
    said = page(text)
    for label in ("Headache days", "Days of moderate or severe pain"):
        (line,) = [line for line in said.splitlines() if line.startswith(f"  {label}")]
        assert re.search(r"before +\d+\.\d per 28", line)


@pytest.mark.parametrize("doses", [False, True], ids=["a column of days", "a table of doses"])
def test_fewer_days_with_an_acute_medicine_are_an_outcome(doses, tmp_path):
    text = told("headache,acute_doses", rescue_row)
    if doses:
        random, records, taken = np.random.default_rng(11), [], []
        for n in range(-BEFORE, AFTER):
            day = START + timedelta(days=n)
            headache, intakes = rescue_row(random, n >= 0)
            records.append(DayRecord(date=day, headache=headache, acute_doses=0 if intakes == "0" else None))
            if intakes != "0":
                taken.append(DoseEntry(date=day, kind="acute", drug="sumatriptan", acute_class="triptan", state="taken"))
        path = tmp_path / "doses.zip"
        save_diary(Diary(tuple(records), beside=Beside(doses=tuple(taken))), str(path))
        found = answer("", "--outcome", "acute_med_day", diary=path)
        assert found["coverage"] == answer(text, "--outcome", "acute_med_day")["coverage"]
    else:
        found = answer(text, "--outcome", "acute_med_day")
        assert answer(text)["verdict"] == "not_responding"
        assert "Days with an acute medicine, smoothed: " in " ".join(page(text, "--outcome", "acute_med_day").split())
    assert (found["outcome"], found["verdict"]) == ("acute_med_day", "responding")


# ---- a graded answer, none too early, and no promise


def half_row(random, treated):
    return ("moderate" if random.random() < (0.33 if treated else 0.6) else "clear",)


def same_row(random, treated):
    return ("moderate" if random.random() < 0.5 else "clear",)


def test_a_partial_success_is_told_in_grades():
    """Some 45 % fewer: likely by 30 %, open whether by half, unlikely by three quarters; and how many days remain."""
    text = told("headache", half_row)
    found = answer(text)
    chance = found["probability"]
    assert chance["reduction_ge_30"] > 0.5 > chance["reduction_ge_75"]
    assert chance["reduction_ge_30"] > chance["reduction_ge_50"] > chance["reduction_ge_75"]
    assert sum(found["residual_bands"].values()) == pytest.approx(1.0)
    assert found["residual_bands"]["gt6"] > 0.5
    said = page(text)
    assert re.search(r"P\(≥30\s% fewer\)\s+0\.\d\d,\s+P\(≥50\s% fewer\)\s+0\.\d\d", said)
    assert "the chance of fewer than 4 is" in said


def test_no_effect_is_an_answer_and_nothing_is_promised():
    text = told("headache", same_row)
    assert answer(text)["verdict"] == "not_responding"
    said = " ".join(page(text).split())
    assert "PROBABLY DOES NOT HELP" in said
    assert "changing or stopping is decided together, never alone" in said
    for promise in ("will help", "will work", "will bring", "guarantee", "cure", "proven", "you will have", "migraine-free"):
        assert promise not in said.lower(), promise


def gone_row(_random, treated):
    return ("clear" if treated else "severe",)


@pytest.mark.parametrize("row", [half_row, same_row, gone_row])
def test_a_month_of_treatment_is_no_time_for_a_verdict_however_clear_it_looks(row):
    text = told("headache", row, after=30)
    found = answer(text)
    assert found["verdict"] == "too_early"
    assert found["reasons"][0]["rule"] == "judge.too-early"
    said = " ".join(page(text).split())
    assert "TOO EARLY TO SAY" in said
    assert "P(" not in said.split("Why")[0]
    assert "Chance of at least" not in said


def test_nobody_with_a_headache_every_day_is_told_that_there_are_more():
    """There was no room for more, before or after."""
    given = told("headache", lambda _random, _treated: ("moderate",))
    said = page(given)
    assert "The chance that there are more" not in said
