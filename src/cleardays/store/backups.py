"""What is in a backup, a copy or an export alike: each person with their chain, held against what the backup says of itself."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cleardays.problems import BadInput, Problem, shown
from cleardays.store.account_rows import Row, read_row
from cleardays.store.chain import Head, Link, beginning, digest_of_all, follow
from cleardays.store.database import Database
from cleardays.store.engines import Key, Place
from cleardays.store.exporting import FORMAT, VERSION, Document, damaged, documents, read_lines, with_sum
from cleardays.store.opening import open_database, standing
from cleardays.store.people import Known, is_id, person_name
from cleardays.store.sealing import KEY_BYTES
from cleardays.store.written import read_sealed
from cleardays.trial.story.events import Event

_START = b'{"'  # of an export


class Told(NamedTuple):
    """One person of a backup; of who was erased, `erased_at` says when, and nothing can be opened."""

    known: Known
    added_at: str | None
    erased_at: str | None


class Found(NamedTuple):
    """What a backup holds, and the digest of all its chains."""

    people: int
    events: int
    digest: str


Kept = Iterator[tuple[Link, Event | None]]


@contextmanager
def lines_of(source: Path, key: Key | None = None) -> Iterator[Iterator[Document]]:
    """The documents of a backup: of an export its lines, of a copy those that it would be exported to.

    Raises:
        BadInput: it cannot be read, or the database itself says that it is damaged.
    """
    try:
        with source.open("rb") as file:
            start = file.read(len(_START))
    except OSError as error:
        raise BadInput(Problem(str(source), f"it cannot be read: {error.strerror or error}.", "Check the path.")) from None
    if start == _START:
        yield read_lines(source)
        return
    database = open_database(Place(str(source), source), key=key, read_only=True)
    try:
        _require_whole(database)
        with database.reading() as connection:
            yield documents(connection, accounts=True)
    finally:
        database.close()


def read_through(source: Path, *, key: Key | None = None) -> Found:
    """Follow every chain of a backup and read every event.

    Raises:
        BadInput: it is not whole.
        Broken: a chain does not hold.
    """
    with lines_of(source, key) as lines:
        return take(lines, str(source), lambda _, kept: sum(1 for _ in kept), lambda rows: sum(1 for _ in rows))


def take(
    lines: Iterator[Document], where: str, keep: Callable[[Told, Kept], object], keep_rows: Callable[[Iterator[Row]], object]
) -> Found:
    """Hand over each person with their events, in order, then the rows of accounts; both take all of them.

    Raises:
        BadInput: something is missing, too much, or not what it should be.
        Broken: a chain does not hold.
    """
    _require_ours(next(lines, {}), where)
    heads, names, after = dict[str, Head](), set[str](), Document()
    for line in lines:
        if "person" not in line:
            after = line
            break
        told = _told(line, where)
        if told.known.id in heads or told.known.called in names:
            raise damaged(where, f"{shown(told.known.called)} stands there twice")
        heads[told.known.id] = told.known.head
        names.add(told.known.called)
        keep(told, _events(told.known, lines, where))
    rows = _Rows(after, lines, where)
    keep_rows(iter(rows))
    found = Found(len(heads), sum(head.seq for head in heads.values()), digest_of_all(heads.items()))
    end: Document = {"people": found.people, "events": found.events, "digest": found.digest}
    if rows.last not in ({**end, "rows": rows.count}, *([] if rows.count else [end])):
        raise damaged(where, "its end is missing, or does not count what stands before it")
    if next(lines, None) is not None:
        raise damaged(where, "something stands after its end")
    return found


class _Rows:
    """The rows of accounts, from the first line after the people on; `last` is the line after them."""

    def __init__(self, first: Document, lines: Iterator[Document], where: str) -> None:
        self.last, self.count = first, 0
        self._lines, self._where = lines, where

    def __iter__(self) -> Iterator[Row]:
        while "row" in self.last:
            row = read_row(self.last)
            if row is None or with_sum(self.last) != self.last:
                raise damaged(self._where, "a row of the accounts is not what was written")
            self.count += 1
            yield row
            self.last = next(self._lines, {})


def _events(known: Known, lines: Iterator[Document], where: str) -> Kept:
    seal = None if known.key is None else known.seal
    for link in follow(known.id, _links(known, lines, where), known.head, known.called):
        said = f"{where}, event {link.seq} of {shown(known.called)}"
        yield link, None if seal is None else read_sealed(seal, link.seq, link.text, said)


def _links(known: Known, lines: Iterator[Document], where: str) -> Iterator[Link]:
    before = beginning(known.id).digest
    for _ in range(known.head.seq):
        line = next(lines, {})
        seq, text, digest = line.get("seq"), line.get("text"), line.get("digest")
        if not (isinstance(seq, int) and isinstance(text, str) and isinstance(digest, str)):
            raise damaged(where, f"{shown(known.called)} has fewer than {known.head.seq} events")
        yield Link(seq, text, before, digest)
        before = digest


def _told(line: Document, where: str) -> Told:
    person, name, added_at, key, erased_at, seq, digest = (
        line.get(part) for part in ("person", "name", "added_at", "key", "erased_at", "events", "digest")
    )
    if not (isinstance(person, str) and is_id(person) and isinstance(digest, str)) or with_sum(line) != line:
        raise damaged(where, "a line stands where a person should, or is not what was written")
    if isinstance(seq, bool) or not isinstance(seq, int) or seq < 0:
        raise damaged(where, f"it does not say how many events {shown(person)} has")
    if name is None and key is None and added_at is None and isinstance(erased_at, str):
        return Told(Known(person, None, Head(seq, digest), None), None, erased_at)
    if not (isinstance(name, str) and isinstance(added_at, str) and isinstance(key, str)) or person_name(name) != name:
        raise damaged(where, f"the name or the key of {shown(person)} is missing")
    return Told(Known(person, name, Head(seq, digest), _key(key, where)), added_at, None)


def _key(text: str, where: str) -> bytes:
    try:
        key = urlsafe_b64decode(text.encode("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise damaged(where, "a key is cut off")
    return key


def _require_ours(first: Document, where: str) -> None:
    if first.get("format") != FORMAT:
        raise BadInput(Problem(where, "it is no backup of cleardays.", "Give a file that cleardays store backup wrote."))
    if first.get("version") != VERSION:
        what = f"it is of version {shown(str(first.get('version')))}, and {VERSION} is known."
        raise BadInput(Problem(where, what, "Update cleardays; nothing was changed."))


def _require_whole(database: Database) -> None:
    with database.reading() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if said != "ok":
        raise damaged(database.words, str(said))
    if standing(database) is None:
        raise BadInput(Problem(database.words, "it holds no store.", "Give a backup that cleardays made."))
