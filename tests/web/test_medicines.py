"""Medicines for attacks: one tap, one undo, no scolding, no preventive in an attack, and no count made of unknown days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from cleardays.catalogue.names import find_medicine
from cleardays.web.medicine_names import may_relieve
from reference import app

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path, app.Clock(NOW)) as found:
        yield found


def doses(desk):
    """What is told of doses."""
    return desk.story().diary.beside.doses


def add(desk, name, **more):
    """Took it now, by its name."""
    return desk.post("/medicines", data={"what": "add", "name": name, **more})


def days_told(desk, kind, count, *, doses_of="0"):
    """Days of this month told on their own day, so many of them with a medicine of a class."""
    for n in range(1, 31):
        day = date(2026, 2, 18).fromordinal(date(2026, 2, 18).toordinal() + n)
        cells = {
            "date": day.isoformat(),
            "headache": "mild" if n <= count else "clear",
            "acute_doses": "1" if n <= count else doses_of,
        }
        cells = {name: value for name, value in cells.items() if value}
        if n <= count:
            cells["acute_classes"] = kind
        entry = {"id": str(n), "kind": "day.told", "at": f"{day}T11:00+00:00", "body": {"cells": cells}}
        desk.post("/api/v1/entries", json={"entries": [entry]})


def test_a_medicine_typed_with_its_amount_is_kept_and_offered_with_one_tap_from_then_on(desk):
    page = add(desk, "Ibuprofen 400 mg")
    (dose,) = doses(desk)
    assert (dose.name, dose.drug, dose.acute_class) == ("Ibuprofen", "ibuprofen", "nsaid")
    assert (str(dose.amount), dose.unit, dose.time, dose.state) == ("400", "mg", "12:00", "taken")
    assert "Kept: Ibuprofen 400 mg" in page.text
    desk.clock.later(hours=6)
    assert re.search(r'name="which" value="Ibuprofen"', desk.get("/medicines").text)
    desk.post("/medicines", data={"what": "took", "which": "Ibuprofen"})
    assert [each.time for each in doses(desk)] == ["12:00", "18:00"]


def test_what_was_taken_last_comes_first(desk):
    for name in ("Ibuprofen", "Sumatriptan", "Paracetamol"):
        add(desk, name)
        desk.clock.later(minutes=5)
    page = desk.get("/medicines").text
    assert re.findall(r'name="which" value="([^"]+)"', page) == ["Paracetamol", "Sumatriptan", "Ibuprofen"]


def test_undo_takes_the_dose_back(desk):
    page = add(desk, "Ibuprofen")
    entry = re.search(r'name="entry" value="([^"]+)"', page.text)[1]
    page = desk.post("/medicines", data={"what": "undo", "entry": entry})
    assert doses(desk) == ()
    assert "Taken back." in page.text
    assert desk.post("/medicines", data={"what": "undo", "entry": entry}).status_code == 200


@pytest.mark.parametrize("name", ["Topiramate 50 mg", "propranolol", "amitriptyline", "Topamax"])
def test_a_preventive_is_never_offered_nor_taken_as_relief(desk, name):
    page = add(desk, name)
    assert page.status_code == 422
    assert "it does not relieve one that has begun" in page.text
    assert desk.store.people() == ()
    cells = {"date": "2026-03-20", "kind": "acute", "name": name, "state": "taken", "time": "09:00"}
    entry = {"id": "a", "kind": "dose.told", "at": "2026-03-20T09:00+00:00", "body": {"entry": "d1", "cells": cells}}
    desk.post("/api/v1/entries", json={"entries": [entry]})
    desk.post("/attack", data={"what": "severe"})
    for address in ("/medicines", "/attack", "/evening"):
        shown = desk.get(address).text
        assert f'name="which" value="{name}"' not in shown
        assert f">{name}<" not in shown
    assert desk.post("/medicines", data={"what": "took", "which": name}).status_code == 422


def test_only_what_is_for_attacks_or_unknown_may_relieve():
    for name in ("sumatriptan", "rimegepant", "ibuprofen", "metoclopramide"):
        assert may_relieve(find_medicine(name))
    for name in ("topiramate", "candesartan", "lamotrigine", "erenumab", "onabotulinumtoxina", "baclofen"):
        assert not may_relieve(find_medicine(name)), name


def test_an_unknown_name_is_kept_as_typed_and_said_to_be_unknown(desk):
    page = add(desk, "Großmutters <b>Pulver</b> \u05d0")
    (dose,) = doses(desk)
    assert (dose.name, dose.drug, dose.acute_class) == ("Großmutters <b>Pulver</b> \u05d0", None, None)
    assert "This name is not known here." in page.text
    assert "<b>Pulver" not in page.text
    assert "not known here" in desk.get("/medicines").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "Ibuprofen", "amount": "lots"}, "amount"),
        ({"name": "Ibuprofen", "amount": "-4"}, "amount"),
        ({"name": "x" * 10_001}, "name"),
    ],
)
def test_a_medicine_that_cannot_be_comes_back_as_typed_with_its_message(desk, typed, field):
    page = desk.post("/medicines", data={"what": "add", **typed})
    assert page.status_code == 422
    assert desk.store.people() == ()
    if field == "amount":
        assert f'value="{typed["amount"]}"' in page.text
        assert 'id="amount-wrong"' in page.text


def test_whether_it_helped_is_asked_once_after_two_hours_and_not_again(desk):
    add(desk, "Ibuprofen")
    assert "did it help?" not in desk.get("/").text
    desk.clock.later(hours=2)
    page = desk.get("/").text
    assert "Two hours after Ibuprofen: did it help?" in page
    entry = re.search(r'name="entry" value="([^"]+)"', page)[1]
    desk.post("/medicines", data={"what": "relief", "entry": entry, "relief_2h": "unknown", "back": "today"})
    assert doses(desk)[0].relief_2h is None
    assert "did it help?" not in desk.get("/").text
    add(desk, "Paracetamol")
    desk.clock.later(hours=3)
    entry = re.search(r'name="entry" value="([^"]+)"', desk.get("/").text)[1]
    desk.post("/medicines", data={"what": "relief", "entry": entry, "relief_2h": "pain_free"})
    assert [each.relief_2h for each in doses(desk)] == [None, "pain_free"]
    desk.clock.later(days=3)
    assert "did it help?" not in desk.get("/").text


def test_days_by_class_are_told_with_the_known_days_and_without_blame(desk):
    days_told(desk, "triptan", 12)
    page = desk.get("/medicines").text
    assert "Something was taken on 12 days of 30 known." in page
    assert "<strong>Triptans</strong>: 12 days" in page
    assert "worth talking about at the next visit" in page
    assert not re.search(r"too (much|many) (medicine|tablet)|should not|must not|warning|overuse", page, re.IGNORECASE)


def test_a_limit_is_not_said_to_be_kept_while_unknown_days_could_reach_it(desk):
    days_told(desk, "triptan", 4, doses_of="")
    page = desk.get("/medicines").text
    assert "<strong>Triptans</strong>: 4 days" in page
    assert "cannot be told: too many days are unknown" in page
    assert "Fewer than" not in page


def test_with_nothing_told_nothing_is_counted(desk):
    page = desk.get("/medicines").text
    assert "Of none of these days it is known" in page
    assert " 0 " not in page
