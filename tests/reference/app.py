"""The app over a store of its own, asked without a network, at a clock that the test sets."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from cleardays.store import open_store
from cleardays.web.app import build_app
from cleardays.web.settings import Settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the client still takes the elder of two libraries
    from starlette.testclient import TestClient

NIGHT = datetime(2026, 3, 4, 1, 14, tzinfo=UTC)  # 02:14 in Berlin


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self, now: datetime = NIGHT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """What time it is."""
        return self.now

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


class Desk(TestClient):
    """A browser's place in front of the app; `store` and `clock` are the app's."""

    def __init__(self, app, store, clock) -> None:
        super().__init__(app, base_url="http://127.0.0.1", headers={"Sec-Fetch-Site": "same-origin"})
        self.store, self.clock = store, clock

    def story(self, person="me"):
        """What is kept of a person."""
        return self.store.story(person)

    def told(self, person="me"):
        """The kinds of all events, in order."""
        return [event.kind for _, event in self.store.events(person)]


@contextmanager
def desk(folder, clock=None, **settings):
    """The app over an empty store in a folder."""
    clock = clock or Clock()
    with open_store(folder / "diary.sqlite3") as store:
        app = build_app(Settings(data=folder, **settings), store, clock=clock)
        with Desk(app, store, clock) as found:
            yield found
