"""How fast a person is screened, as ratios in one run.

    python benchmarks/screening.py

CPU time of each in a fresh process, so that nothing is warm: loading the catalogue, the first screen, a list of
30 medicines; against parsing the whole catalogue as TOML with the standard library in the same run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from statistics import median

RUNS = 7
# At most so much of that parsing, so that a slow or busy machine is not taken for slow code. On two quiet cores these take
# about 50, 20 and 13 ms.
MOST = {"load": 0.4, "first": 0.15, "thirty": 0.3}
DATA = Path(__file__).resolve().parents[1] / "src" / "cleardays" / "catalogue" / "data"
MEASURE = """
import json, time
from cleardays.plan.person_reading import read_person
from cleardays.plan.screening import screen
from cleardays.catalogue.medicine_table import name_table
from cleardays.catalogue.screening_rules import rule_books
from cleardays.catalogue.resolving import resolve
person = {"age": 34, "sex": "female", "conditions": ["migraine with aura"], "allergies": [], "egfr_ml_min": 90}
found = {}
start = time.process_time()
rule_books(resolve("lamotrigine"))
found["load"] = time.process_time() - start
start = time.process_time()
screen("lamotrigine", read_person({**person, "medicines": ["valproate", "sumatriptan"]}))
found["first"] = time.process_time() - start
names = [entry.medicine.id for entry in name_table().entries][::30][:30]
start = time.process_time()
screen("lamotrigine", read_person({**person, "medicines": names}))
found["thirty"] = time.process_time() - start
print(json.dumps(found))
"""


def main() -> int:
    """Measure, print, and fail where a limit is passed."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(DATA.rglob("*.toml"))]
    start = time.process_time()
    for text in texts:
        tomllib.loads(text)
    parsing = 1000 * (time.process_time() - start)
    print(f"parsing the whole catalogue as TOML: {parsing:.0f} ms CPU")
    runs = []
    for _ in range(RUNS):
        done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout))
    slow = False
    for name, limit in MOST.items():
        spent = 1000 * median(run[name] for run in runs)
        slow |= spent > limit * parsing
        print(f"{name:8} {spent:6.1f} ms CPU, {spent / parsing:.2f} of that parsing (at most {limit})")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
