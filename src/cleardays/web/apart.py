"""What reads a file that somebody sent: a process of its own, with little room and time, without the store and its keys.

It gets the file and a few words on its standard input, puts what it read on its standard output as one JSON document,
and ends. `uploads` starts it; nobody else runs it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from cleardays.problems import BadInput, Problem

_MB = 1024 * 1024
# Room in memory, seconds of the processor, the largest file that may be written, and how many files may be open.
MEMORY, CPU_S, LARGEST_FILE, FILES = 1024 * _MB, 60, 192 * _MB, 64
COPY, DIARY = "copy", "diary"
_MOST_SAID = 40  # rows that were refused or left out, of those that are shown


def main(work: str) -> None:
    """Read what stands on standard input."""
    _bound()
    options, content = _input(sys.stdin.buffer)
    try:
        found: dict[str, Any] = {"found": _WORKS[work](content, options)}
    except BadInput as bad:
        found = {"problems": [list(each) for each in bad.problems[:_MOST_SAID]]}
    except (MemoryError, RecursionError):
        found = {"problems": [list(too_much())]}
    sys.stdout.buffer.write(json.dumps(found).encode())
    sys.stdout.buffer.flush()


def too_much() -> Problem:
    """What to say of a file that takes more than it may."""
    how = "Check that it is the right file; a diary of many years is read in seconds."
    return Problem("file", "it takes more room or time than any diary does.", how)


def _bound() -> None:
    """Take from this process what it does not need; it cannot take it back."""
    try:
        import resource
    except ImportError:  # Windows has none of these limits
        return
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_S), (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, FILES), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most if hard < 0 else min(most, hard),) * 2)


def _input(stream: BinaryIO) -> tuple[Mapping[str, str], bytes]:
    return json.loads(stream.readline()), stream.read()


def _copy(content: bytes, _: Mapping[str, str]) -> list[dict[str, Any]]:
    """The events of a copy, as they are written."""
    from cleardays.web.copies import read_copy

    return [dict(event.document()) for event in read_copy(content)]


def _diary(content: bytes, options: Mapping[str, str]) -> dict[str, Any]:
    """What a file of any layout that we know tells, as kinds and bodies, and what could not be taken."""
    import io

    from cleardays.catalogue.names import find_medicine, split_amount, split_names
    from cleardays.diary.importing import Request
    from cleardays.diary.incoming import import_stream
    from cleardays.diary.layouts.collected import Naming
    from cleardays.trial.story.diary_told import told_by

    naming = Naming(find_medicine, split_names, split_amount)
    order = options.get("date_order") or None
    request = Request(zone=options.get("zone") or None, date_order=order, naming=naming, partial=True)
    found = import_stream(io.BytesIO(content), options.get("name") or "file", request)
    refused = [[one.where, " ".join(f"{each.what} {each.try_this}" for each in one.problems)] for one in found.refused]
    lost = [[one.where, one.what] for one in found.diary.lost]
    return {
        "layout": found.layout,
        "told": [list(each) for each in told_by(found.diary)],
        "refused": refused[:_MOST_SAID],
        "refused_count": len(refused),
        "lost": lost[:_MOST_SAID],
        "lost_count": len(lost),
    }


_WORKS: Mapping[str, Callable[[bytes, Mapping[str, str]], Any]] = {COPY: _copy, DIARY: _diary}
