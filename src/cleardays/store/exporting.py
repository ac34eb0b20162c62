"""Everything that was told, as lines of JSON that any engine can read back; docs/reference/store.md describes them.

One line says what the file is. Then each person in a line, with the key that opens their events, followed by those
events, each in a line with the very text that the chain was made of. The last line counts them, so that a file that was
cut off is known by it. Whoever has the file can read it: it is to be kept as the store is.
"""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, select

from cleardays.problems import BadInput, Problem
from cleardays.store import tables
from cleardays.store.account_rows import lines_of_accounts
from cleardays.store.batch import links_of
from cleardays.store.chain import Head, digest_of_all
from cleardays.store.copying import give_name, occupied, part_of
from cleardays.store.database import Database
from cleardays.store.erasing import erasures
from cleardays.store.faults import StoreFault
from cleardays.store.people import Known, everybody
from cleardays.store.written import read_sealed
from cleardays.trial.story.events import canonical, say_instant

FORMAT, VERSION = "cleardays stories", 1
_LONGEST_LINE = 64_000_000  # characters; the longest event has fewer also where every one of them is escaped
_ALL = 2**31 - 1  # also those that stand after the head of a damaged store
Document = dict[str, Any]
Whose = Callable[[str], bool]


def documents(
    connection: Connection, whose: Whose | None = None, *, readable: bool = False, accounts: bool = False
) -> Iterator[Document]:
    """What a store holds, line by line; nothing is checked, so that what is damaged can be saved too.

    Args:
        connection: in a transaction that sees one state.
        whose: whether a person is in it, by the name, or the id of who was erased; None is everybody.
        readable: beside each sealed text the event that it holds.
        accounts: also who may come in, what is shown to whom, and the audit.
    """
    yield {"format": FORMAT, "version": VERSION, "made_at": say_instant(datetime.now(UTC))}
    added = {row.id: row.added_at for row in connection.execute(select(tables.person.c.id, tables.person.c.added_at))}
    erased = erasures(connection)
    heads, count = dict[str, Head](), 0
    for known in sorted(everybody(connection), key=lambda known: (known.name is None, known.called)):
        if whose is not None and not whose(known.called):
            continue
        heads[known.id] = known.head
        yield with_sum(_person(known, added[known.id], erased.get(known.id)))
        for event in _events(connection, known, readable=readable):
            count += 1
            yield event
    rows = 0
    for line in lines_of_accounts(connection) if accounts else ():
        rows += 1
        yield with_sum(line)
    end: Document = {"people": len(heads), "events": count, "digest": digest_of_all(heads.items())}
    yield {**end, "rows": rows} if accounts else end


def with_sum(line: Document) -> Document:
    """A line with a digest of itself, which tells a turned bit in what no chain holds: a name, a key, an account."""
    told = {name: value for name, value in line.items() if name != "sum"}
    return {**told, "sum": sha256(canonical(told).encode()).hexdigest()}


def write_lines(lines: Iterable[Document], out: IO[str]) -> Document:
    """Write documents, a line each; returns the last."""
    last: Document = {}
    for last in lines:  # the last is returned
        out.write(json.dumps(last, separators=(",", ":")))  # in ASCII, which no terminal or locale changes
        out.write("\n")
    return last


def export(database: Database, target: Path, whose: Whose | None = None, *, readable: bool = False) -> Document:
    """Write a store into a file that is not there yet, for its owner alone; returns its last line.

    Accounts and the audit are in it where everybody is.

    Raises:
        BadInput: there is a file already.
        StoreFault: it cannot be read or written; nothing is left.
    """
    if target.exists():
        raise occupied(target)
    part = part_of(target)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii", newline="\n") as out, database.reading() as connection:
            last = write_lines(documents(connection, whose, readable=readable, accounts=whose is None), out)
        give_name(part, target)
    except OSError as error:
        what = f"it cannot be written: {error.strerror or error}."
        raise StoreFault(Problem(str(target), what, "Give another place; nothing was left there.")) from None
    finally:
        part.unlink(missing_ok=True)
    return last


def read_lines(source: Path) -> Iterator[Document]:
    """The documents of a file that `export` wrote; each line is an object, and nothing more is checked here.

    Raises:
        BadInput: it cannot be read, or a line is no object.
    """
    try:
        with source.open(encoding="utf-8", newline="\n") as lines:
            number = 0
            while line := lines.readline(_LONGEST_LINE):
                number += 1
                yield _object(line, f"{source}, line {number}")
    except OSError as error:
        raise BadInput(Problem(str(source), f"it cannot be read: {error.strerror or error}.", "Check the path.")) from None
    except UnicodeDecodeError:
        raise damaged(f"{source}, after line {number}", "it is no text") from None


def damaged(where: str, what: str) -> BadInput:
    """What to raise where a file is not what was written."""
    return BadInput(Problem(where, f"the file is damaged: {what}; nothing of it was kept.", "Take another backup."))


def _object(line: str, where: str) -> Document:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not line.endswith("\n"):
        raise damaged(where, "the line is cut off or is no object")
    return found


def _person(known: Known, added_at: str | None, erased_at: str | None) -> Document:
    key = None if known.key is None else urlsafe_b64encode(known.key).decode("ascii")
    line: Document = {"person": known.id, "name": known.name, "added_at": added_at, "key": key}
    if known.name is None:
        line["erased_at"] = erased_at
    return {**line, "events": known.head.seq, "digest": known.head.digest}


def _events(connection: Connection, known: Known, *, readable: bool) -> Iterator[Document]:
    seal = known.seal if readable and known.key is not None else None
    for link in links_of(connection, known.id, 0, _ALL):
        line: Document = {"seq": link.seq, "text": link.text, "digest": link.digest}
        if seal is not None:
            line["event"] = read_sealed(seal, link.seq, link.text, f"event {link.seq}").document()
        yield line
