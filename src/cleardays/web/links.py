"""Links that are handed out: an address with a secret in it that shows one thing until a day, or until it is taken back.

What is kept is never the secret, only its hash; so whoever reads the file of links can open none of them. What a link
shows is not kept either: it is made anew from the story as it was known when the link was made. A link of somebody whose
story is gone shows nothing.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import msgspec

from cleardays.problems import BadInput, Problem
from cleardays.store.folders import sync_folder

_SECRET_BYTES = 32
_LONGEST = 100  # characters of a secret that is looked up
_MOST = 200  # links of one kind of one person


class Link(NamedTuple):
    """One link: by what name it is taken back, what it shows of whom, since when and until when (None: until taken back).

    `says` is what its kind needs to know to show it again.
    """

    id: str
    what: str
    person: str
    made_at: datetime
    ends_at: datetime | None
    by: str
    says: Mapping[str, str]


class _Kept(msgspec.Struct, frozen=True):
    """A link as it stands in the file, by the hash of its secret."""

    hash: str
    id: str
    what: str
    person: str
    made_at: datetime
    ends_at: datetime | None
    by: str
    says: dict[str, str]

    @property
    def link(self) -> Link:
        return Link(self.id, self.what, self.person, self.made_at, self.ends_at, self.by, self.says)

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now


class Links:
    """The links of one server, in a file that only it may read."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._file, self._clock, self._lock = folder / "links.json", clock, Lock()

    def make(
        self, what: str, person: str, *, by: str, lasts: timedelta | None, says: Mapping[str, str] | None = None
    ) -> tuple[str, Link]:
        """A new link with its secret, which is told this once and never again.

        Args:
            what: its kind, such as "report" or "calendar".
            person: of whom it shows something.
            by: who made it.
            lasts: until when; None until it is taken back.
            says: what its kind needs to show it.

        Raises:
            BadInput: there are too many already.
        """
        secret, now = secrets.token_urlsafe(_SECRET_BYTES), self._clock()
        ends = None if lasts is None else now + lasts
        with self._lock:
            kept = [each for each in self._read() if not each.is_over(now)]
            if sum(each.what == what and each.person == person for each in kept) >= _MOST:
                how = "Take back those that nobody needs any more."
                raise BadInput(Problem("link", f"there are {_MOST} links already.", how))
            made = _Kept(_hash(secret), secrets.token_hex(8), what, person, now, ends, by, dict(says or {}))
            self._write([*kept, made])
        return secret, made.link

    def find(self, what: str, secret: str) -> Link | None:
        """The link of a secret; None where there is none of this kind, it has ended, or it was taken back."""
        if not secret or len(secret) > _LONGEST:
            return None
        looked_for, now = _hash(secret), self._clock()
        with self._lock:
            kept = self._read()
        found = next((each for each in kept if secrets.compare_digest(each.hash, looked_for)), None)
        return None if found is None or found.what != what or found.is_over(now) else found.link

    def of(self, what: str, person: str) -> tuple[Link, ...]:
        """The links of a person that still show something, the youngest first."""
        now = self._clock()
        with self._lock:
            kept = self._read()
        found = [each.link for each in kept if each.what == what and each.person == person and not each.is_over(now)]
        return tuple(sorted(found, key=lambda link: link.made_at, reverse=True))

    def take_back(self, person: str, name: str) -> bool:
        """End a link of a person now; whether there was one."""
        with self._lock:
            kept = self._read()
            rest = [each for each in kept if (each.person, each.id) != (person, name)]
            if len(rest) < len(kept):
                self._write(rest)
        return len(rest) < len(kept)

    def forget(self, person: str) -> None:
        """End every link of a person."""
        with self._lock:
            self._write([each for each in self._read() if each.person != person])

    def _read(self) -> list[_Kept]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=list[_Kept])
        except FileNotFoundError:
            return []
        except (msgspec.MsgspecError, OSError) as error:
            how = "Delete it: every link that was handed out then shows nothing any more."
            raise BadInput(Problem(self._file.name, f"the file of links cannot be read ({error}).", how)) from None

    def _write(self, kept: list[_Kept]) -> None:
        """Put the file there whole, for its owner only; an older one stands until the new one is on the disk."""
        handle, name = tempfile.mkstemp(dir=self._file.parent, prefix=".links.")  # made with 0600
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(kept))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_folder(self._file.parent)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
