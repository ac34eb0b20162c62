"""What people come for, from its beginning to its end, with the keyboard alone, on a phone, on a desk and at twice the size."""

from __future__ import annotations

import pytest

from cleardays.store import open_store
from reference import pages
from reference.browser import DESK, PHONE, Visit
from reference.keys import choose, push, write

LARGE = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}  # a desk at 200 %


@pytest.fixture(params=[PHONE, DESK, LARGE], ids=["phone", "desk", "200 %"])
def visit(device, request):
    """A device of each size."""
    return device(**request.param)


def story(folder):
    """What is kept."""
    with open_store(folder / "diary.sqlite3") as store:
        return store.story("me")


def test_the_first_run_asks_three_things_and_begins(visit, tmp_path):
    page = visit.page("/first-run")
    write(page, "A name for this diary", "Ada")
    write(page, "Time zone", "Europe/Berlin")
    push(page, "Begin")
    assert page.url.rstrip("/") == visit.address
    assert story(tmp_path).diary.about == {"person": "Ada", "zone": "Europe/Berlin", "condition": "migraine"}


def test_a_slip_comes_back_beside_its_field_with_what_was_typed(visit, tmp_path):
    page = visit.page("/first-run")
    write(page, "Time zone", "Nowhere")
    push(page, "Begin")
    assert page.get_by_label("Time zone").input_value() == "Nowhere"
    assert page.get_by_label("Time zone").get_attribute("aria-invalid") == "true"


def test_days_that_were_missed_are_caught_up_and_the_others_stay_open(visit, tmp_path):
    page = visit.page("/catch-up")
    days = page.locator("fieldset legend").all_inner_texts()
    choose(page, days[0].strip(), "No")
    push(page, "Keep")
    assert "/calendar" in page.url
    (day,) = story(tmp_path).diary.records
    assert day.headache == "clear"
    assert day.reported_at.date() > day.date  # so that it counts as remembered later


def test_a_report_is_looked_at(browser, tmp_path):
    with pages.filled(tmp_path) as address:
        visit = Visit(browser, address, **PHONE)
        page = visit.page("/reports")
        push(page, "Look at it")
        assert page.locator("h1").count() > 0
        visit.close()
