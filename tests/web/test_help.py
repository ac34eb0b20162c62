"""The help card: for anybody, with numbers that are known, and none that are made up."""

from __future__ import annotations

import re
from datetime import date

import pytest

from cleardays.web.helplines import _data, countries, lines_of
from reference import app


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        yield found


def called(page):
    """The numbers that can be called, from the top."""
    return re.findall(r'href="tel:([^"]+)"', page.text)


def test_every_number_has_its_source_its_day_and_how_sure_it_is():
    date.fromisoformat(_data()["checked"])
    for country in countries():
        lines = lines_of(country)
        assert "emergency" in lines
        for line in lines.values():
            assert line.source
            assert line.confidence in ("secondary", "unconfirmed")
            assert re.fullmatch(r"[0-9 ]+", line.number)


def test_the_card_names_the_signs_and_the_country_guessed_from_the_zone(desk):
    desk.post("/first-run", data={"person": "Ada", "zone": "Europe/Berlin", "condition": "migraine"})
    page = desk.get("/help")
    assert called(page) == ["112", "08001110111", "116117"]
    assert "Germany" in page.text
    assert "Guessed from the time zone" in page.text
    for sign in ("worst within a minute", "new weakness", "a stiff neck", "a rash", "thoughts of suicide"):
        assert sign in page.text


def test_an_unknown_country_is_said_and_no_number_is_made_up(desk):
    for zone in ("UTC", "Antarctica/Troll"):
        desk.post("/first-run", data={"person": "", "zone": zone, "condition": "migraine"})
        page = desk.get("/help")
        assert called(page) == ["112"]
        assert "your local emergency number" in page.text


def test_own_numbers_take_the_place_of_the_countrys_and_stay_on_the_device(desk):
    desk.post("/help", data={"country": "US", "emergency": "+1 555 0100", "crisis": "", "advice": "(212) 555-0199"})
    assert called(desk.get("/help")) == ["+15550100", "988", "2125550199"]
    assert desk.store.people() == ()
    desk.post("/help", data={"country": "US", "emergency": "", "crisis": "", "advice": ""})
    assert called(desk.get("/help")) == ["911", "988"]


def test_nonsense_comes_back_beside_its_field_and_changes_nothing(desk):
    page = desk.post("/help", data={"country": "XX", "emergency": "javascript:alert(1)", "crisis": "", "advice": ""})
    assert page.status_code == 422
    assert 'id="emergency-wrong"' in page.text
    assert called(page) == ["112"]
    assert called(desk.get("/help")) == ["112"]


def test_a_clinic_shows_it_to_who_is_not_signed_in(tmp_path):
    with app.desk(tmp_path, clinic=True) as desk:
        assert desk.get("/help").status_code == 200
