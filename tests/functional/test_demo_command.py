"""`cleardays demo --case ...`: a whole simulated trial from one command."""

from __future__ import annotations

import json
import re
import time

import jsonschema
import pytest

from cleardays.diary.own_csv import read_days
from cleardays.plan.plan_reading import parse_plan
from cleardays.store.opening import open_store
from cleardays.trial.demonstration.truth import case_names
from functional.test_commands import run, schema

NAMES = case_names()
PAGES = {
    *(
        f"{page}.{kind}"
        for page in ("clinician", "person", "answer", "what-was-true")
        for kind in ("html", "pdf", "txt", "json")
    ),
    *(f"{page}.{kind}" for page in ("plan", "whole-plan") for kind in ("html", "pdf", "txt")),
}
FILES = {"events.jsonl", "diary.zip", "days.csv", "plan.json", "response.json"}


def told(*arguments):
    """The JSON document of a demonstration."""
    code, out, err = run("demo", *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.mark.parametrize("name", NAMES)
def test_one_command_leaves_the_pages_and_the_files_of_a_whole_trial(name, tmp_path):
    began = time.process_time()
    found = told("--case", name, "--out", tmp_path)
    jsonschema.validate(found, schema("demo"))
    names = {path.name for path in tmp_path.iterdir()}
    assert names >= PAGES | FILES
    beside = {path.partition(".")[0].partition("-20")[0] for path in names - PAGES - FILES}
    sessions = {"session"} if name in ("ketamine", "onabotulinumtoxina") else set()
    assert beside == sessions | ({"payer"} if name == "onabotulinumtoxina" else set())
    assert {str(tmp_path / each) for each in names} == {*found["pages"], *found["files"]}
    assert found["simulated"] is True
    assert time.process_time() - began < 15


def test_what_it_leaves_can_be_read_by_the_other_commands_and_stays_labelled(tmp_path):
    told("--case", "baclofen", "--out", tmp_path)
    plan = parse_plan((tmp_path / "plan.json").read_text(), "plan")
    with (tmp_path / "days.csv").open() as lines:
        assert read_days(lines, "days.csv").about["kind"] == "simulated"
    asked = ("--treatment", "baclofen", "--start", str(plan.plan.start), "--out", tmp_path / "again.html")
    code, out, _ = run("report", tmp_path / "diary.zip", *asked)
    assert code == 0, out
    assert "SIMULATED: nobody real is in it" in (tmp_path / "again.html").read_text()
    code, out, _ = run("plan", "page", tmp_path / "plan.json", "--format", "svg", "--on", "2026-03-09")
    assert code == 0
    assert "SIMULATED: nobody real is in it" in out


@pytest.mark.parametrize("name", ["onabotulinumtoxina", "lamotrigine-recovery"])
def test_every_file_that_anybody_can_look_at_says_that_it_is_simulated(name, tmp_path):
    told("--case", name, "--out", tmp_path)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        if path.suffix in (".html", ".txt", ".svg"):
            assert b"SIMULATED: nobody real is in it" in content, path.name
        elif path.suffix == ".json":
            assert json.loads(content)["simulated"] is True, path.name
        elif path.suffix == ".pdf":
            assert b"pdfuaid" in content, path.name
        elif path.suffix == ".jsonl":
            assert json.loads(content.splitlines()[0])["body"]["about"]["kind"] == "simulated"
        for picture in re.findall(r'<svg\b[^>]*\brole="img".*?</svg>', content.decode(errors="replace"), flags=re.DOTALL):
            assert ">SIMULATED: nobody real is in it</text>" in picture, path.name


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        told("--case", "ketamine", "--out", tmp_path / folder, "--seed", "7")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_the_truth_is_told_last(tmp_path):
    code, out, _ = run("demo", "--case", "lamotrigine-recovery", "--out", tmp_path, "--no-serve")
    assert code == 0
    order = [
        out.index(each) for each in ("did it help?", "HOW IT WENT", "GOALS", "WHAT WAS TRUE:", "DECLARED BEFORE", "Pages:")
    ]
    assert order == sorted(order)
    assert out.startswith("SIMULATED: nobody real is in it.")


def test_the_same_story_can_be_kept_in_a_store_and_only_once(tmp_path):
    place = tmp_path / "store.db"
    found = told("--case", "ketamine", "--out", tmp_path / "pages", "--store", place)
    with open_store(place, create=False) as store:
        story = store.story("Simulated person D")
        assert store.head("Simulated person D").digest == found["store"]["digest"]
    assert story.trials["ketamine"].phase == "ended"
    code, out, err = run("demo", "--case", "ketamine", "--out", tmp_path / "pages", "--store", place, "--json")
    assert code == 2
    assert "already" in json.loads(out)["problems"][0]["what"]
    assert "another store" in err


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["--case", "aspirin"], "--case"),
        (["--case", "ketamine", "--seed", "many"], "--seed"),
        (["--case", "ketamine", "--seed", "4294967296"], "--seed"),
        (["--seed", "3"], "--seed"),
        (["--store", "x.db"], "--store"),
    ],
)
def test_what_cannot_be_done_says_what_can(arguments, where, tmp_path):
    code, out, err = run("demo", *arguments, "--out", tmp_path / "pages", "--json")
    assert code == 2
    problem = json.loads(out)["problems"][0]
    assert problem["where"] == where
    assert problem["try_this"] in err
    if "aspirin" in arguments:
        assert all(name in problem["try_this"] for name in ("real", *NAMES))
