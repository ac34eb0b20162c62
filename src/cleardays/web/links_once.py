"""Links that open one thing for whoever has them: hard to guess, kept only as a digest, good once, and not for long."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any, NamedTuple

from cleardays.clock import parse_instant

_TOKEN_BYTES = 32
_LONGEST_TOKEN = 64
_FILE = "links-once.json"
_KEPT = timedelta(days=30)  # after which an ended link is forgotten


class Link(NamedTuple):
    """What a link opens: its purpose, whose, and of which trial; until when, and whether it was used."""

    purpose: str
    person: str
    trial: str | None
    made_at: datetime
    until: datetime | None
    used_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether it still opens."""
        return self.used_at is None and (self.until is None or now < self.until)


class Links:
    """The links of a server, in a file that nobody else reads."""

    def __init__(self, folder: Path) -> None:
        self._path, self._lock = folder / _FILE, Lock()

    def make(
        self, purpose: str, person: str, *, now: datetime, trial: str | None = None, lasts: timedelta | None = None
    ) -> str:
        """A new link; returns its token, which is kept nowhere. Earlier ones for the same end with it."""
        token = token_urlsafe(_TOKEN_BYTES)
        until = None if lasts is None else now + lasts
        with self._lock:
            links = self._without(self._read(now), purpose, person, trial)
            self._write({**links, _digest(token): Link(purpose, person, trial, now, until)})
        return token

    def find(self, token: str, purpose: str, now: datetime) -> Link | None:
        """What a token opens now; None where it opens nothing, whatever the reason."""
        found = self._read(now).get(_digest(token)) if len(token) <= _LONGEST_TOKEN else None
        return found if found is not None and found.purpose == purpose and found.stands(now) else None

    def use(self, token: str, purpose: str, now: datetime) -> Link | None:
        """Use a token up; None where it opens nothing, or somebody else was first."""
        with self._lock:
            found = self.find(token, purpose, now)
            if found is not None:
                self._write({**self._read(now), _digest(token): found._replace(used_at=now)})
        return found

    def give_back(self, token: str, now: datetime) -> None:
        """What was to be done with it failed: it opens again."""
        with self._lock:
            links = self._read(now)
            if _digest(token) in links:
                self._write({**links, _digest(token): links[_digest(token)]._replace(used_at=None)})

    def end(self, purpose: str, person: str, *, now: datetime, trial: str | None = None) -> None:
        """Links for this open nothing any more."""
        with self._lock:
            self._write(self._without(self._read(now), purpose, person, trial))

    def standing(self, purpose: str, person: str, *, now: datetime, trial: str | None = None) -> Link | None:
        """The link for this that still opens; its token is known to nobody here."""
        links = self._read(now).values()
        return next((each for each in links if each[:3] == (purpose, person, trial) and each.stands(now)), None)

    def _without(self, links: dict[str, Link], purpose: str, person: str, trial: str | None) -> dict[str, Link]:
        return {digest: each for digest, each in links.items() if each[:3] != (purpose, person, trial)}

    def _read(self, now: datetime) -> dict[str, Link]:
        with suppress(FileNotFoundError):
            told = json.loads(self._path.read_text(encoding="utf-8"))
            links = {digest: _link(row) for digest, row in told.items()}
            return {digest: each for digest, each in links.items() if each.until is None or now - each.until < _KEPT}
        return {}

    def _write(self, links: dict[str, Link]) -> None:
        """The whole file or nothing of it, read by its owner alone."""
        told = json.dumps({digest: _document(each) for digest, each in links.items()})
        with NamedTemporaryFile("w", dir=self._path.parent, delete=False, encoding="utf-8") as new:  # made 0600
            new.write(told)
            new.flush()
            os.fsync(new.fileno())
        Path(new.name).replace(self._path)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _document(link: Link) -> dict[str, Any]:
    instants = {name: None if (at := getattr(link, name)) is None else at.isoformat() for name in ("until", "used_at")}
    return {**link._asdict(), "made_at": link.made_at.isoformat(), **instants}


def _link(row: dict[str, Any]) -> Link:
    made, until, used = (None if row[name] is None else parse_instant(row[name]) for name in ("made_at", "until", "used_at"))
    assert made is not None  # we wrote it
    return Link(row["purpose"], row["person"], row["trial"], made, until, used)


@cache
def links_in(folder: Path) -> Links:
    """The links that are kept in a folder: one keeper for all who ask, so that no two write at once."""
    return Links(folder)
