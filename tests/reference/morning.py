"""A clinic on a morning, in front of a browser: people for each reason to look at somebody, and one for whom nothing is due."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import uvicorn

from cleardays.clock import local_day
from cleardays.trial.story import kinds
from cleardays.trial.story.events import Actor, Event
from reference.clinic import clinic
from reference.stories import PERSON, START, at, days, journey, opened, screened, told

TODAY = START + timedelta(days=121)
MORNING = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=8)
SHOWN = ("diary", "plan", "answer", "history")
# Who stands on the list, in this order, by the first reason; and who does not.
WAIT = {"vera": "flags", "bea": "decision", "dora": "due", "otto": "overuse", "sina": "silent"}
FINE = "fina"


def flag(person, on=TODAY - timedelta(days=1)):
    """A warning sign that was shown."""
    says = "A rash after starting lamotrigine. Stop it and call today."
    body = {"entry": "rash", "code": "rash", "tier": "emergency", "on": on.isoformat(), "shown": says}
    body["to"] = {"name": person, "role": "person"}
    return Event(kinds.FLAG_SHOWN, at(on), Actor("cleardays", "software"), body)


def triptans(count, kind="dose.told"):
    """A triptan on each of so many days before today."""
    one = {"kind": "acute", "drug": "sumatriptan", "acute_class": "triptan", "amount": "50", "unit": "mg", "state": "taken"}
    days_of = [(TODAY - timedelta(days=n)).isoformat() for n in range(1, count + 1)]
    return [told(kind, {"entry": day, "cells": {"date": day, **one}}, TODAY - timedelta(days=1), PERSON) for day in days_of]


def story_of(reason):
    """The events of somebody who waits for that reason."""
    begun, long_ago = journey()[:-3], TODAY - timedelta(days=40)
    lately = days(TODAY - timedelta(days=6), "0X000X")
    return {
        "flags": [*begun[:1], flag("vera")],
        "decision": [*journey()[:-1], *lately],
        "due": [*begun, *lately],
        "overuse": [*days(TODAY - timedelta(days=20), "X" * 20), *triptans(14)],
        "silent": [opened(long_ago), *days(long_ago, "0X0" * 10), screened(TODAY - timedelta(days=9))],
        "none": days(TODAY - timedelta(days=6), "0X000X"),
    }[reason]


def fill(house, more=0):
    """Everybody of the list, and so many more of each reason."""
    people = {**WAIT, FINE: "none"}
    people |= {f"{name} {n}": reason for n in range(more) for name, reason in WAIT.items()}
    for name, reason in people.items():
        house.store.add_person(name)
        house.store.append(name, story_of(reason))
        house.show(name, "clinic", *SHOWN)


def look_ahead(house):
    """Look through every story, as a server does before anybody comes."""
    server = house.app.state.house
    server.board.look_ahead(server.stories, local_day(MORNING, server.zone_of({})), ended=lambda: False)


@contextmanager
def served(folder, *, more=0, filled=True):
    """The clinic, and the address at which a browser reaches it: by a name, since passkeys are of names."""
    with clinic(folder) as house:
        house.clock.now = MORNING
        if filled:
            fill(house, more)
            look_ahead(house)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(house.app, log_level="warning", lifespan="off"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            until = time.monotonic() + 20
            while not server.started and time.monotonic() < until:
                time.sleep(0.02)
            try:
                yield house, f"http://localhost:{listening.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join(20)
