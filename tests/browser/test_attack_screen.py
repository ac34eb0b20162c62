"""The attack screen in a browser, at night: one tap, with and without a network, in every colour."""

from __future__ import annotations

import re

import pytest

from reference.browser import PHONE
from reference.screens import GUARD_MS, asked, luminance, measured, ready, tap


def screens(page, dose=True):
    """Each state of the screen, one after the other."""
    yield "idle"
    tap(page, "Severe")
    yield "just begun"
    if dose:
        tap(page, "Took Sumatriptan")
        yield "taken"
        tap(page, "Over")
        yield "over"


def test_one_tap_is_stored_shown_and_announced_in_less_than_a_second(phone, address):
    page = ready(phone.page("/attack"))
    assert asked(page, "timed", "severe") < 1000
    assert re.fullmatch(r"Severe\. Stored \d\d:\d\d\.", page.locator("#said").inner_text())
    assert page.locator("#said").get_attribute("role") == "status"
    page.wait_for_timeout(500)
    page.reload()
    assert "Severe. Stored" in page.locator("#said").inner_text()


def test_without_script_each_tap_is_kept_too(device):
    visit = device(**PHONE, java_script_enabled=False)
    page = visit.page("/attack")
    for button, then in (
        ("Moderate", "Moderate. Stored"),
        ("Over", "Over"),
        ("Undo", "Moderate. Stored"),
        ("Undo", "tap to store"),
    ):
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).tap() if button != "Moderate" else tap(page, button)
        page.get_by_text(then).first.wait_for()


@pytest.mark.parametrize("night", ["green", "amber", "grey", "light"])
def test_few_words_few_large_targets_and_hardly_any_light_in_every_state_and_colour(browser, phone, medicine, night):
    phone.context.add_cookies([{"name": "night", "value": night, "url": phone.address}])
    page = ready(phone.page("/attack"))
    for state in screens(page):
        seen = measured(page)
        assert len(seen.words) <= 12, (state, seen.words)
        assert len(seen.targets) <= 4, (state, seen.targets)
        for target in seen.targets:
            assert min(target["width"], target["height"]) >= 72, (state, target)
        assert seen.smallest_gap >= 16, (state, seen.smallest_gap)
        assert "Help" in seen.words
        light = luminance(browser, page.screenshot())
        assert light <= 0.03 if night != "light" else light > 0.5, (state, light)


def test_nothing_moves(phone):
    page = ready(phone.page("/attack"))
    assert asked(page, "moving") == 0
    tap(page, "Mild")
    assert asked(page, "moving") == 0


def test_undo_takes_back_the_attack_and_its_day(phone, kept):
    page = ready(phone.page("/attack"))
    tap(page, "Severe")
    tap(page, "Undo")
    assert page.get_by_role("button", name="Severe").is_visible()
    page.wait_for_timeout(500)
    assert kept.cells("attack.told") == []
    assert kept.cells("day.told") == []


def test_a_shaking_finger_stores_once_and_undoes_nothing(phone, kept):
    page = ready(phone.page("/attack"))
    box = page.get_by_role("button", name="Moderate").bounding_box()
    for _ in range(4):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(800)
    assert [each["headache"] for each in kept.cells("attack.told")] == ["moderate"]


def test_the_keyboard_alone_is_enough(desk):
    page = ready(desk.page("/attack"))
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.dataset.what") == "severe"
    page.keyboard.press("Enter")
    page.wait_for_timeout(GUARD_MS)
    assert page.evaluate("() => document.activeElement.id") == "said"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.dataset.what") == "undo"
    page.keyboard.press("Space")
    page.wait_for_timeout(GUARD_MS)
    assert page.get_by_role("button", name="Severe").is_visible()


@pytest.mark.parametrize(("width", "height", "zoom"), [(320, 640, 1), (360, 740, 2), (740, 360, 1)])
def test_narrow_turned_or_twice_as_large_it_needs_no_sideways_scrolling(device, width, height, zoom):
    page = ready(device(viewport={"width": width // zoom, "height": height // zoom}, device_scale_factor=zoom).page("/attack"))
    for _ in screens(page, dose=False):
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        seen = measured(page)
        assert seen.smallest_gap >= 16
        assert all(target["width"] >= 72 and target["height"] >= 72 for target in seen.targets)
