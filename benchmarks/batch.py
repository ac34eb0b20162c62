"""Many diaries from one Parquet file to another: diaries a second, memory, and whether the pace stays the same.

    python benchmarks/batch.py [--diaries 100000] [--jobs 2] [--numpy 200]

The diaries are simulated: 112 days, a fifth of them missing, a treatment begun on day 29. In one run, as ratios: a
hundredth of the diaries, a tenth, all, and some through the engine in numpy. Needs the `frames` extra.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:
    print("batch: not run, it needs pyarrow (the `frames` extra)")
    sys.exit(0)

DAYS, MISSING, START = 112, 0.2, 28
PART = 10_000  # diaries made at once


def simulated(count: int, seed: int) -> pa.RecordBatch:
    """Diaries as Arrow rows: each its own level that wanders by week, its own carry-over and effect."""
    random = np.random.default_rng(seed)
    usual, carry, effect = (random.normal(*law, count) for law in ((-0.5, 0.9), (0.7, 0.4), (-0.6, 0.7)))
    weeks = np.repeat(random.normal(0.0, 0.5, (count, DAYS // 7)), 7, axis=1)
    had, before = np.empty((count, DAYS), dtype=np.int8), np.zeros(count)
    for day in range(DAYS):
        exposure = 1.0 - np.exp(-max(day - START, 0) / 14.0)
        eta = usual + weeks[:, day] + carry * (before - 0.4) + effect * exposure
        before = (random.random(count) < 1.0 / (1.0 + np.exp(-eta))).astype(float)
        had[:, day] = 2 * before
    known = random.random((count, DAYS)) >= MISSING
    cells = pa.array(had.ravel(), mask=~known.ravel())
    return pa.RecordBatch.from_pydict(
        {
            "person": pa.array([f"{seed}-{number}" for number in range(count)]),
            "first_day": pa.array(np.full(count, 20_000, dtype=np.int32), pa.date32()),
            "headache": pa.ListArray.from_arrays(np.arange(0, count * DAYS + 1, DAYS, dtype=np.int32), cells),
            "start_day": pa.array(np.full(count, START, dtype=np.int32)),
        }
    )


def write(path: Path, count: int) -> None:
    """A file of so many diaries."""
    with pq.ParquetWriter(path, simulated(1, 0).schema) as writer:
        for first in range(0, count, PART):
            writer.write_batch(simulated(min(PART, count - first), 1 + first // PART))


class Cost:
    """What the whole command took: wall seconds, CPU seconds of all its processes, and the memory of the largest so far."""

    def __init__(self, source: Path, out: Path, diaries: int, jobs: int, *, kernel: bool) -> None:
        command = [sys.executable, "-m", "cleardays", "cohort", "fit", str(source), "--out", str(out), "--independent"]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "CLEARDAYS_KERNEL": "on" if kernel else "off"}
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([*command, "--jobs", str(jobs)], env=environment, check=True, capture_output=True)
        self.wall_s, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.peak_mb, self.diaries = after.ru_maxrss / 1024, diaries


def main() -> int:
    """Measure and print; fails where an answer is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diaries", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--numpy", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few, more, all_of_them = (
            _cost(Path(folder), max(asked.diaries // share, 1), asked.jobs, kernel=True) for share in (100, 10, 1)
        )
        slow = _cost(Path(folder), asked.numpy, 1, kernel=False)
    first, later = _each(few, more), _each(more, all_of_them)
    print(f"a diary costs {1000 * later:.3f} ms CPU beyond starting ({1 / later:,.0f} a second and core)")
    print(f"the last nine tenths cost {later / first:.2f} each of what those before did")
    print(f"one in numpy costs {slow.cpu_s / slow.diaries / later:.0f} times as much, starting included")
    return 0


def _cost(folder: Path, count: int, jobs: int, *, kernel: bool) -> Cost:
    source, out = folder / "in.parquet", folder / "out.parquet"
    write(source, count)
    found = Cost(source, out, count, jobs, kernel=kernel)
    if pq.read_metadata(out).num_rows != count:
        raise SystemExit("rows are missing")
    engine = "kernel" if kernel else "numpy"
    print(
        f"{count:9,} diaries, {jobs} processes, {engine}: {found.wall_s:7.2f} s wall, {found.cpu_s:7.2f} s CPU, "
        f"at most {found.peak_mb:.0f} MB in a process"
    )
    return found


def _each(one: Cost, other: Cost) -> float:
    return (other.cpu_s - one.cpu_s) / (other.diaries - one.diaries)


if __name__ == "__main__":
    sys.exit(main())
