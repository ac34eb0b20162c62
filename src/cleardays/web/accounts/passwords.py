"""Passwords: what may be one, and argon2id that takes the same time whether there is such a login or not."""

from __future__ import annotations

import unicodedata
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cleardays.problems import BadInput, Problem

# RFC 9106, section 4, second recommended option: argon2id, 3 passes over 64 MiB in 4 lanes, 128 bits of salt, 256 of result.
PASSES, MEMORY_KIB, LANES, SALT_BYTES, RESULT_BYTES = 3, 64 * 1024, 4, 16, 32
# NIST SP 800-63B-4, section 3.1.1: length is asked for, mixtures of characters are not.
SHORTEST, LONGEST = 12, 256
_FEWEST_DIFFERENT = 5
_AT_ONCE = 4  # each takes its 64 MiB


class Passwords:
    """Makes and proves what is kept of passwords; several threads may ask."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(PASSES, MEMORY_KIB, LANES, RESULT_BYTES, SALT_BYTES)
        self._room = Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    def kept(self, password: str) -> str:
        """What is kept of a password; it tells the parameters, and nothing of the password."""
        with self._room:
            return self._hasher.hash(_plain(password))

    def proves(self, kept: str | None, password: str) -> bool:
        """Whether this is the password; where none is kept the same work is done, and the answer is no."""
        with self._room:
            try:
                return self._hasher.verify(kept or self._of_nobody(), _plain(password)) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_old(self, kept: str) -> bool:
        """Whether it was made with parameters of before."""
        return self._hasher.check_needs_rehash(kept)

    def _of_nobody(self) -> str:
        if self._nobody is None:
            self._nobody = self._hasher.hash("nobody has this password")
        return self._nobody

    def prepare(self) -> None:
        """Have at hand what the first who comes with an unknown login is held against."""
        with self._room:
            self._of_nobody()


def require_good(password: str, login: str, where: str = "password") -> None:
    """Refuse a password that is guessed soon.

    Raises:
        BadInput: says what is missing.
    """
    plain = _plain(password).decode()
    if len(plain) < SHORTEST:
        how = f"Take at least {SHORTEST}; four words that do not belong together are a good one."
        raise BadInput(Problem(where, f"it has {len(plain)} characters.", how))
    if len(plain) > LONGEST:
        raise BadInput(Problem(where, "it is too long.", f"Take up to {LONGEST} characters."))
    if len(set(plain.casefold())) < _FEWEST_DIFFERENT or login.casefold() in plain.casefold():
        how = "Take four words that do not belong together."
        raise BadInput(Problem(where, "it repeats itself or holds your login, and is guessed soon.", how))


def _plain(password: str) -> bytes:
    """One of all ways to type it (RFC 8265)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")
