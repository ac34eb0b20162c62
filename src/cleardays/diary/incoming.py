"""What comes in to be imported, as an open stream: a file, or the one file inside a zip; large exports in pieces."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from cleardays.diary import own_csv
from cleardays.diary.importing import AUTO, Imported, Request, format_named, import_apple, import_text, own_diary
from cleardays.diary.layouts import apple_health
from cleardays.diary.own_csv import MAGIC
from cleardays.diary.unpacking import BROKEN, holds_diary, require_inside, unpack
from cleardays.problems import BadInput, Problem, shown

ENCODINGS = ("utf-8", "utf-16", "windows-1250", "windows-1251", "windows-1252", "iso-8859-15", "gb18030", "shift_jis")
_MB = 1024 * 1024
_LARGEST_TEXT = 256 * _MB  # a lifetime of entries has less
_LARGEST_STREAM = 20 * 1024 * _MB
_MOST_GROWTH = 250  # times that a zip may unpack to, beyond the first megabytes; exports reach about 50
_FREE_GROWTH = 64 * _MB
_HEAD = 256 * 1024
_MOST_FILES = 10_000
# How files begin that people take for a table.
_NO_TABLES = {
    b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "a spreadsheet or another office document", MAGIC: "a spreadsheet or another packed file",
}  # fmt: skip


def import_stream(stream: BinaryIO, name: str, request: Request, encoding: str | None = None) -> Imported:
    """Read a diary from an open stream, which a zip need not be able to seek in.

    Raises:
        BadInput: with everything that is wrong with it.
    """
    head = stream.read(_HEAD)
    if head.startswith(MAGIC):
        return _from_zip(_seekable(head, stream, name), name, request, encoding)
    if format_named(request.layout) in (AUTO, apple_health.LAYOUT) and apple_health.looks_like(head):
        return import_apple(cast("BinaryIO", _Joined(head, stream)), name, request)
    return import_text(decoded(head + stream.read(_LARGEST_TEXT + 1 - len(head)), name, encoding), name, request)


class _Joined:
    """What was read ahead, then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int) -> bytes:
        if self._head:
            piece, self._head = self._head[:size], self._head[size:]
            return piece
        return self._rest.read(size)


class _Bounded:
    """A file inside a zip, read up to what can be true."""

    def __init__(self, packed: BinaryIO, packed_size: int, name: str) -> None:
        self._packed, self._name = packed, name
        self._left = min(_LARGEST_STREAM, max(_FREE_GROWTH, _MOST_GROWTH * packed_size))

    def read(self, size: int) -> bytes:
        try:
            piece = self._packed.read(size)
        except BROKEN as error:
            raise BadInput(Problem(self._name, f"the zip cannot be read ({error}).", "Take an undamaged copy.")) from None
        self._left -= len(piece)
        if self._left < 0:
            raise BadInput(Problem(self._name, "it unpacks to far more than a genuine export.", "Give a genuine export."))
        return piece


def decoded(raw: bytes, name: str, encoding: str | None) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or the encoding that was asked for.

    Raises:
        BadInput: too large, empty, or no such text.
    """
    if len(raw) > _LARGEST_TEXT:
        raise BadInput(Problem(name, f"there are more than {_LARGEST_TEXT // _MB} MB.", "Split it by person or by year."))
    for magic, kind in _NO_TABLES.items():
        if raw.startswith(magic):
            raise BadInput(_no_table(name, kind))
    if not raw.strip():
        raise BadInput(Problem(name, "the file is empty.", "Export the diary again, or check that this is the right file."))
    chosen = encoding or ("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")
    try:
        text = raw.decode("utf-8-sig" if chosen == "utf-8" else chosen)
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        line = raw.count(b"\n", 0, at) + 1
        cure = "Save it in UTF-8, or say what it is: --encoding windows-1252."
        byte = f"the byte 0x{raw[at]:02x}" if at < len(raw) else "its end"
        raise BadInput(Problem(f"{name}, line {line}", f"{byte} is not {chosen.upper()} text.", cure)) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise BadInput(Problem(f"{name}, line {line}", "the file holds a NUL character, so it is not text.", "Save it as CSV."))
    return text


def _no_table(name: str, kind: str) -> Problem:
    return Problem(name, f"this is {kind}, not a table.", "Export CSV from the program that wrote it, and give that file.")


def _document(entries: list[zipfile.ZipInfo]) -> str | None:
    """What an office document is; it is a zip as well."""
    names = {entry.filename for entry in entries[:_MOST_FILES]}
    if "[Content_Types].xml" not in names and not {"mimetype", "content.xml"} <= names:
        return None
    return "a text document" if any(name.startswith("word/") for name in names) else "a spreadsheet"


def _seekable(head: bytes, stream: BinaryIO, name: str) -> BinaryIO:
    if stream.seekable():
        stream.seek(0)
        return stream
    raw = head + stream.read(_LARGEST_TEXT + 1 - len(head))
    if len(raw) > _LARGEST_TEXT:
        raise BadInput(Problem(name, f"there are more than {_LARGEST_TEXT // _MB} MB.", "Give the file by its path."))
    return io.BytesIO(raw)


def _from_zip(stream: BinaryIO, name: str, request: Request, encoding: str | None) -> Imported:
    """Our own zip, or a zip that holds one file of another program."""
    try:
        archive = zipfile.ZipFile(stream)
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except BROKEN as error:
        raise BadInput(Problem(name, f"the zip cannot be read ({error}).", "Take an undamaged copy.")) from None
    with archive:
        if kind := _document(entries):
            raise BadInput(_no_table(name, kind))
        if len(entries) > _MOST_FILES:
            raise BadInput(Problem(name, f"the zip holds {len(entries):,} files.", "Give the one file of the diary."))
        for entry in entries:
            require_inside(entry.filename, name)
        if holds_diary(archive):
            return _own(stream, name, request)
        exports = [entry for entry in entries if entry.filename.lower().endswith(".xml") and _is_export(archive, entry, name)]
        if len(exports) == 1:
            inside = f"{name}/{Path(exports[0].filename).name}"
            with _member(archive, exports[0], inside) as packed:
                return import_apple(packed, inside, request)
        single = [entry for entry in entries if not entry.filename.startswith("__MACOSX/")]
        if len(single) != 1 or exports:
            what = "the zip holds no days.csv, no export of Apple Health, and not one file alone."
            raise BadInput(Problem(name, what, "Unpack it and give the file of the diary."))
        inside = f"{name}/{Path(single[0].filename).name}"
        with _member(archive, single[0], inside) as packed:
            raw = packed.read(_LARGEST_TEXT + 1)
    return import_text(decoded(raw, inside, encoding), inside, request)


def _is_export(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bool:
    with _member(archive, entry, name) as packed:
        return apple_health.looks_like(packed.read(_HEAD))


@contextmanager
def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Iterator[BinaryIO]:
    try:
        packed = archive.open(entry)
    except BROKEN as error:
        raise BadInput(Problem(name, f"the zip cannot be read ({error}).", "Take an undamaged copy.")) from None
    with packed:
        yield cast("BinaryIO", _Bounded(cast("BinaryIO", packed), entry.compress_size, name))


def _own(stream: BinaryIO, name: str, request: Request) -> Imported:
    stream.seek(0)
    diary = unpack(stream.read(_LARGEST_TEXT), name)
    if format_named(request.layout) not in (AUTO, own_csv.FORMAT):
        raise BadInput(Problem("--format", f"{name} is a diary of ours, not {shown(request.layout)}.", "Leave --format out."))
    return own_diary(diary, request)
