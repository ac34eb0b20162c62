"""What the attack screen has to reach, one by one, on a slow phone without a network; and where nobody signed in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from cleardays.store import open_store
from reference import app, pages
from reference.away import away, back, entries_here
from reference.browser import PHONE, Visit
from reference.plain_words import grade
from reference.screens import GUARD_MS, asked, luminance, measured, ready, tap

SLOW = 6  # times slower than this machine
MOST_MS = 1000


def slowly(visit, page):
    """The same page on a slow phone."""
    visit.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW})


def test_one_tap_stores_within_a_second_on_a_slow_phone_without_a_network_and_says_so(phone):
    page = ready(phone.page("/attack"))
    away(phone, page)
    slowly(phone, page)
    page.reload()
    ready(page)
    assert asked(page, "timed", "severe") < MOST_MS
    assert len(entries_here(page)) == 1  # said when it was on the disk, and not before
    said = page.locator("#said")
    page.get_by_text("on phone").wait_for()
    assert re.fullmatch(r"Severe\. Stored on phone \d\d:\d\d\.", said.inner_text())
    assert (said.get_attribute("role"), said.get_attribute("aria-live")) == ("status", "polite")
    assert page.locator("progress, [aria-busy=true], .spinner").count() == 0


def test_from_the_opened_app_it_is_one_tap_and_from_today_two(phone):
    page = phone.page("/")
    start = page.request.get("/app.webmanifest").json()["start_url"]
    assert start == "/attack"
    page.goto(start)
    tap(ready(page), "Mild")
    assert "Stored" in page.locator("#said").inner_text()


def test_its_words_are_few_and_plain_in_every_state(phone, medicine):
    page = ready(phone.page("/attack"))
    for button in (None, "Severe", "Took Sumatriptan", "Over"):
        if button:
            tap(page, button)
        assert len(measured(page).words) <= 12
        lines = page.locator("body").inner_text().replace("Sumatriptan", "it").splitlines()
        text = " ".join(line.rstrip(".") + "." for line in lines if any(letter.isalpha() for letter in line))
        assert grade(text) <= 5, text


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_it_gives_hardly_any_light_whatever_the_device_prefers_and_moves_nothing(device, browser, scheme, medicine):
    page = ready(device(**PHONE, color_scheme=scheme, reduced_motion="no-preference").page("/attack"))
    for button in (None, "Severe", "Took Sumatriptan", "Over"):
        if button:
            tap(page, button)
        assert luminance(browser, page.screenshot()) <= 0.03
        assert asked(page, "moving") == 0


def test_nothing_is_lost_by_closing_and_undo_waits_as_long_as_it_takes(phone, kept):
    page = ready(phone.page("/attack"))
    tap(page, "Severe")
    page.close()
    page = phone.page(None)
    page.clock.set_system_time(datetime.now(UTC) + timedelta(minutes=1))
    page.goto("/attack")
    assert "Severe. Stored" in ready(page).locator("#said").inner_text()
    page.wait_for_timeout(GUARD_MS)
    tap(page, "Undo")
    page.wait_for_timeout(500)
    assert kept.cells("attack.told") == []


def test_help_is_one_tap_away_from_every_state_and_there_without_a_network(phone):
    page = ready(phone.page("/attack"))
    away(phone, page)
    for button in (None, "Severe", "Undo"):
        if button:
            tap(page, button)
        page.get_by_role("link", name="Help").tap()
        page.locator("a[href^='tel:']").first.wait_for()
        page.get_by_role("link", name="Back").tap()
        ready(page)


def test_in_a_clinic_a_persons_own_device_stores_and_undoes_an_attack_though_nobody_is_signed_in(browser, tmp_path):
    with pages.filled_clinic(tmp_path) as address:
        visit = Visit(browser, address, **PHONE)
        pages.sign_in(visit, "ada", own="yes")
        visit.context.clear_cookies(name="session")
        page = ready(visit.page("/attack"))
        seen = measured(page)
        assert (len(seen.words) <= 12, len(seen.targets) <= 4) == (True, True)
        tap(page, "Severe")
        assert "Severe. Stored" in page.locator("#said").inner_text()
        back(visit, page)
        assert attacks(tmp_path) == ["severe"]
        page.goto("/calendar")
        assert "/sign-in" in page.url  # reading asks who it is
        page.goto("/attack")
        tap(ready(page), "Undo")
        back(visit, page)
        assert attacks(tmp_path) == []
        visit.close()


def attacks(folder):
    """How bad each attack of today is that stands."""
    with open_store(folder / "diary.sqlite3") as store:
        told = [told.cells for (kind, _), told in store.story("me").entries.items() if kind == "attack.told"]
    return [cells["headache"] for cells in told if cells["date"] >= str(datetime.now(UTC).date() - timedelta(days=1))]


def test_the_morning_asks_once_and_nobody_is_asked_during_an_attack(tmp_path, phone):
    with app.desk(tmp_path, app.Clock(datetime.now(UTC) - timedelta(hours=2))) as desk:
        desk.post("/attack", data={"what": "severe"})
    page = phone.page("/")
    assert page.get_by_text("over?").count() == 0
    with app.desk(tmp_path, app.Clock(datetime.now(UTC) - timedelta(hours=1))) as desk:
        desk.post("/attack", data={"what": "undo"})
        desk.clock.later(hours=-9)
        desk.post("/attack", data={"what": "moderate"})
    page.reload()
    assert page.get_by_role("heading", name="over?").count() == 1
    page.get_by_role("button", name="It goes on").click()
    page.get_by_role("heading", name="over?").wait_for(state="detached")
