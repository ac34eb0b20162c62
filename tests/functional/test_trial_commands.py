"""`cleardays trial ...`: one trial from its opening to its end, in words a person follows; wrong steps change nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from cleardays.cli.main import main

START = date(2026, 1, 5)
PERSON = {
    "age": 45, "sex": "female", "weight_kg": 64, "medicines": [], "conditions": [], "allergies": [],
    "past_reactions": [], "pregnancy": "no", "supervised": True, "escort": True, "blood_pressure": [120, 80],
    "breastfeeding": False, "liver": "normal", "diary_flags": [], "egfr_ml_min": 95, "contraception": "copper_iud",
}  # fmt: skip
DOCTOR = ("--by", "Dr Ada Field", "--role", "clinician")


class Desk:
    """A store in a folder, and the commands on it."""

    def __init__(self, folder, capsys) -> None:
        self.folder, self.capsys = folder, capsys

    def run(self, *arguments, code=0):
        """The output of a command that ends with this code."""
        got = main([str(argument) for argument in arguments])
        printed = self.capsys.readouterr()
        assert got == code, printed.err
        return printed.err if code else printed.out

    def trial(self, word, *arguments, code=0, trial="first"):
        """One of the steps, for Sam."""
        named = () if word in ("show", "bring-in", "bring-out", "record") else ("--trial", trial)
        return self.run("trial", word, *arguments, "--person", "Sam", *named, code=code)

    def shown(self):
        """Where everything stands, as JSON."""
        return json.loads(self.trial("show", "--json"))

    def file(self, name, text):
        """A file with this text."""
        path = self.folder / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
        return path


@pytest.fixture
def desk(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("CLEARDAYS_STORE", str(tmp_path / "store.sqlite3"))
    return Desk(tmp_path, capsys)


@pytest.fixture
def planned(desk):
    """A trial that was opened and screened, with the files of its plan: draft and confirmed."""
    person = desk.file("person.json", PERSON)
    desk.trial("open", "Lamictal", "--indication", "migraine-with-aura", "--why", "aura every week", "--on", "2025-12-01")
    asked = ("--person", person, "--indication", "migraine-with-aura")
    screen = desk.file("screen.json", desk.run("screen", "lamotrigine", *asked, "--json"))
    desk.trial("screen", screen, "--on", "2025-12-20")
    desk.file("draft.json", desk.run("plan", "draft", "lamotrigine", *asked, "--start", START, "--json"))
    confirm = ("--by", "Dr Ada Field", "--at", "2026-01-04T09:30+01:00", "--out", desk.folder / "confirmed.json")
    desk.run("plan", "confirm", desk.folder / "draft.json", *confirm)
    return desk


def diary_of(desk, name="days.csv", days=140):
    """Half of the days an aura before the first dose, an eighth after it, in a pattern that never changes."""
    rows = ["date,headache,aura"]
    for n in range(days):
        day = START - timedelta(days=40 - n)
        aura = n % 2 == 0 if day < START + timedelta(days=28) else n % 8 == 0
        rows.append(f"{day},{'moderate' if aura else 'clear'},{'y' if aura else 'n'}")
    return desk.file(name, "\n".join(rows) + "\n")


def test_a_trial_goes_from_its_opening_to_a_decision_and_each_step_says_where_it_stands(planned):
    desk, review = planned, date(2026, 4, 6)
    assert "140 entries brought in" in desk.trial("bring-in", diary_of(desk))
    assert desk.trial("plan", desk.folder / "draft.json").startswith("first: lamotrigine, migraine-with-aura; baseline")
    desk.trial("plan", desk.folder / "confirmed.json")
    assert "titration, begun on 2026-01-05" in desk.trial("begin", "--on", START)
    assert "decision, begun on 2026-01-05" in desk.trial("review", "--on", review)
    said = desk.trial("decide", "continue", "--why", "half the days", "--again", "2026-07-06", *DOCTOR, "--on", review)
    assert "maintenance" in said
    assert "to be looked at on 2026-07-06" in said
    assert desk.run("trial", "due", "--on", "2026-07-05").startswith("Nobody")
    assert "Sam: lamotrigine (first), maintenance" in desk.run("trial", "due", "--on", "2026-07-06")
    (trial,) = desk.shown()["trials"]
    assert trial["confirmed_by"] == "Dr Ada Field"
    assert trial["baseline"]["last"] == "2026-01-04"
    assert trial["decisions"][0]["rests_on_answer_of"] == review.isoformat()


def test_the_answer_that_is_kept_is_the_one_that_was_printed(planned):
    desk = planned
    desk.trial("bring-in", diary_of(desk))
    desk.trial("plan", desk.folder / "confirmed.json")
    desk.trial("begin", "--on", START)
    printed = json.loads(desk.trial("review", "--on", "2026-04-06", "--json"))
    outside = json.loads(desk.run(
        "response", diary_of(desk), "--treatment", "lamotrigine", "--start", START, "--plan", desk.folder / "confirmed.json",
        "--as-of", "2026-04-06", "--json",
    ))  # fmt: skip
    assert printed["response"]["probability"] == outside["probability"]
    assert printed["seq"] == desk.shown()["seq"]


@pytest.mark.parametrize(
    ("word", "arguments", "says"),
    [
        ("begin", ("--on", START), "no confirmed plan stands"),
        ("review", ("--on", "2026-04-06"), "nothing to judge"),
        ("decide", ("continue", "--why", "x", "--again", "2199-07-06", *DOCTOR), "cannot follow"),
        ("decide", ("stop", "--why", "x"), "it does not say which clinician"),
        ("end", ("--how", "finished", "--why", "x"), "cannot follow"),
        ("begin", ("--on", "2199-01-01"), "still to come"),
    ],
)
def test_a_step_that_cannot_be_taken_says_what_is_missing_and_changes_nothing(planned, word, arguments, says):
    before = planned.shown()
    assert says in planned.trial(word, *arguments, code=2)
    assert planned.shown() == before


def test_what_is_no_screening_or_one_of_another_medicine_is_refused(planned):
    desk = planned
    for name, text, says in (
        ("a.json", "[]", "no screening"),
        ("b.json", "{", "no screening"),
        ("c.json", {"treatment": "topiramate"}, "of topiramate, and the trial is of lamotrigine"),
    ):
        assert says in desk.trial("screen", desk.file(name, text), code=2)


def test_a_diary_brought_in_twice_is_told_once_and_another_word_for_a_day_needs_somebody_to_say_so(desk):
    path = diary_of(desk)
    desk.trial("bring-in", path)
    assert desk.trial("bring-in", path).startswith("0 entries brought in, 140 were there already")
    changed = desk.file("other.csv", path.read_text().replace("2025-11-26,moderate,y", "2025-11-26,clear,n"))
    assert "the story tells it otherwise" in desk.trial("bring-in", changed, code=2)
    assert desk.trial("bring-in", changed, "--replace").startswith("1 entries brought in")
    desk.trial("bring-out", "--out", desk.folder / "out.csv")
    assert "2025-11-26,clear,n" in (desk.folder / "out.csv").read_text()


def test_a_diary_that_was_brought_in_comes_out_as_it_was(desk):
    desk.trial("bring-in", diary_of(desk))
    desk.trial("bring-out", "--out", desk.folder / "one.zip")
    desk.trial("bring-in", desk.folder / "one.zip")
    desk.trial("bring-out", "--out", desk.folder / "two.zip")
    assert desk.shown()["days"] == 140
    one, two = (desk.run("diary", "measures", desk.folder / name, "--json") for name in ("one.zip", "two.zip"))
    assert one == two


def test_events_are_kept_all_or_none_and_every_bad_line_is_named(desk):
    good = {"kind": "day.told", "at": "2026-03-04T20:00+01:00", "by": {"name": "Sam", "role": "person"},
            "body": {"cells": {"date": "2026-03-04", "headache": "clear"}}}  # fmt: skip
    bad = {**good, "kind": "day.tolled"}
    both = desk.file("events.jsonl", "\n".join(map(json.dumps, (good, bad))))
    assert "event 2 of 2, kind" in desk.trial("record", both, code=2)
    torn = desk.file("torn.jsonl", json.dumps(good) + "\n{nonsense\n[]\n")
    said = desk.trial("record", torn, code=2)
    assert "line 2" in said
    assert "line 3" in said
    assert "no story of 'Sam'" in desk.trial("show", code=2)  # nobody was added for nothing
    assert desk.trial("record", desk.file("one.jsonl", json.dumps(good))).startswith("1 told")


def test_a_trial_that_cannot_be_opened_leaves_nobody_behind(desk):
    asked = ("lamotrigine", "--indication", "migraine-with-aura", "--why", "x")
    assert "is no name of a trial" in desk.trial("open", *asked, trial="A trial", code=2)
    assert "no story of 'Sam'" in desk.trial("show", code=2)


def test_where_there_is_no_store_a_command_that_looks_makes_none(desk):
    assert "there is no store" in desk.trial("show", code=2)
    assert not (desk.folder / "store.sqlite3").exists()


@pytest.mark.parametrize("name", ["Zoë O'Neill", "נועה", "李小龙", "𝒮𝒶𝓂", "👩🏽‍🦱 Ada", "x" * 120])
def test_a_person_of_any_name_keeps_it(desk, name):
    asked = ("lamotrigine", "--indication", "migraine-with-aura", "--why", "x", "--trial", "a")
    desk.run("trial", "open", *asked, "--person", name)
    assert json.loads(desk.run("trial", "show", "--person", name, "--json"))["person"] == name


@pytest.mark.parametrize("name", ["", " ", "x" * 121])
def test_what_is_no_name_is_refused_before_anything_is_made(desk, name):
    asked = ("lamotrigine", "--indication", "migraine-with-aura", "--why", "x", "--trial", "a")
    desk.run("trial", "open", *asked, "--person", name, code=2)
    assert not (desk.folder / "store.sqlite3").exists()


def test_a_decision_waits_for_the_persons_own_goals_and_takes_their_answer(planned):
    desk = planned
    goal = {"kind": "goal.told", "at": "2025-12-20T20:00+01:00", "by": {"name": "Sam", "role": "person"},
            "body": {"entry": "work", "words": "to work two days a week"}}  # fmt: skip
    desk.trial("record", desk.file("goal.jsonl", json.dumps(goal)))
    desk.trial("bring-in", diary_of(desk))
    desk.trial("plan", desk.folder / "confirmed.json")
    desk.trial("begin", "--on", START)
    assert "the goal work: to work two days a week" in desk.trial("review", "--on", "2026-04-06")
    decide = ("decide", "continue", "--why", "half the days", "--again", "2026-07-06", *DOCTOR, "--on", "2026-04-06")
    assert "leaves the goal work without an answer" in desk.trial(*decide, code=2)
    assert "is no answer" in desk.trial(*decide, "--goal", "work=well", code=2)
    assert "maintenance" in desk.trial(*decide, "--goal", "work=partly: one day a week", "--outcome", "partial")


@pytest.mark.parametrize(
    ("treatment", "indication", "says"),
    [("Zzyx", "migraine-with-aura", "'zzyx' is not in the catalogue"), ("lamotrigine", "gout", "'gout' is not known")],
)
def test_a_trial_of_what_nothing_is_known_of_is_not_opened_and_what_there_is_is_named(desk, treatment, indication, says):
    said = desk.trial("open", treatment, "--indication", indication, "--why", "x", code=2)
    assert says in said
    assert "lamotrigine" in said or "migraine-with-aura" in said
    assert "no story of 'Sam'" in desk.trial("show", code=2)
