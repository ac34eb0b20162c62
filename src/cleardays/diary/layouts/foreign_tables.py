"""Tables of other programs: separated by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import re

from cleardays.diary.tables import Row, Table, open_table
from cleardays.problems import Problem

_SEPARATORS = (",", ";", "\t")
_DECLARED = re.compile(r"\ufeff?sep=(.)\s*", re.IGNORECASE)  # a line that some spreadsheets put first


def open_foreign(text: str, name: str, bad: list[tuple[Row, Problem]] | None = None) -> Table:
    """Open a table whose separator its header row tells.

    With `bad`, rows of another width are put there instead of stopping everything.
    """
    lines = io.StringIO(text, newline="")
    first = lines.readline()
    declared = _DECLARED.fullmatch(first)
    if declared and declared[1] in _SEPARATORS:
        return open_table(lines, name, separator=declared[1], bad=bad, skipped=1)
    lines.seek(0)
    return open_table(lines, name, separator=separator_of(header_line(text)), bad=bad)


def header_line(text: str) -> str:
    """The first line that is neither empty nor a remark."""
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        line = text[at : len(text) if end < 0 else end]
        if line.strip("\ufeff \t\r") and not line.startswith("#"):
            return line
        at += len(line) + 1
    return ""


def separator_of(line: str) -> str:
    """The separator that stands most often between the names of a header."""
    unquoted = re.sub(r'"[^"]*"', "", line[:10_000])
    return max(_SEPARATORS, key=unquoted.count)


def row_text(row: Row) -> str:
    """A row as one line of CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row.values)
    return out.getvalue()
