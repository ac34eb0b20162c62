"""What a year of hourly levels costs for many regimens, as ratios in one run, and how far they are from the equations solved.

    python benchmarks/kinetics.py [--regimens 1000] [--solved 5]

Every regimen has a person of its own, doses at irregular times with some forgotten, and a year of pill cycles where it is
an odd one. All of them side by side, against the same one after another, and against the sum over all doses at every hour
(a few, scaled up). A few are solved numerically from dose to dose, which needs scipy. At most 2 s of CPU for 1,000, and at
most a millionth of a regimen's peak away from the solution.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import numpy as np

from cleardays.kinetics.hourly import hourly
from cleardays.kinetics.induction import gradual
from cleardays.kinetics.model import levels
from cleardays.kinetics.parameters import Parameters
from cleardays.kinetics.piecewise import NO_PHASES, Phases, Regimen

T = TypeVar("T")
HOURS, RUNS, SUMMED = 365 * 24, 5, 20
MOST_S, MOST_ERROR = 2.0, 1e-6
DAY, CYCLE = 24.0, 28 * 24.0


def a_regimen(random: np.random.Generator) -> Regimen:
    """A year of one to three doses a day, up to two hours early or late, 3 % forgotten."""
    at = np.arange(random.uniform(2, DAY), HOURS, random.choice([8.0, 12.0, 24.0]))
    at = (at + random.uniform(-2, 2, at.size))[random.random(at.size) > 0.03]
    return Regimen(at, random.choice([25.0, 50.0, 100.0], at.size))


def cases(count: int) -> tuple[list[Parameters], list[Regimen], list[Phases]]:
    """People, what they take, and their pill."""
    random = np.random.default_rng(20261201)
    people = [
        Parameters(random.uniform(0.5, 6), random.uniform(4, 80), None if n % 10 == 0 else random.uniform(0.2, 3))
        for n in range(count)
    ]
    starts = np.arange(0, HOURS, CYCLE)
    at = np.column_stack([starts + 21 * DAY, starts + CYCLE]).ravel()
    pill = gradual(Phases(at, np.tile([0.5, 1.0], starts.size)), 3 * DAY, HOURS)
    return people, [a_regimen(random) for _ in people], [pill if n % 2 else NO_PHASES for n in range(count)]


def cpu(work: Callable[[], T], runs: int = 1) -> tuple[float, T]:
    """The least CPU seconds of several runs of some work, and what came of it."""
    best = float("inf")
    for _ in range(runs):
        began = time.process_time()
        found = work()
        best = min(best, time.process_time() - began)
    return best, found


def summed(person: Parameters, regimen: Regimen, hours: np.ndarray) -> np.ndarray:
    """Every dose at every hour (Bateman), without changes of clearance."""
    out, into = person.elimination_per_h, person.absorption_per_h
    since = hours[:, None] - regimen.at_h
    each = np.exp(-out * np.maximum(since, 0))
    if into is not None:
        each = into / (into - out) * (each - np.exp(-into * np.maximum(since, 0)))
    return np.where(since >= 0, each * regimen.dose_mg, 0).sum(axis=1) / person.volume_l


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--regimens", type=int, default=1000)
    options.add_argument("--solved", type=int, default=5)
    asked = options.parse_args()
    people, regimens, phases = cases(asked.regimens)
    hours = np.arange(float(HOURS))
    ours, found = cpu(lambda: hourly(people, regimens, HOURS, phases), RUNS)
    plain, _ = cpu(lambda: hourly(people, regimens, HOURS), RUNS)
    single, _ = cpu(lambda: [levels(p, r, hours, f) for p, r, f in zip(people, regimens, phases, strict=True)])
    some = min(SUMMED, asked.regimens)
    direct = cpu(lambda: [summed(people[n], regimens[n], hours) for n in range(some)])[0] * asked.regimens / some
    print(f"{asked.regimens:,} regimens, a year of hourly levels each, one core")
    print(f"side by side, half of them with a pill: {ours:6.2f} s CPU (at most {MOST_S:g} s for 1,000)")
    print(f"side by side, clearance unchanged:      {plain:6.2f} s CPU, {plain / ours:.2f} of that")
    print(f"one after another, with the pill:       {single:6.2f} s CPU, {single / ours:.1f} times that")
    print(f"every dose at every hour, scaled up:    {direct:6.2f} s CPU, {direct / plain:.0f} times that without a pill")
    worst = 0.0
    if find_spec("scipy") is None:
        print("not compared with the equations solved numerically: scipy is not here")
    else:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
        from reference.levels import integrated

        chosen = list(range(min(asked.solved, asked.regimens)))
        took, solved = cpu(lambda: [integrated(people[n], regimens[n], hours, phases[n]) for n in chosen])
        worst = max(float(np.abs(solved[n] - found[n]).max() / found[n].max()) for n in chosen)
        scaled = took * asked.regimens / len(chosen)
        print(f"solved numerically, {len(chosen)}, scaled up:         {scaled:6.0f} s CPU, {scaled / ours:.0f} times that")
        print(f"furthest from it: {worst:.1e} of a regimen's peak (at most {MOST_ERROR:g})")
    return int(1000 * ours / asked.regimens > MOST_S or worst > MOST_ERROR)


if __name__ == "__main__":
    sys.exit(main())
