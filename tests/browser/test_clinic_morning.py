"""A nurse's morning: who needs a call, one of them opened, the call written down, and back; with the keyboard alone."""

from __future__ import annotations

import pytest

from cleardays.web.paper import THEMES
from reference import morning
from reference.browser import DESK, PHONE, Visit
from reference.clinic import PASSWORD
from reference.keys import push, write

LARGE = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}  # a desk at 200 %
SIZES = pytest.mark.parametrize("size", [PHONE, DESK, LARGE], ids=["phone", "desk", "200 %"])


@pytest.fixture
def clinic(tmp_path):
    """The clinic, filled, and its address."""
    with morning.served(tmp_path) as found:
        yield found


def at_desk(browser, address, size, login="nora"):
    """Somebody's device, signed in with the keyboard."""
    visit = Visit(browser, address, **size)
    page = visit.page("/sign-in")
    write(page, "Login", login)
    write(page, "Password", PASSWORD)
    push(page, "Sign in")
    return visit, page


def is_wide(page):
    """Whether it has to be moved sideways to be read."""
    return page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")


def names(page):
    """Who stands on the list, in order."""
    return page.locator(".one h2").all_inner_texts()


@SIZES
def test_the_list_says_who_needs_a_call_and_one_is_opened_called_and_gone_from_it(browser, clinic, size):
    house, address = clinic
    visit, page = at_desk(browser, address, size)
    assert page.url == f"{address}/clinic"
    assert names(page) == list(morning.WAIT)
    assert not is_wide(page)
    push(page, "bea")
    assert page.locator("h1").inner_text() == "bea"
    assert page.locator("svg rect").count() > 20
    assert not is_wide(page)
    push(page, "Back to the list")
    push(page, "Call done: vera")
    assert names(page) == ["bea", "dora", "otto", "sina", "vera"]
    assert page.locator("h2", has_text="Done today").count() == 1
    assert "called" in [each.seen.act for each in house.store.accounts.audit.of_person("vera")]
    (told,) = house.store.story("vera").told.flags.values()
    assert [each.done for each in told.done] == ["called somebody"]
    visit.close()


@SIZES
def test_a_kind_is_chosen_and_somebody_who_calls_is_found_by_a_part_of_the_name(browser, clinic, size):
    _, address = clinic
    visit, page = at_desk(browser, address, size)
    push(page, "Acute medicines 1")
    assert names(page) == ["otto"]
    assert "Triptans on 14 of 30 days; the limit is 10." in page.locator(".one").inner_text()
    push(page, "All 5")
    write(page, "A name, or part of it", "FIN")
    push(page, "Find")
    assert names(page) == ["fina"]
    push(page, "fina")
    assert page.locator("h1").inner_text() == "fina"
    visit.close()


def test_the_next_row_has_the_place_of_the_one_that_is_done(browser, tmp_path):
    with morning.served(tmp_path, more=8) as (house, address):
        house.app.state.house.buckets.take = lambda *_: 0.0
        visit, page = at_desk(browser, address, DESK)
        before = names(page)
        page.get_by_role("button", name=f"Seen: {before[20]}", exact=True).click()
        page.wait_for_url("**#row-21")
        assert page.locator("#row-21 h2").inner_text() == before[21]
        assert page.locator("#row-21").evaluate("(row) => row.getBoundingClientRect().top < innerHeight")
        visit.close()


@pytest.mark.parametrize("theme", THEMES)
def test_days_of_a_person_are_drawn_in_the_colours_of_the_page(browser, clinic, theme):
    _, address = clinic
    visit, page = at_desk(browser, address, DESK)
    visit.context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page.goto("/clinic/dora")
    drawn, ink, ground = page.evaluate(
        """() => {
          const bar = [...document.querySelectorAll(".strip rect")].find((each) => /moderate/.test(each.textContent));
          const all = getComputedStyle(document.body);
          return [getComputedStyle(bar).fill, getComputedStyle(bar.closest("figure")).color, all.backgroundColor];
        }"""
    )
    assert drawn == ink != ground
    visit.close()
