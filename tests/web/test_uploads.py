"""Files that somebody sends: read in a process of its own, within limits, shown before they are kept, and never half."""

from __future__ import annotations

import io
import json
import struct
import time
import zipfile

import pytest

from cleardays.problems import BadInput
from cleardays.web import uploads
from cleardays.web.apart import COPY, DIARY, too_much
from cleardays.web.brought import Waiting
from cleardays.web.uploads import read_apart
from reference import app
from reference.clinic import clinic

DAYS = b"""#version=1
date,headache,note
2026-02-01,clear,
2026-02-02,severe,a hammer behind the eye
2026-02-03,mild,
"""


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        yield found


def packed(**members):
    """A zip of these; a name with a slash is given by its own key of a mapping."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in members.items():
            whole.writestr(name, content)
    return made.getvalue()


def declared(size):
    """A copy whose events say of themselves that they unpack to so many bytes."""
    raw = packed(**{"events.jsonl": b"{}"})
    at = raw.index(b"PK\x01\x02") + 24  # of the central directory
    return raw[:at] + struct.pack("<I", size) + raw[at + 4 :]


NO_COPIES = {
    "a bomb": packed(**{"events.jsonl": b"\0" * (300 * 1024 * 1024)}),
    "a line without end": packed(**{"events.jsonl": b'{"a": "' + b"x" * (20 * 1024 * 1024)}),
    "depth 100,000": packed(**{"events.jsonl": b"[" * 100_000 + b"]" * 100_000}),
    "depth in an event": packed(
        **{"events.jsonl": b'{"kind": "day.told", "body": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}"}
    ),
    "a gigabyte said": declared(1 << 30),
    "a name that leads out": packed(**{"events.jsonl": b"{}", "../../etc/passwd": b"x"}),
    "a name from the root": packed(**{"/events.jsonl": b"{}"}),
    "a name of another system": packed(**{"events.jsonl": b"{}", "..\\..\\autoexec.bat": b"x"}),
    "cut off": packed(**{"events.jsonl": b"{}" * 1000})[:-30],
    "no zip": b"\x00\xff" * 500,
    "nothing": b"",
}


@pytest.mark.parametrize("content", NO_COPIES.values(), ids=NO_COPIES)
def test_what_is_no_copy_is_answered_with_a_message_and_keeps_nothing(desk, content):
    began = time.monotonic()
    page = desk.post("/copy", files={"file": ("copy.zip", content, "application/zip")})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert desk.store.people() == ()
    assert time.monotonic() - began < 60


NO_DIARIES = {
    "a bomb": packed(**{"days.csv": b"\0" * (300 * 1024 * 1024)}),
    "a bomb of another app": packed(**{"export.csv": b"0" * (300 * 1024 * 1024)}),
    "depth 100,000": b"[" * 100_000 + b"]" * 100_000,
    "depth of objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a gigabyte said": declared(1 << 30),
    "a name that leads out": packed(**{"../../days.csv": DAYS}),
    "a name from the root": packed(**{"/etc/days.csv": DAYS}),
    "a name of another system": packed(**{"C:\\days.csv": DAYS}),
    "entities": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "&a%d;&a%d;&a%d;&a%d;">' % (n + 1, n, n, n, n) for n in range(40))
    + b"]><HealthData>&a40;</HealthData>",
    "no text": b"\x00\xff" * 500,
    "nothing": b"",
}


@pytest.mark.parametrize("content", NO_DIARIES.values(), ids=NO_DIARIES)
def test_what_is_no_diary_is_answered_with_a_message_and_keeps_nothing(desk, content):
    page = desk.post("/more/bring", files={"file": ("export", content, "application/octet-stream")})
    assert page.status_code == 422, page.text
    assert 'role="alert"' in page.text
    assert desk.store.people() == ()


# ---- the process of its own


def begins(monkeypatch, code):
    """Let the process do something else than read."""
    start = "import sys; sys.path.insert(0, sys.argv[1]); from cleardays.web import apart; FOUND = '{\"found\": 1}'; "
    monkeypatch.setattr(uploads, "_BEGIN", start + code)


@pytest.mark.parametrize(
    "code",
    [
        "apart._bound(); bytearray(2 << 30); print(FOUND)",
        "apart.CPU_S = 1; apart._bound(); exec('while True: pass')",
        "apart.LARGEST_FILE = 1000; apart._bound(); print(FOUND + ' ' * 100_000); sys.stdout.flush()",
        "apart._bound(); found = [open('/dev/null') for _ in range(100)]; print(FOUND)",
        "import os; os.abort()",
        "print('[' * 100_000)",
        "print(3)",
    ],
    ids=["memory", "processor", "file", "open files", "abort", "answer without end", "no answer"],
)
def test_who_takes_more_than_there_is_ends_and_a_message_is_all_that_is_left(monkeypatch, code):
    begins(monkeypatch, code)
    began = time.monotonic()
    with pytest.raises(BadInput) as found:
        read_apart(COPY, b"", longest_s=60)
    assert tuple(found.value.problems) == (too_much(),)
    assert time.monotonic() - began < 50


def test_what_it_says_is_taken_where_it_stays_within_its_limits(monkeypatch):
    begins(monkeypatch, "apart._bound(); bytearray(1 << 20); print(FOUND)")
    assert read_apart(COPY, b"") == 1


def test_who_takes_too_long_is_ended(monkeypatch):
    begins(monkeypatch, "import time; time.sleep(60)")
    began = time.monotonic()
    with pytest.raises(BadInput):
        read_apart(COPY, b"", longest_s=0.5)
    assert time.monotonic() - began < 10


def test_it_has_no_variable_no_open_file_and_no_module_of_the_store(desk, monkeypatch):
    monkeypatch.setenv("CLEARDAYS_PASSPHRASE", "four words")
    code = (
        "import os, json; apart._bound(); "
        "print(json.dumps({'found': [dict(os.environ), [os.readlink(f'/proc/self/fd/{n}') for n in range(3, 60) "
        "if os.path.exists(f'/proc/self/fd/{n}')], os.getcwd()]}))"
    )
    begins(monkeypatch, code)
    desk.post("/attack", data={"what": "severe"})  # the store has its file open
    variables, files, folder = read_apart(COPY, b"")
    assert set(variables) <= {"LC_ALL", "OPENBLAS_NUM_THREADS", "LC_CTYPE"}
    assert (files, folder) == ([], "/")


def test_a_diary_is_read_there_without_any_of_the_store(monkeypatch):
    begins(
        monkeypatch,
        "import io, json; apart._bound(); apart._diary(sys.stdin.buffer.read().split(b'\\n', 1)[1], {}); "
        "print(json.dumps({'found': [name for name in sys.modules if 'store' in name or 'sqlalchemy' in name]}))",
    )
    assert read_apart(DIARY, DAYS) == []


# ---- bringing a diary


def bring(desk, content=DAYS, name="days.csv", **fields):
    return desk.post("/more/bring", data=fields, files={"file": (name, content, "text/csv")})


def word_of(page):
    return page.text.split('name="word" value="')[1].split('"')[0]


def test_what_a_file_tells_is_shown_first_and_kept_once_it_is_said_so(desk):
    page = bring(desk)
    assert page.status_code == 200
    assert "This would be kept" in page.text
    assert desk.store.people() == ()
    word = word_of(page)
    desk.post("/more/bring/keep", data={"what": "keep", "word": word})
    assert [day.headache for day in desk.story().diary.records] == ["clear", "severe", "mild"]
    assert all(event.body.get("brought_in") for _, event in desk.store.events("me"))
    assert "choose the file again" in desk.post("/more/bring/keep", data={"what": "keep", "word": word}).text.lower()
    assert desk.store.head("me").seq == 3


def test_a_day_that_is_told_already_keeps_its_word_and_the_same_file_again_is_nothing_new(desk):
    body = {"cells": {"date": "2026-02-02", "headache": "clear"}}
    entry = {"id": "x", "kind": "day.told", "at": "2026-02-02T20:00Z", "body": body}
    desk.post("/api/v1/entries", json={"entries": [entry]})
    page = bring(desk)
    assert "1 day is in your diary already" in page.text
    desk.post("/more/bring/keep", data={"what": "keep", "word": word_of(page)})
    assert {day.date.day: day.headache for day in desk.story().diary.records} == {1: "clear", 2: "clear", 3: "mild"}
    assert "There is nothing new in it" in bring(desk).text


def test_rows_that_cannot_be_read_are_said_and_the_others_are_offered(desk):
    page = bring(desk, DAYS + b"2026-02-04,awful,\n2026-02-05,clear,\n")
    assert "1 row cannot be read" in page.text
    assert "awful" in page.text
    desk.post("/more/bring/keep", data={"what": "keep", "word": word_of(page)})
    assert [day.date.day for day in desk.story().diary.records] == [1, 2, 3, 5]


def test_what_is_left_is_not_kept_and_nobody_keeps_what_another_was_shown(tmp_path):
    with clinic(tmp_path) as house:
        ada, bob = house.at("ada"), house.at("bob")
        word = word_of(bring(ada))
        assert bob.post("/more/bring/keep", data={"what": "keep", "word": word}).status_code == 422
        ada.post("/more/bring/keep", data={"what": "leave", "word": word})
        assert ada.post("/more/bring/keep", data={"what": "keep", "word": word}).status_code == 422
        assert (house.store.head("ada").seq, house.store.head("bob").seq) == (0, 0)
        assert house.at("nora").get("/more/bring").status_code == 404


def test_what_was_shown_too_long_ago_is_kept_no_more():
    clock = app.Clock()
    waiting = Waiting(clock)
    word = waiting.put("ada", [])
    clock.later(minutes=31)
    assert waiting.take("ada", word) is None


def test_a_form_without_a_file_says_so(desk):
    page = desk.post("/more/bring", data={"date_order": "dmy"})
    assert page.status_code == 422
    assert "none was chosen" in page.text


def test_a_copy_of_years_comes_back_through_the_process_as_it_was(desk, tmp_path):
    entries = [
        {"id": f"{n}", "kind": "day.told", "at": "2026-03-03T20:00Z",
         "body": {"cells": {"date": f"2024-{n % 12 + 1:02}-{n % 25 + 1:02}", "headache": "clear", "note": "é\u202e" * 9}}}
        for n in range(300)
    ]  # fmt: skip
    desk.post("/api/v1/entries", json={"entries": entries})
    copy = desk.get("/copy.zip").content
    with app.desk(tmp_path / "other" if (tmp_path / "other").mkdir() is None else tmp_path) as other:
        assert other.post("/copy", files={"file": ("copy.zip", copy, "application/zip")}).status_code == 200
        told = [json.dumps(event.document(), sort_keys=True) for _, event in desk.store.events("me")]
        assert [json.dumps(event.document(), sort_keys=True) for _, event in other.store.events("me")] == told
