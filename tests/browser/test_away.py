"""Where there is no network: what is told is kept on the device, shown from there, and arrives once."""

from __future__ import annotations

from reference.screens import ready, tap


def away_from(visit, page):
    """Go where there is no network, once the device keeps what it needs."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    visit.context.set_offline(True)


def test_an_attack_at_night_without_a_network_is_kept_shown_after_a_reload_and_sent_exactly_once(phone, kept):
    page = ready(phone.page("/attack"))
    away_from(phone, page)
    page.reload()
    tap(ready(page), "Severe")
    assert "Stored on phone" in page.locator("#said").inner_text()
    page.reload()
    assert "Severe. Stored on phone" in ready(page).locator("#said").inner_text()
    other = phone.page("/attack")
    assert "Severe. Stored on phone" in ready(other).locator("#said").inner_text()
    phone.context.set_offline(False)
    page.get_by_text("Severe. Stored", exact=False).wait_for()
    page.wait_for_function("() => !document.getElementById('said').textContent.includes('phone')")
    assert kept("attack.told") == 1
    assert kept("day.told") == 1
    page.reload()
    page.wait_for_timeout(500)
    assert kept("attack.told") == 1


def test_a_whole_attack_without_a_network_arrives_as_it_was(phone, kept, medicine):
    page = ready(phone.page("/attack"))
    away_from(phone, page)
    for button in ("Moderate", "Took Sumatriptan", "Over", "Undo", "Over"):
        tap(page, button)
    phone.context.set_offline(False)
    page.wait_for_timeout(1500)
    (attack,) = kept.cells("attack.told")
    assert attack["headache"] == "moderate"
    assert attack["end"] >= attack["start"]
    assert [dose["attack"] for dose in kept.cells("dose.told") if "attack" in dose] == [attack["id"]]


def test_the_colour_changes_at_once_and_is_remembered_without_a_network(phone):
    page = ready(phone.page("/attack"))
    away_from(phone, page)
    tap(page, "Mild")
    tap(page, "Colour")
    assert page.locator("html").get_attribute("data-theme") == "amber"
    page.reload()
    assert ready(page).locator("html").get_attribute("data-theme") == "amber"


def test_the_help_card_is_one_tap_away_without_a_network_and_says_of_when_it_is(phone):
    page = ready(phone.page("/attack"))
    away_from(phone, page)
    page.get_by_role("link", name="Help").tap()
    page.get_by_role("heading", name="Help", exact=True).wait_for()
    assert page.locator("a[href^='tel:']").count() > 0
    assert page.get_by_text("Offline, as of").is_visible()
    page.goto("/theme")
    assert page.get_by_role("heading", name="No network").is_visible()


def test_what_was_not_accepted_is_shown_can_be_changed_and_is_sent_again(phone, kept):
    page = ready(phone.page("/attack"))
    page.evaluate(
        """async () => {
          const source = document.querySelector("script[src*='page.js']").src;
          const { putAll } = await import(source.replace("page.js", "keep.js"));
          const who = document.documentElement.dataset.who, body = { cells: { date: "2026-03-01", headache: "awful" } };
          const entry = { id: "bad", kind: "day.told", at: "2026-03-01T20:00:00Z", body, based_on: 0 };
          await putAll([{ who, state: "waiting", entry }], null);
        }"""
    )
    page.goto("/waiting")
    page.get_by_text("was not accepted").wait_for()
    assert "'awful'" in page.locator(".message").inner_text()
    page.get_by_label("headache").fill("severe")
    page.get_by_role("button", name="Send again").tap()
    page.get_by_text("Nothing waits").wait_for()
    assert [cells["headache"] for cells in kept.cells("day.told")] == ["severe"]


def test_the_answer_of_the_evening_is_kept_without_a_network_and_arrives_with_its_medicine(phone, kept, medicine):
    page = phone.page("/evening")
    away_from(phone, page)
    page.reload()
    page.get_by_label("Sumatriptan").check()
    page.get_by_role("button", name="Moderate").click()
    page.get_by_text("Kept on this device").wait_for()
    phone.context.set_offline(False)
    page.wait_for_timeout(1500)
    (day,) = kept.cells("day.told")
    assert day["headache"] == "moderate"
    assert [dose["date"] for dose in kept.cells("dose.told") if dose["date"] == day["date"]] == [day["date"]]


def test_a_form_that_cannot_be_sent_says_that_nothing_was_kept(phone):
    page = phone.page("/help")
    away_from(phone, page)
    page.locator("summary").click()
    page.get_by_role("button", name="Keep on this device").click()
    page.get_by_text("Nothing was kept").wait_for()
