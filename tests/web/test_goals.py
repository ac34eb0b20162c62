"""Goals: in the person's words, before day one where it can be; nothing half kept, nothing lost."""

from __future__ import annotations

import pytest

from cleardays.trial.story.versions import standing
from reference import app, seats


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        yield found


def goals(desk):
    """What stands."""
    return standing(desk.story().told.goals)


def test_a_goal_is_kept_in_the_persons_own_words(desk):
    words = "Mit meiner Tochter <em>tanzen</em> \N{DANCER} \N{HEBREW LETTER ALEF}"
    page = desk.post("/goals", data={"words": words, "what": "keep"})
    assert page.status_code == 200
    ((_, goal),) = goals(desk).items()
    assert (goal.words, goal.outcome) == (words, None)
    assert "&lt;em&gt;tanzen&lt;/em&gt;" in page.text
    assert "<em>" not in page.text


def test_a_goal_in_days_says_which_way_and_how_many(desk):
    desk.post("/goals", data={"words": "fewer", "outcome": "headache_day", "limit": "at_most", "days": "4", "what": "keep"})
    ((_, goal),) = goals(desk).items()
    assert (goal.outcome, goal.at_most, goal.at_least) == ("headache_day", 4, None)
    assert "At most 4 of 28 days: headache days" in desk.get("/goals").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": " "}, "words"),
        ({"words": "fewer", "outcome": "headache_day", "limit": "at_most", "days": "several"}, "days"),
        ({"words": "fewer", "outcome": "headache_day", "limit": "at_most", "days": "29"}, None),
        ({"words": "fewer", "outcome": "headache_day", "limit": "sideways", "days": "4"}, "limit"),
        ({"words": "fewer", "outcome": "moon_day", "limit": "at_most", "days": "4"}, "outcome"),
        ({"words": "x" * 10_001}, "words"),
    ],
)
def test_a_goal_that_cannot_be_kept_comes_back_as_typed_with_its_message_and_keeps_nothing(desk, wrong, field):
    page = desk.post("/goals", data={"what": "keep", **wrong})
    assert page.status_code == 422
    assert wrong["words"].strip() in page.text
    if field is not None:
        assert f'id="{field}-wrong"' in page.text
    assert "Nothing was kept yet" in page.text
    assert desk.store.people() == ()


def test_a_goal_said_otherwise_keeps_what_was_said_before(desk):
    desk.post("/goals", data={"words": "sleep", "what": "keep"})
    (name,) = goals(desk)
    assert "sleep</textarea>" in desk.get(f"/goals/{name}").text
    desk.post(f"/goals/{name}", data={"words": "sleep through", "what": "keep"})
    assert [each.value.words for each in desk.story().told.goals[name]] == ["sleep", "sleep through"]
    desk.post(f"/goals/{name}", data={"what": "take-back", "why": "reached long ago"})
    assert goals(desk) == {}
    assert desk.story().told.goals[name][-1].why == "reached long ago"


def test_a_goal_that_is_not_there_is_answered_with_what_to_do(desk):
    for page in (desk.get("/goals/nothing"), desk.post("/goals/nothing", data={"words": "x", "what": "keep"})):
        assert page.status_code == 422
        assert "Go back to the goals" in page.text


def test_who_may_not_see_the_history_sees_no_goal(desk):
    desk.post("/goals", data={"words": "sleep", "what": "keep"})
    for viewer, status in ((seats.DOCTOR, 200), (seats.HELPING, 200), (seats.STRANGER, 404), (seats.COUNTING, 404),
                           (seats.seeing("nurse", "diary"), 404)):  # fmt: skip
        with seats.sits(desk, viewer):
            page = desk.get("/people/me/goals", follow_redirects=False)
            assert (page.status_code, "sleep" in page.text) == (status, status == 200)
    with seats.sits(desk, seats.NONE):
        assert desk.get("/people/me/goals", follow_redirects=False).status_code == 303


def test_a_helper_without_the_persons_consent_to_just_that_writes_no_goal(desk):
    with seats.sits(desk, seats.HELPING):
        page = desk.post("/people/me/goals", data={"words": "what I want for them", "what": "keep"})
        assert page.status_code == 422
    assert desk.store.people() == ()
