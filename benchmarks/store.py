"""How fast stories are kept and found, in one run.

    python benchmarks/store.py [--entries 20000] [--threads 64] [--people 10000] [--days 500] [--no-clinic]

- entries a second through `Store.writer` into SQLite with full sync, each thread waiting for its entry's acknowledgement
  before it tells the next, beside one `append` after the other and a bare write-and-wait of the same disk;
- opening a story of ten years: 3,650 days and 20 versions of a plan;
- a clinic on a PostgreSQL of its own, with fsync on: who is due today. It is filled by COPY, with true chains, which
  is checked on some people. `--no-clinic` leaves it out; without a PostgreSQL it says so.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import event as happening

from cleardays.store import Head, Store, open_store
from cleardays.store.chain import beginning, link_after
from cleardays.store.people import new_id
from cleardays.store.sealing import Seal, new_key
from cleardays.store.verifying import verify
from cleardays.store.written import write_event
from cleardays.trial.story.events import Actor, Event

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from reference import stories
from reference.postgres import NoPostgres, start_server

TODAY = date(2026, 11, 23)
TEN_YEARS, REGIMENS = 3650, 20
WORDS = ("clear", "clear", "clear", "mild", "moderate", "severe")


def entry(day: date, turn: int = 0) -> Event:
    """A day as somebody tells it in the evening."""
    cells = {"date": day.isoformat(), "headache": WORDS[(day.toordinal() + turn) % 6], "sleep_h": "7.25", "note": "after work"}
    return Event(
        "day.told", datetime(day.year, day.month, day.day, 20, tzinfo=UTC), Actor("Sam Sample", "person"), {"cells": cells}
    )


def bare_wait_ms(folder: Path, times: int = 200) -> float:
    """The median milliseconds of a small write and the wait for the disk."""
    took = []
    with (folder / "bare").open("wb", buffering=0) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def one_by_one(folder: Path, count: int) -> float:
    """Entries a second, an `append` each."""
    with open_store(folder / "single.sqlite3") as store:
        store.add_person("sam")
        began = time.perf_counter()
        for n in range(count):
            store.append("sam", [entry(TODAY - timedelta(days=n))])
        return count / (time.perf_counter() - began)


def together(store: Store, count: int, threads: int) -> tuple[float, float, list[float]]:
    """Entries a second through the writer, entries a transaction, and how long each waited (s)."""
    people = [f"person {n:03d}" for n in range(threads)]
    for person in people:
        store.add_person(person)
    commits: list[int] = []
    happening.listen(store.database.engine, "commit", lambda _: commits.append(1))
    share = count // threads

    def tell(person: str) -> list[float]:
        waited = []
        for n in range(share):
            began = time.perf_counter()
            writer.append(person, entry(TODAY - timedelta(days=n % TEN_YEARS), n)).result()
            waited.append(time.perf_counter() - began)
        return waited

    with store.writer() as writer, ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        waited = [each for some in pool.map(tell, people) for each in some]
        seconds = time.perf_counter() - began
    return len(waited) / seconds, len(waited) / len(commits), sorted(waited)


def say_together(where: str, found: tuple[float, float, list[float]], threads: int) -> None:
    pace, batch, waited = found
    middle, late = waited[len(waited) // 2] * 1000, waited[int(len(waited) * 0.99)] * 1000
    print(f"{where}, {threads} threads: {pace:,.0f} entries a second, {batch:.0f} a transaction, each acknowledged", end=" ")
    print(f"{middle:.0f} ms after it was told (99 of 100 within {late:.0f} ms)")


def ten_years(folder: Path) -> None:
    """Open a story of ten years."""
    first = stories.START - timedelta(days=28)
    journey = stories.journey()
    review = next(n for n, each in enumerate(journey) if each.kind == "trial.review-opened")
    _, plan = stories.plan_of()
    again = [stories.confirmation(plan, stories.START + timedelta(days=1)) for _ in range(REGIMENS - 1)]
    days = [entry(first + timedelta(days=n)) for n in range(TEN_YEARS)]
    place = folder / "years.sqlite3"
    with open_store(place) as store:
        store.add_person("sam")
        store.append("sam", [*journey[:review], *again, *days])
    wall, cpu = time.perf_counter(), time.process_time()
    with open_store(place) as store:
        opened = time.process_time() - cpu
        story = store.story("sam")
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    assert len(story.diary.records) == TEN_YEARS
    print(f"ten years, {story.seq:,} events: opened and read, every link of the chain checked, in {cpu:.2f} s of CPU", end=" ")
    print(f"({wall:.2f} s; opening alone {opened * 1000:.0f} ms)")


def chained(person: str, key: bytes, days: int) -> Iterator[tuple[tuple[object, ...], Head]]:
    """The rows of a person's days, each with the head after it."""
    head, seal = beginning(person), Seal(person, key)
    shown = entry(TODAY)
    _, text = write_event(shown)
    for n in range(days):
        day = TODAY - timedelta(days=days - 1 - n)
        word = WORDS[day.toordinal() % 6]
        told = text.replace(TODAY.isoformat(), day.isoformat()).replace(WORDS[TODAY.toordinal() % 6], word, 1)
        link = link_after(head, seal.seal(n + 1, told))
        head = Head(link.seq, link.digest)
        yield (person, link.seq, link.text, link.previous, link.digest), head


def fill(server, name: str, people: int, days: int) -> None:
    """People with their days and a followed trial each, by COPY; nothing but a benchmark goes past the store."""
    with server.connect(name) as connection:
        connection.autocommit = False
        cursor = connection.cursor()
        cursor.execute("SET session_replication_role = replica")  # no look at each reference of five million rows
        for first in range(0, people, 250):
            names = {new_id(): f"person {n:05d}" for n in range(first, min(first + 250, people))}
            keys = {person: new_key() for person in names}
            heads = {}
            with cursor.copy("COPY event (person, seq, sealed, previous, digest) FROM STDIN") as copy:
                for person in names:
                    for row, head in chained(person, keys[person], days):
                        copy.write_row(row)
                        heads[person] = head
            with cursor.copy("COPY person (id, name, added_at, head_seq, head_digest) FROM STDIN") as copy:
                for person, name in names.items():
                    copy.write_row((person, name, "2025-01-01T00:00:00.000000+00:00", *heads[person]))
            with cursor.copy("COPY person_key (person, key) FROM STDIN") as copy:
                for person, key in keys.items():
                    copy.write_row((person, key))
            with cursor.copy("COPY day (person, date, headache, seq) FROM STDIN") as copy:
                for person in names:
                    for n in range(days):
                        day = TODAY - timedelta(days=days - 1 - n)
                        copy.write_row((person, day, "clear" if day.toordinal() % 6 < 3 else "had", n + 1))
            columns = "person, trial, treatment, indication, phase, plan_confirmed_by, plan_confirmed_at, opened_on, begun_on,"
            with cursor.copy(f"COPY trial ({columns} review_on, seq) FROM STDIN") as copy:
                for n, person in enumerate(names, first):
                    begun = TODAY - timedelta(days=90 + n % 30)
                    told = ("Dr Ada Field", "2026-01-01T09:00:00.000000+00:00", begun, begun)
                    review = TODAY - timedelta(days=3) + timedelta(days=n * 7 % 168)
                    copy.write_row((person, "first", "lamotrigine", "migraine-with-aura", "titration", *told, review, days))
            connection.commit()


def clinic(people: int, days: int, entries: int, threads: int) -> None:
    """A PostgreSQL of a clinic: who is due today."""
    try:
        server = start_server(fsync=True)
    except NoPostgres as why:
        print(f"clinic: not run, {why}")
        return
    try:
        with server.fresh_database() as url:
            say_together("PostgreSQL", measured(url, entries, threads), threads)
        with server.fresh_database() as url:
            open_store(url).close()
            began = time.perf_counter()
            fill(server, url.rpartition("/")[2], people, days)
            print(f"clinic: {people:,} people with {people * days:,} days filled in {time.perf_counter() - began:.0f} s")
            look(url, days)
    finally:
        server.stop()


def measured(place: str, entries: int, threads: int) -> tuple[float, float, list[float]]:
    with open_store(place) as store:
        found = together(store, entries, threads)
        with store.database.reading() as connection:
            assert not verify(connection).problems
    return found


def look(url: str, days: int) -> None:
    """Who is due, again and again; and one person's story among all."""
    with open_store(url) as store:
        took = []
        for _ in range(101):
            began = time.perf_counter()
            due = store.due(TODAY)
            took.append((time.perf_counter() - began) * 1000)
        some = store.people()[::997]
        began = time.perf_counter()
        for person in some:
            assert len(store.story(person).diary.records) == days
        each_ms = (time.perf_counter() - began) * 1000 / len(some)
    first, *rest = took
    print(
        f"clinic: {len(due):,} due today, listed in {statistics.median(rest):.1f} ms (worst of 100: {max(rest):.1f} ms,",
        end=" ",
    )
    print(f"the first {first:.0f} ms); a story of {days} days with its chain checked {each_ms:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=500)
    parser.add_argument("--no-clinic", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"this disk: a write of 4 kB and the wait for it {bare_wait_ms(folder):.2f} ms")
        print(f"SQLite, one append after the other: {one_by_one(folder, 500):,.0f} entries a second")
        for threads in (args.threads, 8):
            say_together("SQLite", measured(str(folder / f"{threads}.sqlite3"), args.entries, threads), threads)
        ten_years(folder)
    if not args.no_clinic:
        clinic(args.people, args.days, args.entries, args.threads)


if __name__ == "__main__":
    main()
