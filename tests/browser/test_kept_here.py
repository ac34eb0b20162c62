"""What a device keeps is never lost: two pages, a wrong clock, a session that is over, no room, no server; and copies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cleardays.store import open_store
from reference import app, pages
from reference.away import away, back, entries_here
from reference.browser import PHONE, Visit, served
from reference.screens import ready, tap

NO_ROOM = """() => {
  const fails = () => { throw new DOMException("no room", "QuotaExceededError"); };
  IDBObjectStore.prototype.add = fails;
}"""

COUNTS = """if (navigator.storage) navigator.storage.persist = async () => {
  localStorage.setItem("was-asked", Number(localStorage.getItem("was-asked")) + 1);
  return true;
};"""


def test_two_pages_of_one_device_send_each_entry_once(phone, kept):
    one = ready(phone.page("/attack"))
    away(phone, one)
    other = ready(phone.page("/attack"))
    tap(one, "Severe")
    evening = phone.page("/evening")
    evening.get_by_role("button", name="Moderate").click()
    evening.get_by_text("Kept on this device").wait_for()
    other.bring_to_front()
    other.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    other.get_by_text("Severe. Stored").wait_for()  # the second page knows what the first one told
    back(phone, one)
    one.wait_for_timeout(500)
    assert kept("attack.told") == 1
    assert entries_here(other) == []
    one.reload()
    assert kept("attack.told") == 1


@pytest.mark.parametrize("wrong", [40, -400])
def test_a_phone_whose_clock_is_wrong_tells_the_right_day(phone, kept, wrong):
    page = phone.page(None)
    page.clock.set_system_time(datetime.now(UTC) + timedelta(days=wrong))
    page.goto("/attack")
    tap(ready(page), "Mild")
    away(phone, page)
    page.reload()
    tap(ready(page), "Over")
    back(phone, page)
    (attack,) = kept.cells("attack.told")
    for name in ("start", "end"):
        assert abs(datetime.fromisoformat(attack[name]) - datetime.now(UTC)) < timedelta(minutes=10), name


def test_with_a_network_and_no_server_behind_it_a_form_is_kept_too(phone, kept):
    page = phone.page("/evening")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.context.route("**/healthz", lambda route: route.abort())
    phone.context.route("**/api/**", lambda route: route.abort())
    page.get_by_role("button", name="Mild").click()
    page.get_by_text("Kept on this device").wait_for()
    assert len(entries_here(page)) == 1
    phone.context.unroute("**/api/**")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    back(phone, page)
    page.get_by_text("Sent.").wait_for()
    assert [cells["headache"] for cells in kept.cells("day.told")] == ["mild"]


def test_without_room_on_the_device_nothing_is_said_to_be_kept_and_what_was_written_stays(phone, kept):
    page = phone.page("/evening")
    away(phone, page)
    page.evaluate(NO_ROOM)
    page.locator("[name=note]").fill("storm")
    page.get_by_role("button", name="Mild").click()
    page.get_by_text("no room on this device").wait_for()
    assert page.locator("[name=note]").input_value() == "storm"
    assert entries_here(page) == []
    phone.context.set_offline(False)
    page.get_by_role("button", name="Mild").click()
    page.wait_for_url("**/?kept=day")
    assert [cells["note"] for cells in kept.cells("day.told")] == ["storm"]


def test_an_attack_is_stored_by_the_form_where_the_browser_keeps_nothing(phone, kept):
    page = ready(phone.page("/attack"))
    page.evaluate(NO_ROOM)
    with page.expect_navigation():
        page.get_by_role("button", name="Severe").click()
    assert "Severe. Stored" in page.locator("#said").inner_text()
    assert kept("attack.told") == 1


def test_after_the_session_is_over_nothing_is_lost_and_it_is_sent_once_somebody_has_signed_in(browser, tmp_path):
    with pages.filled_clinic(tmp_path) as address:
        visit = Visit(browser, address, **PHONE)
        pages.sign_in(visit, "ada", own="yes")
        page = visit.page("/evening")
        away(visit, page)
        page.reload()
        page.get_by_role("button", name="Severe").click()
        page.get_by_text("Kept on this device").wait_for()
        visit.context.clear_cookies()
        visit.context.set_offline(False)
        page.get_by_role("link", name="1 to send: sign in").click()
        page.get_by_text("still to send: 1").wait_for()
        assert len(entries_here(page)) == 1
        page.get_by_label("Login").fill("ada")
        page.get_by_label("Password").fill(pages.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(address + "/")
        back(visit, page)
        assert day_told(tmp_path) == "severe"
        visit.close()


def test_what_one_person_left_on_a_device_is_never_sent_as_anothers(browser, tmp_path):
    with pages.filled_clinic(tmp_path) as address:
        visit = Visit(browser, address, **PHONE)
        pages.sign_in(visit, "ada", own="yes")
        page = visit.page("/evening")
        away(visit, page)
        page.get_by_role("button", name="Severe").click()
        page.get_by_text("Kept on this device").wait_for()
        visit.context.clear_cookies()
        visit.context.set_offline(False)
        pages.sign_in(visit, "kim")
        page.goto("/accounts")
        page.wait_for_timeout(1000)
        assert [each["who"] for each in entries_here(page)] == ["me"]
        assert day_told(tmp_path) is None
        visit.close()


def day_told(folder):
    """What is told of today, or of yesterday until noon."""
    with open_store(folder / "diary.sqlite3") as store:
        days = [told.cells for (kind, _), told in store.story("me").entries.items() if kind == "day.told"]
    latest = max(days, key=lambda cells: cells["date"])
    return (
        latest["headache"]
        if datetime.now(UTC).date() - datetime.fromisoformat(latest["date"]).date() <= timedelta(days=1)
        else None
    )


def test_a_device_that_is_not_the_persons_own_keeps_no_page(browser, tmp_path):
    with pages.filled_clinic(tmp_path) as address:
        visit = Visit(browser, address, **PHONE)
        pages.sign_in(visit, "ada")
        page = visit.page("/calendar")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        page.goto("/plan")
        page.wait_for_timeout(500)
        found = page.evaluate("""async () => {
          const names = (await caches.keys()).filter((each) => each.startsWith("pages"));
          const kept = await Promise.all(names.map(async (each) => (await caches.open(each)).keys()));
          return kept.flat().map((one) => new URL(one.url).pathname);
        }""")
        assert {"/calendar", "/plan", "/", "/evening"} & set(found) == set()
        visit.close()


def test_the_browser_is_asked_to_keep_what_is_here_once_and_never_in_an_attack(device):
    visit = device(**PHONE)
    visit.context.add_init_script(COUNTS)
    asked = "() => localStorage.getItem('was-asked')"
    page = ready(visit.page("/attack"))
    tap(page, "Mild")
    page.wait_for_timeout(3000)
    assert page.evaluate(asked) is None
    page.goto("/calendar")
    page.wait_for_function(asked)
    page.goto("/")
    page.wait_for_timeout(3000)
    assert page.evaluate(asked) == "1"


@pytest.fixture
def long_diary(tmp_path):
    """A diary of 25 days."""
    with app.desk(tmp_path, app.Clock(datetime.now(UTC))) as desk:
        for back_then in range(2, 27):
            day = datetime.now(UTC).date() - timedelta(days=back_then)
            desk.post("/evening", data={"day": str(day), "headache": "mild", "note": "Grüße 🌩 سلام"})


def test_a_copy_is_asked_for_saved_and_brought_back_on_another_server_as_the_same_diary(long_diary, phone, browser, tmp_path):
    page = phone.page("/")
    page.get_by_role("link", name="Save a copy").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save a copy").click()
    copy = tmp_path / "copy.zip"
    saved.value.save_as(copy)
    page.goto("/")
    assert page.get_by_text("since a copy was saved").count() == 0
    month_ago = str(datetime.now(UTC).date() - timedelta(days=31))
    phone.context.add_cookies([{"name": "saved-on", "value": month_ago, "url": phone.address}])
    page.reload()
    assert page.get_by_text("since a copy was saved").count() == 1
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with served(elsewhere) as address:
        visit = Visit(browser, address, **PHONE)
        other = visit.page("/more")
        other.get_by_role("link", name="Save a copy, or bring one back").click()
        other.get_by_label("The file").set_input_files(copy)
        other.get_by_role("button", name="Bring it back").click()
        other.wait_for_url(address + "/")
        visit.close()
    assert events(elsewhere) == events(tmp_path)
    assert len(events(elsewhere)) >= 25


def events(folder):
    """Everything that was told, in order."""
    with open_store(folder / "diary.sqlite3") as store:
        return [event.document() for _, event in store.events("me")]
