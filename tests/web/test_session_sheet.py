"""The sheet of a supervised session: readings as they come, limits that are crossed said at once, and the gate at the end."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from cleardays.plan.session_judge import IN_ORDER, NOT_IN_ORDER, judge
from cleardays.trial.story.versions import standing
from reference import app, seats, trials_web

ADDRESS = f"/people/me/plan/ketamine/sheet/{trials_web.START}"
QUIET = {"sbp": "118", "dbp": "74", "heart_rate": "70", "spo2": "98", "respiratory_rate": "14", "rousable": "yes",
         "consciousness": "5", "pain": "3", "dissociation": "0"}  # fmt: skip
CLOCK = datetime(2026, 3, 4, 9, 30, tzinfo=timezone(timedelta(0)))


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path, app.Clock(CLOCK)) as found:
        trials_web.opened(found, "ketamine", "refractory-migraine")
        found.post("/intake/pregnancy", data={"do": "add", "plans": "no"})
        facts = {"supervised": "yes", "escort": "yes", "blood_pressure": "118/74"}
        assert trials_web.drafted(found, "ketamine", **facts).status_code == 200
        with seats.sits(found, seats.DOCTOR):
            yield found


def told(desk, do, **fields):
    """One row."""
    return desk.post(ADDRESS, data={"do": do, **fields})


def begin(desk, **other):
    """What is written before the start."""
    page = desk.get(ADDRESS).text
    needs = {part.partition('"')[0]: "yes" for part in page.split('<select id="')[1:] if part.startswith("need-")}
    form = {"place": "clinic", "start": "09:30", "weight_kg": "72,5", "no_medicines": "yes", "qualification": "anaesthetist"}
    return told(desk, "before", **{**form, **needs, **other})


def record(desk):
    """The record as it stands."""
    (held,) = standing(desk.story().told.sessions).values()
    return held.file


def test_what_is_seen_to_stands_on_the_sheet_before_anything_is_given_and_no_amount_is_drafted(desk):
    page = desk.get(ADDRESS).text
    assert "Amount and rate are the clinician" in page
    assert "Mood, psychosis and suicide screen" in page
    assert 'value="reading"' not in page
    assert told(desk, "reading", minute="0", **QUIET).status_code == 422


def test_readings_come_one_by_one_and_draw_the_timeline_in_order(desk):
    assert begin(desk).status_code == 200
    for minute in ("15", "0", "5"):
        assert told(desk, "reading", minute=minute, **QUIET).status_code == 200
    found = record(desk)
    assert [each.minute for each in found.vitals] == [0, 5, 15]
    assert (found.weight_kg, found.medicines, found.supervised, found.entered_by) == (72.5, (), True, "Dr Ada Field")
    assert set(found.prepared.values()) == {True}
    page = desk.get(ADDRESS).text
    assert "<svg" in page
    assert "style=" not in page
    assert "Next reading: minute 30." in page


def test_the_minute_of_now_stands_in_the_form_by_the_clock(desk):
    begin(desk)
    desk.clock.later(minutes=17)
    assert 'id="reading-minute" name="minute" type="text" value="17"' in desk.get(ADDRESS).text


def test_a_limit_that_is_crossed_is_said_at_once(desk):
    begin(desk)
    told(desk, "given", minute="0", route="intravenous", rate="18", rate_unit="mg/h")
    page = told(desk, "reading", minute="5", **{**QUIET, "spo2": "84"})
    assert 'class="card red"' in page.text
    assert "Minute 5" in page.text
    assert judge(record(desk)).stop_from == 5


def test_a_change_of_what_is_given_keeps_its_time_and_its_reason(desk):
    begin(desk)
    told(desk, "given", minute="0", route="intravenous", rate="18", rate_unit="mg/h", until_minute="10")
    told(desk, "given", minute="10", route="intravenous", rate="12", rate_unit="mg/h", why="<b>dizzy</b>")
    first, second = record(desk).given
    assert (first.until_minute, second.from_minute, second.rate, second.why) == (10, 10, 12, "<b>dizzy</b>")
    assert "&lt;b&gt;dizzy&lt;/b&gt;" in desk.get(ADDRESS).text


def test_nobody_leaves_unnoticed_before_everything_is_in_order(desk):
    begin(desk)
    told(desk, "given", minute="0", route="intravenous", rate="18", rate_unit="mg/h", until_minute="30")
    told(desk, "reading", minute="0", **QUIET)
    page = told(desk, "leave", minute="40", escort="no", steady="yes", told_no_driving="yes", review_on="2026-04-01", seen="")
    assert page.status_code == 422
    assert 'id="seen-wrong"' in page.text
    assert record(desk).discharge is None
    page = told(desk, "leave", minute="40", escort="no", steady="yes", told_no_driving="yes", seen="yes")
    assert page.status_code == 200
    assert judge(record(desk)).discharge == NOT_IN_ORDER
    assert "Left, not in order" in page.text


def test_who_leaves_in_order_leaves_without_a_word(desk):
    begin(desk)
    told(desk, "given", minute="0", route="intravenous", rate="18", rate_unit="mg/h", until_minute="30")
    for minute in (0, 5, 10, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165):
        assert told(desk, "reading", minute=str(minute), **QUIET).status_code == 200
    page = told(desk, "leave", minute="170", escort="yes", steady="yes", told_no_driving="yes", review_on="2026-04-01")
    assert page.status_code == 200, page.text
    assert judge(record(desk)).discharge == IN_ORDER
    assert "Left, all in order" in page.text


def test_a_row_that_was_written_by_mistake_is_removed_and_stays_in_the_events(desk):
    begin(desk)
    told(desk, "reading", minute="0", **QUIET)
    told(desk, "finding", minute="1", what="nausea")
    told(desk, "remove", row="events:0")
    assert record(desk).events == ()
    assert len(record(desk).vitals) == 1
    assert told(desk, "remove", row="events:0").status_code == 422
    assert desk.told().count("session.held") == 4


@pytest.mark.parametrize(
    ("do", "wrong"),
    [
        ("reading", {"minute": "", "sbp": "120"}),
        ("reading", {"minute": "soon"}),
        ("reading", {"minute": "1", "sbp": "70", "dbp": "120"}),
        ("reading", {"minute": "1", "spo2": "140"}),
        ("given", {"minute": "0", "route": "by hand"}),
        ("given", {"minute": "0", "route": "intravenous", "amount": "20"}),
        ("finding", {"minute": "3"}),
        ("dance", {"minute": "3"}),
        ("before", {"place": "home"}),
        ("before", {"place": ""}),
    ],
)
def test_a_row_that_cannot_be_kept_comes_back_as_typed_and_keeps_nothing(desk, do, wrong):
    begin(desk)
    before = desk.told()
    page = told(desk, do, qualification="anaesthetist", **wrong)
    assert page.status_code == 422
    assert "Nothing was kept yet" in page.text
    assert desk.told() == before


def test_a_nurse_writes_the_sheet_for_the_clinician_who_holds_it(desk):
    with seats.sits(desk, seats.NURSING):
        assert begin(desk).status_code == 422
        assert begin(desk, held_by="Dr Bo Marsh").status_code == 200
        assert told(desk, "reading", minute="0", **QUIET).status_code == 200
    (held,) = standing(desk.story().told.sessions).values()
    assert (held.held_by, held.qualification, held.told_by.name) == ("Dr Bo Marsh", "anaesthetist", "Nora Nurse")


@pytest.mark.parametrize("viewer", [seats.HELPING, seats.COUNTING, seats.STRANGER, seats.seeing("nurse", "diary")])
def test_nobody_else_opens_or_writes_the_sheet(desk, viewer):
    with seats.sits(desk, viewer):
        assert desk.get(ADDRESS).status_code == 404
        assert told(desk, "before", place="clinic").status_code == 404
    assert desk.story().told.sessions == {}
