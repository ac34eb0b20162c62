"""`cleardays plan feed` as a user meets it: the file, the summary, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources

import jsonschema
import pytest

from reference.calendars import holding, read
from reference.confirmed_plans import changed, confirmed, drafted
from reference.plan_files import START


def cleardays(*arguments, given=None):
    command = [sys.executable, "-m", "cleardays", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def fed(file, *options):
    given = json.dumps(file.document()).encode()
    return cleardays("plan", "feed", "-", *options, given=given)


def schema(name):
    return json.loads(resources.files("cleardays.cli").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def plan():
    return confirmed(drafted("topiramate", "episodic-migraine"))


IN_TIME = ("--zone", "Europe/Berlin", "--on", "2026-03-02")


def test_the_file_goes_to_standard_output_as_it_is(plan):
    done = fed(plan, *IN_TIME)
    assert (done.returncode, done.stderr) == (0, b"")
    assert {event.text("SUMMARY") for event in holding(read(done.stdout), "d")} == {"Reminder 1", "Reminder 2"}
    assert b"opiramate" not in done.stdout


def test_the_file_on_disk_and_what_is_said_of_it(plan, tmp_path):
    out = tmp_path / "reminders.ics"
    done = fed(plan, *IN_TIME, "--titles", "full", "--out", str(out))
    said = done.stdout.decode()
    assert f"Wrote {out}: 10 events from 2026-03-02 to {plan.plan.review.on} (Europe/Berlin)." in said
    assert "may not ring" in said
    assert "Topiramate 25 mg" in {event.text("SUMMARY") for event in holding(read(out.read_bytes()), "d")}


def test_the_summary(plan, tmp_path):
    out = tmp_path / "reminders.ics"
    later = confirmed(changed(plan, "hold", START.replace(day=12), days=3))
    done = fed(later, "--zone", "Asia/Kolkata", "--on", "2026-03-12", "--json", "--out", str(out))
    found = json.loads(done.stdout)
    jsonschema.validate(found, schema("plan-feed"), format_checker=jsonschema.FormatChecker())
    assert found == {
        "version": 4, "events": 10, "cancelled": 4, "first": "2026-03-02", "last": str(later.plan.review.on),
        "zone": "Asia/Kolkata", "titles": "neutral", "file": str(out),
    }  # fmt: skip
    assert len(holding(read(out.read_bytes()))) == 10
    assert json.loads(fed(plan, *IN_TIME, "--json").stdout)["file"] is None


def test_every_option_does_what_it_says(plan):
    options = ("--times", "07:15,19:15", "--times", "22:00", "--alarm", "5", "--diary", "none")
    found = read(fed(plan, *IN_TIME, *options).stdout)
    assert not holding(found, "y")
    assert {event.raw("DTSTART")[-6:] for event in holding(found, "d")} == {"220000", "071500", "191500"}
    assert {event.inside[0].raw("TRIGGER") for event in holding(found, "d")} == {"-PT5M"}
    quiet = read(fed(plan, *IN_TIME, "--alarm", "none", "--diary", "21:45").stdout)
    assert not any(event.inside for event in holding(quiet))
    assert holding(quiet, "y")[0].raw("DTSTART").endswith("214500")
    sessions = confirmed(drafted("onabotulinumtoxina", "chronic-migraine"))
    placed = read(fed(sessions, *IN_TIME, "--place", "Room 4").stdout)
    assert {event.text("LOCATION") for event in holding(placed, "s")} == {"Room 4"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--zone", "Berlin"), "Use a name like Europe/Berlin"),
        (("--zone", "CEST+1"), "Use a name like Europe/Berlin"),
        ((), "--zone"),
        (("--zone", "Europe/Berlin", "--times", "8 am"), "Write it like 08:00"),
        (("--zone", "Europe/Berlin", "--times", "20:00,08:00"), "the earliest first"),
        (("--zone", "Europe/Berlin", "--times", "08:00"), "Choose a time from 17:00"),
        (("--zone", "Europe/Berlin", "--times", "02:30,20:30"), "clocks go forward"),
        (("--zone", "Europe/Berlin", "--diary", "late"), "Write it like 08:00"),
        (("--zone", "Europe/Berlin", "--alarm", "-5"), "minutes"),
        (("--zone", "Europe/Berlin", "--alarm", "1441"), "Write whole minutes from 0 to 1440"),
        (("--zone", "Europe/Berlin", "--titles", "loud"), "See cleardays plan feed --help"),
        (("--zone", "Europe/Berlin", "--place", ""), "--place"),
        (("--zone", "Europe/Berlin", "--on", "1 March"), "--on"),
        (("--zone", "Europe/Berlin", "--on", "2027-03-02"), "The review was due"),
        (("--zone", "Europe/Berlin", "--out", "/nowhere/at/all.ics"), "Check that its folder exists"),
    ],
)
def test_what_is_refused_says_what_to_do(plan, options, says):
    today = () if "--on" in options else ("--on", "2026-03-02")
    done = fed(plan, *options, *today, "--json")
    assert done.returncode == 2, done.stdout
    assert says in done.stderr.decode()
    jsonschema.validate(json.loads(done.stdout), schema("problems"))


def test_a_draft_is_refused_until_a_clinician_confirms_it():
    done = fed(drafted("topiramate", "episodic-migraine"), *IN_TIME)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Nobody confirmed it. A clinician confirms the plan as it stands now" in done.stderr


def test_no_plan_is_refused():
    assert cleardays("plan", "feed", "-", *IN_TIME, given=b"{}").returncode == 2
