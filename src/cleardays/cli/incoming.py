"""What comes in to be imported: a file, or standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cleardays.cli.files import STDIN
from cleardays.diary.importing import Imported, Request
from cleardays.diary.incoming import import_stream
from cleardays.problems import BadInput, Problem


def import_file(path: str, request: Request, encoding: str | None = None) -> Imported:
    """Read a diary from a file, or `-` for standard input.

    Raises:
        BadInput: the file cannot be opened, or with everything that is wrong with it.
    """
    with _opened(path) as (stream, name):
        return import_stream(stream, name, request, encoding)


@contextmanager
def _opened(path: str) -> Iterator[tuple[BinaryIO, str]]:
    if path == STDIN:
        yield sys.stdin.buffer, "standard input"
        return
    try:
        with Path(path).open("rb") as file:
            yield file, Path(path).name
    except OSError as error:
        raise BadInput(Problem(path, f"the file cannot be read ({error.strerror}).", "Check the path.")) from None
