"""The diaries on which the fast engine is compared with long NUTS runs.

Sixteen are simulated (patterns written out, so that they never change): X a day
with headache, 0 a clear day, . an unknown day; x and o the same as X and 0, but
recalled (written down later than the next day). The real ones are read from the
reference data, where they are present.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from cleardays.diary.series import DaySeries
from cleardays.quantities import DayCovariate, ExposureSeries, ExposureStep

START = date(2024, 3, 4)  # a Monday
# 55 complete; 85, 112, 126 long gaps and much before; 1, 60, 116 hardly anything but one long gap; 69, 111 many short gaps;
# 74 few headaches; 53 always headache; 24 nearly; 3, 12, 24, 116 nothing before day 1
REAL_PEOPLE = ("55", "1", "85", "126", "3", "12", "24", "53", "60", "69", "74", "111", "112", "116")


class Case(NamedTuple):
    """A diary, its treatments and its covariates, under the name of its stored answers."""

    name: str
    days: DaySeries
    exposure: ExposureSeries
    others: tuple[ExposureSeries, ...] = ()
    covariates: tuple[DayCovariate, ...] = ()


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
    # nine unknown days first and last, gaps of 6 and 7 (either side of the longest that is bridged) and of 22 days
    "long-gaps": (
        ".........X0XXXXX0XX0000X00.......X0000000X00X0XX000XX000",
        "X000X000X.......0X0X......0X00000000X0XX......................000X00X0000X0.0X00...00000000000000X00000.........",
    ),
    # two weeks recalled at one sitting each, and single recalled days; the last day is one of them
    "recalled-weeks": (
        "0X00xXX0XX00000XXX00Xxoxxxoo0XXX0X00XxXXXX",
        "XX0oX00XXxxXXXXXXxX000o0X00Xooxxxox00XXXXXXXXx0X0XX0oxXX000Xo0X000000o",
    ),
    "recalled-and-gaps": (
        "...xxxXXXXXX0XXXX0XX0....xXXXXXX.X0",
        "00XX0X0Xxxxo.......o00X00...xxxXXo...00X0000000000..........ooooxoo000.00X0oXX00xx..",
    ),
    "second-treatment-added": (
        "0X0X0X000000X0XX000.XX0XXX00",
        "X0000X0XXXXX..0X000XX000000XXX00XX0X0X000X000000XX.0X00000XX00000XXX0000X00000000000000000XX0X0X00",
    ),
    "second-treatment-ended": (
        "00XXXXX0XX00000X0X0X0X00X0...X0XX00XX000XXX0000000000XXX",
        "0X0XX0X00000X0000000X00000X00X00X.XXX0XXXXX0000000000000XXXXXX00000000",
    ),
    "pause-and-restart": (
        "XX000XXX0X000X0XXXXXXX0XXXXX",
        "XX0X0XXX000XX0X000XX00000000X00000000X00000X00000X00X0XX0X0X..XX0XXX0XXXX0000X0000XXXX0X0X0000X000X0.0XXXX00X000"
        "000000000X0000",
    ),
    "dose-steps": (
        "0XX0X00XXXXXX00.XX0XXX0000XX0XXX0XX",
        "0000X0000XXXX000000X00X0X000X0000XX00000.....000XXX000000000000X00000X000000000000000000000",
    ),
    "weekend-and-menstrual": (
        "000000XXXXX0XX00.XXXXXX000XXXXX00X00XXX0XX0000X0XXXXXXXX",
        "0XX0000XXXXX00X000XXX0X000000X....X000X0XX00000000XXX0X000000XX00000X00000000XX0000X",
    ),
    # about 25 days in 28; the last known day is three days before the end
    "near-daily-gaps": (
        "XXXXXXXXXXXX..XXX00XXXXXXXXXXXX0XX.XX0XXXX",
        "XXX00...XXXXXXX00XXX0X.........XXXXX0XXXX.XX0XXXXXXX0XXX......XXXXXX0XXXX0XXXXXXX...",
    ),
}


def steps(treatment: str, *levels: tuple[int, float]) -> ExposureSeries:
    """A treatment from (day, level) pairs, days counted from START."""
    return ExposureSeries(treatment, tuple(ExposureStep(START + timedelta(days=day), level) for day, level in levels))


THE_TREATMENT = ExposureSeries.started("the treatment", START)
EXPOSURES = {
    "pause-and-restart": steps("the treatment", (0, 1.0), (49, 0.0), (84, 1.0)),
    "dose-steps": steps("the treatment", (0, 0.25), (14, 0.5), (28, 1.0)),
}
OTHERS = {
    "second-treatment-added": (steps("a second treatment", (21, 1.0)),),
    "second-treatment-ended": (steps("a second treatment", (-100, 1.0), (-14, 0.0)),),
}


def covariates(name: str, days: DaySeries) -> tuple[DayCovariate, ...]:
    """The weekends, and five days in every 28, of the one diary that has covariates."""
    if name != "weekend-and-menstrual":
        return ()
    since_start = [(days.first_day - START).days + i for i in range(len(days.states))]
    return (
        DayCovariate("weekend", days.first_day, tuple(float(day % 7 in (5, 6)) for day in since_start)),
        DayCovariate("menstrual", days.first_day, tuple(float((day + 20) % 28 < 5) for day in since_start)),
    )


def series(first_day: date, pattern: str) -> DaySeries:
    """A day series from its pattern."""
    states = tuple({"X": True, "0": False, ".": None, "x": True, "o": False}[mark] for mark in pattern)
    return DaySeries("headache_day", first_day, states, tuple(mark in "xo" for mark in pattern))


def simulated(name: str) -> Case:
    """One of the written-out patterns with its treatments and covariates."""
    before, after = PATTERNS[name]
    days = series(START - timedelta(days=len(before)), before + after)
    return Case(name, days, EXPOSURES.get(name, THE_TREATMENT), OTHERS.get(name, ()), covariates(name, days))


def kostecki_dillon(rows: list[dict[str, str]]) -> DaySeries:
    """One person's rows as a day series, day 0 on START."""
    seen = {int(row["time"]): row["headache"] == "yes" for row in rows}
    first, last = min(seen), max(seen)
    states = tuple(seen.get(day) for day in range(first, last + 1))
    return DaySeries("headache_day", START + timedelta(days=first), states, (False,) * len(states))


def reference_diaries() -> Iterator[Case]:
    """Each diary that is available here."""
    for name in PATTERNS:
        yield simulated(name)
    folder = os.environ.get("CLEARDAYS_REFERENCE_DATA")
    if folder:
        with (Path(folder) / "diaries" / "kostecki_dillon_dev.csv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        for person in REAL_PEOPLE:
            yield Case(f"kostecki-dillon-{person}", kostecki_dillon([r for r in rows if r["id"] == person]), THE_TREATMENT)
