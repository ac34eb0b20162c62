"""`cleardays trial whole` and `trial doses`: what a store tells, in words, as a file, or as JSON; bad input writes nothing."""

from __future__ import annotations

import json

import pytest

from cleardays.cli.commands.trial_view import run
from cleardays.problems import BadInput
from cleardays.store import open_store
from reference.whole_stories import TODAY, whole_events


@pytest.fixture(scope="module")
def where(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "store.sqlite3"
    with open_store(path, create=True) as store:
        store.add_person("mara")
        store.append("mara", whole_events())
    return str(path)


@pytest.fixture
def view(where, capsys):
    def call(word, *arguments):
        code = run([*arguments, "--store", where, "--person", "mara", "--on", str(TODAY)], prog=f"cleardays trial {word}")
        assert code == 0
        return capsys.readouterr().out

    return call


def test_the_whole_plan_is_printed_as_text_and_as_json(view):
    assert "WHAT COMES WHEN" in view("whole")
    found = json.loads(view("whole", "--json"))
    assert [each["treatment"] for each in found["trials"]] == ["lamotrigine", "onabotulinumtoxina"]


def test_the_doses_of_a_trial_are_printed_as_text_and_as_json(view):
    assert "does not show what a dose did" in " ".join(view("doses", "--trial", "first").split())
    assert json.loads(view("doses", "--trial", "first", "--json"))["treatment"] == "lamotrigine"


@pytest.mark.parametrize("ending", ["html", "pdf", "txt", "json"])
@pytest.mark.parametrize("word", ["whole", "doses"])
def test_a_page_is_written_by_its_ending(view, tmp_path, word, ending):
    out = tmp_path / f"page.{ending}"
    more = ("--trial", "first") if word == "doses" else ()
    assert "Written to" in view(word, "--out", str(out), *more)
    assert out.stat().st_size > 1000


def test_the_picture_alone_is_a_file_of_its_own(view, tmp_path):
    out = tmp_path / "doses.svg"
    view("doses", "--trial", "first", "--out", str(out))
    assert out.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize("name", ["page.docx", "page"])
def test_an_ending_that_is_not_offered_says_which_are(view, tmp_path, name):
    with pytest.raises(BadInput, match="Use one of"):
        view("whole", "--out", str(tmp_path / name))
    assert not (tmp_path / name).exists()


def test_a_trial_that_is_not_there_says_which_are(view):
    with pytest.raises(BadInput, match="first"):
        view("doses", "--trial", "third")


def test_nobody_of_this_name_says_so(where):
    with pytest.raises(BadInput, match="no story"):
        run(["--store", where, "--person", "someone else"], prog="cleardays trial whole")
