"""The documentation is true: commands, options, columns, keys, links, examples."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib import import_module, resources
from pathlib import Path

import pytest

from cleardays.cli.main import COMMANDS
from cleardays.diary.sheets import DAYS
from cleardays.sources import all_sources

# Options of every command, or of every command with --store; the page says so once.
OF_ANY = {"--json", "--help", "--passphrase-file"}
ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_is_short_and_names_the_two_commands():
    readme = read("README.md")
    assert len(readme.split()) < 500
    for command in ("make demo", "make test"):
        assert command in readme
        assert re.search(rf"^{command.split()[1]}:", read("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        assert not target.startswith("http"), "the documentation stands alone"
        assert (page.parent / target.partition("#")[0]).exists(), target


def test_the_reference_page_has_each_command_with_each_of_its_options():
    page = read("docs/reference/commands.md")
    for command in COMMANDS:
        words = " ".join(command.words)
        assert f"## cleardays {words}\n" in page
        shown = subprocess.run(
            [sys.executable, "-m", "cleardays", *command.words, "--help"], capture_output=True, text=True, check=True
        )
        section = page.split(f"## cleardays {words}\n")[1].split("\n## ")[0]
        section += page.split("## cleardays response\n")[1].split("\n## ")[0] if words == "report" else ""
        for option in set(re.findall(r"--[a-z-]+", shown.stdout)) - OF_ANY:
            assert option in section, (words, option)


def test_each_column_is_described():
    described = set(re.findall(r"`([a-z_0-9]+)`", read("docs/reference/days-csv.md")))
    assert set(DAYS.columns) <= described


def test_each_key_of_the_answer_is_described():
    text = resources.files("cleardays.cli").joinpath("schemas", "response.schema.json").read_text(encoding="utf-8")
    page = read("docs/reference/answer-json.md")
    for key in json.loads(text)["properties"]:
        assert f"| `{key}` |" in page, key


def test_the_python_example_runs(capsys, monkeypatch):
    (code,) = re.findall(r"```python\n(.*?)```", read("docs/how-to/use-from-python.md"), re.DOTALL)
    monkeypatch.chdir(ROOT)
    exec(compile(code, "use-from-python.md", "exec"), {})
    assert capsys.readouterr().out.startswith("cannot_tell 0.4")


def test_the_modules_named_in_the_python_page_exist():
    for name in re.findall(r"`(cleardays(?:\.[a-z_]+)+)`", read("docs/how-to/use-from-python.md")):
        module, _, member = name.rpartition(".")
        try:
            import_module(name)
        except ModuleNotFoundError:
            assert hasattr(import_module(module), member)


RULE_FILES = ("circumstances", "day_rules", "headache_rules", "instruments", "judging_rules", "stop_rules")


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_rule_has_known_sources(name):
    path = resources.files("cleardays.diary").joinpath("data", f"{name}.toml")
    for table, rule in tomllib.loads(path.read_text(encoding="utf-8")).items():
        if isinstance(rule, dict):
            assert rule.get("source"), f"{table} has no source"
            assert set(rule["source"]) <= all_sources().keys(), table


def test_each_source_says_what_it_is():
    for source in all_sources().values():
        assert source.kind in {
            "label", "guideline", "study", "review", "registry", "method", "data", "policy", "secondary", "article",
        }  # fmt: skip
        assert len(source.citation) > 20


def test_every_python_file_opens_with_what_it_is_for():
    for path in (ROOT / "src").rglob("*.py"):
        assert path.read_text(encoding="utf-8").startswith('"""'), path


def test_rooms_stay_small():
    for path in (ROOT / "src").rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 300, path


# The rows that careful readers ask for, by the page that they come from; a number that is missing was no requirement.
ASKED_FOR = {
    "A1": "01 02 03 05 06 07 08 09 10 11 12 13 15 16 17 18 19 20 21 22 23",
    "A2": "01 02 05 06 07 08 09 10 11 13 14 15 16 17 18 19",
    "A3": "01 03 04 06 07 08 10 11 12 14 15 17 19 20 21",
    "A4": "01 02 03 05 06 07 08 09 12 13 14 15 16 17 18 19 20 21 22 24 25 26",
    "A5": "01 02 03 05 06 07 08 09 10 12",
}


def test_each_requirement_has_a_row_that_names_tests_and_pages_that_exist_and_says_what_is_planned():
    rows = re.findall(r"^\| (A\d-\d\d) \|.*\| ([^|]+) \|$", read("docs/reference/requirements.md"), re.MULTILINE)
    asked = [f"{page}-{number}" for page, numbers in ASKED_FOR.items() for number in numbers.split()]
    assert sorted(row for row, _ in rows) == asked
    for row, shown in rows:
        there = [path for path in shown.split(", ") if not path.startswith("planned: ")]
        assert there, row
        for path in there:
            assert (ROOT / path.strip()).is_file(), (row, path)


def test_each_key_of_a_window_is_described():
    text = resources.files("cleardays.cli").joinpath("schemas", "diary-measures.schema.json").read_text(encoding="utf-8")
    described = set(re.findall(r"`([a-z_0-9]+)`", read("docs/reference/measures-json.md")))
    assert set(json.loads(text)["items"]["properties"]) <= described


def test_each_hazard_names_its_control_and_tests_that_exist():
    table = read("docs/explanation/intended-use.md").split("## Hazards")[1].split("\n## ")[0]
    rows = [row.strip("| ").split(" | ") for row in table.splitlines() if row.startswith("| ")][2:]
    assert len(rows) >= 25
    for hazard, cause, control, shown in rows:
        assert hazard
        assert cause
        assert control
        tests = re.findall(r"`([^`]+)::(test_\w+)`", shown)
        assert tests, hazard
        for path, name in tests:
            assert f"def {name}(" in read(path), (path, name)
