"""Two people at one device: neither is shown what it kept for the other, and what waits goes to whoever told it."""

from __future__ import annotations

import pytest

from reference import morning
from reference.away import until
from reference.browser import PHONE, Visit
from reference.clinic import PASSWORD

KEPT = """async () => {
  const found = [];
  for (const name of (await caches.keys()).filter((each) => each.startsWith("pages-"))) {
    const cache = await caches.open(name);
    for (const each of await cache.keys()) found.push(await (await cache.match(each)).text());
  }
  return found.join("");
}"""


@pytest.fixture
def device(browser, tmp_path):
    """A phone in front of a clinic, and the clinic."""
    with morning.served(tmp_path, filled=False) as (house, address):
        visit = Visit(browser, address, **PHONE)
        yield visit.page("/sign-in"), house
        visit.close()


def come_in(page, login):
    """Sign in with the password."""
    page.goto("/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.check("[name=own]")
    page.click("main button.main")
    page.wait_for_url("**/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => 0)")


def test_pages_that_a_device_kept_for_one_are_forgotten_when_another_signs_in(device):
    page, house = device
    come_in(page, "ada")
    page.goto("/more/about")
    page.get_by_label("name").first.fill("Ada of the hill")
    page.locator("main form button").last.click()
    page.goto("/more/about")
    until(page, f"async () => (await ({KEPT})()).includes('Ada of the hill')")
    house.store.accounts.sessions.close_all(house.ids["ada"])  # it ended by itself: nobody signed out
    come_in(page, "bob")
    assert "Ada of the hill" not in page.evaluate(KEPT)


def test_what_waits_on_a_device_is_not_sent_as_somebody_else(device):
    page, house = device
    come_in(page, "ada")
    put = """async (path) => {
      const { putAll } = await import(path);
      const body = { cells: { date: "2026-06-30", headache: "severe" } };
      await putAll([{ who: "ada", state: "waiting", entry: { id: "x", kind: "day.told", at: "2026-06-30T20:00:00Z", body } }]);
    }"""
    path = page.locator("script[src*='js/page.js']").get_attribute("src").replace("page.js", "keep.js")
    house.store.accounts.sessions.close_all(house.ids["ada"])
    other = page.context.new_page()
    come_in(other, "bob")
    page.evaluate(put, path)  # a page of ada's that was left open
    with page.expect_response("**/api/v1/entries") as sent:
        page.evaluate("(path) => import(path).then((sync) => sync.sync())", path.replace("keep.js", "sync.js"))
    assert sent.value.status == 403
    assert (house.store.head("ada").seq, house.store.head("bob").seq) == (0, 0)
    house.store.accounts.sessions.close_all(house.ids["bob"])
    come_in(other, "ada")
    other.wait_for_function("() => document.getElementById('queue').hidden")
    other.wait_for_timeout(500)
    assert house.store.head("ada").seq == 1
