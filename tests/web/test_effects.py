"""Side effects in two taps; what is urgent is answered at once and stays open until somebody dealt with it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cleardays.diary.red_flags import TIERS
from cleardays.web.escalation import EMERGENCY, SOON, signs_of
from reference import app, seats, trials_web


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        trials_web.begun(found)
        yield found


def told(desk, **fields):
    """An effect, or a sign."""
    return desk.post("/effects", data=fields)


def flags(desk):
    """The signs that were shown."""
    return tuple(desk.story().told.flags.values())


def test_the_usual_effects_of_the_running_treatment_come_first(desk):
    page = desk.get("/effects").text
    assert page.index("Known of Lamotrigine") < page.index("Dizziness") < page.index("Something else")


def test_two_taps_keep_an_effect_with_its_treatment(desk):
    (first,) = set(re.findall(r'href="(/effects\?term=dizziness)"', desk.get("/effects").text))
    page = desk.get(first)
    assert "How bad is it?" in page.text
    page = told(desk, term="dizziness", severity="mild")
    assert "Noted" in page.text
    (event,) = desk.story().diary.beside.events
    assert (event.kind, event.term, event.severity, event.drug) == ("side_effect", "dizziness", "mild", "lamotrigine")
    assert flags(desk) == ()


def test_a_rash_under_lamotrigine_shows_the_red_card_at_once_and_stays_open(desk):
    page = told(desk, sign="rash")
    assert "Get help now" in page.text
    assert page.text.index("Stop lamotrigine") < page.text.index("What was done?")
    (flag,) = flags(desk)
    assert (flag.code, flag.tier, flag.trial, flag.open) == ("rash", EMERGENCY, "lamotrigine", True)
    assert "A rash" in desk.get("/plan").text or "rash" in desk.get("/plan").text


def test_a_rash_in_ones_own_words_is_as_urgent_as_the_sign(desk):
    assert "Get help now" in told(desk, term="itchy red rash on the chest", severity="mild").text


def test_a_rash_that_is_told_on_the_page_of_a_day_is_as_urgent_and_is_of_that_day(desk):
    desk.clock.later(hours=14 * 24)
    yesterday = desk.clock.now.date() - timedelta(days=1)
    page = desk.post(
        f"/day/{yesterday}/new/event", data={"what": "keep", "kind": "side_effect", "term": "red rash", "date": str(yesterday)}
    )
    assert "Get help now" in page.text
    (flag,) = flags(desk)
    assert (flag.code, flag.tier, flag.on, flag.open) == ("rash", EMERGENCY, yesterday, True)
    name = page.url.path.rsplit("/", 1)[1]
    page = desk.post(
        f"/entry/event/{name}",
        data={"what": "keep", "kind": "side_effect", "term": "red rash", "date": str(yesterday), "note": "arms"},
    )
    assert len(flags(desk)) == 1
    assert "Get help now" in page.text


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "side_effect", "term": "dizziness", "severity": "mild"},
        {"kind": "side_effect", "term": "rash", "outcome": "resolved", "until": "2026-03-17"},
        {"kind": "care", "term": "rash clinic"},
    ],
)
def test_what_is_mild_over_or_was_done_about_it_is_no_sign_on_the_page_of_a_day(desk, fields):
    desk.clock.later(hours=14 * 24)
    day = desk.clock.now.date() - timedelta(days=1)
    page = desk.post(f"/day/{day}/new/event", data={"what": "keep", "date": str(day), **fields})
    assert page.url.path == f"/day/{day}"
    assert flags(desk) == ()


@pytest.mark.parametrize("sign", ["suicidal_thoughts", "thunderclap", "seizure", "trouble_breathing"])
def test_a_sign_that_is_an_emergency_for_everybody_is_one_without_any_treatment(tmp_path, sign):
    with app.desk(tmp_path) as bare:
        page = told(bare, sign=sign)
        assert "Get help now" in page.text
        assert 'href="/help"' in page.text
        (flag,) = flags(bare)
        assert (flag.tier, flag.trial) == (EMERGENCY, None)


def test_a_severe_effect_asks_for_a_call_today(desk):
    page = told(desk, term="somnolence", severity="severe")
    assert "Call your clinician today" in page.text
    (flag,) = flags(desk)
    assert flag.tier == SOON
    assert {EMERGENCY, SOON} <= set(TIERS)


def test_what_was_done_is_told_and_only_a_clinician_closes_it(desk):
    name = str(told(desk, sign="rash").url).rpartition("/")[2]
    page = desk.post(f"/effects/{name}", data={"do": "done", "done": "called somebody", "words": "Dr Field, at 2"})
    assert "I called somebody: me, Dr Field, at 2" in page.text
    assert flags(desk)[0].open
    assert desk.post(f"/effects/{name}", data={"do": "done", "done": "no change needed"}).status_code == 422
    with seats.sits(desk, seats.DOCTOR):
        page = desk.post(f"/people/me/effects/{name}", data={"do": "done", "done": "examined"})
        assert page.status_code == 200
    assert not flags(desk)[0].open


def test_an_effect_that_was_told_by_mistake_is_taken_back(desk):
    name = str(told(desk, term="nausea", severity="mild").url).rpartition("/")[2]
    desk.post(f"/effects/{name}", data={"do": "undo"})
    assert desk.story().diary.beside.events == ()
    assert desk.get(f"/effects/{name}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"term": "", "severity": "mild"}, {"term": "nausea"}, {"term": "nausea", "severity": "awful"}, {"sign": "moonlight"},
     {"term": "x" * 201, "severity": "mild"}, {}],
)  # fmt: skip
def test_an_effect_that_cannot_be_kept_is_answered_with_what_is_missing(desk, wrong):
    before = desk.told()
    page = told(desk, **wrong)
    assert page.status_code == 422
    assert "Nothing was kept yet" in page.text
    assert desk.told() == before


def test_markup_in_an_effect_stays_text(desk):
    for page in (
        told(desk, term="<img src=x>", severity="mild"),
        desk.get("/effects?term=%3Cimg%20src=x%3E"),
        desk.get("/effects"),
    ):
        assert "<img" not in page.text


def test_every_sign_that_is_offered_is_one_that_is_acted_on(desk):
    for sign, _ in signs_of(desk.story()):
        assert told(desk, sign=sign).status_code == 200
    assert len(flags(desk)) > 20


def test_who_may_not_see_the_diary_sees_and_tells_no_effect(desk):
    told(desk, term="nausea", severity="mild")
    for viewer, status in ((seats.DOCTOR, 200), (seats.STRANGER, 404), (seats.seeing("nurse", "plan"), 404)):
        with seats.sits(desk, viewer):
            assert desk.get("/people/me/effects").status_code == status
    with seats.sits(desk, seats.HELPING):
        assert desk.post("/people/me/effects", data={"sign": "rash"}).status_code == 422  # without the person's consent
