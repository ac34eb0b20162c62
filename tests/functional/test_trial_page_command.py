"""`cleardays trial page`: pages of a trial whose story is kept, with what was changed in it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cleardays.cli.main import main
from cleardays.store import open_store
from reference.plan_files import START
from reference.stories import day_told, journey, told

ENDINGS = ("pdf", "html", "txt", "json")


@pytest.fixture
def story(tmp_path, monkeypatch):
    """A store with one trial of lamotrigine, one day of it changed weeks later, and a goal."""
    where = tmp_path / "store.sqlite3"
    monkeypatch.setenv("CLEARDAYS_STORE", str(where))
    events = journey()[:-3]  # up to the review, which would answer the goals
    goal = told("goal.told", {"entry": "drive", "words": "Ich will wieder Auto fahren"}, START - timedelta(days=29))
    counted = {"entry": "few", "words": "At most 20 bad days", "outcome": "headache_day", "at_most": 20}
    events[1:1] = [goal, told("goal.told", counted, START - timedelta(days=29))]
    changed = day_told(START - timedelta(days=3), "severe", START + timedelta(days=121))
    with open_store(where) as store:
        store.add_person("Sam")
        store.append("Sam", [*events, changed])
    return tmp_path


@pytest.fixture
def page(story, capsys):
    def made(*more, ending="json", code=0):
        out = story / f"page.{ending}"
        arguments = ["trial", "page", "--person", "Sam", "--trial", "first", "--on", "2026-08-01", "--out", str(out), *more]
        assert main(arguments) == code, capsys.readouterr().err
        printed = capsys.readouterr()
        return out if not code else printed.err

    return made


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("of", [["clinician"], ["person"], ["payer", "--payer", "ahs-oral"]], ids=lambda of: of[0])
def test_each_page_of_a_kept_trial_is_written_in_each_format(page, of, ending):
    assert page("--page", *of, ending=ending).stat().st_size > 1000


def test_the_goals_of_the_person_are_answered_on_their_page(page):
    document = json.loads(page("--page", "person").read_text(encoding="utf-8"))
    assert {goal["goal"] for goal in document["goals"]} == {"Ich will wieder Auto fahren", "At most 20 bad days"}
    assert "Ich will wieder Auto fahren" in page("--page", "person", ending="txt").read_text(encoding="utf-8")


def test_a_day_that_was_changed_later_stands_on_the_page_of_the_payer_and_so_does_the_baseline(page):
    document = json.loads(page("--page", "payer", "--payer", "ihs-2025").read_text(encoding="utf-8"))
    assert document["edits"] == {(START - timedelta(days=3)).isoformat(): (START + timedelta(days=121)).isoformat()}
    text = " ".join(page("--page", "payer", "--payer", "ihs-2025", ending="txt").read_text(encoding="utf-8").split())
    assert "Changed later: 1 day." in text
    assert "was fixed on" in text


def test_what_belongs_to_another_page_is_refused(page):
    assert "--payer" in page("--page", "person", "--payer", "ihs-2025", code=2)
    assert "whose rules" in page("--page", "payer", code=2)
