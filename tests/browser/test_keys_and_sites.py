"""The calendar with the arrow keys, and the head with its places by finger and by keyboard."""

from __future__ import annotations

import pytest

from reference import pages
from reference.browser import PHONE, Visit
from reference.told_stories import START
from reference.whole_stories import DAY


def day_at(page):
    """The day of the link that has the focus."""
    return page.evaluate("() => document.activeElement.href?.slice(-10)")


@pytest.mark.parametrize(("keys", "then"), [
    (["ArrowRight"], "2026-03-11"), (["ArrowLeft"], "2026-03-09"), (["ArrowDown"], "2026-03-17"), (["ArrowUp"], "2026-03-03"),
    (["ArrowDown", "ArrowRight", "ArrowUp"], "2026-03-11"),
])  # fmt: skip
def test_the_arrow_keys_go_from_day_to_day_and_from_week_to_week(phone, keys, then):
    page = phone.page("/calendar?month=2026-03")
    page.locator("a[href$='/day/2026-03-10']").focus()
    for key in keys:
        page.keyboard.press(key)
    assert day_at(page) == then


def test_beyond_the_month_they_come_to_the_month_before_and_in_the_list_each_step_is_a_day(phone):
    page = phone.page("/calendar?month=2026-03")
    page.locator("a[href$='/day/2026-03-01']").focus()
    page.keyboard.press("ArrowLeft")
    assert "2026-02" in page.evaluate("() => document.activeElement.href")
    page.keyboard.press("Enter")
    page.wait_for_url("**month=2026-02*")
    page.goto("/calendar?month=2026-03&as=list")
    page.locator("a[href$='/day/2026-03-10']").focus()
    page.keyboard.press("ArrowDown")
    assert day_at(page) == "2026-03-11"


@pytest.fixture
def head(browser, tmp_path):
    """The record of a session of injections, as a nurse sees it."""
    with pages.filled_clinic(tmp_path) as address:
        visit = Visit(browser, address, **PHONE)
        pages.sign_in(visit, "nora")
        page = visit.page(f"/people/me/plan/botox/sites/{START + 14 * DAY}")
        yield page
        visit.close()


def test_a_place_of_the_head_is_given_and_taken_away_by_a_tap_and_the_sums_follow(head):
    place = head.locator("form.sites svg a").first
    field = head.locator(place.get_attribute("href"))
    total = head.locator("[data-total]")
    before, sum_before = float(field.input_value() or 0), float(total.inner_text())
    assert before > 0
    place.click()
    assert float(field.input_value() or 0) == 0
    assert float(total.inner_text()) == sum_before - before
    assert "empty" in place.get_attribute("class")
    place.focus()
    head.keyboard.press("Enter")
    assert float(field.input_value()) == before
    assert float(total.inner_text()) == sum_before


def test_an_amount_that_is_typed_stands_on_the_head_and_too_much_is_said(head):
    field = head.locator("form.sites [data-site]").first
    field.fill("2,5")
    shown = head.locator(f"form.sites svg a[href='#{field.get_attribute('id')}'] text")
    assert shown.text_content() == "2.5"
    assert head.locator("[data-above]").is_hidden()
    field.fill("900")
    assert head.locator("[data-above]").is_visible()
