"""Everything that was told, as lines of JSON that any engine can read back; docs/reference/store.md describes them.

One line says what the file is. Then each person in a line, followed by their events, each in a line with the very text
that the chain was made of. The last line counts them, so that a file that was cut off is known by it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, select

from cleardays.problems import BadInput, Problem
from cleardays.store import tables
from cleardays.store.chain import Head, digest_of_all
from cleardays.store.copying import give_name, occupied, part_of
from cleardays.store.database import Database
from cleardays.store.faults import StoreFault
from cleardays.trial.story.events import say_instant

FORMAT, VERSION = "cleardays stories", 1
_LONGEST_LINE = 64_000_000  # characters; the longest event has fewer also where every one of them is escaped
Document = dict[str, Any]
Whose = Callable[[str], bool]


def documents(connection: Connection, whose: Whose = lambda _: True) -> Iterator[Document]:
    """What a store holds, line by line; nothing is checked, so that what is damaged can be saved too.

    Args:
        connection: in a transaction that sees one state.
        whose: whether a person is in it.
    """
    yield {"format": FORMAT, "version": VERSION, "made_at": say_instant(datetime.now(UTC))}
    table = tables.person
    asked = select(table.c.id, table.c.added_at, table.c.head_seq, table.c.head_digest)
    heads, count = dict[str, Head](), 0
    for person, added_at, seq, digest in sorted(row for row in connection.execute(asked) if whose(row.id)):
        heads[person] = Head(seq, digest)
        yield {"person": person, "added_at": added_at, "events": seq, "digest": digest}
        for event in _events(connection, person):
            count += 1
            yield event
    yield {"people": len(heads), "events": count, "digest": digest_of_all(heads.items())}


def write_lines(lines: Iterable[Document], out: IO[str]) -> Document:
    """Write documents, a line each; returns the last."""
    last: Document = {}
    for last in lines:  # the last is returned
        out.write(json.dumps(last, separators=(",", ":")))  # in ASCII, which no terminal or locale changes
        out.write("\n")
    return last


def export(database: Database, target: Path, whose: Whose = lambda _: True) -> Document:
    """Write a store into a file that is not there yet, for its owner alone; returns its last line.

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
        with open(handle, "w", encoding="ascii", newline="\n") as out, database.reading() as connection:  # noqa: PTH123
            last = write_lines(documents(connection, whose), out)
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


def _events(connection: Connection, person: str) -> Iterator[Document]:
    table = tables.event
    asked = select(table.c.seq, table.c.body, table.c.digest).where(table.c.person == person).order_by(table.c.seq)
    for seq, text, digest in connection.execute(asked):
        yield {"seq": seq, "text": text, "digest": digest}
