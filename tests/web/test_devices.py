"""What devices send late, twice or against each other: nothing is lost, nothing comes twice, doubts are asked about."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from reference import app

ATTACK = {"id": "a", "date": "2026-03-03", "start": "2026-03-03T02:10+01:00", "headache": "severe", "source": "patient"}


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        yield found


def told(kind, body, at="2026-03-03T01:10:00.123Z", **more):
    return {"id": f"{kind} {at}", "kind": kind, "at": at, "body": body, **more}


def attack(at="2026-03-03T01:10:00.123Z", cells=ATTACK, **more):
    return told("attack.told", {"entry": "a", "cells": cells}, at, with_day=True, **more)


def day(headache, at="2026-03-03T20:00:00Z", **more):
    return told("day.told", {"cells": {"date": "2026-03-03", "headache": headache, "source": "patient", **more}}, at)


def sent(desk, *entries):
    answer = desk.post("/api/v1/entries", json={"entries": list(entries)})
    assert answer.status_code == 200, answer.text
    return [each["state"] for each in answer.json()["entries"]]


def standing(desk):
    return {(record.date.isoformat(), record.headache, record.note) for record in desk.story().diary.records}


def test_an_attack_says_of_its_day_that_there_was_headache_and_keeps_what_else_was_told_of_it(desk):
    sent(desk, day("mild", note="at work"))
    assert sent(desk, attack()) == ["kept"]
    assert standing(desk) == {("2026-03-03", "severe", "at work")}


def test_an_attack_that_is_withdrawn_leaves_its_day_as_it_was_before(desk):
    sent(desk, day("mild", at="2026-03-03T00:30:00Z", note="at work"), attack())
    ended = attack("2026-03-03T05:00:00Z", {**ATTACK, "end": "2026-03-03T06:00+01:00"})
    gone = told("entry.withdrawn", {"of": "attack.told", "entry": "a"}, "2026-03-03T05:01:00Z", with_day=True)
    assert sent(desk, ended, gone) == ["kept", "kept"]
    assert desk.story().diary.beside.attacks == ()
    assert standing(desk) == {("2026-03-03", "mild", "at work")}


def test_a_whole_queue_that_comes_again_because_no_answer_arrived_tells_nothing_anew(desk):
    ended = attack("2026-03-03T05:00:00Z", {**ATTACK, "end": "2026-03-03T06:00+01:00"})
    assert sent(desk, attack(), ended) == ["kept", "kept"]
    before = desk.told()
    assert sent(desk, attack(), ended) == ["there", "there"]
    assert desk.told() == before


def test_a_day_told_clear_by_another_device_is_asked_about_when_an_attack_comes_late(desk):
    sent(desk, day("clear"))
    assert sent(desk, attack(based_on=0)) == ["asked"]
    assert len(desk.story().diary.beside.attacks) == 1
    assert standing(desk) == {("2026-03-03", "clear", None)}
    assert "1 day was told in two ways" in desk.get("/").text


@pytest.mark.parametrize(("choice", "then"), [(0, "clear"), (1, "severe")])
def test_one_tap_settles_a_day_that_was_told_in_two_ways_and_both_stay_in_the_events(desk, choice, then):
    sent(desk, day("clear"), {**day("severe", at="2026-03-03T21:00:00Z"), "based_on": 0})
    page = desk.get("/conflicts")
    assert "none" in page.text
    assert "severe" in page.text
    places = re.findall(r'name="place" value="(\d+)"', page.text)
    desk.post("/conflicts", data={"day": "2026-03-03", "place": places[choice]})
    (record,) = desk.story().diary.records
    assert record.headache == then
    assert record.reported_at.date().isoformat() == "2026-03-03"  # as it was written down, not when it was confirmed
    assert desk.told() == ["day.told", "day.also-told", "day.told"]
    assert "There is nothing to settle" in desk.get("/conflicts").text


def test_a_choice_that_is_none_any_more_changes_nothing(desk):
    sent(desk, day("clear"), {**day("severe"), "based_on": 0})
    for place in ("99", "", "one"):
        assert desk.post("/conflicts", data={"day": "2026-03-03", "place": place}).status_code == 422
    assert desk.told() == ["day.told", "day.also-told"]


def test_a_copy_holds_everything_and_brings_it_back_into_an_empty_diary(desk, tmp_path):
    sent(desk, day("mild", note="<script>"), attack())
    desk.post("/attack", data={"what": "undo"})
    copy = desk.get("/copy.zip").content
    with zipfile.ZipFile(io.BytesIO(copy)) as whole:
        assert set(whole.namelist()) == {"README.txt", "diary.zip", "events.jsonl"}
        with zipfile.ZipFile(io.BytesIO(whole.read("diary.zip"))) as tables:
            assert "days.csv" in tables.namelist()
    (tmp_path / "other").mkdir()
    with app.desk(tmp_path / "other") as other:
        assert other.post("/copy", files={"file": ("copy.zip", copy, "application/zip")}).status_code == 200
        assert list(other.store.events("me")) == list(desk.store.events("me"))
        again = other.post("/copy", files={"file": ("copy.zip", copy, "application/zip")})
        assert again.status_code == 422
        assert "there is a diary here already" in again.text
        assert len(other.told()) == len(desk.told())


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 and no more"])
def test_a_file_that_is_no_copy_is_said_to_be_none_and_nothing_is_kept(desk, content):
    page = desk.post("/copy", files={"file": ("copy.zip", content, "application/zip")})
    assert page.status_code == 422
    assert "Choose the file" in page.text
    assert desk.store.people() == ()


def test_a_copy_with_one_bad_line_brings_back_nothing(desk, tmp_path):
    sent(desk, day("mild"))
    by, body = '{"name":"me","role":"person"}', '{"cells":{"date":"%s"}}'
    line = f'{{"kind":"day.told","at":"2026-03-03T20:00Z","by":{by},"trial":null,"body":{body}}}\n'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as whole:
        whole.writestr("events.jsonl", line % "2026-03-01" + line % "no day")
    (tmp_path / "other").mkdir()
    with app.desk(tmp_path / "other") as other:
        page = other.post("/copy", files={"file": ("copy.zip", made.getvalue(), "application/zip")})
        assert page.status_code == 422
        assert other.store.people() == () or other.told() == []


def test_the_worker_names_every_file_of_the_app_and_changes_with_them(desk):
    worker = desk.get("/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    for name in ("base.css", "attack.css", "js/attack.js", "js/keep.js", "js/page.js"):
        assert f"{name}" in worker.text
    (mark,) = set(re.findall(r"/static/(\w+)/", worker.text))
    assert f'const MARK = "{mark}"' in worker.text
    for address in re.findall(r'"(/static/[^"]+)"', worker.text):
        assert desk.get(address).status_code == 200


def test_the_app_can_be_installed_and_opens_on_the_attack_screen(desk):
    manifest = desk.get("/app.webmanifest").json()
    assert manifest["start_url"] == "/attack"
    for icon in manifest["icons"]:
        assert desk.get(icon["src"]).status_code == 200


def test_only_a_persons_own_pages_may_be_kept_on_the_device(desk, tmp_path):
    for path in ("/attack", "/", "/help", "/offline", "/waiting"):
        assert desk.get(path).headers["offline"] == "keep"
    (tmp_path / "clinic").mkdir()
    with app.desk(tmp_path / "clinic", clinic=True) as clinic:
        assert "offline" not in clinic.get("/attack").headers


def test_what_is_said_of_a_day_later_is_added_to_what_was_told_and_asked_about_where_it_was_told_otherwise(desk):
    sent(desk, day("mild", note="at work"))
    said = told("day.told", {"cells": {"date": "2026-03-03", "nausea": "y"}}, "2026-03-03T21:00:00Z")
    more = {**said, "merge": True, "based_on": 0}
    assert sent(desk, more) == ["kept"]
    assert sent(desk, more) == ["there"]
    (record,) = desk.story().diary.records
    assert (record.headache, record.note, record.nausea) == ("mild", "at work", True)
    other = {**told("day.told", {"cells": {"date": "2026-03-03", "headache": "severe"}}, "2026-03-03T22:00:00Z"), "merge": True}
    assert sent(desk, {**other, "based_on": 0}) == ["asked"]
    assert sent(desk, {**other, "based_on": len(desk.told())}) == ["kept"]


@pytest.mark.parametrize("cells", [{}, {"date": 3}, {"date": "no day"}, [], None, {"date": "2031-01-01", "headache": "mild"}])
def test_a_day_that_cannot_be_read_is_refused_and_nothing_is_kept(desk, cells):
    assert sent(desk, {**told("day.told", {"cells": cells}), "merge": True}) == ["refused"]
    assert desk.store.people() == ()
