"""`cleardays report --page payer` as a user runs it."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest

from cleardays.cli.main import main
from cleardays.diary.own_csv import write_days
from reference.payer_cases import START, diary_of

ASK = ["--treatment", "onabotulinumtoxina", "--start", START.isoformat()]


@pytest.fixture
def run(capsys):
    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.fixture
def problems(run):
    def refused(*arguments):
        code, out, _ = run(*arguments, "--json")
        assert code == 2
        return json.loads(out)["problems"]

    return refused


def schema(name):
    text = resources.files("cleardays.cli").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


@pytest.fixture
def diary(tmp_path):
    path = tmp_path / "days.csv"
    path.write_text(write_days(diary_of("X0" * 14 + "X" * 16 + "0" * 12, "X000" * 42)), encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", ["pdf", "html", "txt", "json"])
def test_the_page_of_a_payer_is_written_in_each_format(run, diary, tmp_path, ending):
    out = tmp_path / f"page.{ending}"
    code, text, err = run("report", diary, *ASK, "--page", "payer", "--payer", "nice-ta260", "--out", out, "--json")
    assert (code, err) == (0, "")
    found = json.loads(text)
    jsonschema.validate(found, schema("report"))
    assert found["payer"]["verdict"] == "does not meet"
    assert out.stat().st_size > 2000


def test_the_packs_are_listed_without_a_diary(run):
    code, text, _ = run("report", "--payer", "list")
    assert code == 0
    assert "nice-ta260: NICE TA260" in text
    assert "not confirmed" in text  # how sure each is
    assert len(json.loads(run("report", "--payer=list", "--json")[1])["packs"]) == 20


def test_preventives_from_a_file_and_answers_are_read(run, diary, tmp_path):
    tried = tmp_path / "tried.json"
    rows = [
        {"treatment": name, "outcome": "no effect", "evidence": "chart", "weeks_at_target": 10, "first": "2024-01-01"}
        for name in ("Topamax", "propranolol", "amitriptyline")
    ]
    tried.write_text(json.dumps(rows), encoding="utf-8")
    out = tmp_path / "page.json"
    more = ["--page", "payer", "--payer", "nice ta260", "--tried", tried, "--said", "overuse=yes", "--out", out]
    assert run("report", diary, *ASK, *more)[0] == 0
    rules = {rule["id"]: rule for rule in json.loads(out.read_text(encoding="utf-8"))["rules"]}
    assert rules["preventives"]["verdict"] == rules["overuse"]["verdict"] == "meets"
    assert "topiramate" in rules["preventives"]["reason"]["because"]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        (["--payer", "nice-ta1"], "--payer"),
        ([], "--payer"),
        (["--payer", "nice-ta260", "--said", "overuse=perhaps"], "--said"),
        (["--payer", "nice-ta260", "--said", "neurologist=yes"], "--said"),
    ],
)
def test_what_cannot_be_used_is_said(problems, diary, tmp_path, more, where):
    found = problems("report", diary, *ASK, "--page", "payer", *more, "--out", tmp_path / "p.txt")
    assert found[0]["where"] == where


def test_a_list_of_preventives_with_slips_is_told_all_of_them(problems, diary, tmp_path):
    tried = tmp_path / "tried.json"
    tried.write_text('[{"treatment": "propranolol"}, {"treatment": "topiramate", "evidence": "rumour"}]', encoding="utf-8")
    found = problems(
        "report", diary, *ASK, "--page", "payer", "--payer", "nice-ta260", "--tried", tried, "--out", tmp_path / "p.txt"
    )
    assert len(found) == 2


def test_a_diary_without_a_known_day_still_gets_its_page(run, tmp_path):
    path, out = tmp_path / "days.csv", tmp_path / "page.txt"
    path.write_text("date,status\n2026-03-02,declined\n2026-03-03,declined\n", encoding="utf-8")
    assert run("report", path, *ASK, "--page", "payer", "--payer", "nice-ta260", "--out", out)[0] == 0
    assert "CANNOT TELL" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["pdf", "html", "txt", "json"])
def test_the_page_of_the_person_is_written_in_each_format_even_without_a_known_day(run, diary, tmp_path, ending):
    empty = tmp_path / "empty.csv"
    empty.write_text("date,status\n2026-03-02,declined\n", encoding="utf-8")
    for path in (diary, empty):
        out = tmp_path / f"{path.stem}.{ending}"
        code, text, err = run("report", path, *ASK, "--page", "person", "--words", "I want to drive.", "--out", out, "--json")
        assert (code, err) == (0, "")
        jsonschema.validate(json.loads(text), schema("report"))
        assert out.stat().st_size > 1000
    if ending == "txt":
        assert "I want to drive." in out.read_text(encoding="utf-8")
        assert "no day is written down" in " ".join(out.read_text(encoding="utf-8").split())


def test_an_option_that_a_page_would_leave_aside_is_refused(problems, diary, tmp_path):
    found = problems("report", diary, *ASK, "--page", "person", "--payer", "nice-ta260", "--out", tmp_path / "p.txt")
    assert found[0]["where"] == "--payer"
