"""Many people at once in front of a running server, each with a connection and an address of their own."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlsplit


class Told(NamedTuple):
    """What people were told is kept, what went wrong, and how long each answer took, in seconds."""

    kept: list[str]
    wrong: list[str]
    took: list[float]

    def within(self, share: float) -> float:
        """The seconds within which this share of all answers came."""
        return sorted(self.took)[min(len(self.took) - 1, int(share * len(self.took)))]


def crowd(address: str, people: int, seconds: float, pause_s: float = 2.0, cookies: Sequence[str] = ()) -> Told:
    """People who each keep an attack, send it again now and then, and look at a page, until the time is over.

    Args:
        address: of the server.
        people: how many at once.
        seconds: for how long.
        pause_s: between two entries of one person.
        cookies: of each person, where they are signed in.
    """
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(people) as pool:
        each_has = [cookies[number] if cookies else "" for number in range(people)]
        found = list(pool.map(lambda number: _person(address, number, end, pause_s, each_has[number]), range(people)))
    return Told(*([one for each in found for one in each[part]] for part in range(3)))


def _person(address: str, number: int, end: float, pause_s: float, cookie: str) -> Told:
    parts = urlsplit(address)
    own = (f"127.1.{1 + number // 250}.{1 + number % 250}", 0)  # limits are of a caller
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=60, source_address=own)
    told, turn = Told([], [], []), 0
    time.sleep(pause_s * (number % 50) / 50)  # nobody taps in step
    while time.monotonic() < end:
        name = f"p{number}-{turn}"
        sent = json.dumps({"entries": [entry(name)]}).encode()
        for again in range(2 if turn % 5 == 0 else 1):
            answer = _ask(connection, told, "POST", "/api/v1/entries", cookie, sent)
            states = [each["state"] for each in json.loads(answer)["entries"]] if answer else []
            if states != ["there" if again else "kept"]:
                told.wrong.append(f"{name}: {states or answer!r}")
        told.kept.append(name)
        if turn % 3 == 0:
            _ask(connection, told, "GET", "/attack", cookie)
        turn += 1
        connection.close()  # as a phone that is put away; it opens again by itself
        time.sleep(pause_s)
    return told


def entry(name: str) -> dict[str, object]:
    """An attack that a phone kept."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    cells = {"id": name, "date": at[:10], "start": at, "end": at, "headache": "severe", "note": f"of {name}"}
    return {"id": name, "kind": "attack.told", "at": at, "body": {"entry": name, "cells": cells}}


def _ask(connection: HTTPConnection, told: Told, method: str, path: str, cookie: str, body: bytes | None = None) -> bytes:
    headers = {**({"Content-Type": "application/json"} if body else {}), **({"Cookie": cookie} if cookie else {})}
    begun = time.monotonic()
    try:
        connection.request(method, path, body, {"Sec-Fetch-Site": "same-origin", **headers})
        answer = connection.getresponse()
        content = answer.read()
    except OSError as error:
        told.wrong.append(f"{method} {path}: {error}")
        connection.close()
        return b""
    told.took.append(time.monotonic() - begun)
    if answer.status != 200:
        told.wrong.append(f"{method} {path}: {answer.status}")
        return b""
    return content
