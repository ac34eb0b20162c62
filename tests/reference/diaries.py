"""The diaries on which the fast engine is compared with long NUTS runs.

Seven are simulated (patterns written out, so that they never change): X a day
with headache, 0 a clear day, . an unknown day. The real ones are read from the
example in this repository and, where it is present, from the reference data.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries

START = date(2024, 3, 4)
REAL_PEOPLE = ("1", "85", "126")

# name: (baseline pattern, pattern from the start of treatment on)
PATTERNS = {
    "clear-responder": (
        "X0XX0X0XX00XX0X0XX0X00XX0X0X",
        "X0XX00X0X000X000X000000X00000000X0000000000X00000000000000X000000000000X000000000000",
    ),
    "no-change": (
        "X000X00X0000XX000X0000X000X0",
        "0X000X00XX000000X00X000X0000X00X0000X0X0000X000X000000X0XX0000X000X0000X0000X00X0000",
    ),
    "gaps": (
        "XX0.X00X..XX0X0.XX0X00XX0.0X",
        "X0X...X0X00.X0.0X0..000X0..00000X0X...0000X0..X00000.0000XX00.00X00.0.0X0000.0X00000",
    ),
    "rare": ("0000000X00000000000000X00000", "000000000000000X0000000000000000000000X000000000000000000"),
    "daily": ("X" * 28, "X" * 84),
    # a year and a half with a strong season: the level's spread and memory lie far out in their priors
    "long": (
        "0000X00000X0000000X000000000X00X0X00XX0XX0XXXX0XXXXXXXXXX0XXXXXXXXXXXX0XXXXXXXX0XXXX0XX0",
        "X0XX0X0X00X000X00000000X0000000000000000000000X00000000000000000X0000000000000X00000X000X0X00XX0X0XX0XXXX0XXXXXX"
        "0XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX0XXXXXX0XXX0X0XX0X0X00X00000X000000000000X000000000000000000000000000000000X00000"
        "000X000X00X00XX0X0XX0XXX0XXXXXXXXXXXXXXXXXXXXXXXXXXX0XXXXXXXXX0XXXX0XX0X0XX00X00X0000X000000000000000000000000000"
        "00000X0000000X000X00X0X0XX0XX",
    ),
    "worse": (
        "000X0000X0000000X00000X00000",
        "0X00XX00X00XXX00X0XX0X0XX0X0XXX0X0XX0XX0X0XX00XX0XXX0X0X",
    ),
}


def series(first_day: date, pattern: str) -> DaySeries:
    """A day series from its pattern."""
    states = tuple({"X": True, "0": False, ".": None}[mark] for mark in pattern)
    return DaySeries("headache_day", first_day, states, (False,) * len(states))


def kostecki_dillon(rows: list[dict[str, str]]) -> DaySeries:
    """One person's rows as a day series, day 0 on START."""
    seen = {int(row["time"]): row["headache"] == "yes" for row in rows}
    first, last = min(seen), max(seen)
    states = tuple(seen.get(day) for day in range(first, last + 1))
    return DaySeries("headache_day", START + timedelta(days=first), states, (False,) * len(states))


def reference_diaries() -> Iterator[tuple[str, DaySeries, ExposureSeries]]:
    """Name, days and exposure of each diary that is available here."""
    exposure = ExposureSeries.started("the treatment", START)
    for name, (before, after) in PATTERNS.items():
        yield name, series(START - timedelta(days=len(before)), before + after), exposure
    folder = os.environ.get("CLEARDAYS_REFERENCE_DATA")
    if folder:
        with (Path(folder) / "diaries" / "kostecki_dillon_dev.csv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        for person in ("55", *REAL_PEOPLE):
            yield f"kostecki-dillon-{person}", kostecki_dillon([r for r in rows if r["id"] == person]), exposure
