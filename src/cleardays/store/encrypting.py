"""Encrypt a store, open it by its passphrase, and change the passphrase; at every moment one whole store is there.

The encrypted store is a new file. It is checked against the plain one while nobody can write, and only then takes its
name; its key file is on the disk before. Where somebody pulls the plug in between, the plain store is still there.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from cleardays.problems import BadInput, Problem
from cleardays.store.chain import Head, digest_of_all
from cleardays.store.cipher import Key, begins_plain, key_file_of, new_key, require_secure
from cleardays.store.copying import name_beside, take_key_along
from cleardays.store.engines import PATIENCE_S, place_of
from cleardays.store.faults import Busy, StoreFault, in_words
from cleardays.store.folders import make_folder, sync_folder
from cleardays.store.keyfile import Cost, change_passphrase, read_key_file, require_passphrase, write_key_file
from cleardays.store.opening import missing, open_store
from cleardays.store.people import everybody

_BESIDE = ("-wal", "-shm", "-journal")


class Encrypted(NamedTuple):
    """What was encrypted: how much, the digest of all chains, and where the plain file was kept, None where it was not."""

    file: Path
    people: int
    events: int
    digest: str
    plain: Path | None


def is_encrypted(where: str | Path | None) -> bool:
    """Whether a place needs a passphrase: an encrypted file, or one to come whose key file is there."""
    file = place_of(where).file
    return file is not None and key_file_of(file).exists() and not begins_plain(file)


def key_of(where: str | Path | None, passphrase: str) -> Key:
    """The key of an encrypted store, for `open_store`.

    Raises:
        WrongPassphrase: it does not fit; nothing was changed.
        BadInput: PostgreSQL; the key file is missing or damaged; the extra `secure` is not installed.
    """
    return read_key_file(key_file_of(_file(where)), passphrase)


def make_key(where: str | Path | None, passphrase: str, cost: Cost | None = None) -> Key:
    """A key for a store that is yet to be made, wrapped by a passphrase in the key file beside it.

    Raises:
        BadInput: there is a store or a key file already, the passphrase is too short, the extra is not installed.
    """
    require_secure()
    file, key = _file(where), new_key()
    require_passphrase(passphrase)
    if file.exists() or key_file_of(file).exists():
        how = "Encrypt a store that is there: cleardays store encrypt."
        raise BadInput(Problem(str(file), "there is a store or a key file already.", how))
    with _disk_in_words(file):
        make_folder(file.parent)
    write_key_file(key_file_of(file), key, passphrase, cost)
    return key


def keep_encrypted(backup: Path, where: str | Path | None) -> None:
    """See to it that an encrypted backup is not restored into the open: a new store gets the backup's key file.

    Raises:
        BadInput: the store that is there is not encrypted, or is PostgreSQL.
    """
    file = place_of(where).file
    if file is None:
        how = "Export it first (cleardays store export OUT --store BACKUP), and restore what was exported."
        raise BadInput(Problem(str(backup), "the backup is encrypted, and PostgreSQL would hold it in the open.", how))
    if is_encrypted(file):
        return
    if file.exists():
        how = "Restore it into a new place, which will be encrypted; or encrypt the store first: cleardays store encrypt."
        raise BadInput(Problem(str(file), "the backup is encrypted, and this store is not.", how))
    with _disk_in_words(file):
        make_folder(file.parent)
        take_key_along(backup, file)


def change(where: str | Path | None, old: str, new: str, cost: Cost | None = None) -> None:
    """Another passphrase for a store. Copies of the old key file, as in a backup, still go by the old one.

    Raises:
        WrongPassphrase: the old one does not fit; nothing was changed.
        BadInput: the new one is too short; the store is not there or does not open.
    """
    require_passphrase(new, "new passphrase")
    open_store(where, create=False, key=key_of(where, old)).close()
    change_passphrase(key_file_of(_file(where)), old, new, cost)


def encrypt(where: str | Path | None, passphrase: str, *, keep_plain: bool = True, cost: Cost | None = None) -> Encrypted:
    """Make an encrypted store of a plain one, in its place.

    Args:
        where: the SQLite file.
        passphrase: what opens it from now on.
        keep_plain: keep the plain file under another name. Without it the file is removed; what it held may still be
            found on the disk, in its journals and in backups.
        cost: of deriving a key from the passphrase.

    Raises:
        Busy: somebody else has the store open.
        Broken: a chain of the store does not hold.
        BadInput: it is encrypted, PostgreSQL or not there; the passphrase is too short; the extra is not installed.
        StoreFault: it could not be written or made whole. In every case the plain store is as it was.
    """
    require_secure()
    file = _file(where)
    require_passphrase(passphrase)
    require_plain(file)
    open_store(file, create=False).close()  # what is not ours, newer or damaged is told here; an older one brought up to date
    key, part = new_key(), file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with _disk_in_words(file), _alone(file) as plain, _exported(file, part, key):
            stands = _sums(plain)
            if _checked(part, key) != stands:
                how = "Run cleardays doctor; the plain store is as it was."
                raise StoreFault(Problem(str(file), "the encrypted copy holds something else.", how))
            write_key_file(key_file_of(file), key, passphrase, cost)
            kept = _second_name(file) if keep_plain else None
            _take_place(part, file)
    finally:
        for each in (part, *(part.with_name(f"{part.name}{end}") for end in _BESIDE)):
            each.unlink(missing_ok=True)
    people, events, digest = stands
    return Encrypted(file, people, events, digest, kept)


def _file(where: str | Path | None) -> Path:
    file = place_of(where).file
    if file is None:
        how = "Its disk is encrypted by whoever keeps the server."
        raise BadInput(Problem("store", "only a SQLite file can be encrypted, and this is PostgreSQL.", how))
    return file


def require_plain(where: str | Path | None) -> None:
    """Raise `BadInput` where there is no plain store that could be encrypted: PostgreSQL, nothing, or encrypted already."""
    file = _file(where)
    if not file.exists():
        raise missing(place_of(file))
    if is_encrypted(file):
        how = "To change its passphrase: cleardays store passphrase."
        raise BadInput(Problem(str(file), "it is encrypted already.", how))


@contextmanager
def _alone(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a plain file that nobody else can use meanwhile, and that needs no log beside it.

    It is one of the driver that opens plain stores: two libraries of SQLite in one process do not see each other's locks.
    """
    made = sqlite3.connect(file, timeout=PATIENCE_S, isolation_level=None)
    try:
        try:
            # Only where nobody else has it open can the mode change; and no log stays that the new file would take for its own.
            mode = made.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
            if mode != "delete":
                raise sqlite3.OperationalError(f"the journal stays {mode}")
            made.execute("PRAGMA locking_mode=EXCLUSIVE")
            made.execute("BEGIN EXCLUSIVE")
            made.execute("COMMIT")
        except sqlite3.OperationalError:
            how = "End cleardays everywhere, its local page, too, and try again. Nothing was changed."
            raise Busy(Problem(str(file), "somebody else has it open.", how)) from None
        yield made
    finally:
        made.close()


@contextmanager
def _exported(file: Path, part: Path, key: Key) -> Iterator[None]:
    """The encrypted copy of a file that nobody else can use, whole within the block.

    The plain file is read without locks, and closed only at the end: closing it would drop those of the whole process.
    """
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    both = key.driver.connect(":memory:", uri=True, isolation_level=None)
    try:
        both.execute("PRAGMA cipher_log_level = NONE")
        both.execute("ATTACH DATABASE ? AS plain KEY ''", (f"file:{quote(str(file.absolute()))}?immutable=1",))
        both.execute(f"ATTACH DATABASE ? AS encrypted KEY {key.clause}", (f"file:{quote(str(part.absolute()))}",))
        both.execute("SELECT sqlcipher_export('encrypted', 'plain')")
        both.execute("DETACH DATABASE encrypted")
        yield
    except key.driver.DatabaseError as error:
        how = "Free some disk space, or run cleardays doctor. The plain store is as it was."
        raise StoreFault(Problem(str(part.parent), f"the encrypted copy cannot be written ({error}).", how)) from None
    finally:
        both.close()


def _sums(plain: sqlite3.Connection) -> tuple[int, int, str]:
    asked = plain.execute("SELECT id, head_seq, head_digest FROM person")
    heads = [(person, Head(seq, digest)) for person, seq, digest in asked]
    (events,) = plain.execute("SELECT count(*) FROM event").fetchone()
    return len(heads), events, digest_of_all(heads)


def _checked(part: Path, key: Key) -> tuple[int, int, str]:
    """The same of the encrypted copy, with every chain followed to its end."""
    with open_store(part, create=False, key=key) as store:
        with store.database.reading() as connection:
            people = everybody(connection)
        events = sum(1 for known in people for _ in store.links(known.called))
        heads = [(known.id, known.head) for known in people]
        with store.database.alone() as connection:
            for asked in ("PRAGMA cipher_integrity_check", "PRAGMA integrity_check"):
                said = [row[0] for row in connection.exec_driver_sql(asked)]
                if said not in ([], ["ok"]):
                    how = "Check the disk. The plain store is as it was."
                    raise StoreFault(Problem(str(part.parent), f"the encrypted copy is not whole ({said[0]}).", how))
    return len(people), events, digest_of_all(heads)


def _second_name(file: Path) -> Path:
    """Another name for the plain file, or a copy where the file system has no links."""
    kept = name_beside(file, "plain")
    try:
        os.link(file, kept)
    except OSError:
        import shutil

        shutil.copyfile(file, kept)
        kept.chmod(0o600)
        with kept.open("rb+") as copy:
            os.fsync(copy.fileno())
    sync_folder(file.parent)
    return kept


def _take_place(part: Path, file: Path) -> None:
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    part.replace(file)
    sync_folder(file.parent)


@contextmanager
def _disk_in_words(file: Path) -> Iterator[None]:
    try:
        with in_words(str(file)):
            yield
    except OSError as error:
        how = "Check the room and the rights in its folder. The plain store is as it was."
        raise StoreFault(Problem(str(file), f"it cannot be written: {error.strerror or error}.", how)) from None
