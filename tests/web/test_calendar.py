"""The calendar and the page of a day: what is not known stays visible, what was told can be corrected, nothing is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleardays.trial.story.diary_told import ALSO_TOLD, DAY_TOLD, WITHDRAWN
from reference import app

NOW = datetime(2026, 3, 20, 19, 30, tzinfo=UTC)
DAY = "/day/2026-03-04"


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path, app.Clock(NOW)) as found:
        yield found


def keep(desk, **said):
    """Keep what a form says of the fourth of March."""
    return desk.post(DAY, data={"what": "keep", **said})


def day(desk):
    """What stands of that day; None where nothing does."""
    return next((each for each in desk.story().diary.records if each.date.isoformat() == "2026-03-04"), None)


def said(page):
    """The words of each day on a calendar."""
    return re.findall(r'<span class="said">([^<]*)</span>', page.text)


def test_each_day_up_to_today_is_a_link_with_its_word_and_the_rest_of_the_month_is_none(desk):
    keep(desk, headache="severe")
    page = desk.get("/calendar")
    words = said(page)
    assert len(words) == 20
    assert words[3] == "Wednesday 4 March: severe headache, told later"
    assert sum(word.endswith(": unknown") for word in words) == 19
    assert 'href="/day/2026-03-21"' not in page.text
    assert "1 headache day of 1 known." in page.text
    assert "19 days are unknown." in page.text


def test_the_list_has_the_same_days_and_words_as_the_sheet(desk):
    keep(desk, headache="mild")
    assert said(desk.get("/calendar?as=list")) == said(desk.get("/calendar"))


def test_an_unknown_day_is_hollow_and_dotted_and_each_level_has_a_shape_and_a_figure_of_its_own(desk):
    for n, level in enumerate(("clear", "mild", "moderate", "severe", "present"), start=1):
        desk.post(f"/day/2026-03-0{n}", data={"what": "keep", "headache": level})
    rows = re.findall(r'<svg class="shape".*?</svg>', desk.get("/calendar").text)
    assert len(set(rows[:6])) == 6
    assert 'fill="none"' in rows[5]
    assert "stroke-dasharray" in rows[5]
    assert [figure for row in rows[:6] for figure in re.findall(r"<text[^>]*>(\d)<", row)] == ["1", "2", "3"]


@pytest.mark.parametrize("month", ["2026-13", "2026-04", "march", "0001-01", "2026-3", "9999-12", "2026-03-04"])
def test_a_month_that_is_none_or_still_to_come_is_said_to_be(desk, month):
    assert desk.get("/calendar", params={"month": month}).status_code == 422


def test_months_lead_back_and_forth_and_never_into_the_future(desk):
    assert 'rel="next"' not in desk.get("/calendar").text
    page = desk.get("/calendar?month=2024-02").text
    assert "month=2024-01" in page
    assert "month=2024-03" in page
    assert page.count("/day/2024-02-") == 29


@pytest.mark.parametrize("name", ["2026-03-21", "2026-02-30", "4.3.2026", "1900-01-01", "<b>"])
def test_a_day_that_is_none_or_still_to_come_can_neither_be_seen_nor_told(desk, name):
    assert desk.get(f"/day/{name}").status_code == 422
    assert desk.post(f"/day/{name}", data={"what": "keep", "headache": "clear"}).status_code == 422
    assert desk.store.people() == ()


def test_a_day_corrected_keeps_what_was_told_before_in_its_history(desk):
    keep(desk, headache="clear")
    keep(desk, headache="moderate", hours="3,5", triggers="wine, late night", note="was wrong")
    assert (day(desk).headache, str(day(desk).hours), day(desk).triggers) == ("moderate", "3.5", ("wine", "late night"))
    page = desk.get(f"{DAY}/history").text
    assert "Headache: No headache → Moderate" in page
    assert "Own things to watch: wine;late night" in page
    assert len(re.findall(r'class="card"', page)) == 2


def test_a_day_taken_back_is_unknown_again_and_never_clear(desk):
    keep(desk, headache="clear")
    desk.post(DAY, data={"what": "forget"})
    assert day(desk) is None
    assert "Wednesday 4 March: unknown" in said(desk.get("/calendar"))
    assert "Taken back: unknown again." in desk.get(f"{DAY}/history").text
    assert desk.told() == [DAY_TOLD, WITHDRAWN]


def test_an_answer_emptied_is_unknown_and_the_others_stay(desk):
    keep(desk, headache="mild", aura="n", function="1")
    keep(desk, headache="mild", aura="", function="1")
    assert (day(desk).headache, day(desk).aura, day(desk).function) == ("mild", None, 1)


@pytest.mark.parametrize(
    ("said_of_it", "field"),
    [
        ({"headache": "clear", "hours": "4"}, "hours"),
        ({"headache": "mild", "hours": "25"}, "hours"),
        ({"headache": "mild", "hours": "many"}, "hours"),
        ({"headache": "mild", "acute_doses": "-1"}, "acute_doses"),
        ({"headache": "mild", "tz": "Nowhere/At All"}, "tz"),
        ({"headache": "mild", "acute_classes": "aspirine"}, "acute_classes"),
        ({"headache": "mild", "note": "x" * 10_001}, None),
        ({"headache": "mild", "triggers": "x" * 81}, "triggers"),
    ],
)
def test_what_cannot_be_of_a_day_comes_back_beside_its_field_as_it_was_typed(desk, said_of_it, field):
    page = keep(desk, **said_of_it)
    assert page.status_code == 422
    assert desk.store.people() == ()
    if field is not None:
        assert f'id="{field}-wrong"' in page.text
        assert f'value="{said_of_it[field]}"' in page.text


def test_a_day_told_in_two_ways_is_shown_as_both_and_the_chosen_one_stands(desk):
    def sent(name, **cells):
        body = {"cells": {"date": "2026-03-04", **cells}}
        return {"id": name, "kind": DAY_TOLD, "at": "2026-03-04T20:00+00:00", "body": body, "based_on": 0}

    desk.post("/api/v1/entries", json={"entries": [sent("a", headache="clear")]})
    desk.post("/api/v1/entries", json={"entries": [sent("b", headache="severe")]})
    assert desk.told() == [DAY_TOLD, ALSO_TOLD]
    assert "told in two ways" in said(desk.get("/calendar"))[3]
    assert "Told in two ways" in desk.get(DAY).text
    desk.post(DAY, data={"what": "second"})
    assert day(desk).headache == "severe"
    assert "Told in two ways" not in desk.get(DAY).text
    assert "Told otherwise by another device" in desk.get(f"{DAY}/history").text
    assert desk.post(DAY, data={"what": "second"}).status_code == 422


def test_an_attack_told_for_a_day_can_be_corrected_and_taken_back(desk):
    new = f"{DAY}/new/attack"
    desk.post(
        new,
        data={
            "what": "keep",
            "date": "2026-03-04",
            "start": "2026-03-04T08:00",
            "end": "2026-03-04T20:00",
            "headache": "severe",
        },
    )
    (attack,) = desk.story().diary.beside.attacks
    assert (attack.start.hour, attack.end.hour, attack.headache) == (8, 20, "severe")
    assert day(desk).headache == "severe"
    address = re.search(r'href="(/entry/attack/[^"]+)"', desk.get(DAY).text)[1]
    page = desk.post(
        address, data={"what": "keep", "date": "2026-03-04", "start": "2026-03-04T08:00", "end": "2026-03-04T07:00"}
    )
    assert page.status_code == 422
    assert 'id="end-wrong"' in page.text
    desk.post(address, data={"what": "take-back"})
    assert desk.story().diary.beside.attacks == ()
    assert "Taken back" in desk.get(f"{DAY}/history").text
    assert desk.get(address).status_code == 422


def test_taking_back_an_attack_that_made_the_day_known_makes_it_unknown_again(desk):
    desk.post("/attack", data={"what": "severe"})
    address = re.search(r'href="(/entry/attack/[^"]+)"', desk.get("/day/2026-03-20").text)[1]
    desk.post(address, data={"what": "take-back"})
    assert desk.story().diary.records == ()
    assert desk.story().diary.beside.attacks == ()


@pytest.mark.parametrize(
    ("word", "typed", "field"),
    [
        ("attack", {"date": "2026-03-21"}, "date"),
        ("attack", {"date": ""}, "date"),
        ("attack", {"date": "2026-03-04", "start": "morning"}, "start"),
        ("medicine", {"date": "2026-03-04", "name": ""}, "name"),
        ("medicine", {"date": "2026-03-04", "name": "Ibuprofen", "amount": "much"}, "amount"),
        ("event", {"date": "2026-03-04", "kind": "side_effect", "term": ""}, "term"),
        ("attack", {"date": "2026-03-04", "headache": ""}, None),
        ("event", {"date": "2026-03-04", "kind": "side_effect", "term": "rash", "until": "2026-03-01"}, "until"),
        ("score", {"date": "2026-03-04", "instrument": "HIT6", "total": "-3"}, "total"),
    ],
)
def test_an_entry_that_cannot_be_comes_back_with_its_message_and_keeps_nothing(desk, word, typed, field):
    page = desk.post(f"{DAY}/new/{word}", data={"what": "keep", **typed})
    assert page.status_code == 422, page.url
    assert desk.store.people() == ()
    if field is not None:
        assert f'id="{field}-wrong"' in page.text


def test_a_medicine_that_nobody_knows_is_kept_as_it_was_typed(desk):
    desk.post(
        f"{DAY}/new/medicine", data={"what": "keep", "date": "2026-03-04", "kind": "acute", "name": "Großmutters <Pulver>"}
    )
    (dose,) = desk.story().diary.beside.doses
    assert (dose.name, dose.drug, dose.acute_class) == ("Großmutters <Pulver>", None, None)
    assert "Großmutters &lt;Pulver&gt;" in desk.get(DAY).text


ANSWER = st.sampled_from(["", "clear", "mild", "moderate", "severe", "present"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(1, 20), ANSWER), max_size=12))
def test_whatever_is_told_and_emptied_the_known_days_are_those_that_have_an_answer(tmp_path_factory, steps):
    with app.desk(tmp_path_factory.mktemp("days"), app.Clock(NOW)) as desk:
        expected = {}
        for number, answer in steps:
            desk.post(f"/day/2026-03-{number:02}", data={"what": "keep", "headache": answer})
            expected[number] = answer
        known = {number: answer for number, answer in expected.items() if answer}
        words = said(desk.get("/calendar"))
        assert {n for n, word in enumerate(words, start=1) if not word.endswith(": unknown")} == set(known)
        clear = {n for n, word in enumerate(words, start=1) if ": clear" in word}
        assert clear == {number for number, answer in known.items() if answer == "clear"}
