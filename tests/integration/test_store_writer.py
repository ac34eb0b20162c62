"""Entries kept together: each is acknowledged when it is on the disk, and a bad one fails alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from threading import Event as Signal

import pytest
from sqlalchemy import event as happening

from cleardays.problems import BadInput
from cleardays.store import Conflict, Head, Writer, open_store
from cleardays.store.database import Database
from cleardays.store.faults import StoreFault
from cleardays.trial.story.events import Actor, Event
from reference.plan_files import START
from reference.stories import at, day_told, days, journey, opened, told

SAM = "sam"
PEOPLE = tuple(f"person {n}" for n in range(8))


def test_many_threads_tell_at_once_and_everything_acknowledged_is_there_in_each_ones_order(store_place):
    each, marks = 40, ("clear", "mild", "moderate", "severe")
    with open_store(store_place) as store:
        for person in PEOPLE:
            store.add_person(person)
        start = Barrier(len(PEOPLE))

        def tell(person):
            start.wait()
            entries = [day_told(START + timedelta(days=n), marks[n % 4]) for n in range(each)]
            return entries, [writer.append(person, entry) for entry in entries]

        with store.writer() as writer, ThreadPoolExecutor(len(PEOPLE)) as pool:
            done = list(pool.map(tell, PEOPLE))
            assert all([promise.result(30).seq for promise in promises] == list(range(1, each + 1)) for _, promises in done)
    with open_store(store_place) as store:
        for person, (entries, promises) in zip(PEOPLE, done, strict=True):
            assert [event for _, event in store.events(person)] == entries
            assert store.head(person) == promises[-1].result()


def test_a_person_told_of_by_several_threads_has_one_chain_without_gaps(store):
    store.add_person(SAM)
    with store.writer() as writer, ThreadPoolExecutor(8) as pool:
        promises = list(pool.map(lambda n: writer.append(SAM, day_told(START + timedelta(days=n))), range(120)))
        assert sorted(promise.result(30).seq for promise in promises) == list(range(1, 121))
    assert len(list(store.events(SAM))) == 120


def test_a_bad_entry_fails_alone_whatever_is_bad_about_it(store):
    store.add_person(SAM)
    good = days(START, "X0X0X0X0X0")
    bad = [
        Event("day.guessed", at(START), Actor("Sam", "person"), {}),
        day_told(START, note="half a character \ud83d"),
        told("trial.begun", {"on": START.isoformat()}, START, trial="never opened"),
        told("trial.screened", {"on": START.isoformat(), "verdict": "proceed", "alerts": [1]}, START, trial="first"),
        [day_told(START, "severe"), Event("day.guessed", at(START), Actor("Sam", "person"), {})],
    ]
    with blocked(store) as release, store.writer() as writer:
        promises = [writer.append(SAM, opened(START)), *(writer.append(SAM, entry) for entry in good[:5])]
        refused = [writer.append(SAM, entry) for entry in bad]
        refused.append(writer.append("nobody", good[0]))
        refused.append(writer.append(SAM, good[0], expected=99))
        promises += [writer.append(SAM, entry) for entry in good[5:]]
        release.set()
        assert [promise.result(30).seq for promise in promises] == list(range(1, 12))
        for promise in refused:
            assert promise.exception(30) is not None
        assert isinstance(refused[-1].exception(), Conflict)
        assert isinstance(refused[-2].exception(), BadInput)
    assert [event for _, event in store.events(SAM)] == [opened(START), *good]


def test_what_the_database_alone_refuses_fails_alone_too(store, monkeypatch):
    from cleardays.store import projections

    store.add_person(SAM)
    real = projections.day_row

    def broken(person, seq, event):
        found = real(person, seq, event)
        if found and found[1] and event.body["cells"]["headache"] == "severe":
            found[1]["headache"] = "terrible"
        return found

    monkeypatch.setattr(projections, "day_row", broken)
    with blocked(store) as release, store.writer() as writer:
        entries = [day_told(START + timedelta(days=n), "severe" if n == 3 else "clear") for n in range(7)]
        promises = [writer.append(SAM, entry) for entry in entries]
        release.set()
        kept = [promise.exception(30) is None for promise in promises]
    assert kept == [True, True, True, False, True, True, True]
    assert [event for _, event in store.events(SAM)] == [entry for n, entry in enumerate(entries) if n != 3]


def test_nothing_is_acknowledged_before_the_transaction_that_holds_it_is_committed(store):
    store.add_person(SAM)
    seen = []
    with blocked(store) as release, store.writer() as writer:
        promises = [writer.append(SAM, entry) for entry in days(START, "X0X0")]

        def before(_):
            seen.append([promise.done() for promise in promises])

        happening.listen(store.database.engine, "commit", before)
        release.set()
        assert [promise.result(30).seq for promise in promises] == [1, 2, 3, 4]
    assert seen
    assert not any(seen[0])


def test_one_transaction_serves_everything_that_waited(store):
    store.add_person(SAM)
    commits = []
    with blocked(store) as release, store.writer() as writer:
        promises = [writer.append(SAM, entry) for entry in days(START, "X0" * 40)]
        happening.listen(store.database.engine, "commit", lambda _: commits.append(1))
        release.set()
        assert promises[-1].result(30).seq == 80
    assert len(commits) <= 3


def test_a_transaction_that_fails_fails_everything_in_it_and_the_writer_goes_on(store, monkeypatch):
    store.add_person(SAM)
    fails = [True]
    real = Database.writing

    def writing(self, **how):
        from contextlib import contextmanager

        @contextmanager
        def failing():
            with real(self, **how) as connection:
                yield connection
                if fails.pop() if fails else False:
                    raise StoreFault([problem()])

        return failing()

    monkeypatch.setattr(Database, "writing", writing)
    with store.writer() as writer:
        first = writer.append(SAM, days(START, "X"))
        assert isinstance(first.exception(30), StoreFault)
        assert store.head(SAM).seq == 0
        assert writer.append(SAM, days(START, "0")).result(30).seq == 1


def problem():
    from cleardays.problems import Problem

    return Problem("disk", "it failed on purpose.", "Nothing.")


def test_closing_keeps_what_was_told_and_takes_nothing_afterwards(store):
    store.add_person(SAM)
    writer = store.writer()
    promises = [writer.append(SAM, entry) for entry in days(START, "X0" * 30)]
    writer.close()
    assert all(promise.done() for promise in promises)
    assert store.head(SAM) == promises[-1].result()
    with pytest.raises(BadInput, match="closed"):
        writer.append(SAM, day_told(START))
    writer.close()


def test_what_was_taken_back_before_its_turn_is_not_kept(store):
    store.add_person(SAM)
    with blocked(store) as release, store.writer() as writer:
        first = writer.append(SAM, day_told(START))
        waits(first)
        second = writer.append(SAM, day_told(START, "severe"))
        third = writer.append(SAM, day_told(START, "mild"))
        assert second.cancel()
        release.set()
        assert (first.result(30).seq, third.result(30).seq) == (1, 2)
    assert [event.body["cells"]["headache"] for _, event in store.events(SAM)] == ["clear", "mild"]


def test_a_whole_journey_through_the_writer_is_the_same_as_through_the_store(store):
    store.add_person("a")
    store.add_person("b")
    events = journey()
    store.append("a", events)
    with store.writer(most_at_once=7) as writer:
        promises = [writer.append("b", event) for event in events]
        assert isinstance(promises[-1].result(60), Head)
    assert [event for _, event in store.events("a")] == [event for _, event in store.events("b")]
    (one, other) = store.due(date(2031, 1, 1))
    assert one._replace(person="") == other._replace(person="")


class blocked:  # noqa: N801  # reads as a word
    """Writers wait before their next transaction until the signal is set."""

    def __init__(self, store):
        self.store, self.signal = store, Signal()

    def __enter__(self):
        self.real = Database.writing
        real, signal = self.real, self.signal

        def writing(database, **how):
            assert signal.wait(30)
            return real(database, **how)

        Database.writing = writing
        return self.signal

    def __exit__(self, *_):
        self.signal.set()
        Database.writing = self.real


def waits(promise):
    """Until the writer has taken it up."""
    import time

    until = time.monotonic() + 30
    while not promise.running() and time.monotonic() < until:
        time.sleep(0.001)


def test_a_writer_is_made_by_its_store(store):
    with store.writer() as writer:
        assert isinstance(writer, Writer)
