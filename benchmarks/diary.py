"""How fast a diary is read, checked, classified and counted, as ratios in one run.

    python benchmarks/diary.py [--rows 1000000]

- reading our days.csv with every check, against a bare csv.DictReader pass over the same text;
- classifying and measuring day records (person-years of 365 days), in CPU seconds for a million.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from cleardays.diary.measures import measure_windows
from cleardays.diary.own_csv import read_days

T = TypeVar("T")
YEAR = 365
HEADER = (
    "date,reported_at,status,headache,pain_max,hours,aura,nausea,vomiting,light,sound,worse_moving,one_sided,pulsating,"
    "acute_doses,acute_classes,function,mood,sleep_h,note"
)


def row(day: date, draw: random.Random) -> str:
    """One day as a person might tell it."""

    def tick() -> str:
        return draw.choice("yn")

    told = f"{day},{day}T21:{draw.randrange(60):02d}:00+01:00,complete"
    sleep, mood = draw.choice(["6.5", "7", "7.25", "8", ""]), draw.randrange(11)
    if draw.random() > 0.35:
        return f"{told},clear,,,n,,,,,,,,0,,0,{mood},{sleep},"
    word, pain = draw.choice([("mild", 2), ("moderate", 5), ("severe", 8)])
    classes = draw.choice(["triptan", "nsaid", "nsaid;triptan", ""])
    symptoms = ",".join(tick() for _ in range(8))
    note = draw.choice(["", "", "", f"after work, day {draw.randrange(9999)}"])
    quoted = f'"{note}"' if note else ""
    doses = "1" if classes else "0"
    hours, function = draw.choice(["1.5", "4", "8", "24"]), draw.randrange(4)
    return f"{told},{word},{pain},{hours},{symptoms},{doses},{classes},{function},{mood},{sleep},{quoted}"


def years(rows: int) -> list[str]:
    """Person-years of days.csv, each a text."""
    draw = random.Random(20261122)
    found = []
    for _ in range(-(-rows // YEAR)):
        first = date(2025, 1, 1)
        lines = [row(first + timedelta(days=n), draw) for n in range(YEAR)]
        found.append(HEADER + "\n" + "\n".join(lines) + "\n")
    return found


def cpu(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of some work, and what came of it."""
    started = time.process_time()
    found = work()
    return time.process_time() - started, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    texts = years(parser.parse_args().rows)
    count = len(texts) * YEAR
    bare = ours = counted = 0.0
    for text in texts:  # person by person: nothing is kept, neither by the bare pass nor by ours
        bare += cpu(lambda: sum(1 for _ in csv.DictReader(io.StringIO(text, newline=""))))[0]  # noqa: B023  # called at once
        reading, diary = cpu(lambda: read_days(io.StringIO(text, newline=""), "days.csv"))  # noqa: B023  # called at once
        ours += reading
        counted += cpu(lambda: measure_windows(diary))[0]  # noqa: B023  # called at once
    print(f"reading {count:,} rows with every check: {ours / bare:.1f} times a bare DictReader pass", end=" ")
    print(f"({ours:.1f} s, {bare:.1f} s)")
    print(f"classifying and measuring: {1e6 * counted / count:.1f} s for 1,000,000 days", end=" ")
    print(f"({counted / ours:.2f} times the reading)")


if __name__ == "__main__":
    main()
