"""Diary files on disk: read whole or not at all, written whole or not at all."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from cleardays.diary.own_csv import MAGIC, read_days, write_days
from cleardays.diary.records import Diary
from cleardays.problems import BadInput, Problem

STDIN = "-"
_MB = 1024 * 1024
_OF_DAYS = "It needs a header row such as date,headache and a row a day."
_LARGEST = 256 * _MB  # bytes of one table; beyond it something is wrong


def load_diary(path: str) -> Diary:
    """Read DIARY: our days.csv, our zip, or `-` for either on standard input.

    Raises:
        BadInput: the file is missing, no text, no zip of ours, or its rows have problems.
    """
    raw, name = read_bytes(path)
    if not raw.startswith(MAGIC):
        return read_days(text_lines(raw, name), name)
    from cleardays.diary.unpacking import unpack  # with all that unpacking needs; most diaries are one table

    return unpack(raw, name)


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


def json_text(path: str) -> tuple[str, str]:
    """The text of a JSON file or of standard input, and how to call it in a problem.

    Raises:
        BadInput: missing, empty, or no UTF-8 text.
    """
    raw, name = read_bytes(path)
    if not raw.strip():
        raise BadInput(Problem(name, "the file is empty.", "It needs one JSON object: {...}."))
    try:
        return raw.decode("utf-8-sig"), name
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"the byte 0x{raw[error.start]:02x} is not UTF-8 text."
        raise BadInput(Problem(f"{name}, line {line}", what, "Save the file as JSON in UTF-8.")) from None


def text_lines(raw: bytes, name: str, *, needs: str = _OF_DAYS) -> io.StringIO:
    """The lines of a UTF-8 file; `needs` says what an empty one should hold.

    Raises:
        BadInput: empty, or not UTF-8 text.
    """
    if not raw.strip():
        raise BadInput(Problem(name, "the file is empty.", needs))
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


def save_diary(diary: Diary, path: str) -> None:
    """Write a diary as days.csv or, when the path ends in .zip, whole as our zip."""
    if not whole(path):
        save_bytes(write_days(diary).encode("utf-8"), path)
        return
    from cleardays.diary.packing import pack

    save_bytes(pack(diary), path)


def whole(path: str) -> bool:
    """Whether a diary written to this path keeps everything, not only its days."""
    return path.lower().endswith(".zip")


def save_bytes(content: bytes, path: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    A link is followed; what is no regular file (a device, a pipe) is written to as it is.
    """
    import tempfile  # only what writes a file needs it

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
            os.chmod(temporary, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~umask())
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise BadInput(
            Problem(path, f"the file cannot be written ({error.strerror}).", "Check that its folder exists and is yours.")
        ) from None


def save_all(folder: str, writers: Mapping[str, Callable[[], bytes]]) -> list[str]:
    """Write files into a folder, which is made where it is not there; gives their paths.

    Raises:
        BadInput: the folder cannot be made, or a file not be written.
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(Problem("--out", f"{folder} cannot be made ({error.strerror}).", "Name another folder.")) from None
    written = []
    for name, write in writers.items():
        path = target / name
        save_bytes(write(), str(path))
        written.append(str(path))
    return written


def umask() -> int:
    """The permissions that new files of this process are not given."""
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
