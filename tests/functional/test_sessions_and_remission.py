"""`cleardays response` and `report` on sessions, wearing off and remission, as a user meets them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date, timedelta
from importlib import resources

import jsonschema
import pytest
from pypdf import PdfReader

from cleardays.cli.files import save_diary
from cleardays.diary.beside import Beside
from cleardays.diary.entries import DoseEntry
from cleardays.diary.records import DayRecord, Diary
from reference.plans import plan_of

START = date(2026, 3, 2)
DAY = timedelta(days=1)


def cleardays(*arguments):
    command = [sys.executable, "-m", "cleardays", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def answer(*arguments):
    done = cleardays("response", *arguments, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    schema = resources.files("cleardays.cli").joinpath("schemas", "response.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(found, json.loads(schema), format_checker=jsonschema.FormatChecker())
    return found


def asked(treatment):
    return "--treatment", treatment, "--start", START


def day_had(n, since_session):
    """Every second day, none in the seven days after a session."""
    return not 1 <= since_session <= 7 and n % 2 == 0


def diary(length, had, *, before=84, doses=()):
    days = (DayRecord(date=START + n * DAY, headache="moderate" if had(n) else "clear") for n in range(-before, length))
    return Diary(tuple(days), beside=Beside(doses=tuple(doses)))


def in_sessions(n_sessions, *, apart=35, drug="ketamine"):
    held = [n * apart for n in range(n_sessions)]
    doses = [DoseEntry(date=START + n * DAY, kind="session", drug=drug, state="given") for n in held]
    had = lambda n: day_had(n, min((n - on for on in held if on <= n), default=99))  # noqa: E731
    return diary(n_sessions * apart, had, doses=doses)


@pytest.fixture
def saved(tmp_path):
    def save(of, name):
        path = tmp_path / name
        save_diary(of, str(path))
        return path

    return save


@pytest.fixture(scope="module")
def ketamine(tmp_path_factory):
    path = tmp_path_factory.mktemp("diary") / "ketamine.zip"
    save_diary(in_sessions(5), str(path))
    return path


def test_relief_and_prevention_are_answered_apart(ketamine):
    found = answer(ketamine, *asked("ketamine"))
    relief = found["sessions"]["relief"]
    assert (relief["answer"], relief["counted"]) == ("likely", 5)
    assert relief["first"]["had"] == 0
    assert found["sessions"]["prevention"] == {"verdict": found["verdict"], "reduction_pct": found["reduction_pct"]}
    assert relief["reduction_pct"]["estimate"] > found["reduction_pct"]["estimate"] + 20
    assert found["wearing_off"] is None  # no source holds the course of a cycle


def test_the_words_say_both_and_never_as_one(ketamine):
    told = " ".join(cleardays("response", ketamine, *asked("ketamine")).stdout.split())
    assert "5 sessions so far, the last ones of them: 6 Apr 2026, 11 May 2026, 15 Jun 2026 and 20 Jul 2026." in told
    assert "Relief at once is likely. Headache days in the first 7 days after 5 sessions: 0 of 35 known days" in told
    assert "Prevention is the other question; the verdict answers it." in told


def test_as_of_reads_no_later_session_and_no_later_day(ketamine, saved):
    """Cut off by --as-of, or never written: the same."""
    day = START + 80 * DAY
    cut = answer(ketamine, *asked("ketamine"), "--as-of", day)
    assert [each["on"] for each in cut["sessions"]["held"]] == ["2026-03-02", "2026-04-06", "2026-05-11"]
    whole = in_sessions(5)
    doses = [dose for dose in whole.beside.doses if dose.date <= day]
    short = saved(Diary(tuple(r for r in whole.records if r.date <= day), beside=Beside(doses=tuple(doses))), "short.zip")
    never = answer(short, *asked("ketamine"))
    for key in ("sessions", "wearing_off", "remission"):
        assert cut[key] == never[key]


def test_after_one_session_no_answer_is_final(saved):
    found = answer(saved(in_sessions(1), "one.zip"), *asked("ketamine"))
    assert found["sessions"]["relief"]["answer"] == "cannot_tell"
    assert "sessions.not-final" in [reason["rule"] for reason in found["sessions"]["reasons"]]


def test_a_plan_gives_the_sessions_and_says_which_nobody_told(saved, tmp_path):
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(plan_of("onabotulinumtoxina", "chronic-migraine").document()), encoding="utf-8")
    wears = saved(diary(168, lambda n: n % 84 >= 56 or n < 0), "days.csv")
    found = answer(wears, *asked("Botox"), "--plan", plan)
    assert [each["told"] for each in found["sessions"]["held"]] == [False, False]
    assert found["sessions"]["relief"]["answer"] == "not_expected"
    assert found["wearing_off"]["answer"] == "cannot_tell"
    assert [cycle["counted"] for cycle in found["wearing_off"]["cycles"]] == [True, True]
    told = " ".join(cleardays("response", wears, *asked("Botox"), "--plan", plan).stdout.split())
    assert "Of 2 nobody told whether it took place" in told
    assert "Does it wear off before the next session? The diary cannot tell yet" in told


def test_wearing_off_is_what_its_own_view_says(saved):
    """Four cycles told in the diary: the key holds what the view holds, and the page its sentence."""
    from cleardays.catalogue.treatments import load_treatment
    from cleardays.diary.outcomes import day_series
    from cleardays.plan.wearing_off import wearing_off

    doses = [DoseEntry(date=START + 84 * n * DAY, kind="session", drug="onabotulinumtoxina", state="given") for n in range(4)]
    of = diary(336, lambda n: n % 84 >= 58 if n >= 0 else n % 2 == 0, doses=doses)
    path = saved(of, "toxin.zip")
    found = answer(path, *asked("onabotulinumtoxinA"))
    own = wearing_off(load_treatment("onabotulinumtoxina"), day_series(of, "headache_day"), [dose.date for dose in doses])
    assert found["wearing_off"] == json.loads(json.dumps(own.document()))
    assert found["wearing_off"]["answer"] == "more"
    assert own.says in " ".join(cleardays("response", path, *asked("onabotulinumtoxinA")).stdout.split())


def test_records_of_sessions_tell_pain_and_days(saved, tmp_path):
    files = []
    for n, (before, after) in enumerate([(8, 3), (6, 4)]):
        record = {
            "treatment": "ketamine", "on": (START + 35 * n * DAY).isoformat(), "entered_by": "Dr A. Moreau", "place": "clinic",
            "vitals": [{"minute": 0, "pain": before}, {"minute": 60, "pain": after}],
        }  # fmt: skip
        files.append(tmp_path / f"session-{n}.json")
        files[-1].write_text(json.dumps(record), encoding="utf-8")
    plain = saved(diary(70, lambda n: n % 2 == 0), "days.csv")
    options = [part for path in files for part in ("--session", path)]
    found = answer(plain, *asked("ketamine"), *options)
    assert [each["on"] for each in found["sessions"]["held"]] == ["2026-03-02", "2026-04-06"]
    assert (found["sessions"]["pain"]["median_before"], found["sessions"]["pain"]["median_after"]) == (7, 3.5)
    early = answer(plain, *asked("ketamine"), *options, "--as-of", START + 20 * DAY)
    assert early["sessions"]["pain"]["sessions"] == 1


def test_where_only_the_start_is_known_and_others_were_due_it_is_not_called_one_session(saved):
    path = saved(diary(210, lambda n: n % 3 == 0), "days.csv")
    found = answer(path, *asked("Botox"))
    assert [reason["rule"] for reason in found["sessions"]["reasons"]] == ["sessions.held"]
    assert found["wearing_off"] is None
    told = " ".join(cleardays("response", path, *asked("Botox")).stdout.split())
    assert "Only the start is known (2 Mar 2026); tell later ones with doses, --session or --plan." in told
    assert "1 session so far" not in told
    early = answer(path, *asked("Botox"), "--as-of", START + 60 * DAY)
    assert "sessions.not-final" in [reason["rule"] for reason in early["sessions"]["reasons"]]


def test_pain_is_of_the_sessions_alone_and_each_once(saved, tmp_path):
    files = []
    for on, place in ((START - 30 * DAY, "clinic"), (START + 28 * DAY, "clinic"), (START + 28 * DAY, "hospital")):
        vitals = [{"minute": 0, "pain": 8}, {"minute": 60, "pain": 3}]
        record = {"treatment": "ketamine", "on": on.isoformat(), "entered_by": "A", "place": place, "vitals": vitals}
        files.append(tmp_path / f"session-{len(files)}.json")
        files[-1].write_text(json.dumps(record), encoding="utf-8")
    plain = saved(diary(70, lambda n: n % 2 == 0), "days.csv")
    found = answer(plain, *asked("ketamine"), "--session", files[0], "--session", files[1])["sessions"]
    assert [each["on"] for each in found["held"]] == ["2026-03-02", "2026-03-30"]
    assert [each["on"] for each in found["pain"]["each"]] == ["2026-03-30"]
    twice = cleardays("response", plain, *asked("ketamine"), "--session", files[1], "--session", files[2])
    assert twice.returncode == 2
    assert "two records are of 2026-03-30. Give one record of each session" in " ".join(twice.stderr.split())


def test_a_record_that_cannot_be_used_is_told(saved, tmp_path):
    plain, bad = saved(diary(30, lambda n: n % 2 == 0), "days.csv"), tmp_path / "bad.json"
    bad.write_text("{", encoding="utf-8")
    done = cleardays("response", plain, *asked("ketamine"), "--session", bad, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["problems"][0]["what"] == "it is no JSON."
    both = cleardays("response", "-", *asked("ketamine"), "--session", "-")
    assert both.returncode == 2
    assert "standard input can give only one of them" in both.stderr
    record = {"treatment": "ketamine", "on": "2026-03-02", "entered_by": "A", "place": "clinic"}
    bad.write_text(json.dumps(record), encoding="utf-8")
    other = cleardays("response", plain, *asked("topiramate"), "--session", bad)
    assert other.returncode == 2
    assert "is of ketamine, not of topiramate" in other.stderr


def test_a_treatment_of_tablets_has_no_sessions(saved):
    found = answer(saved(diary(100, lambda n: n % 2 == 0), "days.csv"), *asked("topiramate"))
    assert found["sessions"] is None
    assert found["wearing_off"] is None


def test_months_without_are_a_remission_and_twenty_days_at_two_a_month_are_not(saved):
    gone = answer(saved(diary(100, lambda n: n % 2 == 0 and n < 5), "gone.csv"), *asked("topiramate"))["remission"]
    assert (gone["stretch"]["answer"], gone["stretch"]["days"]) == ("remission", 95)
    seldom = saved(diary(60, lambda n: n % 14 == 0 and n < 40), "seldom.csv")
    few = answer(seldom, *asked("topiramate"))["remission"]
    assert (few["stretch"]["answer"], few["stretch"]["days"]) == ("as_before", 31)
    assert few["stretch"]["chance_as_before"] > 0.05
    assert "remission" not in cleardays("response", seldom, *asked("topiramate")).stdout


def test_who_began_chronic_is_told_since_when_it_is_not(saved):
    of = diary(140, lambda n: n % 10 != 0 if n < 20 else n % 5 == 0)
    months = answer(saved(of, "days.csv"), *asked("topiramate"))["remission"]["months"]
    assert (months["answer"], months["since"]) == ("episodic", (START + 28 * DAY).isoformat())
    assert months["began"]["ge15_headache"] == "yes"


def test_before_the_start_there_is_nothing(saved):
    found = answer(saved(diary(0, lambda n: n % 2 == 0), "days.csv"), *asked("ketamine"))
    assert found["sessions"] is found["wearing_off"] is found["remission"] is None


def test_use_after_a_stretch_without_is_a_lapse_and_nobody_is_blamed(saved):
    days = tuple(DayRecord(date=START + n * DAY, use_day=(n < 4 and n % 2 == 0) or n == 110) for n in range(-84, 130))
    path = saved(Diary(days, about={"condition": "cocaine-recovery"}), "use.csv")
    found = answer(path, *asked("baclofen"), "--outcome", "use_day")["remission"]
    assert (found["ended"]["days"], found["ended"]["answer"]) == (107, "not_back")
    assert found["months"] is None
    told = " ".join(cleardays("response", path, *asked("baclofen"), "--outcome", "use_day").stdout.split())
    assert "One such day is a lapse and no failure; it takes nothing away from the 107 days before it." in told


def test_the_page_has_the_same_words_in_every_format_and_stays_one_sheet(saved, tmp_path):
    of = in_sessions(3, apart=28)
    path = saved(Diary(of.records[56:], beside=of.beside), "diary.zip")
    wanted = "Headache days in the first 7 days after 3 sessions: 0 of 21 known days"
    for kind in ("html", "json", "txt", "pdf"):
        out = tmp_path / f"page.{kind}"
        done = cleardays("report", path, *asked("ketamine"), "--out", out, "--page", "answer")
        assert done.returncode == 0, done.stderr
        if kind == "pdf":
            reader = PdfReader(io.BytesIO(out.read_bytes()))
            assert len(reader.pages) == 1
            text = reader.pages[0].extract_text()
        else:
            text = out.read_text(encoding="utf-8")
        assert wanted in " ".join(text.split())
    document = json.loads((tmp_path / "page.json").read_text(encoding="utf-8"))
    assert document["over_time"]
    assert document["response"]["sessions"]["held"]
