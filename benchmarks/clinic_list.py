"""What the list of a clinic's day costs, beside an empty route of the same app in the same run.

    python benchmarks/clinic_list.py [--people 300]

Each person has a trial of some months that waits for a review. The first looks work the stories out, a share of them each, so
that no page waits long; then the list is asked for with nothing new, and with one person of whom something new was told.
The app is asked in its own process, so that its CPU time is ours.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from starlette.applications import Starlette

from cleardays.store import Store, open_store
from cleardays.trial.demonstration.journey import simulate
from cleardays.trial.story.events import Actor, Event
from cleardays.web.accounts.cookies import SESSION, called
from cleardays.web.app import build_app
from cleardays.web.settings import Settings

MOST_S = 0.5
PINGS = 50


async def ask(app: Starlette, path: str, token: str) -> str:
    """One page for the nurse, as its text."""
    cookie = f"{called(SESSION, secure=True)}={token}; {called(SESSION, secure=False)}={token}".encode()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": path, "root_path": "",
        "raw_path": path.encode(), "query_string": b"", "scheme": "http", "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1), "headers": [(b"host", b"127.0.0.1"), (b"cookie", cookie)],
    }  # fmt: skip
    body, status = bytearray(), 0

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        nonlocal status
        status = message.get("status", status)  # type: ignore[assignment]
        body.extend(message.get("body", b""))  # type: ignore[arg-type]

    await app(scope, receive, send)
    assert status == 200, f"{path}: {status}"
    return body.decode()


def fill(store: Store, people: int) -> datetime:
    """People with a trial each, up to the day on which it is looked at."""
    events = simulate("lamotrigine-aura", None).events
    begun = next(event.at for event in events if event.kind == "trial.begun")
    now = begun + timedelta(days=140)
    told = [event for event in events if event.at <= now]
    for number in range(people):
        person = f"p{number:04}"
        store.add_person(person)
        store.append(person, told)
        store.accounts.consents.give(person, "clinic", ["diary", "plan"], now=now)
    return now


async def measure(people: int, folder: Path) -> bool:
    """Fill, ask, and say; whether it was quick enough."""
    with open_store(folder / "clinic.sqlite3") as store:
        now = fill(store, people)
        nurse = store.accounts.create("nora", "Nora", "nurse", now=now)
        app = build_app(Settings(clinic=True, data=folder), store, clock=lambda: now)
        async with app.router.lifespan_context(app):
            token = app.state.house.viewers.entrance.begin(nurse)
            looks, start = 1, time.process_time()
            while "looked through yet" in await ask(app, "/clinic", token):
                looks += 1
            first = time.process_time() - start
            ping = await spent(lambda: ask(app, "/healthz", token), PINGS)
            again = await spent(lambda: ask(app, "/clinic", token), 5)
            cells = {"date": now.date().isoformat(), "headache": "severe"}
            store.append("p0000", [Event("day.told", now, Actor("Ada", "person"), {"cells": cells})])
            moved = await spent(lambda: ask(app, "/clinic", token), 1)
    print(
        f"a list of {people} people: worked out in {looks} looks, {first:.2f} s of CPU, {first / people * 1000:.1f} ms a person"
    )
    for what, cost in (("with nothing new", again), ("with one story that moved on", moved)):
        print(f"  {what}: {cost * 1000:.0f} ms, {cost / ping:.0f} times an empty route ({ping * 1000:.2f} ms)")
    return again < MOST_S


async def spent(what: Callable[[], object], times: int) -> float:
    """CPU seconds for each of so many times."""
    start = time.process_time()
    for _ in range(times):
        await what()  # type: ignore[misc]
    return (time.process_time() - start) / times


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description="The list of a clinic's day.")
    parser.add_argument("--people", type=int, default=300)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(measure(asked.people, Path(folder))) else 1


if __name__ == "__main__":
    raise SystemExit(main())
