"""Writers that can be killed: a process that forks one after the other, so that each begins in milliseconds.

Run as a script it reads one line of JSON for each writer on stdin and answers with its process id. What a writer
acknowledges it appends to a file of its own, one line for each append, after that append returned: what the system has
taken from a process stays when the process is killed, so no acknowledgement gets lost and none comes early.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

FIRST = date(2020, 1, 1)
SAM = "sam"


def batches(seed: int) -> Iterator[list]:
    """What a writer tells, the same for the same seed, without an end: one to five days, told anew, with long notes."""
    from reference.stories import day_told

    chance = random.Random(seed)
    while True:
        batch = []
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            day = FIRST + timedelta(days=chance.randrange(2000))
            note = f"{seed} " + "n" * chance.choice((0, 0, 20, 3000))
            batch.append(day_told(day, chance.choice(("clear", "mild", "moderate")), note=note))
        yield batch


def write(order: dict) -> None:
    """What one writer does: open the store, tell, and acknowledge what was kept, until it is killed or has done enough."""
    from cleardays.store import Conflict, open_store
    from cleardays.store.cipher import Key

    said = os.open(order["acknowledge"], os.O_WRONLY | os.O_APPEND)
    key = Key(bytes.fromhex(order["key"])) if order.get("key") else None
    person = order["person"]
    with open_store(order["place"], key=key) as store:
        with suppress(Conflict):
            store.add_person(person)
        os.write(said, b'{"ready":true}\n')
        telling = islice(enumerate(batches(order["seed"])), order["times"])
        with store.writer() as writer:
            while together := list(islice(telling, order["together"])):
                if len(together) == 1:
                    kept = [store.append(person, batch) for _, batch in together]
                else:
                    promises = [writer.append(person, batch) for _, batch in together]
                    kept = [promise.result() for promise in promises]
                for head in kept:
                    os.write(said, json.dumps({"seq": head.seq, "digest": head.digest}).encode() + b"\n")


def serve() -> None:
    """Fork a writer for each line on stdin."""
    import cleardays.store  # noqa: F401  # what each writer needs, once
    import reference.stories  # noqa: F401

    with suppress(ImportError):
        import psycopg  # noqa: F401
        import sqlcipher3  # noqa: F401
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                write(json.loads(line))
                code = 0
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(child, flush=True)


@dataclass
class Writer:
    """A writer that runs, or has run."""

    pid: int
    said: Path
    together: int = 1

    def wait_for(self, lines: int, seconds: float = 30.0) -> None:
        """Until it acknowledged so many appends; 0 waits until the store is open."""
        until = time.monotonic() + seconds
        while self.said.read_bytes().count(b"\n") <= lines and time.monotonic() < until and self.runs():
            time.sleep(0.0005)
        assert self.said.read_bytes().count(b"\n") > lines, "the writer does not come along"

    def runs(self) -> bool:
        """Whether it is still there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """Kill -9, and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.finish()

    def finish(self, seconds: float = 60.0) -> None:
        """Wait until it is gone, so that it can acknowledge nothing more."""
        until = time.monotonic() + seconds
        while self.runs():
            assert time.monotonic() < until, "the writer does not end"
            time.sleep(0.0005)

    @property
    def acknowledged(self) -> list[dict]:
        """Each append that returned; a line that was cut off was not said."""
        said = self.said.read_bytes()
        return [line for line in map(json.loads, said[: said.rfind(b"\n") + 1].splitlines()) if "seq" in line]


class Nursery:
    """Starts writers; a context manager that ends with them."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.environment, self.started = folder, environment, 0

    def __enter__(self) -> Nursery:
        root = Path(__file__).resolve().parents[2]
        known = {**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root / 'tests'}", **self.environment}
        self.errors = (self.folder / "writers.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reference.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env=known,
            cwd=root,
        )
        assert self.process.stdout.readline() == "ready\n", self.log()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.errors.close()

    def log(self) -> str:
        """What the writers said on stderr."""
        return (self.folder / "writers.log").read_text()

    def start(self, place: str, *, seed: int, person: str = SAM, times: int | None = None, together: int = 1,
              key: str | None = None) -> Writer:  # fmt: skip
        """A writer that tells `times` batches, so many together; without an end by default."""
        self.started += 1
        said = self.folder / f"acknowledged{self.started}"
        said.touch()
        order = {"place": place, "person": person, "seed": seed, "times": times, "together": together, "key": key}
        print(json.dumps(order | {"acknowledge": str(said)}), file=self.process.stdin, flush=True)
        return Writer(int(self.process.stdout.readline()), said, together)


if __name__ == "__main__":
    serve()
