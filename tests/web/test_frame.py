"""The frame of the app: who may call, what comes back, and that nothing is half kept."""

from __future__ import annotations

import pytest

from reference import app


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        yield found


def entry(**cells):
    """A day as a phone sends it."""
    body = {"cells": {"date": "2026-03-03", "headache": "clear", **cells}}
    return {"id": "one", "kind": "day.told", "at": "2026-03-03T20:00+01:00", "body": body}


def sent(desk, *entries):
    """What became of each."""
    answer = desk.post("/api/v1/entries", json={"entries": list(entries)})
    assert answer.status_code == 200, answer.text
    return [each["state"] for each in answer.json()["entries"]]


def test_every_answer_says_that_nothing_is_loaded_from_elsewhere_and_nothing_is_kept(desk):
    for address in ("/", "/attack", "/first-run", "/healthz", "/nothing-here", "/api/v1/openapi.json"):
        headers = desk.get(address).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_a_name_that_is_not_ours_is_refused(desk):
    assert desk.get("/", headers={"Host": "elsewhere.example"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://elsewhere.example"},
        {"Sec-Fetch-Site": "none", "Origin": "null"},
    ],
)
def test_what_another_site_sends_changes_nothing(desk, headers):
    assert desk.post("/attack", data={"what": "severe"}, headers=headers).status_code == 403
    assert desk.store.people() == ()


def test_one_tap_keeps_an_attack_before_anything_was_asked(desk):
    assert desk.get("/attack").status_code == 200
    page = desk.post("/attack", data={"what": "severe"})
    assert page.status_code == 200
    story = desk.story()
    (attack,) = story.diary.beside.attacks
    assert attack.headache == "severe"
    (day,) = story.diary.records
    assert (day.headache, day.status) == ("severe", "partial")


def test_the_last_tap_taken_back_leaves_what_stood_before(desk):
    sent(desk, {**entry(date="2026-03-04", headache="mild", note="woke up with it"), "at": "2026-03-04T00:30+00:00"})
    before = desk.story().diary
    desk.post("/attack", data={"what": "severe"})
    assert desk.story().diary.records[0].headache == "severe"
    desk.post("/attack", data={"what": "undo"})
    after = desk.story().diary
    assert after.beside.attacks == ()
    assert [(each.date, each.headache, each.note) for each in after.records] == [
        (each.date, each.headache, each.note) for each in before.records
    ]


def test_an_entry_that_comes_twice_is_kept_once(desk):
    assert sent(desk, entry(), entry()) == ["kept", "there"]
    assert desk.told() == ["day.told"]


def test_a_day_told_on_two_devices_is_kept_as_both_and_asked_about(desk):
    assert sent(desk, entry()) == ["kept"]
    other = {**entry(headache="severe"), "id": "two", "based_on": 0}
    assert sent(desk, other) == ["asked"]
    assert sent(desk, {**other, "based_on": 1}) == ["kept"]


def test_one_entry_that_cannot_be_kept_holds_no_other_back_and_says_why(desk):
    good, bad = entry(), {**entry(headache="awful"), "id": "two"}
    answer = desk.post("/api/v1/entries", json={"entries": [bad, good]}).json()
    assert [each["state"] for each in answer["entries"]] == ["refused", "kept"]
    assert "'awful'" in answer["entries"][0]["problems"][0]["what"]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"{}", "application/json", 422),
        (b'{"entries": 3}', "application/json", 422),
        (b"entries=3", "application/x-www-form-urlencoded", 415),
        (b" " * (2 * 1024 * 1024), "application/json", 413),
    ],
)
def test_nonsense_is_answered_with_what_is_wrong_and_keeps_nothing(desk, content, kind, status):
    answer = desk.post("/api/v1/entries", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.json()["problems"][0]["try_this"]
    assert desk.store.people() == ()


def test_a_form_that_cannot_be_kept_comes_back_as_it_was_typed_with_the_message_beside_the_field(desk):
    page = desk.post("/first-run", data={"person": "<b>Ada</b>", "zone": "Nowhere/At All", "condition": "migraine"})
    assert page.status_code == 422
    assert 'value="&lt;b&gt;Ada&lt;/b&gt;"' in page.text
    assert 'id="zone-wrong"' in page.text
    assert desk.store.people() == ()


def test_what_a_device_with_a_clock_ahead_wrote_is_never_later_than_now(desk):
    sent(desk, {**entry(), "at": "2031-01-01T00:00+00:00"})
    ((_, event),) = desk.store.events("me")
    assert event.at == desk.clock.now


def test_too_many_requests_in_a_minute_are_held_back_and_let_in_again_later(desk):
    answers = [desk.get("/first-run").status_code for _ in range(300)]
    assert answers[0] == 200
    assert answers[-1] == 429
