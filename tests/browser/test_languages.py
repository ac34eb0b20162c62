"""The app in its second language, on a phone: nothing is cut or too wide, and it is there without a network too."""

from __future__ import annotations

import re

import pytest

from reference import pages
from reference.away import until
from reference.browser import PHONE
from reference.screens import ready

# Those that a person uses most, and those with the longest words.
LOOKED_AT = (
    "/attack",
    "/",
    "/evening",
    "/calendar",
    "/catch-up",
    "/medicines",
    "/effects",
    "/plan",
    "/plan/first",
    "/plan/first/suitability",
    "/plan/first/change/stop",
    "/answer",
    "/answer/first",
    "/intake",
    "/goals",
    "/reports",
    "/more",
    "/more/evening",
    "/help",
)
# What a finger or an eye would miss: words of a button beyond its edge, or anything beyond the edge of the page.
CUT = """() => {
  const wide = document.documentElement.clientWidth, all = (what) => [...document.querySelectorAll(what)];
  const at = (each) => each.getBoundingClientRect();
  const out = (each) => at(each).width > 0 && (at(each).right > wide + 1 || at(each).left < -1);
  const moved = all("main *, header *").filter((each) => !each.closest(".scroll, .picture, .unseen") && out(each));
  const cut = all("button:not(.unseen), a.button").filter((each) => each.scrollWidth > each.clientWidth + 1);
  return [...moved, ...cut].map((each) => each.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server over the story of somebody with two trials."""
    with pages.filled(tmp_path_factory.mktemp("languages")) as found:
        yield found


@pytest.fixture
def german(device):
    """A phone whose owner chose German."""
    visit = device(**PHONE)
    visit.context.add_cookies([{"name": "language", "value": "de", "url": visit.address}])
    return visit


def test_no_german_page_is_wider_than_a_phone_and_no_button_cuts_its_words(german):
    page, wrong = german.page(None), {}
    for path in LOOKED_AT:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "de"
        if page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong[path] = "wide"
        elif found := page.evaluate(CUT):
            wrong[path] = found
    assert wrong == {}
    page.evaluate("() => { document.querySelector('main a.button').style.translate = '300px' }")
    assert page.evaluate(CUT)  # so that it would have been seen


def test_the_attack_screen_in_german_has_large_buttons_few_words_and_says_what_it_stored(german):
    page = ready(german.page("/attack"))
    words = re.findall(r"[^\W_]+", page.locator("body").inner_text())
    assert len(words) <= 12, words
    boxes = [each.bounding_box() for each in page.locator("button:visible, a.button:visible").all()]
    assert len(boxes) <= 4
    assert min(box["height"] for box in boxes) >= 72
    assert max(box["y"] + box["height"] for box in boxes) <= 740
    page.locator("[data-what=severe]").tap()
    page.get_by_text("Stark. Gespeichert", exact=False).wait_for()
    assert len(re.findall(r"[^\W_]+", page.locator("body").inner_text())) <= 12
    page.locator("[data-what=undo]").tap()


def test_the_language_that_is_chosen_is_there_without_a_network(device):
    visit = device(**PHONE)
    page = visit.page("/more")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.get_by_role("button", name="Deutsch").tap()
    page.get_by_role("heading", name="Mehr").wait_for()
    until(
        page,
        """async () => {
      const kept = await Promise.all(["/attack", "/help", "/offline"].map((path) => caches.match(path, { ignoreVary: true })));
      const texts = await Promise.all(kept.map((each) => each?.text() ?? ""));
      return texts.every((text) => text.includes('lang="de"'));
    }""",
    )
    visit.context.set_offline(True)
    page.goto("/attack")
    assert page.locator("[data-what=severe] .word").inner_text() == "Stark"
    page.goto("/help")
    assert page.get_by_role("heading", name="Rufen Sie jetzt den Notruf an").is_visible()
    page.goto("/scores")
    assert page.get_by_role("heading", name="Kein Netz").is_visible()
