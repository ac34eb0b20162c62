"""What an answer costs: CPU seconds, wall seconds and memory of whole processes, as ratios in one run.

    python benchmarks/response.py

Compares the commands with a bare Python, and with a Python that only imports
numpy, on the example diary (121 days). Each figure is the best of several runs.
The engine alone is timed in one process. With the `bench` extra the same diary goes
through NUTS on the same model (NumPyro) and through a structural time series
(statsmodels), each the first time and again (`peers.py`).
"""

from __future__ import annotations

import json
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
# Compiled modules are kept, as after any installation.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT |= {"OPENBLAS_NUM_THREADS": "1"}


class Cost(NamedTuple):
    """What one process took."""

    cpu_s: float
    wall_s: float
    peak_mb: float


def cost(arguments: list[str], more: dict[str, str] | None = None) -> Cost:
    """The cheapest of several runs of a whole process; `more` goes into its environment."""
    runs = (_once(arguments, {**ENVIRONMENT, **(more or {})}) for _ in range(RUNS))
    return Cost(*(min(column) for column in zip(*runs, strict=True)))


def _once(arguments: list[str], environment: dict[str, str]) -> Cost:
    began = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, env=environment)
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


class Peer(NamedTuple):
    """One way of answering: P(R >= 50 %), CPU seconds of the first answer and of a further one, peak memory."""

    p50: float
    cold_s: float
    steady_s: float
    peak_mb: float


def peer(way: str) -> Peer | None:
    """One way in a process of its own; None where its library is not installed."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("peers.py")), way],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    told, complaint = process.stdout.read(), process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and "ModuleNotFoundError" in complaint:
        return None
    if process.returncode:
        raise SystemExit(complaint)
    return Peer(**json.loads(told), peak_mb=used.ru_maxrss / 1024)


def print_peers() -> None:
    """One table, in units of the kernel."""
    found = {way: peer(way) for way in ("kernel", "numpy", "structural", "nuts")}
    base = found["kernel"]
    assert base is not None
    print(
        f"\n{'one diary':12}{'P50':>6}{'first s':>9}{'again ms':>10}{'peak MB':>9}{'first / kernel':>16}{'again / kernel':>16}"
    )
    for way, each in found.items():
        if each is None:
            print(f"{way:12}not installed: pip install 'cleardays[bench]'")
            continue
        print(
            f"{way:12}{each.p50:6.2f}{each.cold_s:9.2f}{1000 * each.steady_s:10.1f}{each.peak_mb:9.0f}"
            f"{each.cold_s / base.cold_s:16.1f}{each.steady_s / base.steady_s:16.1f}"
        )


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
        "the same in numpy": cost([*cleardays, *ASK], {"CLEARDAYS_KERNEL": "off"}),
    }
    base = measured["python with numpy"]
    print(f"{'':26}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'CPU / numpy':>13}{'MB / numpy':>12}")
    for name, found in measured.items():
        print(
            f"{name:26}{found.cpu_s:8.3f}{found.wall_s:8.3f}{found.peak_mb:9.1f}"
            f"{found.cpu_s / base.cpu_s:13.2f}{found.peak_mb / base.peak_mb:12.2f}"
        )
    print(f"the review alone, warm: {engine_ms():.1f} ms CPU ({engine_ms() / 1000 / base.cpu_s:.2f} of importing numpy)")
    print_peers()


if __name__ == "__main__":
    main()
