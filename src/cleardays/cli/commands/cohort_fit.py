"""`cleardays cohort fit`: many diaries from one Parquet file, one row of answers for each."""

from __future__ import annotations

import os
import sys
import time

from cleardays.cli.options import Parser, read_seed, read_whole
from cleardays.cli.output import print_json
from cleardays.cli.registry import Progress, fit_file
from cleardays.numerics.compiled import kernel
from cleardays.problems import BadInput, Problem

_MOST_JOBS = 256


def run(arguments: list[str], *, prog: str) -> int:
    """Read, answer, write, count."""
    parser = Parser(
        prog,
        "Answers every diary of a Parquet file, one row a diary, in their order. A diary that cannot be answered gets a "
        "row that says why.",
    )
    parser.add_argument("diaries", metavar="DIARIES", help="a Parquet file with one row a diary")
    parser.add_argument("--out", metavar="RESULTS", required=True, help="the Parquet file to write")
    parser.add_argument(
        "--independent", action="store_true", help="each diary by itself, with the reference priors (so far the only way)"
    )
    parser.add_argument(
        "--engine", metavar="NAME", default="local", help="local: processes of this machine (so far the only one)"
    )
    parser.add_argument("--jobs", metavar="N", help="processes; the answers do not depend on it (default: one for each core)")
    parser.add_argument("--seed", metavar="N", default="1", help="fixes what is drawn (default 1)")
    args = parser.parse_args(arguments)
    if args.engine != "local":
        raise BadInput(Problem("--engine", f"there is no engine {args.engine!r}.", "Leave it out, or write local."))
    if not args.independent:
        how = "Add --independent: each diary by itself."
        raise BadInput(Problem("cohort fit", "learning from all diaries together is not there yet.", how))
    jobs = _cores() if args.jobs is None else read_whole(args.jobs, "--jobs", _MOST_JOBS)
    began = time.monotonic()
    counts = fit_file(args.diaries, args.out, jobs=jobs, seed=read_seed(args.seed), tell=_tell)
    found = {
        **counts._asdict(),
        "independent": True,
        "population": None,
        "engine": "local",
        "kernel": "numpy" if kernel() is None else "compiled",
        "jobs": jobs,
        "seconds": round(time.monotonic() - began, 3),
        "out": args.out,
    }
    if args.json:
        print_json(found)
    else:
        told = f"{counts.diaries:,} diaries, {counts.answered:,} answered, {counts.problems:,} with a problem"
        print(f"{told}. Written to {args.out}.")
    return 0


def _cores() -> int:
    """Those that this process may use."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    return min(len(usable), _MOST_JOBS)


def _tell(progress: Progress) -> None:
    pace = progress.done / progress.seconds if progress.seconds > 0 else 0.0
    print(f"cohort: {progress.done:,} of {progress.of:,} diaries, {pace:,.0f} a second", file=sys.stderr, flush=True)
