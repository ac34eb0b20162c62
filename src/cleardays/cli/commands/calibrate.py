"""`cleardays calibrate`: how right the answers are on people whose truth is known, in worlds assumed and not assumed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, cast

from cleardays.catalogue.names import find_medicine
from cleardays.cli.files import read_bytes, save_bytes, text_lines
from cleardays.cli.options import Parser, read_seed, read_whole
from cleardays.cli.output import print_json
from cleardays.evidence.prior.stored import Expected, expected_of
from cleardays.problems import BadInput, Problem, shown
from cleardays.report.coverage_dots import Covered, draw_coverage
from cleardays.report.rank_histograms import draw_ranks
from cleardays.report.reliability import Diagram, draw_reliability
from cleardays.response.study import control
from cleardays.response.study.control import Counted, Laid, judge_control, lay_person, read_counts
from cleardays.response.study.document import Study, as_markdown
from cleardays.response.study.figures import pooled
from cleardays.response.study.ranks import QUANTITIES, RANK_WORLDS, judge_ranks, rank_person
from cleardays.response.study.run import BETA, METHODS, OURS, Asked, Result, WorldStudy, study_person, study_world
from cleardays.response.study.worlds import AS_IN_TRIALS, BASE, GROUPS, WORLDS, World, trial_world
from cleardays.trial.review import judging_rules

_PEOPLE, _MOST_PEOPLE, _MOST_JOBS = 200, 100_000, 256
_RANKS = "ranks"
_CHUNK = 8  # people handed to a process at once
_NAMES = (*WORLDS, AS_IN_TRIALS, *RANK_WORLDS, control.NAME)


class Task(NamedTuple):
    """A few people of one world, for any process to work on; `counted` are those of the control."""

    world: str
    numbers: range
    asked: Asked
    counted: tuple[Counted, ...] = ()


def run(arguments: list[str], *, prog: str) -> int:
    """Simulate, ask every method, score, write."""
    parser = Parser(
        prog,
        "Simulates people whose truth is known, in worlds that the response model assumes and in worlds that it does "
        "not, and tells how right its answers are, beside simpler methods. No file of anybody is read.",
    )
    parser.add_argument("--people", metavar="N", default=str(_PEOPLE), help=f"people in each world (default {_PEOPLE})")
    parser.add_argument(
        "--world", metavar="NAME", nargs="+", action="extend", default=[], help="only these worlds, or groups of worlds"
    )
    parser.add_argument("--seed", metavar="N", default="1", help="fixes everything that is drawn (default 1)")
    parser.add_argument("--jobs", metavar="N", default="1", help="processes; the figures do not depend on it (default 1)")
    parser.add_argument("--no-evidence", action="store_true", help="ask with the reference priors")
    parser.add_argument("--control", metavar="FILE", help="counts of a placebo-controlled trial, as a negative control")
    parser.add_argument("--out", metavar="DIR", help="where to write calibration.json, calibration.md and the pictures")
    parser.add_argument("--treatment", metavar="NAME", help="ask with the prior from the trials of this treatment")
    parser.add_argument("--indication", metavar="ID", default="episodic-migraine", help="of the people in these trials")
    args = parser.parse_args(arguments)
    rules, expected = judging_rules(), None if args.treatment is None else _expected(args.treatment, args.indication)
    if expected is not None and args.no_evidence:
        raise BadInput(Problem("--no-evidence", "trials were asked for.", "Leave out --treatment or --no-evidence."))
    people, jobs = read_whole(args.people, "--people", _MOST_PEOPLE), read_whole(args.jobs, "--jobs", _MOST_JOBS)
    asked = Asked(people, read_seed(args.seed), not args.no_evidence, rules, expected)
    counted = None if args.control is None else _counts(args.control)
    chosen = chosen_worlds(args.world, has_control=counted is not None, has_trials=expected is not None)
    folder = None if args.out is None else _folder(args.out)
    study = _study(chosen, asked, tuple(counted or ()), jobs)
    files = [] if folder is None else _write(study, folder)
    if args.json:
        print_json({**study.document(), "files": files})
    elif files:
        print("\n".join(files))
    else:
        print(as_markdown(study), end="")
    return 0


def _expected(name: str, indication: str) -> Expected:
    medicine = find_medicine(name)
    found = None if medicine is None else expected_of(medicine.id, indication)
    if found is None:
        what = f"no trial compares {shown(name)} in {shown(indication)}."
        how = "cleardays evidence TREATMENT --indication ID shows what there is."
        raise BadInput(Problem("--treatment", what, how))
    return found


def _counts(path: str) -> list[Counted]:
    raw, name = read_bytes(path)
    return read_counts(text_lines(raw, name), name)


def chosen_worlds(wanted: list[str], *, has_control: bool, has_trials: bool = False) -> list[str]:
    """The worlds asked for, in the order of the study; everything where nothing is asked for."""
    groups = {group: [name for name, world in WORLDS.items() if world.group == group] for group in GROUPS}
    groups[_RANKS] = list(RANK_WORLDS)
    found = set[str]()
    for name in wanted:
        if name not in _NAMES and name not in groups:
            known = f"The worlds are {', '.join(_NAMES)}; their groups {', '.join(map(repr, groups))}."
            raise BadInput(Problem("--world", f"there is no world {shown(name)}.", known))
        found.update([name] if name in _NAMES else groups[name])
    if control.NAME in found and not has_control:
        how = "Add --control FILE with the counts of a placebo-controlled trial; none is shipped."
        raise BadInput(Problem("--world", "the control needs data.", how))
    if AS_IN_TRIALS in found and not has_trials:
        raise BadInput(Problem("--world", f"{AS_IN_TRIALS} needs trials.", "Add --treatment and --indication."))
    names = [name for name in _NAMES if has_trials or name != AS_IN_TRIALS]
    return [name for name in names if (has_control if name == control.NAME else name in found or not wanted)]


def _folder(path: str) -> Path:
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(Problem("--out", f"{path} cannot be made ({error.strerror}).", "Name another folder.")) from None
    return Path(path)


def _study(chosen: list[str], asked: Asked, counted: tuple[Counted, ...], jobs: int) -> Study:
    """Everything that was chosen, world by world as their people are done."""
    tasks = [
        Task(name, range(first, min(first + _CHUNK, people)), asked, counted if name == control.NAME else ())
        for name in chosen
        for people in [len(counted) if name == control.NAME else asked.people]
        for first in range(0, people, _CHUNK)
    ]
    worlds, ranks, found = list[WorldStudy](), {}, None
    for name, parts in groupby(_done(tasks, jobs), key=lambda part: part[0]):
        people = [each for _, part in parts for each in part]
        if name in WORLDS or name == AS_IN_TRIALS:
            worlds.append(study_world(_world(name, asked), cast("list[Result]", people), asked))
        elif name in RANK_WORLDS:
            told = cast("list[dict[str, float]]", people)
            ranks[name] = tuple(judge_ranks(quantity, [each[quantity] for each in told]) for quantity in QUANTITIES)
        else:
            base = next((world.scores[OURS] for world in worlds if world.world.name == BASE), None)
            found = judge_control(cast("list[Laid]", people), base)
        print(
            f"calibrate: {name}, {len(people)} people ({chosen.index(name) + 1} of {len(chosen)})", file=sys.stderr, flush=True
        )
    return Study(asked, tuple(worlds), ranks, found)


def _done(tasks: list[Task], jobs: int) -> Iterator[tuple[str, list[object]]]:
    """The tasks' results in the order of the tasks, whichever process was first."""
    if jobs == 1:
        yield from ((task.world, work(task)) for task in tasks)
        return
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn"))
    try:
        yield from zip([task.world for task in tasks], pool.map(work, tasks), strict=True)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def work(task: Task) -> list[object]:
    """The people of one task, in the order of their numbers."""
    if task.world in WORLDS or task.world == AS_IN_TRIALS:
        world = _world(task.world, task.asked)
        return [study_person(world, number, task.asked) for number in task.numbers]
    if task.world in RANK_WORLDS:
        return [rank_person(RANK_WORLDS[task.world], number, task.asked.seed) for number in task.numbers]
    return [lay_person(task.counted[number], number, task.asked) for number in task.numbers]


def _world(name: str, asked: Asked) -> World:
    if name in WORLDS:
        return WORLDS[name]
    assert asked.expected is not None  # only then is this world among the names
    return trial_world(asked.expected)


def _write(study: Study, folder: Path) -> list[str]:
    texts = {"calibration.json": json.dumps(study.document(), allow_nan=False) + "\n", "calibration.md": as_markdown(study)}
    texts |= _pictures(study)
    for name, text in texts.items():
        save_bytes(text.encode("utf-8"), str(folder / name))
    return [str(folder / name) for name in texts]


def _pictures(study: Study) -> dict[str, str]:
    drawn = {}
    for group in dict.fromkeys(world.world.group for world in study.worlds):
        ours, beside = (
            Diagram(
                METHODS[name],
                pooled([world.scores[name].reliability for world in study.worlds if world.world.group == group]),
            )
            for name in (OURS, BETA)
        )
        title = f"How often it came true: {group.replace('-', ' ')}"
        drawn[f"reliability-{group}.svg"] = draw_reliability(title, ours, beside)
    if study.worlds:
        rows = [
            Covered(each.world.name, each.world.group, each.scores[OURS].cover_reduction, each.scores[OURS].cover_current)
            for each in study.worlds
        ]
        drawn["coverage.svg"] = draw_coverage("Truths inside the 90 % interval", rows)
    for name, found in study.ranks.items():
        drawn[f"{name}.svg"] = draw_ranks(f"Ranks of the truth: {RANK_WORLDS[name].says}", found)
    return drawn
