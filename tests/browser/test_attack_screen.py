"""The attack screen in a browser, at night."""

from __future__ import annotations


def test_one_tap_keeps_an_attack(phone):
    page = phone.page("/attack")
    page.get_by_role("button", name="Severe").tap()
    page.get_by_text("Stored").wait_for()
    page.reload()
    page.get_by_text("Stored").wait_for()
