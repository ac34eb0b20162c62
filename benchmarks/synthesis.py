"""What pooling a network costs once its table is read, as milliseconds and as a multiple of reading the same table.

    CLEARDAYS_REFERENCE_DATA=FOLDER python benchmarks/synthesis.py [--runs 7]

Every set of studies in the folder `nma`: REML, the parts of Q, direct and indirect evidence, ranking, prediction intervals, and
the document. The trials of BCG vaccine by the pair. At most 60 ms of CPU each.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do
import numpy as np

from cleardays.evidence.synthesis.document import as_document
from cleardays.evidence.synthesis.measures import from_events
from cleardays.evidence.synthesis.network import synthesise
from cleardays.evidence.synthesis.pairwise import summarise
from cleardays.evidence.synthesis.table import read_table

T = TypeVar("T")
MOST_MS, MOST_TIMES = 60.0, 30.0
PAIR = "bcg_pairwise"


def cpu(work: Callable[[], T], runs: int) -> tuple[float, T]:
    """The least CPU milliseconds of several runs of some work, and what came of it."""
    best = float("inf")
    for _ in range(runs):
        began = time.process_time()
        found = work()
        best = min(best, time.process_time() - began)
    return best * 1e3, found


def network(lines: list[str], runs: int) -> tuple[float, float, int]:
    """Milliseconds of reading and of pooling, and how many studies."""
    reading, read = cpu(lambda: read_table(lines), runs)
    pooling, _ = cpu(lambda: as_document(synthesise(read.studies, read.measure or "MD"), read.measure), runs)
    return reading, pooling, len(read.studies)


def pair(lines: list[str], runs: int) -> tuple[float, float, int]:
    """The same for trials of two arms, as counts of people with and without the event."""

    def read() -> tuple[list[float], list[float]]:
        found = []
        for row in csv.DictReader(lines):
            treated, control = ([float(row[f"{arm}{end}"]) for end in ("pos", "neg")] for arm in "tc")
            had = np.array([control[0], treated[0]])
            found.append(from_events("RR", had, np.array([sum(control), sum(treated)])))
        return [float(each.estimate[0]) for each in found], [float(each.covariance[0, 0]) ** 0.5 for each in found]

    reading, (estimate, se) = cpu(read, runs)
    pooling, _ = cpu(lambda: summarise(estimate, se), runs)
    return reading, pooling, len(se)


def main() -> int:
    """Time every set; fails where one costs too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    args = parser.parse_args()
    folder = Path(os.environ.get("CLEARDAYS_REFERENCE_DATA", "/nowhere")) / "nma"
    if not folder.is_dir():
        print("pooling studies: CLEARDAYS_REFERENCE_DATA names no folder with nma, so nothing was timed.")
        return 0
    worst = far = 0.0
    print("pooling studies (CPU)      studies  reading ms  pooling ms  ratio")
    for path in sorted(folder.glob("*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        reading, pooling, studies = (pair if path.stem == PAIR else network)(lines, args.runs)
        worst, far = max(worst, pooling), max(far, pooling / reading)
        print(f"  {path.stem:24} {studies:7} {reading:11.2f} {pooling:11.2f} {pooling / reading:6.1f}")
    # A busy machine slows reading and pooling alike: only what is dear against reading too is a fault of ours.
    print(f"the dearest {worst:.1f} ms, at most {MOST_MS:g}; {far:.1f} times as long as reading, at most {MOST_TIMES:g}")
    return 0 if worst <= MOST_MS or far <= MOST_TIMES else 1


if __name__ == "__main__":
    sys.exit(main())
