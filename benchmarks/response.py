"""What an answer costs: CPU seconds, wall seconds and memory of whole processes, as ratios in one run.

    python benchmarks/response.py

Compares the commands with a bare Python, and with a Python that only imports
numpy, on the example diary (121 days). Each figure is the best of several runs.
The engine alone is timed in one process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "kostecki_dillon_55.csv"
RUNS = 7
ASK = ["response", str(EXAMPLE), "--treatment", "x", "--start", "2024-03-04", "--json"]
ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}


class Cost(NamedTuple):
    """What one process took."""

    cpu_s: float
    wall_s: float
    peak_mb: float


def cost(arguments: list[str]) -> Cost:
    """The cheapest of several runs of a whole process."""
    return Cost(*(min(column) for column in zip(*(_once(arguments) for _ in range(RUNS)), strict=True)))


def _once(arguments: list[str]) -> Cost:
    began = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} failed")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1024)


def engine_ms() -> float:
    """CPU milliseconds of one fit with its answer, warm, in one process."""
    from cleardays.cli.files import load_diary
    from cleardays.trial.review import review

    diary = load_diary(str(EXAMPLE))
    best = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        review(diary, "x", date(2024, 3, 4))
        best = min(best, time.process_time() - began)
    return 1000 * best


def main() -> None:
    python = sys.executable
    cleardays = [python, "-m", "cleardays"]
    measured = {
        "python": cost([python, "-c", "pass"]),
        "python with numpy": cost([python, "-c", "import numpy"]),
        "cleardays --version": cost([*cleardays, "--version"]),
        "cleardays --help": cost([*cleardays, "--help"]),
        "cleardays diary measures": cost([*cleardays, "diary", "measures", str(EXAMPLE), "--json"]),
        "cleardays response": cost([*cleardays, *ASK]),
    }
    base = measured["python with numpy"]
    print(f"{'':26}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'CPU / numpy':>13}{'MB / numpy':>12}")
    for name, found in measured.items():
        print(
            f"{name:26}{found.cpu_s:8.3f}{found.wall_s:8.3f}{found.peak_mb:9.1f}"
            f"{found.cpu_s / base.cpu_s:13.2f}{found.peak_mb / base.peak_mb:12.2f}"
        )
    print(f"the review alone, warm: {engine_ms():.1f} ms CPU ({engine_ms() / 1000 / base.cpu_s:.2f} of importing numpy)")


if __name__ == "__main__":
    main()
