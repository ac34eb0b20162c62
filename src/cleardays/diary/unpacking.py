"""Our diary zip: its tables, and meta.json with a hash of each. Same diary, same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import zipfile
import zlib

from cleardays.diary.bundle import from_tables
from cleardays.diary.packing import META as _META
from cleardays.diary.records import Diary
from cleardays.problems import BadInput, Problem, shown

_DAYS = "days.csv"
_MB = 1024 * 1024
_LARGEST_UNPACKED = 64 * _MB  # all tables together; a lifetime of days with notes has less
_LARGEST_META = 1 * _MB
_MOST_FILES = 50
# What a damaged zip can raise.
BROKEN = (
    zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error, lzma.LZMAError,
)  # fmt: skip


def unpack(raw: bytes, name: str) -> Diary:
    """The diary in a zip of ours.

    Raises:
        BadInput: no zip of ours, too large when unpacked, changed since it was
            written, or with the problems of its tables.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            contents, meta = _read(archive, name)
    except BROKEN as error:
        raise BadInput(
            Problem(name, f"the zip cannot be read ({error}).", "Make it again with cleardays diary import.")
        ) from None
    problems = _changed(contents, meta, name)
    if problems:
        raise BadInput(problems)
    tables = {}
    for file, content in contents.items():
        try:
            tables[file] = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadInput(Problem(f"{name}/{file}", "it is not UTF-8 text.", "Save it as CSV in UTF-8.")) from None
        if "\x00" in tables[file]:
            raise BadInput(Problem(f"{name}/{file}", "it holds a NUL character, so it is not text.", "Save it as CSV."))
    return from_tables(tables, name)


def holds_diary(archive: zipfile.ZipFile) -> bool:
    """Whether a zip has a days.csv."""
    return _DAYS in archive.namelist()


def require_inside(member: str, name: str) -> None:
    """Refuse a zip with a name that leads out of it: no program writes one by accident.

    Raises:
        BadInput: says which.
    """
    parts = member.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or ":" in parts[0]:
        what = f"the zip holds {shown(member)}, a name that leads out of it."
        raise BadInput(Problem(name, what, "Take a zip that an app wrote."))


def _read(archive: zipfile.ZipFile, name: str) -> tuple[dict[str, bytes], object]:
    inside = [entry for entry in archive.infolist() if entry.filename.endswith(".csv") and "/" not in entry.filename]
    if _DAYS not in {entry.filename for entry in inside}:
        raise BadInput(Problem(name, f"the zip holds no {_DAYS}.", "Give a zip that cleardays diary import wrote."))
    too_large = f"it would unpack to more than {_LARGEST_UNPACKED // _MB} MB."
    if len(inside) > _MOST_FILES or len({entry.filename for entry in inside}) < len(inside):
        raise BadInput(Problem(name, "the zip holds too many tables, or one twice.", "Give a genuine diary."))
    if sum(entry.file_size for entry in inside) > _LARGEST_UNPACKED:
        raise BadInput(Problem(name, too_large, "Give a genuine diary."))
    contents, left = {}, _LARGEST_UNPACKED
    for entry in inside:
        with archive.open(entry) as packed:  # what the zip says of a size need not be true
            contents[entry.filename] = packed.read(left + 1)
        left -= len(contents[entry.filename])
        if left < 0:
            raise BadInput(Problem(name, too_large, "Give a genuine diary."))
    if _META not in archive.namelist() or archive.getinfo(_META).file_size > _LARGEST_META:
        return contents, {}
    with archive.open(_META) as packed:
        return contents, json.loads(packed.read(_LARGEST_META + 1))


def _changed(contents: dict[str, bytes], meta: object, name: str) -> list[Problem]:
    """Tables that are not what was written, or are gone."""
    hashes = meta.get("sha256") if isinstance(meta, dict) else None
    problems = []
    for file, expected in (hashes if isinstance(hashes, dict) else {}).items():
        if file not in contents:
            problems.append(Problem(name, f"{shown(str(file))} is missing from the zip.", "Take an undamaged copy."))
        elif expected != hashlib.sha256(contents[file]).hexdigest():
            what = f"{file} is not what was written: its hash differs."
            problems.append(Problem(name, what, f"To use it as it is, unpack {file} and give that."))
    return problems
