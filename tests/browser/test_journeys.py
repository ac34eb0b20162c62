"""What people come for, from its beginning to its end, with the keyboard alone, on a phone, on a desk and at twice the size."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cleardays.store import open_store
from reference import pages, trials_web
from reference.away import away, back
from reference.browser import DESK, PHONE, Visit
from reference.keys import choose, push, reach, write
from reference.screens import ready

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


def test_an_attack_at_night_without_a_network_is_sent_later_and_the_morning_asks_one_question(visit, kept):
    page = ready(visit.page("/attack"))
    away(visit, page)
    page.clock.set_system_time(datetime.now(UTC) - timedelta(hours=9))
    page.reload()
    ready(page)
    reach(page, "Severe")
    page.keyboard.press("Enter")
    page.get_by_text("Severe. Stored on phone").wait_for()
    page.clock.set_system_time(datetime.now(UTC))
    back(visit, page)
    assert kept("attack.told") == 1
    page.goto("/")
    assert page.get_by_role("heading", name="over?").count() == 1
    push(page, "Over earlier")
    assert page.get_by_role("heading", name="over?").count() == 0
    (attack,) = kept.cells("attack.told")
    assert attack["start"] < attack["end"]


def enter(page, name, text):
    """Type into a field that is there, or choose by typing."""
    field = page.locator(f"#{name}")
    if field.count():
        field.focus()
        if field.evaluate("(each) => each.tagName") != "SELECT":
            page.keyboard.press("Control+A")
        page.keyboard.type(text)


def test_a_plan_from_its_trial_to_the_first_dose_that_was_taken(visit, browser, tmp_path):
    for part in trials_web.HEALTHY:
        page = visit.page(f"/intake/{part}")
        push(page, page.locator("button[value=none]").inner_text())
        page.close()
    page = visit.page("/plan")
    push(page, "A new trial")
    enter(page, "treatment", "Lamotrigine")
    enter(page, "indication", "Migraine with aura")
    write(page, "Why this one", "aura every week")
    push(page, "Look whether it suits")
    for name, value in trials_web.FACTS.items():
        enter(page, name, value)
    page.locator("#start").fill(str(datetime.now(UTC).date()))
    push(page, "Draft the plan")
    assert "DRAFT" in page.locator(".band").inner_text()
    push(page, "Make a link")
    push(page, "Make the link")
    link = page.locator("p.address").inner_text()
    confirm(browser, visit.address, link)
    page.goto("/plan")
    push(page, "It has begun")
    page.goto("/plan")
    assert "25 mg" in page.locator(".today").inner_text()
    push(page, "Taken")
    assert "taken" in page.locator("[data-told]").inner_text()
    (dose,) = story(tmp_path).diary.beside.doses
    assert (dose.drug, dose.state, dose.amount) == ("lamotrigine", "taken", 25)


def confirm(browser, address, link):
    """The clinician, on a device of their own: reads, answers, and puts their name to it."""
    other = Visit(browser, address, **DESK)
    page = other.page(link)
    for each in page.locator("textarea").all():
        each.focus()
        page.keyboard.type("weighed together")
    write(page, "Your name", "Dr Ada Field")
    write(page, "Your qualification", "neurologist")
    reach(page, "I have read the whole plan")
    page.keyboard.press("Space")
    push(page, "Confirm this plan")
    page.get_by_role("heading", name="Confirmed").wait_for()
    page.goto(link)
    assert page.get_by_role("button", name="Confirm this plan").count() == 0  # once
    other.close()


@pytest.mark.parametrize("size", [PHONE, DESK, LARGE], ids=["phone", "desk", "200 %"])
def test_a_report_is_looked_at_saved_and_shown_to_somebody_for_an_hour(browser, tmp_path, size):
    with pages.filled(tmp_path) as address:
        visit = Visit(browser, address, **size)
        page = visit.page("/reports")
        reach(page, "PDF")
        with page.expect_download() as saved:
            page.keyboard.press("Enter")
        assert Path(saved.value.path()).read_bytes().startswith(b"%PDF")
        push(page, "For 1 hour")
        assert page.locator(".code svg").count() == 1
        link = page.locator("a.address").get_attribute("href")
        other = Visit(browser, address, **size)
        shown = other.page(link)
        other.context.set_offline(True)  # the page is whole: nothing of it comes later
        assert shown.locator("svg, img").count() > 0
        assert shown.evaluate("() => [...document.images].every((each) => each.complete && each.naturalWidth > 0)")
        assert shown.evaluate("() => performance.getEntriesByType('resource').length") == 0
        saved_page = tmp_path / "shown.html"
        saved_page.write_text(shown.content(), encoding="utf-8")
        shown.goto(saved_page.as_uri())
        assert shown.locator("h1").count() > 0
        other.wrong = [each for each in other.wrong if "file:" not in each]
        other.close()
        push(page, "Take it back now")
        gone = Visit(browser, address, **PHONE)
        assert gone.context.request.get(link).status in (404, 410)
        gone.close()
        visit.close()
