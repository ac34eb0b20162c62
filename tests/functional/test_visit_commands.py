"""The page for a visit by command: one sheet from a file or from a story; wrong input writes nothing."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from pypdf import PdfReader

from cleardays.cli.commands.report import run as report
from cleardays.cli.commands.trial_page import run as page
from cleardays.problems import BadInput
from cleardays.store import open_store
from reference import stories
from reference.plan_files import START

ROWS = "".join(
    f"{START + timedelta(days=n)},{'moderate' if n % (2 if n < 20 else 4) == 0 else 'clear'}\n" for n in range(-40, 100)
)
ON = START + timedelta(days=110)


@pytest.fixture
def diary(tmp_path):
    path = tmp_path / "days.csv"
    path.write_text("date,headache\n" + ROWS, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def where(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "store.sqlite3"
    with open_store(path, create=True) as store:
        store.add_person("sam")
        store.append("sam", stories.journey())
    return str(path)


def asked(diary, out, *more):
    return [diary, "--treatment", "examplamide", "--start", START.isoformat(), "--out", str(out), *more]


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("letter", 612)])
def test_the_page_is_the_one_that_is_written_without_asking(diary, tmp_path, paper, width):
    out = tmp_path / "page.pdf"
    assert (
        report(asked(diary, out, "--paper", paper, "--name", "Sam Sample", "--birth-year", "1985"), prog="cleardays report")
        == 0
    )
    sheets = PdfReader(io.BytesIO(out.read_bytes())).pages
    assert float(sheets[0].mediabox.width) == pytest.approx(width, abs=1)
    text = sheets[0].extract_text()
    assert "Sam Sample" in text
    assert "born 1985" in text
    assert "Annex: where each number comes from" in sheets[1].extract_text()


def test_the_annex_goes_into_a_file_of_its_own_on_request(diary, tmp_path):
    out, annex = tmp_path / "page.pdf", tmp_path / "annex.html"
    report(asked(diary, out, "--annex", str(annex)), prog="cleardays report")
    assert len(PdfReader(io.BytesIO(out.read_bytes())).pages) == 1
    assert "Annex: where each number comes from" in annex.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "where"),
    [
        (["--annex", "page.docx"], "--out"),
        (["--birth-year", "85"], "--birth-year"),
        (["--birth-year", "3000"], "--birth-year"),
        (["--name", "\u202e"], "--name"),
        (["--words", "x" * 10_001], "--words"),
        (["--page", "answer", "--words", "hello"], "--words"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(diary, tmp_path, more, where):
    out = tmp_path / "out" / "page.html"
    out.parent.mkdir()
    with pytest.raises(BadInput) as refused:
        report(asked(diary, out, *more), prog="cleardays report")
    assert where in {problem.where for problem in refused.value.problems} | {"--out"}
    assert list(out.parent.iterdir()) == []


def test_page_and_annex_are_never_one_file(diary, tmp_path):
    out = tmp_path / "page.html"
    with pytest.raises(BadInput) as refused:
        report(asked(diary, out, "--annex", str(out)), prog="cleardays report")
    assert refused.value.problems[0].where == "--annex"
    assert not out.exists()


def test_a_diary_that_says_nothing_has_a_page_and_no_answer(tmp_path, capsys):
    path, out = tmp_path / "days.csv", tmp_path / "page.html"
    path.write_text(f"date,status,headache\n{START},declined,\n", encoding="utf-8")
    assert report(asked(str(path), out, "--json"), prog="cleardays report") == 0
    assert json.loads(capsys.readouterr().out)["response"] is None
    assert "Nothing to judge yet" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["pdf", "html", "txt", "json"])
def test_a_page_of_a_story_names_the_head_of_its_chain(where, tmp_path, ending, capsys):
    out = tmp_path / f"page.{ending}"
    arguments = [
        "--store",
        where,
        "--person",
        "sam",
        "--trial",
        stories.TRIAL,
        "--on",
        ON.isoformat(),
        "--out",
        str(out),
        "--json",
    ]
    assert page(arguments, prog="cleardays trial page") == 0
    digest = json.loads(capsys.readouterr().out)["digest"]
    if ending == "pdf":
        text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(out.read_bytes())).pages)
    else:
        text = out.read_text(encoding="utf-8")
    assert digest in "".join(text.split())
    if ending == "json":
        told = json.loads(text)["account"]["told"]
        assert all(each["event"] for each in told.values())


def test_a_trial_that_is_not_there_is_said_and_nothing_is_written(where, tmp_path):
    out = tmp_path / "page.pdf"
    with pytest.raises(BadInput) as refused:
        page(["--store", where, "--person", "sam", "--trial", "second", "--out", str(out)], prog="cleardays trial page")
    assert "there is no trial" in refused.value.problems[0].what
    assert not out.exists()
