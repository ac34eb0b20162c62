"""`cleardays calibrate` as a user meets it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from cleardays.cli.commands.calibrate import chosen_worlds
from cleardays.cli.main import main
from cleardays.response.study.ranks import RANK_WORLDS
from cleardays.response.study.run import METHODS
from cleardays.response.study.scores import FIGURES
from cleardays.response.study.worlds import WORLDS
from functional.test_screen_command import schema

COUNTS = "subject,trt,base,period,y\n" + "".join(
    f"{subject},{arm},{base},{period},{count}\n"
    for subject, arm, base, counts in (("1", "placebo", 11, (5, 3, 3, 3)), ("2", "drug", 30, (2, 1, 0, 1)))
    for period, count in enumerate(counts, start=1)
)


def calibrate(capsys, *arguments):
    code = main(["calibrate", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_a_small_study_gives_its_document_tables_and_pictures(capsys, tmp_path):
    (tmp_path / "counts.csv").write_text(COUNTS, encoding="utf-8")
    asked = ("--people", "2", "--world", "base", "rare", "ranks-missing", "control", "--control", str(tmp_path / "counts.csv"))
    code, out, err = calibrate(capsys, *asked, "--out", str(tmp_path / "study"), "--json")
    found = json.loads(out)
    assert code == 0
    jsonschema.validate(found, schema("calibrate"))
    assert [world["world"] for world in found["worlds"]] == ["base", "rare"]
    assert [line.split(",")[0] for line in err.splitlines()] == [
        "calibrate: base", "calibrate: rare", "calibrate: ranks-missing", "calibrate: control"]  # fmt: skip
    ours = found["worlds"][0]["methods"]["cleardays"]
    assert ours["brier_half"]["people"] == 2
    assert sum(each["people"] for each in ours["reliability"]) == 2
    assert found["worlds"][0]["methods"]["rule-run-in"]["cover_reduction"] is None
    assert all(sum(each["counts"]) == 2 for each in found["ranks"]["ranks-missing"])
    assert set(found["control"]["arms"]) == {"placebo", "drug"}
    names = sorted(path.name for path in (tmp_path / "study").iterdir())
    assert names == ["calibration.json", "calibration.md", "coverage.svg", "ranks-missing.svg",
                     "reliability-base-and-variants.svg", "reliability-extremes.svg"]  # fmt: skip
    for path in (tmp_path / "study").glob("*.svg"):
        assert ElementTree.parse(path).getroot().find("{http://www.w3.org/2000/svg}desc").text
    written = json.loads((tmp_path / "study" / "calibration.json").read_text(encoding="utf-8"))
    assert written == {key: value for key, value in found.items() if key != "files"}
    table = (tmp_path / "study" / "calibration.md").read_text(encoding="utf-8")
    assert "## Negative control" in table
    assert "cannot show" in table or "shows no power" in table
    assert "## rare" in table


def test_the_figures_do_not_depend_on_the_number_of_processes_and_do_on_the_seed(capsys):
    asked = ("--people", "9", "--world", "ranks-complete", "--json")  # two tasks
    _, alone, _ = calibrate(capsys, *asked, "--jobs", "1")
    _, together, _ = calibrate(capsys, *asked, "--jobs", "2")
    assert alone == together
    _, one, _ = calibrate(capsys, "--people", "1", "--world", "ranks-complete", "--json")
    _, other, _ = calibrate(capsys, "--people", "1", "--world", "ranks-complete", "--json", "--seed", "2")
    assert json.loads(one)["ranks"] != json.loads(other)["ranks"]


def test_without_a_folder_the_tables_are_printed(capsys):
    code, out, _ = calibrate(capsys, "--people", "1", "--world", "rare")
    assert code == 0
    assert out.startswith("# Calibration study\n")
    assert "| rule-worst-month |" in out
    heads = [line for line in out.splitlines() if line.startswith("## ")]
    assert heads == ["## All worlds, cleardays", "## Average over these worlds", "## rare"]


@pytest.mark.parametrize(
    ("arguments", "where", "said"),
    [
        (("--people", "0"), "--people", "whole number from 1 to 100000"),
        (("--people", "many"), "--people", "'many'"),
        (("--jobs", "-1"), "--jobs", "'-1'"),
        (("--jobs", "0"), "--jobs", "from 1 to 256"),
        (("--seed", "1.5"), "--seed", "'1.5'"),
        (("--world", "mars"), "--world", "base, informative-missing"),
        (("--world", "control"), "--world", "--control FILE"),
        (("--control", "no-such.csv"), "no-such.csv", "cannot be read"),
    ],
)
def test_what_cannot_be_run_says_why(capsys, arguments, where, said):
    code, out, err = calibrate(capsys, *arguments, "--json")
    (problem,) = json.loads(out)["problems"]
    assert code == 2
    assert problem["where"] == where
    assert said in f"{problem['what']} {problem['try_this']}"
    assert "Traceback" not in err


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_computed(capsys, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, err = calibrate(capsys, "--world", "base", "--out", str(tmp_path / "file" / "below"))
    assert code == 2
    assert "--out" in err


def test_a_group_stands_for_its_worlds_and_a_world_is_never_its_group():
    def named(*wanted, **control):
        return chosen_worlds(list(wanted), **{"has_control": False, **control})

    assert named("memory") == ["recalled-weeks", "recalled-baseline"]
    assert named("rare", "attacks") == ["attacks", "rare"]
    assert named("base") == ["base"]
    assert named("ranks") == ["ranks-complete", "ranks-missing"]
    assert named("base", has_control=True) == ["base", "control"]
    assert named() == [*WORLDS, "ranks-complete", "ranks-missing"]
    for name in {world.group for world in WORLDS.values()} & set(WORLDS):
        assert [world.name for world in WORLDS.values() if world.group == name] == [name]


def test_every_world_method_and_figure_is_described():
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`([a-z_0-9-]+)`", page.split("## cleardays calibrate\n")[1].split("\n## ")[0]))
    groups = {world.group for world in WORLDS.values()}
    assert {*WORLDS, *RANK_WORLDS, *groups, *METHODS, *FIGURES} <= described
