"""What reading a large export of Apple Health costs: memory and CPU time, beside a bare pass over the same file.

    python benchmarks/apple_health.py [--megabytes 1024]

Writes a synthetic export of that size into a temporary folder, imports it in a
process of its own, and runs xml.etree.ElementTree.iterparse over it, clearing
every element, in another. Importing must need less than 150 MB of memory and at
most twice the CPU time of the bare pass.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

_MOST_MB, _MOST_RATIO = 150, 2.0
_RUNS = 3
_FIRST = datetime(2014, 9, 17)
_IMPORT = [sys.executable, "-m", "cleardays", "diary", "import"]
_BARE = """
import sys, xml.etree.ElementTree as tree
count = 0
for _, element in tree.iterparse(sys.argv[1], events=("end",)):
    count += element.tag == "Record"
    element.clear()
print(count)
"""
_QUANTITIES = ("StepCount", "HeartRate", "ActiveEnergyBurned", "BasalEnergyBurned", "DistanceWalkingRunning")


class Cost(NamedTuple):
    """What one process took."""

    cpu_s: float
    peak_mb: float


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S +0100")


def record(kind: str, start: datetime, end: datetime, value: str) -> str:
    return (
        f' <Record type="{kind}" sourceName="Ann&#8217;s Watch" sourceVersion="10.3" device="&lt;&lt;HKDevice: 0x0&gt;, '
        f'name:Watch, manufacturer:Example, model:Watch, hardware:Watch6,1&gt;" unit="count" creationDate="{stamp(end)}" '
        f'startDate="{stamp(start)}" endDate="{stamp(end)}" value="{value}"/>\n'
    )


def a_day(day: datetime, draw: random.Random, records: int) -> str:
    """One day of a watch: many quantities, a night asleep in pieces, now and then a headache."""
    lines = []
    for n in range(records):
        at = day + timedelta(seconds=n * 86_400 // records)
        lines.append(
            record(
                f"HKQuantityTypeIdentifier{draw.choice(_QUANTITIES)}", at, at + timedelta(minutes=1), str(draw.randint(1, 200))
            )
        )
    for piece in range(20):
        start = day + timedelta(minutes=20 * piece)
        asleep = "HKCategoryValueSleepAnalysisAsleepCore"
        lines.append(record("HKCategoryTypeIdentifierSleepAnalysis", start, start + timedelta(minutes=19), asleep))
    start = day + timedelta(hours=10)
    value = draw.choice(("NotPresent", "NotPresent", "Mild", "Moderate", "Severe"))
    lines.append(
        record("HKCategoryTypeIdentifierHeadache", start, start + timedelta(hours=3), f"HKCategoryValueSeverity{value}")
    )
    return "".join(lines)


def write_export(path: Path, megabytes: int) -> None:
    draw = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData ANY>\n]>\n')
        file.write('<HealthData locale="en_GB">\n')
        day = _FIRST
        while file.tell() < megabytes * 1_000_000:
            file.write(a_day(day, draw, 600))
            day += timedelta(days=1)
        file.write("</HealthData>\n")


def cost(arguments: list[str]) -> Cost:
    """CPU seconds and peak memory of a process; each is measured in a child of its own child, so that peaks do not mix."""
    measured = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", measured, *arguments], capture_output=True, text=True, check=True)
    cpu, peak = done.stdout.split()
    return Cost(float(cpu), float(peak))


def least(arguments: list[str]) -> Cost:
    """The least of some runs: what others do on the machine only adds to it."""
    return min(cost(arguments) for _ in range(_RUNS))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--megabytes", type=int, default=1024)
    megabytes = options.parse_args().megabytes
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.xml"
        write_export(export, megabytes)
        target = str(Path(folder) / "diary.zip")
        bare = least([sys.executable, "-c", _BARE, str(export)])
        ours = least([*_IMPORT, str(export), "--zone", "Europe/Berlin", "--out", target])
    ratio = ours.cpu_s / bare.cpu_s
    for what, took in (("import", ours), ("bare pass", bare)):
        print(f"{megabytes} MB, {what}: {took.cpu_s:.1f} s CPU, peak {took.peak_mb:.0f} MB")
    print(f"ratio {ratio:.2f} (at most {_MOST_RATIO}), peak {ours.peak_mb:.0f} MB (less than {_MOST_MB})")
    return 0 if ratio <= _MOST_RATIO and ours.peak_mb < _MOST_MB else 1


if __name__ == "__main__":
    sys.exit(main())
