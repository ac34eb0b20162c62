"""Settings and questionnaires: each does what its line says, wrong input keeps nothing."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest

from cleardays.diary.unpacking import unpack
from reference import app

EVENING = datetime(2026, 3, 4, 19, 30, tzinfo=UTC)
TODAY = "2026-03-04"


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path, app.Clock(EVENING)) as found:
        yield found


def test_every_link_of_the_page_leads_somewhere(desk):
    links = set(re.findall(r'href="(/[a-z/-]+)"', desk.get("/more").text))
    assert {"/more/evening", "/more/about", "/export", "/private", "/catch-up", "/medicines", "/scores", "/theme"} <= links
    assert [link for link in sorted(links - {"/plan"}) if desk.get(link).status_code != 200] == ["/app.webmanifest"] or not [
        link for link in sorted(links - {"/plan"}) if desk.get(link).status_code != 200
    ]


def test_the_evening_asks_what_was_chosen_and_own_things_can_be_ticked(desk):
    desk.post("/more/evening", data={"ask-sleep_h": "1", "own_items": "late night, <wine>, late night"})
    page = desk.get("/evening").text
    assert 'name="sleep_h"' in page
    assert 'name="aura"' not in page
    assert "&lt;wine&gt;" in page
    desk.post("/evening", data={"day": TODAY, "headache": "mild", "own-0": "1"})
    (day,) = desk.story().diary.records
    assert day.triggers == ("late night",)


def test_own_things_not_ticked_are_not_answered_and_none_is_an_answer(desk):
    desk.post("/more/evening", data={"own_items": "late night, wine"})
    desk.post("/evening", data={"day": TODAY, "headache": "mild"})
    assert desk.story().diary.records[0].triggers is None
    desk.post("/evening", data={"day": TODAY, "headache": "mild", "own-none": "1"})
    assert desk.story().diary.records[0].triggers == ()


def test_with_everything_unticked_only_the_first_question_is_asked(desk):
    desk.post("/more/evening", data={"own_items": ""})
    page = desk.get("/evening").text
    assert "No headache" in page
    assert "<fieldset" not in page


@pytest.mark.parametrize(
    ("said", "field"),
    [({"zone": "Nowhere/At All"}, "zone"), ({"condition": "gout"}, "condition"), ({"person": "x" * 121}, "person")],
)
def test_what_cannot_be_of_a_diary_comes_back_beside_its_field(desk, said, field):
    page = desk.post("/more/about", data={"person": "Ada", **said})
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    assert desk.store.people() == ()


def test_the_zone_says_when_a_day_begins(desk):
    desk.post("/more/about", data={"person": "Ada", "zone": "Pacific/Auckland", "condition": "migraine"})
    assert "Thursday, 5 March 2026" in desk.get("/").text


def test_a_language_is_remembered_and_an_unknown_one_is_said_to_be(desk):
    assert desk.post("/more/language", data={"language": "tlh"}).status_code == 422
    desk.post("/more/language", data={"language": "en"})
    assert 'lang="en"' in desk.get("/more").text


def test_the_export_is_our_own_zip_and_reads_back_as_the_same_diary(desk):
    desk.post("/evening", data={"day": TODAY, "headache": "mild", "note": "=1+1 \u05d0 \U0001f915"})
    answer = desk.get("/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="diary-2026-03-04.zip"'
    diary = unpack(answer.content, "export")
    assert diary.records == desk.story().diary.records
    assert "days.csv" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_a_questionnaire_is_scored_from_its_items_and_no_wording_of_them_is_shown(desk):
    page = desk.get("/scores/HIT6").text
    assert "Item 6" in page
    assert "Item 7" not in page
    items = {f"item-{n}": "10" for n in range(1, 7)}
    page = desk.post("/scores/HIT6", data={"date": TODAY, **items})
    (told,) = desk.story().diary.beside.scores
    assert (told.instrument, str(told.total), told.items) == ("HIT6", "60", ("10",) * 6)
    assert "<strong>60</strong> (severe)" in page.text


def test_a_total_alone_is_enough_where_only_that_is_known(desk):
    desk.post("/scores/MIDAS", data={"date": TODAY, "total": "12"})
    (told,) = desk.story().diary.beside.scores
    assert (str(told.total), told.items) == ("12", None)


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("HIT6", {"date": TODAY}, "total"),
        ("HIT6", {"date": TODAY, "total": "12"}, "total"),
        ("HIT6", {"date": TODAY, "item-1": "7"}, "item-1"),
        ("HIT6", {"date": TODAY, "total": "sixty"}, "total"),
        ("HIT6", {"date": "2026-03-05", "total": "60"}, "date"),
        ("MIDAS", {"date": TODAY, "item-1": "93"}, "item-1"),
        ("MIDAS", {"date": TODAY, "item-1": "3"}, "item-2"),
    ],
)
def test_a_questionnaire_that_cannot_be_comes_back_as_typed_and_keeps_nothing(desk, name, typed, field):
    blank = {"total": "", **{f"item-{n}": "" for n in range(1, 7 if name == "HIT6" else 6)}}
    page = desk.post(f"/scores/{name}", data={**blank, **typed})
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    assert desk.store.people() == ()


def test_a_questionnaire_that_is_none_is_said_to_be(desk):
    assert desk.get("/scores/NOPE").status_code == 422


def test_an_answer_about_dying_leads_to_somebody_to_call(desk):
    items = {f"item-{n}": "0" for n in range(1, 9)}
    page = desk.post("/scores/PHQ9", data={"date": TODAY, **items, "item-9": "1"})
    assert "Please talk to somebody today." in page.text
    assert 'href="/help"' in page.text
