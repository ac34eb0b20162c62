"""A copy of everything that was told of one person, for their own hands: to keep, to read elsewhere, to bring back."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from cleardays.diary.bundle import to_tables
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.story.events import Event, canonical, read_event
from cleardays.trial.story.story import Story

EVENTS, DIARY_ZIP, READ_ME = "events.jsonl", "diary.zip", "README.txt"
LARGEST_COPY = 64 * 1024 * 1024  # bytes, packed
_LARGEST_EVENTS = 512 * 1024 * 1024
_LONGEST_LINE = 16 * 1024 * 1024
_UNREADABLE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error,
    OSError, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError,
)  # fmt: skip
_SAYS = """This is everything that cleardays kept of you on {day}.

diary.zip     the diary as tables, which other programs can read (days.csv and more)
events.jsonl  everything that was told, in order, one JSON object a line; corrections and what they corrected
README.txt    this

To bring it back: open cleardays with an empty diary, "Save a copy", "Bring a copy back", and choose this file.
Whoever has this file can read it. Keep it where you keep letters from your doctor.
"""


def copy_of(story: Story, events: Iterable[Event], at: datetime) -> bytes:
    """The copy as a zip; the same story and day give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as whole:
        _put(whole, READ_ME, _SAYS.format(day=at.date().isoformat()).encode(), at)
        _put(whole, DIARY_ZIP, _diary(story, at), at)
        _put(whole, EVENTS, "".join(canonical(event.document()) + "\n" for event in events).encode(), at)
    return made.getvalue()


def _diary(story: Story, at: datetime) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as tables:
        for name, text in to_tables(story.diary).items():
            _put(tables, name, text.encode(), at)
    return made.getvalue()


def _put(into: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> None:
    row = zipfile.ZipInfo(name, (at.year, at.month, at.day, 0, 0, 0))
    row.compress_type, row.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    into.writestr(row, content)


def read_copy(content: bytes) -> list[Event]:
    """The events of a copy.

    Raises:
        BadInput: it is no copy of ours, or a line of it cannot be read; with every such line.
    """
    events, problems = list[Event](), list[Problem]()
    for number, line in enumerate(_lines(content), 1):
        try:
            events.append(read_event(json.loads(line), f"line {number}"))
        except (ValueError, RecursionError):
            problems.append(Problem(f"{EVENTS}, line {number}", "it is no JSON.", "Take another copy."))
        except BadInput as bad:
            problems += bad.problems
        if len(problems) > 20:
            break
    if problems:
        raise BadInput(problems)
    if not events:
        raise _no_copy("nothing was told in it")
    return events


def _lines(content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as whole, whole.open(EVENTS) as lines:
            _require_ours(whole)
            size = 0
            while line := lines.readline(_LONGEST_LINE):
                size += len(line)
                if size > _LARGEST_EVENTS:
                    raise _no_copy("it holds more than any diary does")
                yield line.decode("utf-8")
    except KeyError:
        raise _no_copy(f"there is no {EVENTS} in it") from None
    except _UNREADABLE as error:
        raise _no_copy(f"it cannot be read ({type(error).__name__})") from None


def _require_ours(whole: zipfile.ZipFile) -> None:
    """Its members are those that we write, and say of themselves that they are of a size that a diary has."""
    for member in whole.infolist():
        if member.filename not in (EVENTS, DIARY_ZIP, READ_ME):
            raise _no_copy(f"it holds {shown(member.filename)}, which no copy does")
        if member.file_size > _LARGEST_EVENTS:
            raise _no_copy("it holds more than any diary does")


def _no_copy(why: str) -> BadInput:
    return BadInput(Problem("file", f"{why}.", 'Choose the file that "Save a copy" made.'))
