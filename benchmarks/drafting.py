"""How fast a plan is drafted, as ratios in one run.

    python benchmarks/drafting.py

CPU time of each in a fresh process, so that nothing is warm: importing what a draft needs, the first draft with the
catalogue loaded on the way, both together, and a further draft for another person; against parsing the whole catalogue
as TOML with the standard library in the same run.
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
# At most so much of that parsing, so that a slow or busy machine is not taken for slow code; None is told, not judged. On
# two quiet cores a first draft takes about 70 ms and a further one 3-7 ms.
MOST = {"import": None, "first": 0.35, "both": None, "further": 0.1}
DATA = Path(__file__).resolve().parents[1] / "src" / "cleardays" / "catalogue" / "data"
TREATMENTS = (
    ("lamotrigine", "migraine-with-aura"),
    ("baclofen", "chronic-migraine"),
    ("ketamine", "refractory-migraine"),
    ("onabotulinumtoxina", "chronic-migraine"),
    ("topiramate", "episodic-migraine"),
)
MEASURE = """
import json, sys, time
start = time.process_time()
from datetime import date
from cleardays.plan.draft import Wish, draft
from cleardays.plan.journal import begin
from cleardays.plan.person_reading import read_person
loaded = time.process_time()
person = {"age": 34, "sex": "male", "weight_kg": 70, "conditions": ["migraine with aura"], "allergies": [],
          "past_reactions": [], "egfr_ml_min": 90, "dialysis": False, "liver": "normal", "blood_pressure": [118, 74],
          "heart_rate": 72, "supervised": True, "escort": True, "diary_flags": []}
def one(medicines):
    told = read_person({**person, "medicines": medicines})
    wish = Wish(sys.argv[1], sys.argv[2], date(2026, 3, 2))
    found = draft(wish, told)
    json.dumps(begin(wish, told, found).document())
    assert found.steps or found.sessions, found.unknown
one(["sumatriptan"])
first = time.process_time()
one(["carbamazepine", "ibuprofen"])
print(json.dumps({"import": loaded - start, "first": first - loaded, "both": first - start,
                  "further": time.process_time() - first}))
"""


def main() -> int:
    """Measure, print, and fail where a limit is passed."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(DATA.rglob("*.toml"))]
    start = time.process_time()
    for text in texts:
        tomllib.loads(text)
    parsing = 1000 * (time.process_time() - start)
    print(f"parsing the whole catalogue as TOML: {parsing:.0f} ms CPU")
    slow = False
    for treatment, indication in TREATMENTS:
        runs = [_measured(treatment, indication) for _ in range(RUNS)]
        for name, limit in MOST.items():
            spent = 1000 * median(run[name] for run in runs)
            slow |= limit is not None and spent > limit * parsing
            most = "" if limit is None else f" (at most {limit})"
            print(f"{treatment:18} {name:8} {spent:6.1f} ms CPU, {spent / parsing:.2f} of that parsing{most}")
    return int(slow)


def _measured(treatment: str, indication: str) -> dict[str, float]:
    command = [sys.executable, "-c", MEASURE, treatment, indication]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
