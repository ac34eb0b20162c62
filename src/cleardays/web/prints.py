"""What a server prints when something of ours goes wrong: where it was, and no word of what somebody told."""

from __future__ import annotations

import logging
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

_LOGGERS = ("uvicorn.error", "asyncio")


class WithoutWords(logging.Filter):
    """Takes the text of a fault, which may be somebody's, out of what is printed; its kind and its places stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never holds a record back."""
        kind, _, trace = record.exc_info or (None, None, None)
        if kind is not None:
            record.msg, record.args = f"{kind.__name__} at {places(trace)}", ()
            record.exc_info = record.exc_text = None
        return True


def places(trace: TracebackType | None) -> str:
    """Files, lines and functions, the innermost last."""
    return " > ".join(f"{Path(frame.f_code.co_filename).name}:{line} {frame.f_code.co_name}" for frame, line in walk_tb(trace))


def print_no_words() -> None:
    """From now on in this process."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(each, WithoutWords) for each in logger.filters):
            logger.addFilter(WithoutWords())
