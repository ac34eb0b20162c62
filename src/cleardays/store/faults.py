"""What can go wrong underneath, in words: a full disk, a locked or damaged file, a server that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, ResourceClosedError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from cleardays.problems import BadInput, Problem


class StoreFault(BadInput):
    """The store cannot be used as asked; nothing that was acknowledged is lost by it."""


class Busy(StoreFault):
    """Somebody else is writing, for longer than we wait."""


class Unsure(StoreFault):
    """The connection went while something was being kept: it is there or it is not, never half of it."""


class Conflict(BadInput):
    """Somebody else told something of this person in between."""


class Refused(StoreFault):
    """The database itself refused what would break its rules."""


_RESTORE = "Run cleardays doctor; copy the file away before anything else, and restore the last backup beside it."
_READ_ONLY = "the store may only be read here.", "Check who owns the file and its folder, and whether the disk is writable."
_FULL = "there is no room left; nothing was kept of the last entry, and all before it is there.", "Free some disk space."
_FAILED = (
    "the disk failed to read or write, or there is no room left on it.",
    "Free some disk space; if that does not help, run cleardays doctor and restore the last backup beside the file.",
)
_BUSY = "somebody else has been writing for too long; nothing was kept of this.", "Try again in a moment."
_GONE = "the connection to the database was lost.", "Check that the server runs and can be reached; then try again."
# How SQLite calls it, what its message says where it has no name for it, and our words.
_SQLITE: tuple[tuple[str, str, type[StoreFault], tuple[str, str]], ...] = (
    ("SQLITE_FULL", "disk is full", StoreFault, _FULL),
    ("SQLITE_BUSY", "database is locked", Busy, _BUSY),
    ("SQLITE_LOCKED", "table is locked", Busy, _BUSY),
    ("SQLITE_READONLY", "readonly database", StoreFault, _READ_ONLY),
    ("SQLITE_CANTOPEN", "unable to open", StoreFault, ("the file cannot be opened.", _READ_ONLY[1])),
    ("SQLITE_CORRUPT", "malformed", StoreFault, ("the file is damaged.", _RESTORE)),
    ("SQLITE_NOTADB", "not a database", StoreFault, ("the file is no store, or it is encrypted, or damaged.", _RESTORE)),
    ("SQLITE_IOERR_SHMSIZE", "SHMSIZE", StoreFault, _FULL),  # no room for what lies beside the file while it is open
    ("SQLITE_IOERR", "disk I/O error", StoreFault, _FAILED),
)
_POSTGRESQL: tuple[tuple[str, type[StoreFault], tuple[str, str]], ...] = (
    ("53100", StoreFault, _FULL),
    ("53300", Busy, ("the server takes no more connections.", "Try again in a moment.")),
    ("55P03", Busy, _BUSY),
    ("57014", Busy, ("it took longer than the server allows.", "Try again in a moment.")),
    ("40", Busy, ("somebody else wrote the same at the same time; nothing was kept of this.", "Try again.")),
    ("25006", StoreFault, ("the database may only be read now.", "Check whether it is a standby; write to the primary.")),
    ("42501", StoreFault, ("this user of the database may not do that.", "Ask its administrator for the right.")),
    ("28", StoreFault, ("the server does not let this user in.", "Check the name and password in the address.")),
    ("3D000", StoreFault, ("the server has no such database.", "Create it first: createdb NAME.")),
    ("XX001", StoreFault, ("the database is damaged.", "Restore the last backup into another database.")),
    ("57P", StoreFault, _GONE),
    ("08", StoreFault, _GONE),
)


@contextmanager
def in_words(place: str, *, keeping: bool = False) -> Iterator[None]:
    """Say faults of the database in words.

    Args:
        place: how the store is called; no password in it.
        keeping: something is being committed, so that after a lost connection nobody knows whether it was.

    Raises:
        StoreFault: instead of what the database driver raised.
    """
    try:
        yield
    except IntegrityError as error:
        how = "This is our fault, not yours; nothing was kept of it. Please report it."
        raise Refused(Problem(place, f"the database refused it ({_first_line(error.orig)}).", how)) from error
    except DBAPIError as error:
        raise _said(error, place, keeping=keeping) from error
    except NoFreeConnection:
        raise Busy(Problem(place, *_BUSY)) from None
    except ResourceClosedError as error:
        raise StoreFault(Problem(place, *_GONE)) from error


def _said(error: DBAPIError, place: str, *, keeping: bool) -> StoreFault:
    kind, words = _known(error)
    lost = error.connection_invalidated or words in (_GONE, _FAILED)
    if lost and keeping:
        what = f"{words[0].removesuffix('.')} just then; it is not known whether the last entry was kept."
        return Unsure(Problem(place, what, "Read again what is there before it is told anew."))
    return kind(Problem(place, *words))


def _known(error: DBAPIError) -> tuple[type[StoreFault], tuple[str, str]]:
    raised = error.orig
    message = _first_line(raised)
    state = getattr(raised, "sqlstate", None)
    if state is not None:
        for start, kind, words in _POSTGRESQL:
            if str(state).startswith(start):
                return kind, words
    elif type(raised).__module__.startswith("psycopg"):
        what = "the database server cannot be reached, or does not let us in."
        return StoreFault, _GONE if error.connection_invalidated else (what, _GONE[1])
    else:
        name = getattr(raised, "sqlite_errorname", "")
        for start, said, kind, words in _SQLITE:
            if name.startswith(start) or (not name and said in message):
                return kind, words
    return StoreFault, (f"the database says: {message}.", "Run cleardays doctor.")


def _first_line(raised: object) -> str:
    return next(iter(str(raised).strip().splitlines()), type(raised).__name__).rstrip(".")
