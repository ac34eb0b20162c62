"""The store, on both engines: what was told is kept whole, in its order, and nothing else gets in."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cleardays.problems import BadInput
from cleardays.store import Conflict, Head, open_store
from cleardays.store.chain import beginning
from cleardays.store.engines import VARIABLE
from cleardays.store.faults import Refused, StoreFault
from cleardays.store.opening import NewerStore
from cleardays.store.tables import NEWEST
from cleardays.trial.story.events import Actor, Event
from cleardays.trial.story.story import fold
from reference.plan_files import START
from reference.stories import at, begun, day_told, days, journey, opened, placed, told, whole_diary

SAM = "sam"
LATE = date(2031, 1, 1)


def test_what_was_told_is_there_when_the_store_is_opened_again(store_place):
    events = journey()
    with open_store(store_place) as store:
        store.add_person(SAM)
        head = store.append(SAM, events)
    with open_store(store_place, create=False) as store:
        assert store.people() == (SAM,)
        assert store.head(SAM) == head
        assert list(store.events(SAM)) == placed(events)
        assert store.story(SAM) == fold(SAM, placed(events))


def test_a_story_as_it_was_known_is_the_story_told_by_then(store):
    events = journey()
    store.add_person(SAM)
    store.append(SAM, events)
    by = at(START, 23)
    then = store.story(SAM, until=by)
    assert then == fold(SAM, placed(events), until=by)
    assert then.trials["first"].phase == "titration"
    assert store.story(SAM).trials["first"].phase == "maintenance"


def test_told_one_by_one_or_all_at_once_the_chain_is_the_same(store):
    events = journey()
    for person in ("one by one", "at once"):
        store.add_person(person)
    for event in events:
        store.append("one by one", [event])
    assert store.append("at once", events).seq == store.head("one by one").seq
    assert list(store.events("one by one")) == list(store.events("at once"))
    assert store.head("one by one").digest != store.head("at once").digest  # each person's chain is their own


def test_a_person_of_whom_nothing_was_told_has_an_empty_story_and_not_a_clear_one(store):
    store.add_person(SAM)
    assert store.head(SAM) == beginning(store.known(SAM).id) == Head(0, beginning(store.known(SAM).id).digest)
    assert list(store.events(SAM)) == []
    assert store.story(SAM).diary.records == ()


def test_of_events_told_together_one_that_may_not_be_told_keeps_out_all_of_them(store):
    store.add_person(SAM)
    good = days(START, "X00")
    store.append(SAM, good)
    with pytest.raises(BadInput, match="event 3 of 3"):
        store.append(SAM, [opened(START), day_told(START), told("trial.begun", {"on": "2026-03-02"}, START, trial="first")])
    assert list(store.events(SAM)) == placed(good)
    assert store.story(SAM).trials == {}
    assert rows(store, "SELECT count(*) FROM trial") == [(0,)]
    assert store.append(SAM, [opened(START)]).seq == 4


def test_who_decided_on_an_older_story_is_told_so_and_nothing_is_kept(store):
    store.add_person(SAM)
    store.append(SAM, days(START, "X0"), expected=0)
    with pytest.raises(Conflict, match="2 events stand, and 1 were there"):
        store.append(SAM, days(START, "0"), expected=1)
    assert store.head(SAM).seq == 2
    assert store.append(SAM, days(START, "0"), expected=2).seq == 3


def test_two_stores_on_one_place_see_each_others_events_and_keep_one_chain(store_place):
    with open_store(store_place) as one, open_store(store_place) as other:
        one.add_person(SAM)
        for n, event in enumerate(days(START, "X0X0X0X0"), 1):
            assert (one if n % 2 else other).append(SAM, [event], expected=n - 1).seq == n
        assert list(one.events(SAM)) == list(other.events(SAM))


@pytest.mark.parametrize("name", ["", " ", " sam", "sam\n", "a\x00b", "a\u202eb", "x" * 121, "p0123456789abcdef01234567"])
def test_a_name_that_nobody_could_see_or_type_again_is_refused(store, name):
    with pytest.raises(BadInput, match="person"):
        store.add_person(name)
    assert store.people() == ()


@pytest.mark.parametrize("name", ["Ægir Þórðarson", "ليلى", "小林さくら", "👩🏽‍🚀", "Robert'); DROP TABLE event;--", "a" * 120])
def test_a_name_in_any_script_is_kept_as_it_is(store, name):
    store.add_person(name)
    store.append(name, days(START, "X"))
    assert store.people() == (name,)
    assert store.head(name).seq == 1
    with pytest.raises(Conflict, match="already"):
        store.add_person(name)


def test_one_name_written_with_composed_or_separate_accents_is_one_person(store):
    store.add_person("Zoe\u0308")
    assert store.people() == ("Zo\u00eb",)
    assert store.append("Zoe\u0308", days(START, "X")).seq == store.head("Zo\u00eb").seq == 1


def test_nobody_of_that_name_is_said_wherever_somebody_asks(store):
    for asked in (store.head, store.story, lambda who: list(store.events(who)), lambda who: store.append(who, [])):
        with pytest.raises(BadInput, match="there is nobody called 'eve'"):
            asked("eve")


def test_due_are_followed_trials_whose_review_is_that_day_or_before_and_no_others(store):
    for person in ("b", "a", "only opened"):
        store.add_person(person)
    before = next(n for n, event in enumerate(journey()) if event.kind == "trial.review-opened")
    store.append("a", journey()[:before])
    store.append("b", journey())
    store.append("only opened", [opened(START)])
    first, second = (store.story(who).trials["first"].review_on for who in ("a", "b"))
    assert first < second
    assert store.due(first - timedelta(days=1)) == ()
    assert [(due.person, due.phase, due.review_on) for due in store.due(first)] == [("a", "titration", first)]
    assert [due.person for due in store.due(LATE)] == ["a", "b"]


def test_days_beside_the_events_are_had_clear_or_unknown_and_a_withdrawn_day_is_gone(store):
    store.add_person(SAM)
    unknown = told("day.told", {"cells": {"date": "2026-03-05", "note": "could not say"}}, START)
    withdrawn = told("entry.withdrawn", {"of": "day.told", "entry": "2026-03-03"}, START)
    store.append(SAM, [*days(START, "X0X"), unknown, withdrawn, day_told(START, "clear")])
    found = rows(store, "SELECT CAST(date AS TEXT), headache, seq FROM day ORDER BY date")
    assert found == [("2026-03-02", "clear", 6), ("2026-03-04", "had", 3), ("2026-03-05", "unknown", 4)]


def test_a_whole_diary_comes_back_as_it_was(store, example):
    store.add_person(SAM)
    store.append(SAM, whole_diary(example, START))
    assert store.story(SAM).diary.records == example.records


@pytest.mark.parametrize(
    "change",
    ["UPDATE event SET sealed = '{}' WHERE seq = 1", "DELETE FROM event WHERE seq = 2", "DELETE FROM event"],
)
def test_the_database_itself_refuses_to_change_or_delete_what_was_told(store, change):
    store.add_person(SAM)
    store.append(SAM, days(START, "X0"))
    with pytest.raises(StoreFault, match="never changed or deleted"), store.database.writing() as connection:
        connection.execute(text(change))
    assert [event.body["cells"]["headache"] for _, event in store.events(SAM)] == ["moderate", "clear"]


def test_an_event_cannot_be_put_in_place_of_another(store):
    store.add_person(SAM)
    store.append(SAM, days(START, "X0"))
    replacing = "INSERT OR REPLACE" if store.database.place.file else "INSERT"
    again = f"{replacing} INTO event SELECT person, seq, '{{}}', previous, digest FROM event WHERE seq = 1"
    with pytest.raises((StoreFault, DBAPIError)), store.database.writing() as connection:
        connection.execute(text(again))
    assert len(list(store.events(SAM))) == 2


def test_the_database_itself_refuses_a_followed_trial_without_a_clinicians_word(store):
    store.add_person(SAM)
    store.append(SAM, journey())
    for change in ("plan_confirmed_by = NULL, plan_confirmed_at = NULL", "plan_confirmed_at = NULL", "phase = 'cured'"):
        with pytest.raises(Refused), store.database.writing() as connection:
            connection.execute(text(f"UPDATE trial SET {change}"))
    assert store.due(LATE)[0].person == SAM


def test_nothing_is_begun_by_a_draft_also_not_through_the_store(store, example):
    store.add_person(SAM)
    store.append(SAM, journey()[:3])
    with pytest.raises(BadInput):
        store.append(SAM, [begun(example)])


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Event("day.told", datetime(2026, 3, 2), Actor("Sam", "person"), {}), "without a zone"),
        (Event("day.told", at(START), Actor("Sam", "person"), {"cells": {"date": START}}), "cannot be written down"),
        (Event("day.told", at(START), Actor("Sam", "person"), {"x": float("nan")}), "cannot be written down"),
        (day_told(START, note="half a character \ud83d"), "cannot be written down"),
        (Event("day.told", at(START), Actor("", "person"), {}), "there is no name"),
        (Event("day.guessed", at(START), Actor("Sam", "person"), {}), "no kind of event"),
        (day_told(START, note="x" * 10_001), "more than 10,000"),
        (Event("baseline.fixed", at(START), Actor("Sam", "person"), {"first": 1}), "no baseline"),
    ],
)
def test_what_could_not_be_read_again_is_refused_before_it_is_kept(store, event, said):
    store.add_person(SAM)
    with pytest.raises(BadInput, match=said):
        store.append(SAM, [event])
    assert store.head(SAM).seq == 0


def test_a_body_of_the_wrong_shape_is_said_and_is_no_fault_of_ours(store, monkeypatch):
    def stumble(story, event, where):
        return story[event]  # as a rule does that nobody taught this shape

    monkeypatch.setattr("cleardays.store.batch.require", stumble)
    store.add_person(SAM)
    with pytest.raises(BadInput, match="does not hold what it should"):
        store.append(SAM, [opened(START)])
    assert store.head(SAM).seq == 0


_UNTOUCHED = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@_UNTOUCHED
@given(note=st.text(st.characters(exclude_categories=["Cs"]), max_size=400), turn=st.integers(0, 10**9))
def test_a_note_comes_back_to_the_letter_whatever_is_in_it(store, note, turn):
    person = f"person {turn}"
    if person in store.people():
        return
    store.add_person(person)
    store.append(person, [day_told(START, note=note)])
    (_, event), *_ = store.events(person)
    assert event.body["cells"]["note"] == note


def test_a_long_note_and_one_that_looks_like_code_stay_whole(store):
    store.add_person(SAM)
    notes = ["x" * 10_000, '#read("/etc/passwd") $ <script>alert(1)</script> \'); DROP TABLE event;--', "\u202eמשהו"]
    store.append(SAM, [day_told(START, note=note) for note in notes])
    assert [event.body["cells"]["note"] for _, event in store.events(SAM)] == notes


def test_a_place_without_a_store_is_said_and_left_alone_unless_one_may_be_made(store_place):
    with pytest.raises(BadInput, match="there is no store"):
        open_store(store_place, create=False)
    assert "://" in store_place or not Path(store_place).exists()
    open_store(store_place).close()
    open_store(store_place, create=False).close()


def test_many_who_open_a_place_without_a_store_at_once_make_one_and_all_get_in(store_place):
    start = Barrier(6)

    def enter(number):
        start.wait()
        with open_store(store_place) as store:
            store.add_person(f"person {number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(enter, range(6)))
    with open_store(store_place) as store:
        assert len(store.people()) == 6


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_was(store_place):
    with open_store(store_place) as store:
        store.add_person(SAM)
        with store.database.writing() as connection:
            connection.execute(text("UPDATE cleardays_version SET version_num = '9999'"))
        before = rows(store, "SELECT * FROM person")
        with pytest.raises(NewerStore, match=r"newer version of cleardays.*9999.*nothing was changed"):
            open_store(store_place)
        assert rows(store, "SELECT version_num FROM cleardays_version") == [("9999",)]
        assert rows(store, "SELECT * FROM person") == before
        with store.database.writing() as connection:
            connection.execute(text(f"UPDATE cleardays_version SET version_num = '{NEWEST}'"))
    open_store(store_place).close()


def test_tables_of_something_else_are_refused_and_left_alone(store_place):
    with open_store(store_place) as store, store.database.writing() as connection:
        connection.execute(text("DROP TABLE cleardays_version"))
    with pytest.raises(StoreFault, match="something else"):
        open_store(store_place)


@pytest.mark.parametrize("name", ["a b.sqlite3", "what?.sqlite3", "50%25 #1.sqlite3", "Ægir 小林.sqlite3", "a&mode=memory"])
def test_a_file_of_any_name_is_that_file(tmp_path, name):
    with open_store(tmp_path / name) as store:
        store.add_person(SAM)
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, f"{name}-shm", f"{name}-wal"])
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("content", [b"date,headache\n2026-03-02,clear\n" * 200, b"SQLite format 3\0" + b"\7" * 9000])
def test_a_file_of_something_else_is_refused_and_left_as_it_was(tmp_path, content):
    other = tmp_path / "days.csv"
    other.write_bytes(content)
    with pytest.raises(StoreFault):
        open_store(other)
    assert other.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["days.csv"]


def test_a_database_that_cannot_keep_every_name_or_is_too_old_is_refused_before_anything_is_made(postgres_server, monkeypatch):
    with postgres_server.connect() as connection:
        connection.execute("CREATE DATABASE narrow TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    try:
        with pytest.raises(StoreFault, match="keeps LATIN1"):
            open_store(postgres_server.url("narrow"))
        monkeypatch.setattr("cleardays.store.opening.OLDEST_SERVER", 99)
        with pytest.raises(StoreFault, match="too old"):
            open_store(postgres_server.url("narrow"))
        with postgres_server.connect("narrow") as connection:
            assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    finally:
        with postgres_server.connect() as connection:
            connection.execute("DROP DATABASE narrow WITH (FORCE)")


def test_the_file_and_its_folder_are_for_the_owner_alone(tmp_path):
    place = tmp_path / "new" / "diary.sqlite3"
    with open_store(place) as store:
        store.add_person(SAM)
        for each in place.parent.iterdir():
            assert stat.S_IMODE(each.stat().st_mode) == 0o600, each
        assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_sqlite_keeps_a_log_waits_for_the_disk_and_asks_for_foreign_keys(tmp_path):
    with open_store(tmp_path / "a.sqlite3") as store:
        asked = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        assert [rows(store, f"PRAGMA {name}")[0][0] for name in asked] == ["wal", 2, 1, 1]
        with pytest.raises(Refused), store.database.writing() as connection:
            connection.execute(text("INSERT INTO day (person, date, seq) VALUES ('eve', '2026-03-02', 1)"))


def test_a_file_that_lost_its_log_gets_it_back_when_it_is_opened(tmp_path):
    place = tmp_path / "a.sqlite3"
    with open_store(place) as store, store.database.alone() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode=DELETE").scalar() == "delete"
    with open_store(place) as store:
        assert rows(store, "PRAGMA journal_mode") == [("wal",)]


def test_postgresql_waits_for_the_disk_whatever_the_server_would(postgres_server):
    with postgres_server.fresh_database() as url:
        name = url.rpartition("/")[2]
        with postgres_server.connect() as connection:
            connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        with open_store(url) as store:
            assert rows(store, "SHOW synchronous_commit") == [("on",)]


def test_without_a_place_the_store_lies_in_the_data_folder_of_the_platform(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    with open_store() as store:
        assert store.database.place.file == tmp_path / "cleardays" / "cleardays.sqlite3"
    monkeypatch.setenv(VARIABLE, str(tmp_path / "elsewhere.sqlite3"))
    with open_store() as store:
        assert store.database.place.file == tmp_path / "elsewhere.sqlite3"


@pytest.mark.parametrize("where", ["mysql://host/x", "http://host", "://", "postgresql+asyncpg://host/x"])
def test_an_address_of_something_else_is_said_with_what_would_do(where):
    with pytest.raises(BadInput, match=r"postgresql\+psycopg://user@host/database"):
        open_store(where)


def test_a_server_that_cannot_be_reached_is_said_without_the_password():
    with pytest.raises(StoreFault, match="cannot be reached") as raised:
        open_store("postgresql+psycopg://ada:secret@127.0.0.1:1/none")
    assert "secret" not in str(raised.value)


def test_opening_a_store_that_is_up_to_date_loads_neither_alembic_nor_psycopg(tmp_path):
    import subprocess
    import sys

    words = (
        "import sys\nfrom cleardays.store import open_store\n"
        f"for _ in range(2): open_store({str(tmp_path / 'a.sqlite3')!r}).close()\n"
        "print([name for name in ('alembic', 'psycopg', 'sqlalchemy.orm', 'platformdirs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", words], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def rows(store, asked):
    with store.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]


def test_instants_are_kept_in_utc_to_the_microsecond(store):
    store.add_person(SAM)
    zone = datetime(2026, 3, 2, 23, 59, 59, 999999, tzinfo=UTC).astimezone()
    store.append(SAM, [day_told(START)._replace(at=zone)])
    ((_, event),) = store.events(SAM)
    assert event.at.isoformat() == "2026-03-02T23:59:59.999999+00:00"


def test_the_example_of_the_reference_page_runs(tmp_path, monkeypatch):
    import re

    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "store.md").read_text(encoding="utf-8")
    (code,) = (block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "open_store" in block)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "store.md", "exec"), {})
    with open_store("diary.sqlite3", create=False) as store:
        assert [record.date.isoformat() for record in store.story("ada").diary.records] == ["2026-03-04", "2026-03-05"]
