"""Diary files on disk: read whole or not at all, written whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import os
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from cleardays.diary.own_csv import VERSION, read_days, write_days
from cleardays.diary.records import Diary
from cleardays.problems import BadInput, Problem

STDIN = "-"
_UNPACKING = (zlib.error, lzma.LZMAError)
_DAYS, _META = "days.csv", "meta.json"
_MB = 1024 * 1024
_LARGEST = 256 * _MB  # bytes of one table; beyond it something is wrong
_LARGEST_UNPACKED = 64 * _MB  # a lifetime of days with notes has less
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip format's own first day: same diary, same bytes


def load_diary(path: str) -> Diary:
    """Read DIARY: our days.csv, our zip, or `-` for days.csv on standard input.

    Raises:
        BadInput: the file is missing, no text, no zip of ours, or its rows have problems.
    """
    lines, name = read_lines(path)
    return read_days(lines, name)


def read_lines(path: str) -> tuple[io.StringIO, str]:
    """The lines of a table, or of the days.csv in our zip, and how to call them in a problem."""
    raw, name = read_bytes(path)
    if raw.startswith(b"PK\x03\x04"):
        raw, name = _days_in_zip(raw, name), f"{name}/{_DAYS}"
    return text_lines(raw, name), name


def read_bytes(path: str) -> tuple[bytes, str]:
    """The bytes of a file or of standard input, and how to call it in a problem."""
    if path == STDIN:
        return _not_too_large(sys.stdin.buffer.read(_LARGEST + 1), "standard input"), "standard input"
    name = Path(path).name
    try:
        with Path(path).open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise BadInput(Problem(path, f"the file cannot be read ({error.strerror}).", "Check the path.")) from None
    return _not_too_large(raw, name), name


def _not_too_large(raw: bytes, name: str) -> bytes:
    if len(raw) > _LARGEST:
        raise BadInput(Problem(name, f"there are more than {_LARGEST // _MB} MB.", "Split it by person or by year."))
    return raw


def text_lines(raw: bytes, name: str) -> io.StringIO:
    """The lines of a UTF-8 file.

    Raises:
        BadInput: empty, or not UTF-8 text.
    """
    if not raw.strip():
        raise BadInput(Problem(name, "the file is empty.", "It needs a header row such as date,headache and a row a day."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput(
            Problem(
                f"{name}, line {line}",
                f"the byte 0x{raw[error.start]:02x} is not UTF-8 text.",
                "Save the table as CSV in UTF-8; a picture, PDF or spreadsheet cannot be read.",
            )
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise BadInput(Problem(f"{name}, line {line}", "the file holds a NUL character, so it is not text.", "Save it as CSV."))
    return io.StringIO(text, newline="")


def _days_in_zip(raw: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            info = {entry.filename: entry for entry in archive.infolist()}
            if _DAYS not in info:
                raise BadInput(Problem(name, f"the zip holds no {_DAYS}.", "Give a zip that cleardays diary import wrote."))
            if info[_DAYS].file_size > _LARGEST_UNPACKED:
                what = f"{_DAYS} would unpack to more than {_LARGEST_UNPACKED // _MB} MB."
                raise BadInput(Problem(name, what, "Give a genuine diary."))
            with archive.open(_DAYS) as packed:
                days = packed.read(_LARGEST_UNPACKED + 1)
            meta = json.loads(archive.read(_META)) if _META in info and info[_META].file_size < 65536 else {}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError, *_UNPACKING) as error:
        raise BadInput(
            Problem(name, f"the zip cannot be read ({error}).", "Make it again with cleardays diary import.")
        ) from None
    hashes = meta.get("sha256") if isinstance(meta, dict) else None
    expected = hashes.get(_DAYS) if isinstance(hashes, dict) else None
    if expected is not None and expected != hashlib.sha256(days).hexdigest():
        raise BadInput(
            Problem(
                name,
                f"{_DAYS} is not what was written: its hash differs.",
                f"To use it as it is, unpack {_DAYS} and give that.",
            )
        )
    return days


def save_diary(diary: Diary, path: str) -> None:
    """Write a diary as days.csv or, when the path ends in .zip, as our zip."""
    days = write_days(diary).encode("utf-8")
    if not path.lower().endswith(".zip"):
        save_bytes(days, path)
        return
    meta = {"version": VERSION, "sha256": {_DAYS: hashlib.sha256(days).hexdigest()}}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, content in ((_DAYS, days), (_META, json.dumps(meta, indent=1).encode() + b"\n")):
            archive.writestr(zipfile.ZipInfo(inside, _EPOCH), content, zipfile.ZIP_DEFLATED)
    save_bytes(packed.getvalue(), path)


def save_bytes(content: bytes, path: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    A link is followed; what is no regular file (a device, a pipe) is written to as it is.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                file.write(content)
            return
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise BadInput(
            Problem(path, f"the file cannot be written ({error.strerror}).", "Check that its folder exists and is yours.")
        ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def writer_for(path: str, writers: dict[str, Callable[[], bytes]]) -> Callable[[], bytes]:
    """The writer for a path's ending; raises `BadInput` for an ending that is not offered."""
    ending = Path(path).suffix.lower()
    if ending not in writers:
        raise BadInput(
            Problem("--out", f"{Path(path).name} has the ending {ending or '(none)'}.", f"Use one of {', '.join(writers)}.")
        )
    return writers[ending]
