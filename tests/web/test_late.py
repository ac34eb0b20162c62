"""What a form told without the server arrives as its page would have told it, once, and never ahead of its time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reference import app, trials_web


@pytest.fixture
def desk(tmp_path):
    """The app over an empty diary; it is 02:14 in Berlin."""
    with app.desk(tmp_path) as found:
        yield found


def late(desk, kind, body, *, at=None, merge=True, based_on=0):
    """An entry that comes late; how it was kept."""
    at = (at or desk.clock.now - timedelta(minutes=5)).isoformat()
    entry = {"id": "x", "kind": kind, "at": at, "body": body, "based_on": based_on, "merge": merge}
    answer = desk.post("/api/v1/entries", json={"entries": [entry]}).json()
    return answer["entries"][0]["state"]


def cells(desk, kind):
    """What stands of a kind."""
    return [dict(told.cells) for (of, _), told in desk.story().entries.items() if of == kind]


def dose(**more):
    return {"entry": "d1", "cells": {"date": "2026-03-04", "kind": "acute", "state": "taken", "source": "patient", **more}}


def test_a_medicine_that_was_typed_is_looked_up_and_belongs_to_the_attack_that_went_on(desk):
    desk.post("/attack", data={"what": "severe"})
    desk.clock.later(hours=1)
    assert late(desk, "dose.told", dose(name="Ibuprofen", amount="400", unit="mg", time="02:20")) == "kept"
    (told,) = cells(desk, "dose.told")
    assert told["drug"] == "ibuprofen"
    assert told["attack"] == cells(desk, "attack.told")[0]["id"]
    assert late(desk, "dose.told", dose(name="Ibuprofen", amount="400", unit="mg", time="02:20")) == "there"


def test_the_answers_of_a_day_are_read_as_its_page_reads_them(desk):
    body = {"cells": {"date": "2026-03-03", "headache": "mild", "hours": "2,5", "triggers": "wine, late night"}}
    assert late(desk, "day.told", body) == "kept"
    (day,) = cells(desk, "day.told")
    assert (day["hours"], day["triggers"]) == ("2.5", "wine;late night")


def test_a_side_effect_is_held_against_the_plan_stays_open_where_it_is_urgent_and_comes_once(desk):
    trials_web.begun(desk)
    body = {
        "entry": "e1",
        "cells": {"date": "2026-03-04", "source": "patient", "kind": "side_effect", "term": "rash", "severity": "severe"},
    }
    assert late(desk, "effect.told", body, based_on=None) == "kept"
    assert cells(desk, "effect.told")[0]["drug"] == "lamotrigine"
    assert desk.story().told.flags["e1"].open
    assert late(desk, "effect.told", body, based_on=None) == "there"
    assert desk.told().count("flag.shown") == 1


def test_a_side_effect_that_cannot_be_read_is_refused_with_its_reason_and_marks_nothing(desk):
    body = {"entry": "e1", "cells": {"date": "2026-03-04", "kind": "side_effect", "term": "rash", "severity": "awful"}}
    assert late(desk, "effect.told", body) == "refused"
    assert late(desk, "effect.told", {"entry": "e1", "cells": {"kind": "side_effect"}}) == "refused"
    assert desk.store.people() == ()


def test_what_a_clock_far_ahead_wrote_is_of_now_and_what_it_tells_of_yesterday_stays_there(desk):
    ahead = desk.clock.now + timedelta(days=40, hours=3)
    start = ahead.isoformat(timespec="minutes")
    attack = {
        "entry": "a1",
        "cells": {"id": "a1", "date": start[:10], "start": start, "headache": "severe", "source": "patient"},
    }
    assert late(desk, "attack.told", attack, at=ahead, merge=False) == "kept"
    (told,) = cells(desk, "attack.told")
    assert (told["date"], told["start"][:16]) == ("2026-03-04", "2026-03-04T01:14")
    assert late(desk, "day.told", {"cells": {"date": "2026-03-02", "headache": "clear"}}, at=ahead) == "kept"
    assert late(desk, "day.told", {"cells": {"date": ahead.date().isoformat(), "headache": "mild"}}, at=ahead) == "kept"
    assert {each["date"] for each in cells(desk, "day.told")} == {"2026-03-02", "2026-03-04"}
    late(desk, "dose.told", dose(date=ahead.date().isoformat(), name="Aspirin", time=start[11:16]), at=ahead)
    assert cells(desk, "dose.told")[0]["date"] == "2026-03-04"


def test_a_day_that_was_told_otherwise_is_asked_about_once_however_often_it_is_sent(desk):
    desk.post("/evening", data={"day": "2026-03-03", "headache": "clear"})
    body = {"cells": {"date": "2026-03-03", "headache": "severe"}}
    assert [late(desk, "day.told", body), late(desk, "day.told", body)] == ["asked", "asked"]
    assert desk.told().count("day.also-told") == 1


def test_an_entry_that_was_seen_and_says_less_is_a_correction_and_comes_once(desk):
    assert late(desk, "dose.told", dose(name="Ibuprofen", amount="400", unit="mg", time="02:20")) == "kept"
    seen = desk.story().seq
    (before,) = cells(desk, "dose.told")
    less = {name: value for name, value in before.items() if name not in ("amount", "unit")}
    assert late(desk, "dose.told", {"entry": "d1", "cells": less}, based_on=seen) == "kept"
    assert late(desk, "dose.told", {"entry": "d1", "cells": less}, based_on=seen) == "there"
    assert cells(desk, "dose.told") == [less]


def test_a_medicine_that_gets_another_name_is_no_longer_what_it_was_held_to_be(desk):
    assert late(desk, "dose.told", dose(name="Ibuprofen", time="02:20")) == "kept"
    (before,) = cells(desk, "dose.told")
    renamed = {"entry": "d1", "cells": {**before, "name": "something of my aunt"}}
    assert late(desk, "dose.told", renamed, based_on=desk.story().seq) == "kept"
    (dose_now,) = cells(desk, "dose.told")
    assert dose_now["name"] == "something of my aunt"
    assert "drug" not in dose_now
