"""Each form of the diary and the plan where there is no network: kept, shown as told, and arrived once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cleardays.store import open_store
from reference import app, trials_web
from reference.away import away, back, entries_here, is_kept

TODAY = datetime.now(UTC).date()


@pytest.fixture
def plan(tmp_path):
    """A plan of which a dose is due today."""
    with app.desk(tmp_path, app.Clock(datetime.now(UTC))) as desk:
        trials_web.begun(desk, start=TODAY.isoformat())


def test_days_that_are_caught_up_without_a_network_arrive_as_remembered_later(old_diary, phone, kept):
    page = phone.page("/catch-up")
    away(phone, page)
    page.reload()
    groups = page.get_by_role("group")
    groups.nth(0).get_by_label("No headache").check()
    groups.nth(2).get_by_label("Severe").check()
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Kept on this device").wait_for()
    assert len(entries_here(page)) == 2
    back(phone, page)
    days = {cells["date"]: cells["headache"] for cells in kept.cells("day.told")}
    assert days[str(TODAY - timedelta(days=1))] == "clear"
    assert days[str(TODAY - timedelta(days=3))] == "severe"
    page.goto("/calendar")
    assert page.get_by_text("told later").count() > 0


def test_a_day_that_is_changed_without_a_network_says_only_what_was_changed(phone, device, kept):
    day = str(TODAY - timedelta(days=1))
    page = phone.page(f"/day/{day}")
    away(phone, page)
    page.reload()
    page.get_by_label("Moderate").check()
    page.locator("[name=note]").fill("storm")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Kept on this device").wait_for()
    other = device().page(f"/day/{day}")
    other.locator("summary").first.click()
    other.locator("[name=hours]").fill("3")
    with other.expect_navigation():
        other.get_by_role("button", name="Keep").click()
    back(phone, page)
    (cells,) = kept.cells("day.told")
    assert (cells["headache"], cells["note"], cells["hours"]) == ("moderate", "storm", "3")


def test_two_devices_that_tell_a_day_in_two_ways_are_both_kept_and_the_person_is_asked(phone, device, kept):
    page = phone.page("/evening")
    away(phone, page)
    page.reload()
    page.get_by_role("button", name="No headache").click()
    page.get_by_text("Kept on this device").wait_for()
    other = device().page("/evening")
    other.get_by_role("button", name="Severe").click()
    other.wait_for_url("**/?kept=day")
    back(phone, page)
    assert [cells["headache"] for cells in kept.cells("day.told")] == ["severe"]
    page.goto("/")
    page.get_by_role("link", name="told in two ways").click()
    page.locator(".card", has_text="none").get_by_role("button", name="This is right").click()
    page.wait_for_url("**/")
    assert [cells["headache"] for cells in kept.cells("day.told")] == ["clear"]


def test_a_dose_is_told_once_without_a_network_and_shown_as_told_after_a_reload(plan, phone, kept):
    page = phone.page("/plan")
    away(phone, page)
    page.reload()
    page.get_by_role("button", name="Taken", exact=False).first.click()
    page.get_by_text("kept on this device").first.wait_for()
    page.reload()
    page.get_by_text("kept on this device").first.wait_for()
    assert page.get_by_role("button", name="Taken 25 mg").count() == 0
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Taken 25 mg").click()
    page.wait_for_function("() => document.querySelector('[data-told]')")
    back(phone, page)
    (dose,) = [cells for cells in kept.cells("dose.told") if cells["kind"] == "preventive"]
    assert (dose["drug"], dose["amount"], dose["state"]) == ("lamotrigine", "25", "taken")
    page.goto("/plan")
    assert page.locator("[data-told=taken]").count() == 1


def test_a_side_effect_without_a_network_is_kept_in_two_taps_and_says_that_it_calls_nobody(plan, phone, kept):
    page = phone.page("/effects")
    away(phone, page)
    page.get_by_role("link", name="Dizziness").first.click()
    page.get_by_role("heading", name="How bad is it?").wait_for()
    page.get_by_role("button", name="Severe").click()
    page.get_by_text("It calls nobody").wait_for()
    back(phone, page)
    (told,) = kept.cells("effect.told")
    assert (told["severity"], told["drug"]) == ("severe", "lamotrigine")


def test_a_medicine_whether_it_helped_and_its_undo_wait_without_a_network(phone, kept, medicine):
    page = phone.page("/medicines")
    away(phone, page)
    page.reload()
    page.get_by_role("button", name="Sumatriptan").click()
    page.get_by_text("Kept on this device").wait_for()
    page.get_by_label("Name, as on the box").fill("Ibuprofen")
    page.get_by_role("button", name="Took it now").click()
    page.wait_for_timeout(300)
    back(phone, page)
    assert sorted(cells["name"] for cells in kept.cells("dose.told")) == ["Ibuprofen", "Sumatriptan", "Sumatriptan"]


def test_whether_it_helped_and_when_it_was_over_are_told_without_a_network(tmp_path, phone, kept):
    with app.desk(tmp_path, app.Clock(datetime.now(UTC) - timedelta(hours=8))) as desk:
        desk.post("/attack", data={"what": "severe"})
        desk.post("/medicines", data={"what": "add", "name": "Ibuprofen", "amount": "400", "unit": "mg"})
    page = phone.page("/")
    away(phone, page)
    page.reload()
    page.get_by_role("button", name="It helped somewhat").click()
    page.get_by_text("Kept on this device").wait_for()
    page.get_by_role("button", name="Over earlier").click()
    page.wait_for_timeout(300)
    page.reload()
    assert page.get_by_role("button", name="Over earlier").count() == 0
    back(phone, page)
    assert [cells["relief_2h"] for cells in kept.cells("dose.told")] == ["partial"]
    assert ["end" in cells for cells in kept.cells("attack.told")] == [True]


def test_a_page_of_an_earlier_day_says_so_and_its_question_is_of_today(phone, kept):
    page = phone.page("/evening")
    away(phone, page)
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=3))
    page.reload()
    day = page.locator("form[action='/evening'] [name=day]").input_value()
    assert day > str(TODAY)
    assert "today" not in page.locator("h1").inner_text()
    assert page.get_by_text("Offline, as of").inner_text().count(str(TODAY.day)) == 1


def test_a_plan_of_an_earlier_day_never_says_today(plan, phone):
    page = phone.page("/plan")
    away(phone, page)
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=3))
    page.reload()
    page.get_by_text("This page is of an earlier day").wait_for()
    assert page.get_by_role("heading", name="Today").count() == 0


def test_calendar_answer_plan_and_help_are_read_without_a_network_with_their_day_and_accounts_are_not(phone, medicine):
    page = phone.page("/")
    for path in ("/calendar", "/answer", "/plan", "/help"):
        page.goto(path)
        is_kept(page)
    away(phone, page)
    for path in ("/calendar", "/answer", "/plan", "/help", "/catch-up", "/medicines"):
        page.goto(path)
        assert page.locator("#as-of").is_visible(), path
        assert str(TODAY.day) in page.locator("#as-of").inner_text(), path
    page.goto("/copy")
    page.get_by_text("is not kept on this device").wait_for()


def test_an_attack_and_a_medicine_of_a_past_day_that_was_never_open_here_are_told_without_a_network(phone, kept):
    day = str(TODAY - timedelta(days=9))
    page = phone.page("/")
    away(phone, page)
    page.goto(f"/day/{day}")
    page.get_by_role("link", name="One attack more").click()
    assert page.locator("[name=date]").input_value() == day
    page.locator("[name=start]").fill(f"{day}T14:05")
    page.get_by_label("Severe").check()
    page.get_by_text("More of it").click()
    page.locator("[name=triggers]").fill("wine, late night")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Kept on this device").wait_for()
    page.get_by_role("link", name="Back to the day").click()
    page.get_by_role("link", name="One medicine more").click()
    page.locator("[name=name]").fill("Maxalt")
    page.locator("[name=amount]").fill("7,5")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Kept on this device").wait_for()
    page.goto("/waiting")
    page.get_by_text("Began: ").wait_for()
    assert "How bad: Severe" in page.locator("#rows").inner_text()
    back(phone, page)
    (attack,), (dose,), (told,) = kept.cells("attack.told"), kept.cells("dose.told"), kept.cells("day.told")
    assert (attack["date"], attack["start"][:16], attack["triggers"]) == (day, f"{day}T14:05", "wine;late night")
    assert datetime.fromisoformat(attack["start"]).tzinfo is not None
    assert (dose["date"], dose["name"], dose["amount"], dose["drug"]) == (day, "Maxalt", "7.5", "rizatriptan")
    assert (told["date"], told["headache"]) == (day, "severe")


def test_an_entry_that_is_corrected_without_a_network_says_only_what_was_changed_and_can_say_less(phone, kept, medicine):
    page = phone.page("/entry/medicine/one")
    away(phone, page)
    page.reload()
    page.locator("[name=amount]").fill("")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Kept on this device").wait_for()
    page.reload()
    page.get_by_text("An answer is kept on this device").wait_for()
    back(phone, page)
    (dose,) = kept.cells("dose.told")
    assert "amount" not in dose
    assert (dose["name"], dose["unit"]) == ("Sumatriptan", "mg")


def test_a_grave_sign_of_a_past_day_that_was_told_without_a_network_stays_open_for_the_clinician(plan, phone, kept):
    page = phone.page("/")
    away(phone, page)
    page.goto(f"/day/{TODAY}/new/event")
    page.locator("[name=term]").fill("rash")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("It calls nobody").wait_for()
    back(phone, page)
    assert [each["term"] for each in kept.cells("effect.told")] == ["rash"]
    page.goto(f"/effects/{kept.names('effect.told')[0]}")
    page.get_by_text("It stays open until a clinician has answered it").wait_for()


@pytest.fixture
def old_diary(tmp_path):
    """A diary that began ten days ago."""
    with app.desk(tmp_path, app.Clock(datetime.now(UTC) - timedelta(days=10))) as desk:
        desk.post("/evening", data={"day": str(TODAY - timedelta(days=10)), "headache": "clear"})
    with open_store(tmp_path / "diary.sqlite3") as store:
        assert store.people() == ("me",)
