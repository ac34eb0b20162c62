"""What a server prints when something of ours goes wrong: where it was, and no word of what somebody told."""

from __future__ import annotations

import logging
import sys
import threading
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


class OfOthers(logging.Formatter):
    """What a library has to say, without saying it: who, how grave and where; its words may hold what was sent."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        kind, _, trace = record.exc_info or (None, None, None)
        fault = "" if kind is None else f", {kind.__name__} at {places(trace)}"
        return f"{record.levelname} of {record.name} at {record.filename}:{record.lineno}{fault}"


def places(trace: TracebackType | None) -> str:
    """Files, lines and functions, the innermost last."""
    return " > ".join(f"{Path(frame.f_code.co_filename).name}:{line} {frame.f_code.co_name}" for frame, line in walk_tb(trace))


def print_no_words() -> None:
    """From now on in this process: faults of requests, of threads and of objects that go, and what libraries log."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(each, WithoutWords) for each in logger.filters):
            logger.addFilter(WithoutWords())
    root = logging.getLogger()
    if not any(isinstance(each.formatter, OfOthers) for each in root.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(OfOthers())
        handler.setLevel(logging.WARNING)
        root.addHandler(handler)
    sys.excepthook = lambda kind, _, trace: _print(kind, trace)
    threading.excepthook = lambda fault: _print(fault.exc_type, fault.exc_traceback)
    sys.unraisablehook = lambda fault: _print(fault.exc_type, fault.exc_traceback)


def _print(kind: type[BaseException], trace: TracebackType | None) -> None:
    print(f"{kind.__name__} at {places(trace)}", file=sys.stderr, flush=True)
