"""Files that somebody sends are read in a process of their own (`apart`), which is ended when it takes too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

import cleardays
from cleardays.problems import BadInput, Problem
from cleardays.web.apart import LARGEST_FILE, too_much
from cleardays.web.problem_answers import Refused

LONGEST_S = 90.0
AT_ONCE = 2  # each may take a gigabyte
# Nothing of this process: no variables, where keys may stand, no open files, no folder of ours.
_BEGIN = "import sys; sys.path.insert(0, sys.argv[1]); from cleardays.web.apart import main; main(sys.argv[2])"
_ROOT = str(Path(cleardays.__file__).resolve().parents[1])
_ALONE = {"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
_room = BoundedSemaphore(AT_ONCE)


def read_apart(work: str, content: bytes, options: Mapping[str, str] | None = None, *, longest_s: float = LONGEST_S) -> Any:  # noqa: ANN401  # what the work gives
    """What a file holds.

    Args:
        work: of `apart`.
        content: of the file.
        options: what the work needs to know beside it.
        longest_s: after which it is ended.

    Raises:
        BadInput: with what is wrong with the file, or that it takes too much.
        Refused: others are being read just now.
    """
    if not _room.acquire(timeout=10):
        raise Refused(503, Problem("file", "others are being read just now.", "Try again in a minute."))
    try:
        said = _said(work, content, options or {}, longest_s)
    finally:
        _room.release()
    if "problems" in said:
        raise BadInput(Problem(*(str(each) for each in problem)) for problem in said["problems"])
    return said["found"]


def _said(work: str, content: bytes, options: Mapping[str, str], longest_s: float) -> Mapping[str, Any]:
    with _scratch() as given, _scratch() as got:
        given.write(json.dumps(dict(options)).encode() + b"\n" + content)
        given.flush()
        given.seek(0)
        command = [sys.executable, "-I", "-c", _BEGIN, _ROOT, work]
        try:
            done = subprocess.run(
                command, stdin=given, stdout=got, stderr=subprocess.DEVNULL, env=_ALONE, cwd="/", timeout=longest_s, check=False
            )
        except subprocess.TimeoutExpired:
            raise BadInput(too_much()) from None
        size = got.seek(0, os.SEEK_END)
        got.seek(0)
        raw = got.read(LARGEST_FILE) if done.returncode == 0 and size <= LARGEST_FILE else b""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):  # it was ended before it could say what it found
        raise BadInput(too_much()) from None
    if not isinstance(said, dict) or not said.keys() & {"found", "problems"}:
        raise BadInput(too_much())
    return said


def _scratch() -> IO[bytes]:
    """A file without a name; in memory where the machine has that, so that nothing of anybody's health is on a disk."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("upload"), "w+b")
    return tempfile.TemporaryFile()
