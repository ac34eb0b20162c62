"""What an entry costs the server, beside an empty route of the same server in the same run.

    python benchmarks/app.py [--entries 400] [--at-once 8]

- storing an attack, as the attack screen's form and as an entry of the API: CPU of the server's process for each, as a
  multiple of what `GET /api/v1/ping` costs, which passes the same viewer, limits and authorisation and does nothing;
  one after the other, and several people at once, whose entries share a transaction. What the process waits for the
  disk is no CPU; the writing itself is counted;
- the first load of `/` and of `/attack` with everything they name, as it goes over the wire.

It ends with an error where an entry costs more than five times an empty route, or the first load more than 150 kB.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

MOST_TIMES, MOST_KB = 5.0, 150
CALLERS = 64  # a caller may ask so often a minute and no more: each is an address of the loopback net
IDLE_S = 3  # the server closes a connection that is idle for five
_NAMED = re.compile(r"(?:src|href)=\"(/static/[^\"]+)\"")
_IMPORTED = re.compile(r"(?:from|import)\s+[\"'](\.[^\"']+)[\"']")


class Caller:
    """A connection that stays open, from an address of its own."""

    def __init__(self, port: int, number: int) -> None:
        own = (f"127.0.{1 + number // 250}.{1 + number % 250}", 0) if sys.platform == "linux" else None
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60, source_address=own)
        self._last = time.monotonic()

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        if time.monotonic() - self._last > IDLE_S:
            self._connection.close()
        self._connection.request(method, path, body, {"Sec-Fetch-Site": "same-origin", **(headers or {})})
        answer = self._connection.getresponse()
        content = answer.read()
        self._last = time.monotonic()
        assert answer.status in (200, 303), f"{method} {path}: {answer.status} {content[:300]!r}"
        return content

    def close(self) -> None:
        self._connection.close()


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int]]:
    """The server as somebody starts it; its process and its port."""
    command = [sys.executable, "-m", "cleardays", "serve", "--json", "--port", "0", "--no-open", "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            address = json.loads(server.stdout.readline())["address"]
            yield server.pid, int(address.rstrip("/").rpartition(":")[2])
        finally:
            server.terminate()


def cpu_s(process: int) -> float:
    """CPU that a process and its threads have used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ping(caller: Caller, _: int) -> None:
    caller.ask("GET", "/api/v1/ping")


def tap(caller: Caller, number: int) -> None:
    """What a tap on the attack screen sends: an attack begins, ends, and the next begins."""
    form = {"what": "over" if number % 2 else "severe"}
    caller.ask("POST", "/attack", urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"})


def entry(caller: Caller, number: int) -> None:
    """What a phone sends that kept an attack while it was away."""
    at = "2026-03-04T02:14+01:00"
    cells = {"id": f"e{number}", "date": "2026-03-04", "start": at, "headache": "severe"}
    sent = {"id": str(number), "kind": "attack.told", "at": at, "body": {"entry": f"e{number}", "cells": cells}}
    caller.ask("POST", "/api/v1/entries", json.dumps({"entries": [sent]}).encode(), {"Content-Type": "application/json"})


def cost_ms(process: int, callers: list[Caller], what: Callable[[Caller, int], None], count: int, at_once: int) -> float:
    """CPU of the server for each request."""
    share = count // at_once

    def some(n: int) -> None:
        mine = callers[n::at_once]
        for turn in range(share):
            what(mine[turn % len(mine)], n * share + turn)

    before = cpu_s(process)
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(some, range(at_once)))
    return (cpu_s(process) - before) / (share * at_once) * 1000


def first_load(caller: Caller) -> dict[str, int]:
    """Bytes of both pages and of all that they name, packed as they go out; each file once."""
    found: dict[str, int] = {}
    waiting = ["/attack", "/"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        sent = caller.ask("GET", path, headers={"Accept-Encoding": "gzip"})
        found[path] = len(sent)
        text = (gzip.decompress(sent) if sent[:2] == b"\x1f\x8b" else sent).decode("utf-8", "replace")
        waiting += _NAMED.findall(text)
        waiting += [os.path.normpath(f"{path.rpartition('/')[0]}/{each}") for each in _IMPORTED.findall(text)]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=400)
    parser.add_argument("--at-once", type=int, default=8)
    args = parser.parse_args()
    if not Path("/proc/self/stat").exists():
        sys.exit("this machine does not tell what a process uses (no /proc)")
    worst = 0.0
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as (process, port):
        callers = [Caller(port, n) for n in range(CALLERS)]
        for each in (ping, tap, entry):  # what is read once is read now
            cost_ms(process, callers, each, 40, 1)
        for at_once in (1, args.at_once):
            empty = cost_ms(process, callers, ping, 4 * args.entries, at_once)
            print(f"{at_once} at once: an empty route {empty:.2f} ms of CPU", end="")
            for words, what in (("a tap on the attack screen", tap), ("an entry of the API", entry)):
                took = cost_ms(process, callers, what, args.entries, at_once)
                worst = max(worst, took / empty)
                print(f"; {words} {took:.2f} ms, {took / empty:.1f} times as much", end="")
            print()
        sizes = first_load(callers[0])
        for caller in callers:
            caller.close()
    whole = sum(sizes.values())
    print(f"first load of / and /attack: {whole / 1000:.1f} kB in {len(sizes)} answers")
    if worst > MOST_TIMES or whole > MOST_KB * 1000:
        sys.exit(f"too much: {worst:.1f} times (at most {MOST_TIMES:.0f}), {whole / 1000:.0f} kB (at most {MOST_KB})")


if __name__ == "__main__":
    main()
