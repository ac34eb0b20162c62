"""The private notes: a space that says nothing of itself where it is locked, keeps nothing on the device, and is apart."""

from __future__ import annotations

from cleardays.store import open_store
from reference.away import entries_here

WORDS = "a few plain words"
TELLING = ("wish", "mood", "craving", "alcohol", "used", "use ", "drink", "recovery", "drug")


def inside(page):
    """Open the space for the first time, and lock it."""
    page.goto("/private")
    page.get_by_role("button", name="Open").first.click()
    page.wait_for_url("**/")
    page.goto("/private")
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Lock").first.click()
    page.wait_for_load_state()


def neutral(page):
    """Nothing that can be seen, or is in the title, says what the space is about."""
    seen = (page.title() + " " + page.locator("body").inner_text()).lower()
    assert [word for word in TELLING if word in seen] == []


def test_it_is_opened_locked_added_to_without_opening_and_read_only_with_the_passphrase(phone, tmp_path):
    page = phone.page("/")
    inside(page)
    page.goto("/evening")
    page.locator("#craving").select_option("7")
    page.get_by_role("button", name="Yes").click()
    page.wait_for_url("**/?kept=day")
    phone.context.clear_cookies(name="space_key")  # as after a quarter of an hour
    page.goto("/")
    assert "/private/unlock" in page.url
    neutral(page)
    page.get_by_role("link", name="Add something without opening").click()
    neutral(page)
    assert page.locator("select").count() == 0
    page.locator("[name=note]").fill("long day")
    page.get_by_role("button", name="Keep what is said here").click()
    page.get_by_text("Kept.").wait_for()
    neutral(page)
    page.get_by_role("link", name="Unlock").click()
    page.get_by_label("Passphrase").fill("another one")
    page.get_by_role("button", name="Open").click()
    page.get_by_text("that is not the one").wait_for()
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Open").click()
    page.wait_for_url("**/")
    page.goto("/evening")
    assert (page.locator("#craving").input_value(), page.locator("[name=note]").input_value()) == ("7", "long day")
    page.get_by_role("button", name="Leave the notes").click()
    page.wait_for_url("**/")
    assert page.get_by_role("link", name="Attack", exact=True).count() == 1
    with open_store(tmp_path / "diary.sqlite3") as store:
        assert store.people() == ("private:me",)  # nothing of it is in the diary


def test_the_device_keeps_no_page_and_no_entry_of_it(phone):
    page = phone.page("/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    inside(page)
    page.goto("/evening")
    page.get_by_role("button", name="Yes").click()
    page.wait_for_url("**/?kept=day")
    page.goto("/calendar")
    page.wait_for_timeout(500)
    texts = page.evaluate("""async () => {
      const found = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        const pages = (await cache.keys()).filter((each) => !each.url.includes("/static/"));
        for (const each of pages) found.push(await (await cache.match(each)).text());
      }
      return found;
    }""")
    assert not [text for text in texts if "Did you use" in text or "day of use" in text or "craving" in text]
    assert entries_here(page) == []
