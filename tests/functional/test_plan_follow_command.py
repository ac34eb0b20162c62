"""`cleardays plan follow` and `plan session` on one day: what stands against a dose first, and nobody goes on after a stop."""

from __future__ import annotations

import json
import zipfile
from datetime import date, timedelta

import pytest

from cleardays.cli.main import main
from cleardays.diary.beside import Beside
from cleardays.diary.bundle import to_tables
from cleardays.diary.entries import Event
from cleardays.diary.records import DayRecord, Diary

START = date(2026, 1, 5)
RISE = date(2026, 2, 2)  # from 50 to 100 mg
PERSON = {
    "age": 45, "sex": "female", "weight_kg": 64, "medicines": [], "conditions": [], "allergies": [],
    "past_reactions": [], "pregnancy": "no", "supervised": True, "escort": True, "blood_pressure": [120, 80],
    "breastfeeding": False, "liver": "normal", "diary_flags": [], "egfr_ml_min": 95, "contraception": "copper_iud",
}  # fmt: skip
CONFIRM = ("--by", "Dr Ada Field", "--at", "2026-01-04T09:30+01:00")


def ran(capsys, *arguments):
    code = main(["plan", *map(str, arguments)])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    return printed.out


@pytest.fixture
def plan(tmp_path, capsys):
    """Writes a plan, confirmed or not, returns its path."""

    def write(treatment="lamotrigine", indication="alcohol-recovery", *options, confirmed=True, **told):
        conditions = [] if "recovery" in indication else ["chronic migraine"]
        (tmp_path / "person.json").write_text(json.dumps({**PERSON, "conditions": conditions, **told}))
        asked = ("--person", tmp_path / "person.json", "--indication", indication, "--start", START)
        path = tmp_path / f"{treatment}.json"
        path.write_text(ran(capsys, "draft", treatment, *asked, *options, "--json"))
        if confirmed:
            ran(capsys, "confirm", path, *CONFIRM, "--out", path)
        return path

    return write


@pytest.fixture
def diary(tmp_path):
    """Writes a diary with events, returns its path."""

    def write(*events):
        days = tuple(DayRecord(date=START + timedelta(days=n), headache="clear") for n in range(60))
        path = tmp_path / "diary.zip"
        with zipfile.ZipFile(path, "w") as file:
            for name, text in to_tables(Diary(days, beside=Beside(events=events))).items():
                file.writestr(name, text)
        return path

    return write


@pytest.fixture
def follow(capsys):
    """What is printed on a day, in words and as JSON."""

    def look(path, events, on):
        asked = ("follow", path, "--diary", events, "--on", on)
        return ran(capsys, *asked), json.loads(ran(capsys, *asked, "--json"))

    return look


def told(term, kind="red_flag", on=date(2026, 1, 31), **more):
    return Event(date=on, kind=kind, term=term, **more)


@pytest.mark.parametrize("on", [RISE, RISE + timedelta(days=1), RISE + timedelta(days=20)])
def test_an_open_red_flag_keeps_the_earlier_dose_on_the_day_of_the_rise_and_after_it(plan, diary, follow, on):
    words, said = follow(plan(), diary(told("new_headache")), on)
    assert (said["step"]["daily_dose"], said["today"]["held_back"]["daily_dose"]) == (50, 100)
    assert said["today"]["due"] is True
    assert said["next_step"]["released"] is False
    assert "Today: 50 mg" in words
    assert "Today: 100 mg" not in words
    assert words.index("CRITICAL: a new kind of headache") < words.index("Today:") < words.index("Told on 2026-01-31")


def test_without_a_finding_the_step_is_released_on_its_day(plan, diary, follow):
    path = plan()
    words, said = follow(path, diary(), RISE)
    assert (said["step"]["daily_dose"], said["next_step"]["released"], said["today"]["held_back"]) == (100, True, None)
    assert "Today: 100 mg" in words
    settled = told("new_headache", outcome="resolved", until=date(2026, 2, 1))
    assert follow(path, diary(settled), RISE)[1]["step"]["daily_dose"] == 100


def test_where_the_treatment_says_stop_no_dose_is_told_before_somebody_has_looked(plan, diary, follow):
    words, said = follow(plan(), diary(told("rash with fever", "side_effect")), RISE - timedelta(days=1))
    assert said["today"]["due"] is None
    assert said["told"] == [{"on": "2026-01-31", "kind": "side_effect", "term": "rash with fever", "flags": ["fever", "rash"]}]
    assert "Stop lamotrigine and go to emergency care now." in [alert["action"] for alert in said["told_alerts"]]
    assert "Today: nothing before somebody has looked" in words
    assert words.index("Stop lamotrigine") < words.index("Today:")


def test_a_term_that_is_not_known_is_shown_and_asked_about(plan, diary, follow):
    words, said = follow(plan(), diary(told("odd taste", "side_effect")), RISE)
    assert said["step"]["daily_dose"] == 100
    assert ["odd taste" in each["question"] for each in said["asked"]] == [True]
    assert "'odd taste'" in words


def test_an_off_day_has_no_dose_and_names_the_next(plan, diary, follow):
    path = plan("lamotrigine", "alcohol-recovery", medicines=["valproate"])
    words, said = follow(path, diary(), START + timedelta(days=1))
    assert (said["today"]["due"], said["today"]["amounts"], said["today"]["next_on"]) == (False, [], "2026-01-07")
    assert "Today: no dose. The next one is on 2026-01-07: the step has 25 mg every other day" in words
    words, said = follow(path, diary(), START)
    assert (said["today"]["due"], said["today"]["amounts"]) == (True, [25])
    assert "Today: 25 mg (" in words


def test_a_day_with_a_session_names_it_and_one_without_the_next(plan, diary, follow):
    path = plan("onabotulinumtoxina", "chronic-migraine")
    words, said = follow(path, diary(), START)
    assert said["today"]["session"]["on"] == "2026-01-05"
    assert "Session today: intramuscular, 155 U" in words
    words, said = follow(path, diary(), START + timedelta(days=1))
    assert "Next session on 2026-03-30" in words
    words = follow(plan("ketamine", "refractory-migraine"), diary(), START)[0]
    assert "amount and rate: the clinician's" in words


def test_a_stop_holds_at_once(plan, diary, follow, capsys):
    path = plan()
    done = ran(capsys, "change", path, "stop", "--on", "2026-01-20", "--why", "rash on the arms", "--out", path)
    assert "STOPPED from 2026-01-20 on" in done
    assert "not to be followed yet" not in done
    words, said = follow(path, diary(), date(2026, 1, 21))
    assert (said["today"]["by"], said["today"]["due"], said["today"]["next_on"]) == ("stopped", False, None)
    assert "Today: no dose. It was stopped from 2026-01-20 on" in words
    assert "25 mg" not in words.split("Due within")[0]
    assert "50 mg" not in words.split("Due within")[0]


def test_a_change_that_waits_leaves_the_confirmed_dose_without_its_steps_up(plan, diary, follow, capsys):
    path = plan()
    ran(capsys, "change", path, "hold", "--on", "2026-01-26", "--days", "7", "--why", "dizzy", "--out", path)
    words, said = follow(path, diary(), RISE)
    assert (said["followed"], said["today"]["by"], said["step"]["daily_dose"]) == (False, "confirmed-before", 50)
    assert said["confirmed_version"]["by"] == "Dr Ada Field"
    assert [each["kind"] for each in said["unconfirmed_changes"]] == ["hold"]
    assert "That is as Dr Ada Field confirmed it on 2026-01-04" in words
    assert "Waits for a clinician: hold from 2026-01-26 on: dizzy" in words


def test_a_change_to_less_asks_before_the_next_dose(plan, diary, follow, capsys):
    path = plan()
    ran(capsys, "change", path, "step-back", "--on", "2026-02-03", "--why", "dizzy", "--out", path)
    words, said = follow(path, diary(), date(2026, 2, 3))
    assert (said["today"]["by"], said["today"]["due"]) == ("ask", None)
    assert "Today: call the clinician before the next dose." in words


def test_a_plan_with_an_open_question_asks_before_the_next_dose(plan, diary, follow, tmp_path, capsys):
    path = plan()
    (tmp_path / "now.json").write_text(json.dumps({**PERSON, "medicines": ["some tablet from the market"]}))
    change = ("--person", tmp_path / "now.json", "--on", "2026-01-20", "--why", "told today")
    ran(capsys, "change", path, "told", *change, "--out", path)
    words, said = follow(path, diary(), date(2026, 1, 20))
    assert (said["status"], said["today"]["by"], said["today"]["due"]) == ("incomplete", "ask", None)
    assert "INCOMPLETE: call the clinician before the next dose" in words


def test_a_plan_that_is_refused_by_what_was_told_shows_why_first(plan, diary, follow, tmp_path, capsys):
    path = plan()
    (tmp_path / "now.json").write_text(json.dumps({**PERSON, "diary_flags": ["rash"]}))
    change = ("--person", tmp_path / "now.json", "--on", "2026-01-20", "--why", "rash")
    done = ran(capsys, "change", path, "told", *change, "--out", path)
    assert done.index("REFUSED") < done.index("CRITICAL: a rash") < done.index("Steps:")
    words, said = follow(path, diary(), date(2026, 1, 20))
    assert said["status"] == "refused"
    assert [alert["code"] for alert in said["alerts"]] == ["red-flag.rash"]
    assert said["today"]["due"] is None
    assert words.index("REFUSED") < words.index("be seen the same day") < words.index("Today: call the clinician")


def test_a_draft_has_no_dose_for_today(plan, diary, follow):
    words, said = follow(plan(confirmed=False), diary(), START)
    assert (said["today"]["by"], said["today"]["due"], said["confirmed_version"]) == ("draft", None, None)
    assert "Today: no dose by this plan" in words


def test_a_session_of_a_draft_is_not_confirmed_whatever_the_gate_says(plan, capsys):
    for treatment, indication in (("ketamine", "refractory-migraine"), ("onabotulinumtoxina", "chronic-migraine")):
        path = plan(treatment, indication, confirmed=False)
        words, said = (ran(capsys, "session", path, "--on", START, *more) for more in ((), ("--json",)))
        said = json.loads(said)
        assert (said["answer"], said["followed"]) == ("not confirmed", False)
        assert [reason["rule"] for reason in said["not_followed_because"]] == ["confirmation.missing"]
        first, second, *_ = words.splitlines()
        assert first == f"{treatment} on 2026-01-05: NOT CONFIRMED"
        assert second == "NOT TO BE HELD: Nobody confirmed it."
        ran(capsys, "confirm", path, *CONFIRM, "--out", path)
        said = json.loads(ran(capsys, "session", path, "--on", START, "--json"))
        assert (said["answer"], said["followed"]) == ("ready", True)


def test_a_session_is_judged_by_the_texts_of_its_jurisdiction(plan, capsys, monkeypatch):
    from cleardays.cli.commands import plan_session

    asked, real = [], plan_session.may_start
    monkeypatch.setattr(plan_session, "may_start", lambda *given, **more: asked.append(more) or real(*given, **more))
    for options in (("--jurisdiction", "uk"), ()):
        ran(capsys, "session", plan("ketamine", "refractory-migraine", *options), "--on", START)
    assert [each["jurisdiction"] for each in asked] == ["uk", None]
