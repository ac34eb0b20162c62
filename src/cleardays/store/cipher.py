"""The key that opens an encrypted SQLite file, by SQLCipher: AES-256 with a check on every page.

The key is random, so SQLCipher derives nothing from it and a connection opens at once; what a passphrase costs is
paid once, where `keyfile` unwraps the key.

>>> Key(bytes(32))
Key()
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from cleardays.problems import BadInput, Problem

KEY_BYTES = 32
# What every plain SQLite file begins with; an encrypted one begins with a random salt.
PLAIN_START = b"SQLite format 3\0"
_MODULES = {"argon2": "argon2-cffi", "cryptography": "cryptography", "sqlcipher3": "sqlcipher3"}


@dataclass(frozen=True)
class Key:
    """The 32 bytes that open an encrypted store; never printed."""

    raw: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """A key of any other length opens nothing."""
        if len(self.raw) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")

    @property
    def driver(self) -> ModuleType:
        """SQLCipher's driver; raises `BadInput`, saying what to install, where it is missing."""
        require_secure()
        from sqlcipher3 import dbapi2

        module: ModuleType = dbapi2
        return module

    @property
    def clause(self) -> str:
        """As SQLCipher's PRAGMA and ATTACH take it; in hexadecimal, so that nothing in it can act as SQL."""
        return f"\"x'{self.raw.hex()}'\""

    def unlock(self, connection: Any) -> None:  # noqa: ANN401  # a connection of the driver
        """Give the key to a fresh connection; raises `BadInput` where it does not open the file."""
        connection.execute("PRAGMA cipher_log_level = NONE")  # else it writes to stderr what we say better
        connection.execute(f"PRAGMA key = {self.clause}")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except self.driver.DatabaseError as error:
            if getattr(error, "sqlite_errorname", "") != "SQLITE_NOTADB":
                raise
            raise BadInput(_does_not_open(_file_of(connection))) from None


def new_key() -> Key:
    """A key from the system's source of randomness."""
    return Key(secrets.token_bytes(KEY_BYTES))


def require_secure() -> None:
    """Raise, saying what to install, where the extra `secure` is not there."""
    missing = [package for module, package in _MODULES.items() if find_spec(module) is None]
    if missing:
        how = "Install it: pip install 'cleardays[secure]'."
        raise BadInput(Problem("encrypted store", f"{', '.join(missing)} is not installed.", how))


def begins_plain(path: Path) -> bool:
    """Whether a file begins as a plain SQLite database does; one that is empty or cannot be read does not."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(PLAIN_START)) == PLAIN_START
    return False


def key_file_of(database: str | Path) -> Path:
    """Where the wrapped key of a database lies.

    >>> key_file_of("diary.sqlite3").name
    'diary.sqlite3.key'
    """
    path = Path(database)
    return path.with_name(f"{path.name}.key")


def require_fitting(file: Path | None, key: object | None) -> None:
    """Raise where a key is given for what has none, or none for what needs one.

    Args:
        file: of the store; None is PostgreSQL.
        key: None where none was given.
    """
    if file is None:
        if key is not None:
            how = "Its disk is encrypted by whoever keeps the server. Leave the key out."
            raise BadInput(Problem("store", "a key opens a SQLite file, and this is PostgreSQL.", how))
        return
    beside = key_file_of(file).exists()
    empty = not file.exists() or file.stat().st_size == 0
    if key is None and beside and not begins_plain(file):
        raise BadInput(Problem(str(file), "this store is encrypted.", "Give its passphrase."))
    if key is not None and empty and not beside:
        how = "Write its key file first, so that a passphrase gives the key back: nobody could open the store without it."
        raise BadInput(Problem(str(file), "an encrypted store is not made for a key that is kept nowhere.", how))


def _file_of(connection: Any) -> Path | None:  # noqa: ANN401
    for _, name, file in connection.execute("PRAGMA database_list"):
        if name == "main" and file:
            return Path(file)
    return None


def _does_not_open(path: Path | None) -> Problem:
    where = str(path or "encrypted store")
    if path is not None and begins_plain(path):
        return Problem(
            where, "this store is not encrypted.", "Open it without a passphrase, or encrypt it: cleardays store encrypt."
        )
    how = "Put back the key file that was beside this very file, or restore a backup of both. Nothing was changed."
    return Problem(where, "the key does not open it: the key file belongs to another store, or the store is damaged.", how)
