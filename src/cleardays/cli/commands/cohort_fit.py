"""`cleardays cohort fit`: many diaries from one Parquet file, one row of answers for each."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from cleardays.catalogue.names import find_medicine
from cleardays.cli.learning import Population, learn
from cleardays.cli.options import Parser, read_seed, read_whole
from cleardays.cli.output import print_json
from cleardays.cli.registry import Progress, fit_file
from cleardays.evidence.prior.stored import Expected, expected_of
from cleardays.numerics.compiled import kernel
from cleardays.problems import BadInput, Problem, shown

if TYPE_CHECKING:
    import pyarrow as pa

    from cleardays.response.priors import Priors

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
    parser.add_argument("--independent", action="store_true", help="each diary by itself, with the reference priors")
    parser.add_argument("--treatment", metavar="NAME", help="which one: learning starts from what trials of it let expect")
    parser.add_argument("--indication", metavar="ID", default="episodic-migraine", help="of these people, for the trials")
    parser.add_argument("--no-evidence", action="store_true", help="learning starts from the reference priors")
    parser.add_argument(
        "--engine", metavar="NAME", default="local", help="local: processes of this machine (so far the only one)"
    )
    parser.add_argument("--jobs", metavar="N", help="processes; the answers do not depend on it (default: one for each core)")
    parser.add_argument("--seed", metavar="N", default="1", help="fixes what is drawn (default 1)")
    args = parser.parse_args(arguments)
    if args.engine != "local":
        raise BadInput(Problem("--engine", f"there is no engine {args.engine!r}.", "Leave it out, or write local."))
    learned: list[Population] = []
    learner = None if args.independent else _learner(args, learned)
    jobs = _cores() if args.jobs is None else read_whole(args.jobs, "--jobs", _MOST_JOBS)
    began = time.monotonic()
    counts = fit_file(args.diaries, args.out, jobs=jobs, seed=read_seed(args.seed), tell=_tell, learner=learner)
    found = {
        **counts._asdict(),
        "independent": args.independent,
        "population": learned[0].document() if learned else None,
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
        if learned:
            print(_said(learned[0]))
    return 0


def _learner(args: argparse.Namespace, learned: list[Population]) -> Callable[[Iterator[pa.RecordBatch], int], Priors]:
    """Learns before anybody is answered, and leaves in `learned` what there was to learn."""
    expected, seed = _expected(args), read_seed(args.seed)

    def learn_from(batches: Iterator[pa.RecordBatch], rows: int) -> Priors:
        learned.append(learn(batches, rows, expected, seed=seed))
        return learned[0].learned.priors

    return learn_from


def _expected(args: argparse.Namespace) -> Expected | None:
    if args.treatment is None or args.no_evidence:
        return None
    medicine = find_medicine(args.treatment)
    found = None if medicine is None else expected_of(medicine.id, args.indication)
    if found is None:
        what = f"no trial compares {shown(args.treatment)} in {shown(args.indication)}."
        raise BadInput(
            Problem("--treatment", what, "Leave it out, or add --no-evidence: learning starts from the reference priors.")
        )
    return found


def _said(population: Population) -> str:
    told = population.document()
    effect = population.learned.priors.effect
    return (
        f"Learned from {told['people']:,} of {told['of']:,} diaries: an effect of {effect.means[0]:.2f} on the logit, "
        f"standard deviation over people {effect.sds[0]:.2f}. {population.start.effect.reason.because}"
    )


def _cores() -> int:
    """Those that this process may use."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    return min(len(usable), _MOST_JOBS)


def _tell(progress: Progress) -> None:
    pace = progress.done / progress.seconds if progress.seconds > 0 else 0.0
    print(f"cohort: {progress.done:,} of {progress.of:,} diaries, {pace:,.0f} a second", file=sys.stderr, flush=True)
