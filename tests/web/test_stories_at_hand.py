"""What is known of a person keeps up with what is told, here and by others, without reading the whole story again."""

from __future__ import annotations

from threading import Thread

import pytest

from cleardays.store import Broken, open_store
from cleardays.web.stories import Stories
from reference.stories import START, day_told, journey
from reference.told_stories import event

DAY = day_told(START, "severe", note="told elsewhere")


@pytest.fixture
def stories(tmp_path):
    with open_store(tmp_path / "diary.sqlite3") as store:
        store.add_person("me")
        store.append("me", journey())
        found = Stories(store)
        yield found
        found.close()


def same(one, other):
    """Whether the same is known."""
    assert (one.digest, one.entries, one.about) == (other.digest, other.entries, other.about)
    assert one.deciding.seq == other.deciding.seq
    assert one.deciding.trials == other.deciding.trials
    assert one.deciding.told == other.deciding.told


def test_what_somebody_else_told_meanwhile_is_heard_alone(stories, monkeypatch):
    stories.at_hand("me")
    told = [DAY, event("goal.told", {"entry": "g", "words": "to walk"}, on=START), event(
        "diary.about", {"about": {"zone": "Europe/Berlin"}}, on=START), DAY._replace(kind="day.also-told")]  # fmt: skip
    stories.store.append("me", told)
    anew = stories._read("me")
    monkeypatch.setattr(stories.store, "story", lambda *_: pytest.fail("all of it was read again"))
    same(stories.at_hand("me"), anew)
    assert stories.of("me").diary == anew.deciding.diary


def test_many_who_tell_and_look_at_once_never_have_it_read_again(stories, monkeypatch):
    stories.at_hand("me")
    monkeypatch.setattr(stories.store, "story", lambda *_: pytest.fail("all of it was read again"))
    wrong = []

    def some(number):
        try:
            for turn in range(20):
                cells = {"date": START.isoformat(), "headache": "mild"}
                told = event("attack.told", {"entry": f"{number}-{turn}", "cells": cells}, on=START)
                stories.tell("me", [told]).result()
                if ("attack.told", f"{number}-{turn}") not in stories.at_hand("me").entries:
                    wrong.append((number, turn))
        except BaseException as error:
            wrong.append(error)

    threads = [Thread(target=some, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
    monkeypatch.undo()
    same(stories.at_hand("me"), stories._read("me"))


def test_a_story_that_does_not_go_on_from_what_is_known_is_read_anew_and_one_that_breaks_is_said_to_be(stories):
    known = stories.at_hand("me")
    stories._known["me"] = known._replace(digest="0" * 64)  # as if another store had taken this one's place
    same(stories.at_hand("me"), known)
    stories.store.append("me", [DAY])
    with stories.store.database.writing() as connection:
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE event SET sealed = 'x' WHERE seq = (SELECT max(seq) FROM event)")
    with pytest.raises(Broken):
        stories.at_hand("me")
