"""Two signatures: nothing is begun before a clinician's word, given on their device or by a link that opens once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from reference import app, seats, trials_web

WORD = {"clinician": "Dr Bo Marsh", "qualification": "GP", "seen": "yes"}


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        trials_web.opened(found)
        trials_web.drafted(found)
        yield found


def link(desk):
    """The address of a new link."""
    page = desk.post("/plan/lamotrigine/confirm-link", data={"what": "make"})
    (found,) = re.findall(r"http://127\.0\.0\.1(/confirm/[\w-]+)", page.text)
    return found


def word(desk, address, **fields):
    """A clinician gives their word by a link, answering everything."""
    page = desk.get(address)
    versions = re.findall(r'name="version" value="(\d+)"', page.text) or ["1"]
    return desk.post(address, data={"version": versions[0], **trials_web.answers_of(page), **WORD, **fields})


def begin(desk):
    """The first dose is told."""
    return desk.post("/plan/lamotrigine", data={"what": "begin"})


def confirmation(desk):
    """The word on the plan as it stands."""
    return desk.story().trials["lamotrigine"].plan.file.confirmation


def test_a_link_opens_the_plan_once_and_the_plan_may_be_begun_after_it(desk):
    address = link(desk)
    assert begin(desk).status_code == 422
    assert word(desk, address).status_code == 200
    assert confirmation(desk).by == "Dr Bo Marsh, GP"
    for _ in range(2):
        assert desk.get(address).status_code == 404
        assert word(desk, address).status_code == 404
    assert begin(desk).status_code == 200


def test_the_link_shows_the_whole_plan_and_nothing_else_of_the_person(desk):
    desk.post("/goals", data={"words": "a secret goal", "what": "keep"})
    desk.post("/attack", data={"what": "severe"})
    address = link(desk)
    with seats.sits(desk, seats.NONE):
        page = desk.get(address)
    assert page.status_code == 200
    assert "What to take, and when" in page.text
    assert "Watch for these" in page.text
    for other in ("a secret goal", "aura every week", "<nav", "/answer", "/goals", "/people"):
        assert other not in page.text


def test_a_link_ends_after_three_days_and_with_the_next_one(desk):
    first = link(desk)
    second = link(desk)
    assert (desk.get(first).status_code, desk.get(second).status_code) == (404, 200)
    desk.clock.later(hours=72, seconds=-1)
    assert desk.get(second).status_code == 200
    desk.clock.later(seconds=1)
    assert desk.get(second).status_code == 404
    assert word(desk, second).status_code == 404
    third = link(desk)
    desk.post("/plan/lamotrigine/confirm-link", data={"what": "end"})
    assert desk.get(third).status_code == 404


def test_the_token_is_kept_nowhere(desk, tmp_path):
    token = link(desk).rpartition("/")[2]
    assert len(token) >= 43  # 256 bits
    for file in tmp_path.iterdir():
        assert token.encode() not in file.read_bytes()


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "a" * 5000, "../links", "%00"])
def test_a_token_that_was_never_made_opens_nothing_and_says_no_more(desk, token):
    link(desk)
    page = desk.get(f"/confirm/{token}")
    assert page.status_code == 404
    assert "lamotrigine" not in page.text


def test_a_token_of_another_purpose_opens_no_plan(desk):
    body, until = {"trial": "lamotrigine"}, desk.clock.now + timedelta(days=1)
    token = desk.store.accounts.links.make("feed", body, now=desk.clock.now, expires_at=until, person="me")
    assert desk.get(f"/confirm/{token}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"clinician": " "}, "clinician"),
        ({"qualification": ""}, "qualification"),
        ({"qualification": "x" * 61}, "qualification"),
        ({"clinician": "x" * 400}, None),
    ],
)
def test_a_word_that_is_not_whole_comes_back_as_typed_and_the_link_opens_again(desk, wrong, field):
    address = link(desk)
    page = word(desk, address, **wrong)
    assert page.status_code == 422
    assert field is None or f'id="{field}-wrong"' in page.text
    assert confirmation(desk) is None
    assert word(desk, address).status_code == 200


def test_the_plan_has_to_be_read_and_is_not_confirmed_in_a_version_that_nobody_saw(desk):
    address = link(desk)
    assert word(desk, address, seen="").status_code == 422
    assert word(desk, address, version="7").status_code == 422
    assert confirmation(desk) is None


def test_every_alert_that_needs_it_is_answered_in_words_that_stay_with_the_plan(tmp_path):
    with app.desk(tmp_path) as desk:
        trials_web.opened(desk, "baclofen", "alcohol-recovery")
        assert trials_web.drafted(desk, "baclofen").status_code == 200
        with seats.sits(desk, seats.DOCTOR):
            address = "/people/me/plan/baclofen/confirm"
            names = trials_web.answers_of(desk.get(address))
            assert names
            page = word(desk, address, **dict.fromkeys(names, ""))
            assert page.status_code == 422
            for name in names:
                assert f'id="{name}-wrong"' in page.text
            assert word(desk, address).status_code == 200
        accepted = desk.story().trials["baclofen"].plan.file.confirmation.accepted
        assert {f"accept-{code}" for code in accepted} == set(names)
        assert set(accepted.values()) == {"weighed together"}


def test_a_plan_with_open_questions_cannot_be_confirmed(tmp_path):
    with app.desk(tmp_path) as desk:
        desk.post("/plan/new", data={"treatment": "lamotrigine", "indication": "migraine-with-aura", "why": "aura"})
        trials_web.drafted(desk)
        address = link(desk)
        page = desk.get(address)
        assert "there is nothing that could be confirmed" in page.text
        assert word(desk, address).status_code == 422
        assert begin(desk).status_code == 422


def test_a_clinician_confirms_on_their_own_device_under_the_name_they_signed_in_with(desk):
    assert trials_web.confirmed(desk).status_code == 200
    assert confirmation(desk).by == "Dr Ada Field, neurologist"


@pytest.mark.parametrize(
    "viewer", [seats.NURSING, seats.HELPING, seats.COUNTING, seats.STRANGER, seats.seeing("clinician", "diary")]
)
def test_nobody_else_confirms_and_nobody_else_makes_a_link(desk, viewer):
    with seats.sits(desk, viewer):
        assert desk.get("/people/me/plan/lamotrigine/confirm").status_code == 404
        assert desk.post("/people/me/plan/lamotrigine/confirm", data=WORD).status_code == 404
        assert desk.post("/plan/lamotrigine/confirm-link", data={"what": "make"}).status_code == 404
    assert desk.get("/plan/lamotrigine/confirm").status_code == 404  # not even the person
    assert confirmation(desk) is None


def test_a_plan_is_begun_on_its_first_day_and_not_before(tmp_path):
    with app.desk(tmp_path) as desk:
        trials_web.opened(desk)
        trials_web.drafted(desk, start="2026-03-06")
        trials_web.confirmed(desk)
        page = begin(desk)
        assert page.status_code == 422
        assert "its first day is still to come" in page.text
        desk.clock.later(days=2)
        assert begin(desk).status_code == 200
        trial = desk.story().trials["lamotrigine"]
        assert (str(trial.begun_on), trial.phase) == ("2026-03-06", "titration")
        assert trial.baseline is not None
