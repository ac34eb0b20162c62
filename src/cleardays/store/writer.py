"""Many small entries from many threads, kept together: one wait for the disk serves all that came meanwhile.

Each entry has its own promise: its `Future` gives the place it was kept at only after the transaction that holds it
is on the disk. While one transaction waits for the disk the next entries gather, so a batch is as large as the disk is
slow; nobody waits for a batch to fill.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy.exc import DBAPIError

from cleardays.problems import BadInput, Problem
from cleardays.store.batch import Batch, Remembered
from cleardays.store.chain import Head
from cleardays.store.database import Database
from cleardays.store.faults import Refused
from cleardays.trial.story.events import Event

MOST_AT_ONCE = 512
# How often SQLite's log is written back into the file while entries come.
_BACK_EVERY_S = 1.0


class _Asked(NamedTuple):
    """What somebody wants kept, and the promise they hold."""

    person: str
    events: Sequence[Event]
    expected: int | None
    promise: Future[Head]


class Writer:
    """Keeps entries as they come; a context manager that keeps the last of them when it is left. `Store.writer` makes one.

    Entries of one thread are kept in the order in which it told them.
    """

    def __init__(self, database: Database, remembered: Remembered, *, most_at_once: int = MOST_AT_ONCE) -> None:
        self._database = database
        self._remembered = remembered
        self._most = max(1, most_at_once)
        self._waiting: SimpleQueue[_Asked | None] = SimpleQueue()
        self._closing = Lock()
        self._closed = False
        self._thread = Thread(target=self._work, name="cleardays-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def append(self, person: str, events: Event | Sequence[Event], *, expected: int | None = None) -> Future[Head]:
        """Keep an entry, or several of which all are kept or none.

        Args:
            person: as the store names them.
            events: what was told.
            expected: as in `Store.append`.

        Returns:
            A promise: its `result()` waits until it is on the disk and gives where the chain ended then, or raises what
            `Store.append` raises. What is not acknowledged by then may or may not be kept, but never half of it.

        Raises:
            BadInput: the writer is closed.
        """
        together = (events,) if isinstance(events, Event) else tuple(events)
        promise: Future[Head] = Future()
        with self._closing:  # nothing comes in after the last
            if self._closed:
                raise BadInput(Problem("writer", "it is closed; nothing was kept of this.", "Open another one."))
            self._waiting.put(_Asked(unicodedata.normalize("NFC", person), together, expected, promise))
        return promise

    def close(self) -> None:
        """Keep everything that was told so far, then end."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        goes_on, back = True, monotonic()
        while goes_on:
            batch, goes_on = self._gathered()
            self._keep([asked for asked in batch if asked.promise.set_running_or_notify_cancel()])
            if monotonic() > back + _BACK_EVERY_S or not goes_on:
                self._database.write_back()
                back = monotonic()

    def _gathered(self) -> tuple[list[_Asked], bool]:
        """What waits, at least one; and whether more may come."""
        batch: list[_Asked] = []
        asked = self._waiting.get()
        while asked is not None:
            batch.append(asked)
            if len(batch) >= self._most or self._waiting.empty():
                return batch, True
            asked = self._waiting.get()
        return batch, False

    def _keep(self, batch: list[_Asked]) -> None:
        if not batch:
            return
        outcomes: Sequence[Head | Exception]
        try:
            outcomes = self._together(batch)
        except Exception as error:  # whoever waits is told, whatever it was
            if isinstance(error, Refused) and len(batch) > 1:
                # one of them breaks a rule that only the database knows: each for itself, so that it fails alone
                for asked in batch:
                    self._keep([asked])
                return
            outcomes = [error] * len(batch)
        for asked, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Head):
                asked.promise.set_result(outcome)
            else:
                asked.promise.set_exception(outcome)

    def _together(self, batch: list[_Asked]) -> list[Head | Exception]:
        """One transaction; what is returned of each may be said once this has returned."""
        outcomes: list[Head | Exception] = []
        with self._database.writing(back=False) as connection:
            kept = Batch(connection, [asked.person for asked in batch], self._remembered)
            for asked in batch:
                try:
                    outcomes.append(kept.tell(asked.person, asked.events, asked.expected))
                except DBAPIError:
                    raise  # of the whole transaction
                except Exception as error:  # of this one only
                    outcomes.append(error)
            kept.write()
        return outcomes
