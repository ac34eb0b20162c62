"""The plan: today's doses in one tap with undo, what is next, and changes that say what they do and ask why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cleardays.plan.dose_table import log_of_diary
from reference import app, seats, trials_web
from reference.whole_stories import whole_events

START = trials_web.START


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        trials_web.begun(found)
        yield found


def dose(desk, what="taken", day=START, trial="lamotrigine"):
    """One tap."""
    return desk.post(f"/plan/{trial}/dose", data={"what": what, "day": day})


def changed(desk, kind, **fields):
    """A change of the plan."""
    return desk.post(f"/plan/lamotrigine/change/{kind}", data={"do": "keep", "why": "tired all day", **fields})


def file(desk):
    """The plan as it is now."""
    return desk.story().trials["lamotrigine"].plan.file


@pytest.mark.parametrize("what", ["taken", "late", "skipped"])
def test_one_tap_tells_a_dose_and_another_takes_it_back(desk, what):
    page = dose(desk, what)
    assert page.status_code == 200
    (told,) = log_of_diary(desk.story().diary.beside.doses, "lamotrigine").entries
    assert (told.status, told.day) == (what, date(2026, 3, 4))
    assert ("Undo" in page.text, 'value="taken"' in page.text) == (True, False)
    page = dose(desk, "undo")
    assert desk.story().diary.beside.doses == ()
    assert 'value="taken"' in page.text


def test_a_dose_of_yesterday_is_asked_about_and_told_as_of_that_day(desk):
    desk.clock.later(days=1)
    assert "Yesterday, 4 March 2026" in desk.get("/plan").text
    page = dose(desk, "taken", START)
    assert "Yesterday" not in page.text
    assert [each.date for each in desk.story().diary.beside.doses] == [date(2026, 3, 4)]


def test_todays_doses_stand_before_everything_else_of_the_trial(desk):
    page = desk.get("/plan").text
    assert page.index("25 mg") < page.index("Next step") < page.index("Hold the dose")


def test_a_dose_that_waits_for_a_clinician_is_never_shown_as_one_to_take(tmp_path, desk):
    assert "<strong>25 mg</strong> <span data-state>to take" in desk.get("/plan").text
    with app.desk(tmp_path / "other", app.Clock(datetime(2026, 11, 23, 12, tzinfo=UTC))) as other:
        other.store.add_person("me")
        other.store.append("me", whole_events())
        page = other.get("/plan").text
    assert "Ask your clinician before the next dose" in page
    assert "<strong>25 mg</strong> <span data-state>ask before you take it" in page
    assert "to take<" not in page


@pytest.mark.parametrize(
    ("what", "day"),
    [("taken", "2026-03-03"), ("taken", "2026-03-05"), ("taken", "someday"), ("danced", START), ("undo", START), ("taken", "")],
)
def test_a_tap_that_cannot_be_is_answered_and_tells_nothing(desk, what, day):
    before = desk.told()
    assert dose(desk, what, day).status_code == 422
    assert desk.told() == before
    assert dose(desk, trial="nothing").status_code == 404


def test_the_same_dose_is_not_told_twice(desk):
    dose(desk)
    assert dose(desk).status_code == 422
    assert len(desk.story().diary.beside.doses) == 1


def test_holding_says_what_will_happen_then_waits_for_a_clinician(desk):
    page = desk.post("/plan/lamotrigine/change/hold", data={"do": "look", "days": "7"})
    assert "Planned then" in page.text
    assert file(desk).version == 2
    page = changed(desk, "hold", days="7")
    assert "A change waits for a clinician: tired all day" in page.text
    assert (file(desk).version, file(desk).confirmation) == (3, None)
    assert desk.story().trials["lamotrigine"].confirmed.file.version == 2
    trials_web.confirmed(desk)
    assert file(desk).confirmation.by == "Dr Ada Field, neurologist"
    assert "waits for a clinician" not in desk.get("/plan").text


def test_a_step_back_is_shown_before_it_is_kept(desk):
    desk.clock.later(days=15)
    page = desk.get("/plan/lamotrigine/change/step-back")
    assert page.text.index("Planned now") < page.text.index("Planned then")
    assert changed(desk, "step-back").status_code == 200
    assert file(desk).entries[-1].kind == "step-back"


def test_stop_and_call_shows_the_red_card_at_once_and_stays_open_until_a_clinician_answers(desk):
    page = desk.get("/plan/lamotrigine/change/stop")
    assert 'class="card red"' in page.text
    page = changed(desk, "stop", why="a rash on both arms")
    assert str(page.url).endswith("/plan/lamotrigine/call")
    assert "Call your clinician today" in page.text
    assert 'class="card red"' in page.text
    (flag,) = desk.story().told.flags.values()
    assert (flag.code, flag.tier, flag.open, flag.trial) == ("stop-and-call", "soon", True, "lamotrigine")
    page = desk.get("/plan").text
    assert 'value="taken"' not in page


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("hold", {"days": "some"}, "days"),
        ("hold", {"days": "0"}, "days"),
        ("hold", {"days": "1.5"}, "days"),
        ("hold", {"days": "9999"}, "days"),
        ("hold", {"days": "7", "why": ""}, "why"),
        ("stop", {"why": " "}, "why"),
    ],
)
def test_a_change_that_cannot_be_kept_comes_back_as_typed_with_its_message(desk, kind, wrong, field):
    before = desk.told()
    page = changed(desk, kind, **wrong)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    assert desk.told() == before


def test_changes_that_are_a_clinicians_are_not_there_for_others(desk):
    for kind in ("slow", "taper", "go-on", "nothing"):
        assert desk.get(f"/plan/lamotrigine/change/{kind}").status_code == 404
        assert changed(desk, kind, times="2").status_code == 404
    with seats.sits(desk, seats.DOCTOR):
        page = desk.post("/people/me/plan/lamotrigine/change/slow", data={"do": "keep", "why": "careful", "times": "2"})
        assert str(page.url).endswith("/people/me/plan/lamotrigine/confirm")
    assert file(desk).entries[-1].by == "Dr Ada Field"


def test_a_nurse_tells_a_dose_and_changes_nothing_that_is_a_clinicians(desk):
    with seats.sits(desk, seats.NURSING):
        assert desk.post("/people/me/plan/lamotrigine/dose", data={"what": "taken", "day": START}).status_code == 200
        assert desk.get("/people/me/plan/lamotrigine/change/taper").status_code == 404
        assert desk.get("/people/me/plan/lamotrigine/confirm").status_code == 404
    for viewer in (seats.STRANGER, seats.COUNTING, seats.seeing("nurse", "diary")):
        with seats.sits(desk, viewer):
            assert desk.get("/people/me/plan").status_code == 404
            assert desk.post("/people/me/plan/lamotrigine/change/stop", data={"why": "x"}).status_code == 404


def test_a_trial_that_ends_is_closed_with_its_reason_and_leaves_no_dose(desk):
    assert desk.post("/plan/lamotrigine", data={"what": "end", "why": ""}).status_code == 422
    page = desk.post("/plan/lamotrigine", data={"what": "end", "why": "it did nothing"})
    assert "No treatment is on trial" in page.text
    assert "it did nothing" in desk.get("/plan/lamotrigine").text
