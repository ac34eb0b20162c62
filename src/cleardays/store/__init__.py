"""Where stories are kept for years: an append-only book of events, on SQLite or PostgreSQL.

`open_store` gives a `Store`. Only the events are kept for good; the days and trials beside them are derived and can
be derived again. docs/reference/store.md describes the tables and what is promised when.

>>> from tempfile import mkdtemp
>>> from datetime import UTC, datetime
>>> from pathlib import Path
>>> from cleardays.trial.story.events import Actor, Event
>>> with open_store(Path(mkdtemp()) / "diary.sqlite3") as store:
...     store.add_person("ada")
...     told = Event("day.told", datetime(2026, 3, 4, 20, tzinfo=UTC), Actor("Ada", "person"),
...                  {"cells": {"date": "2026-03-04", "headache": "clear"}})
...     store.append("ada", [told]).seq
1
"""

from cleardays.store.book import Due, Store
from cleardays.store.chain import Broken, Head
from cleardays.store.erasing import Erased
from cleardays.store.faults import Busy, Conflict, StoreFault, Unsure
from cleardays.store.opening import open_store
from cleardays.store.writer import Writer

__all__ = ["Broken", "Busy", "Conflict", "Due", "Erased", "Head", "Store", "StoreFault", "Unsure", "Writer", "open_store"]
