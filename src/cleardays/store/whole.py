"""Whether a SQLite file is all there: a copy that broke off is never opened, half of a store is no store.

It is looked at before SQLite opens it: who closes a file last writes its log back into it and removes the log, also
where the file is only half there.
"""

from __future__ import annotations

import struct
import time
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from cleardays.problems import Problem
from cleardays.store.faults import StoreFault

_HEADER, _FRAME = 32, 24
_LOG_STARTS = (0x377F0682, 0x377F0683)
_RESTORE = (
    "Copy it again from where it came, with cleardays closed there or by cleardays store backup;"
    " or restore the last backup (cleardays store restore). Nothing was changed."
)
# While somebody writes, the file and its log cannot be read at one instant; what is truly missing stays missing.
_LOOKS, _BETWEEN_S = 6, 0.05


class _Log(NamedTuple):
    """What a write-ahead log holds: the size of a page, the pages, and how many the database has after the last commit."""

    size: int
    pages: set[int]
    committed: int


def require_all_there(file: Path) -> None:
    """Raise where part of a store is missing, as its log tells; to be asked before the file is opened.

    Raises:
        StoreFault: with what is missing and what to do.
    """
    for look in range(_LOOKS):
        what = _missing(file)
        if what is None:
            return
        if look + 1 < _LOOKS:
            time.sleep(_BETWEEN_S)
    raise StoreFault(Problem(str(file), what or "", _RESTORE))


def require_whole(connection: Connection, file: Path) -> None:
    """Raise where the file is shorter than what its first page says and its log makes up for; SQLite asks for whole pages only.

    Args:
        connection: in a transaction, so that nobody moves pages meanwhile.
        file: of the database.

    Raises:
        StoreFault: with how much is missing and what to do.
    """
    size = int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    what = _cut_off(file, size, pages, _log_of(file))
    if what is not None:
        raise StoreFault(Problem(str(file), what, _RESTORE))


def _missing(file: Path) -> str | None:
    log = _log_of(file)
    there = file.stat().st_size if file.exists() else 0
    if there == 1:  # SQLite takes a single byte for nothing
        return "it is cut off: a single byte is there."
    if there == 0:
        # SQLite would take it for a new database and throw the log away
        lost = f"it is empty or missing, and what was told last lies in {file.name}-wal beside it."
        return lost if _size(file, "-wal") else None
    return _cut_off(file, log.size, log.committed, log)


def _cut_off(file: Path, size: int, pages: int, log: _Log) -> str | None:
    there = file.stat().st_size
    if there >= pages * size:
        return None
    missing = set(range(there // size + 1, pages + 1)) - log.pages
    if not missing:
        return None
    return f"it is cut off: {there:,} of {pages * size:,} bytes are there, and {len(missing):,} pages are missing."


def _log_of(file: Path) -> _Log:
    """The pages that the write-ahead log holds (SQLite's file format, section 4)."""
    pages, since, committed = set[int](), set[int](), 0
    try:
        with file.with_name(f"{file.name}-wal").open("rb") as log:
            header = log.read(_HEADER)
            if len(header) < _HEADER or struct.unpack_from(">I", header)[0] not in _LOG_STARTS:
                return _Log(1, set(), 0)
            (size,) = struct.unpack_from(">I", header, 8)
            while len(frame := log.read(_FRAME)) == _FRAME and frame[8:16] == header[16:24]:  # of this turn of the log
                page, after = struct.unpack_from(">II", frame)
                if log.seek(size, 1) > _size(file, "-wal"):
                    break
                since.add(page)
                if after:  # a commit
                    pages |= since
                    since.clear()
                    committed = after
    except OSError:
        return _Log(1, set(), 0)
    return _Log(size, pages, committed)


def _size(file: Path, end: str) -> int:
    try:
        return file.with_name(f"{file.name}{end}").stat().st_size
    except OSError:
        return 0
