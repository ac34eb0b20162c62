"""Taking everything along, and leaving nothing."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest

from reference import app
from reference.clinic import clinic
from reference.stories import START, journey


@pytest.fixture
def house(tmp_path):
    with clinic(tmp_path) as found:
        found.clock.now = found.clock.now.replace(year=START.year + 2)
        found.store.append("ada", journey())
        yield found


def test_everything_is_in_one_file_and_each_event_can_be_read_in_it(house):
    house.show("ada", "doc", "plan")
    packed = house.at("ada").get("/leave/everything.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as found:
        names = set(found.namelist())
        lines = [json.loads(line) for line in found.read("story.jsonl").decode().splitlines()]
        assert json.loads(found.read("consents.json"))[0]["family"] == "plan"
    assert {"READ-ME.txt", "days.csv", "story.jsonl", "consents.json", "looks.json"} <= names
    assert [line["event"]["kind"] for line in lines if "event" in line] == [event.kind for event in journey()]
    assert not any(line.get("name") == "bob" for line in lines)


def test_nothing_is_erased_without_the_name_and_the_tick(house):
    desk = house.at("ada")
    for form in ({"name": "Ada", "sure": "yes"}, {"name": "ada"}, {}):
        assert desk.post("/leave", data=form).status_code == 422
    assert house.store.head("ada").seq == len(journey())


def test_what_is_erased_cannot_be_read_and_the_chain_still_holds_and_everything_of_the_person_ends(house):
    house.show("ada", "doc", "plan")
    desk, doctor = house.at("ada", own=True), house.at("doc")
    who = house.store.known("ada").id
    told = len(list(house.store.links("ada")))
    answer = desk.post("/leave", data={"name": "ada", "sure": "yes"})
    assert answer.status_code == 200
    assert "ada" not in house.store.people()
    assert len(list(house.store.links(who))) == told
    assert house.store.accounts.find("ada") is None
    assert desk.get("/account", follow_redirects=False).status_code == 303
    assert desk.post("/api/v1/entries", json={"entries": []}).status_code == 401
    assert doctor.get("/clinic/ada").status_code == 404
    house.store.accounts.audit.verify()
    assert house.store.accounts.sessions.purge(now=house.clock() + timedelta(days=400)) >= 1


def test_one_person_on_their_own_machine_leaves_likewise_and_may_begin_anew(tmp_path):
    with app.desk(tmp_path) as desk:
        desk.post("/first-run", data={"person": "Mara", "condition": "migraine", "zone": "Europe/Berlin"})
        assert desk.post("/leave", data={"name": "me", "sure": "yes"}).status_code == 422
        assert desk.post("/leave", data={"name": "Mara", "sure": "yes"}).status_code == 200
        assert desk.store.people() == ()
        desk.post("/first-run", data={"person": "Mara", "condition": "migraine", "zone": "Europe/Berlin"})
        assert desk.store.people() == ("me",)
