"""Passphrases that lock a private space: only their Argon2id digests are kept, beside the store, for this machine alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from cleardays.problems import BadInput, Problem

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_FILE = "locks.json"
_SHORTEST, _LONGEST = 8, 1024


class Locks:
    """The locks of a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._guard = Lock()
        self._known = self._read()

    def has(self, person: str) -> bool:
        """Whether there is one."""
        return person in self._known

    def put(self, person: str, passphrase: str) -> None:
        """Lock with a passphrase from now on.

        Raises:
            BadInput: it is too short, or too long.
        """
        if not _SHORTEST <= len(passphrase) <= _LONGEST:
            how = "Several words are easy to keep and hard to guess. Nobody can tell it to you later."
            raise BadInput(Problem("passphrase", f"it has fewer than {_SHORTEST} characters, or far too many.", how))
        digest = _hasher().hash(passphrase)
        with self._guard:
            self._write({**self._known, person: digest})

    def remove(self, person: str) -> None:
        """Lock it no more."""
        with self._guard:
            self._write({name: digest for name, digest in self._known.items() if name != person})

    def opens(self, person: str, passphrase: str) -> bool:
        """Whether a passphrase is the one; takes a while on purpose."""
        from argon2.exceptions import InvalidHashError, VerificationError

        digest = self._known.get(person)
        if digest is None or len(passphrase) > _LONGEST:
            return False
        try:
            return _hasher().verify(digest, passphrase)
        except (VerificationError, InvalidHashError):
            return False

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:  # never taken for "no lock"
            how = "Put it back from a backup; without it nothing that was locked can be shown."
            raise BadInput(Problem(str(self._file), f"it cannot be read ({error}).", how)) from None
        if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
            raise BadInput(Problem(str(self._file), "it holds no locks.", "Put it back from a backup."))
        return found

    def _write(self, locks: dict[str, str]) -> None:
        """All or nothing, and readable by nobody else."""
        beside = self._file.with_suffix(".new")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(locks, out)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(self._file)
        self._known = locks


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()  # Argon2id, as RFC 9106 recommends where memory is scarce
