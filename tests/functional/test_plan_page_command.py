"""`cleardays plan page` from the command line."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest

from cleardays.cli.main import main
from reference.plan_files import confirmed, of_kind


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(of_kind("with valproate").document()), encoding="utf-8")
    return path


def schema():
    text = resources.files("cleardays.cli").joinpath("schemas", "plan-page.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


@pytest.mark.parametrize(("ending", "begins"), [("html", b"<!doctype"), ("pdf", b"%PDF"), ("txt", b"===="), ("svg", b"<svg")])
def test_the_ending_of_out_decides_the_format(plan, tmp_path, capsys, ending, begins):
    out = tmp_path / f"page.{ending}"
    assert main(["plan", "page", str(plan), "--out", str(out), "--json"]) == 0
    assert out.read_bytes().startswith(begins)
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema())
    assert found == {"written": str(out), "format": ending, "status": "proposal", "page": "draft"}


def test_without_out_it_prints_the_text(plan, capsys):
    assert main(["plan", "page", str(plan)]) == 0
    shown = capsys.readouterr().out
    assert "DRAFT" in shown
    assert "1 tablet of 25 mg every second day" in shown


def test_a_format_may_be_named(plan, tmp_path, capsys):
    assert main(["plan", "page", str(plan), "--format", "svg", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema())
    assert found["content"].startswith("<svg")
    out = tmp_path / "print.me"
    assert main(["plan", "page", str(plan), "--format", "pdf", "--paper", "letter", "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_a_pdf_is_not_printed_on_a_terminal(plan, capsys):
    assert main(["plan", "page", str(plan), "--format", "pdf"]) == 2
    assert "--out plan.pdf" in capsys.readouterr().err


def test_an_ending_that_is_not_offered_is_refused(plan, tmp_path, capsys):
    assert main(["plan", "page", str(plan), "--out", str(tmp_path / "page.docx")]) == 2
    assert ".pdf" in capsys.readouterr().err
    assert not (tmp_path / "page.docx").exists()


def test_a_confirmation_that_holds_no_longer_is_a_draft_again(tmp_path, capsys):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(confirmed(of_kind("alone")).document()), encoding="utf-8")
    assert main(["plan", "page", str(path), "--on", "2026-03-10"]) == 0
    assert "\nCONFIRMED\n" in capsys.readouterr().out
    assert main(["plan", "page", str(path), "--on", "2027-03-10"]) == 0
    shown = capsys.readouterr().out
    assert "\nDRAFT\n" in shown
    assert "CONFIRMED" not in shown
    assert main(["plan", "page", str(path), "--on", "2027-03-10", "--format", "svg"]) == 0
    assert "DRAFT" in capsys.readouterr().out


def test_what_is_no_plan_is_refused(tmp_path, capsys):
    path = tmp_path / "plan.json"
    path.write_text("{}", encoding="utf-8")
    assert main(["plan", "page", str(path)]) == 2
    assert "no plan file" in capsys.readouterr().err
