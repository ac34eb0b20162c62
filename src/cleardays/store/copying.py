"""A copy of a SQLite store while it is in use: the state of one instant, whole or not there at all."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from cleardays.problems import BadInput, Problem
from cleardays.store.cipher import key_file_of
from cleardays.store.database import Database
from cleardays.store.engines import Place, engine_of
from cleardays.store.faults import StoreFault
from cleardays.store.folders import make_folder, sync_folder


def copy_file(database: Database, target: Path) -> None:
    """Copy a store into a file that is not there yet; only its owner can read it, and it opens with the same key.

    It is written beside its place, checked by the database, brought to the disk, and only then takes its name.

    Args:
        database: of a SQLite file.
        target: the new file.

    Raises:
        BadInput: there is a file already.
        StoreFault: it could not be read, written or made whole; nothing is left.
    """
    if target.exists():
        raise occupied(target)
    part = part_of(target)
    try:
        make_folder(target.parent)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(database, Database(Place(str(target), part), engine_of(Place(str(part), part), database.key)))
        if database.key is not None and database.place.file is not None:
            take_key_along(database.place.file, target)  # before, so that no copy is ever without it
        give_name(part, target)
    except OSError as error:
        what = f"it cannot be written: {error.strerror or error}."
        raise StoreFault(Problem(str(target), what, "Give another place; nothing was left there.")) from None
    finally:
        for each in (part, *(part.with_name(f"{part.name}{end}") for end in ("-wal", "-shm", "-journal"))):
            each.unlink(missing_ok=True)


def take_key_along(file: Path, target: Path) -> None:
    """Copy the key file of an encrypted store beside a copy of it; the passphrase of that day opens the copy.

    Raises:
        BadInput: there is a key file of that name already.
        OSError: it cannot be read or written.
    """
    part = part_of(key_file_of(target))
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as copy:
            copy.write(key_file_of(file).read_bytes())
        give_name(part, key_file_of(target))
    finally:
        part.unlink(missing_ok=True)


def part_of(target: Path) -> Path:
    """Where a file is written before it takes its name."""
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")


def name_beside(file: Path, why: str) -> Path:
    """A free name for a copy beside a file: what it is, why it was made, and when."""
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    names = (f"{file.name}.{why}.{at}{turn}.backup" for turn in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for path in map(file.with_name, names) if not path.exists())


def occupied(target: Path) -> BadInput:
    """What to raise where a file would be overwritten."""
    return BadInput(Problem(str(target), "there is a file already.", "Give a name that is free; nothing is overwritten."))


def give_name(part: Path, target: Path) -> None:
    """Bring a finished file to the disk, then give it its name there; a file that came in between stays.

    Raises:
        BadInput: there is a file of that name.
        OSError: the disk refuses.
    """
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    try:
        os.link(part, target)
    except FileExistsError:
        raise occupied(target) from None
    except OSError:  # a file system without links
        if target.exists():
            raise occupied(target) from None
        os.replace(part, target)
    sync_folder(target.parent)


def _copy(source: Database, copy: Database) -> None:
    try:
        with source.alone() as old, copy.alone() as new:
            there, here = old.connection.driver_connection, new.connection.driver_connection
            assert there is not None  # both have just been opened
            assert here is not None
            try:
                there.backup(here)
            except source.engine.dialect.loaded_dbapi.Error as error:
                raise DBAPIError("backup", None, error) from error
            new.exec_driver_sql("PRAGMA journal_mode=DELETE")  # one file, that needs nothing beside it to be read
            said = new.exec_driver_sql("PRAGMA integrity_check").scalar()
        if said != "ok":
            how = "Run cleardays doctor; an earlier backup may be whole."
            raise StoreFault(Problem(source.words, f"the copy is not whole ({said}).", how))
    finally:
        copy.close()
