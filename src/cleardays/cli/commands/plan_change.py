"""`cleardays plan change`: life happens; a new version of a plan, with its reason."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from cleardays.catalogue.resolving import resolve
from cleardays.cli.commands.plan_files import read_plan, tell
from cleardays.cli.files import json_text
from cleardays.cli.options import Parser, read_day, require_day
from cleardays.plan.change_kinds import KINDS
from cleardays.plan.change_state import Change
from cleardays.plan.changes import change, state_of
from cleardays.plan.journal import STOP, PlanFile
from cleardays.plan.person import Person, TakenMedicine
from cleardays.plan.person_document import person_document
from cleardays.plan.person_reading import parse_person
from cleardays.problems import BadInput, Problem, shown

_WORDS = {"medicine-started", "medicine-stopped"}


def run(arguments: list[str], *, prog: str) -> int:
    """Change, write and print."""
    parser = Parser(prog, "Change a running plan. The past stays as it was; the new version is followed once it is confirmed.")
    parser.add_argument("plan", metavar="PLAN", help="a plan file, or - for standard input")
    parser.add_argument("kind", metavar="KIND", help=f"one of {', '.join((*KINDS, *sorted(_WORDS)))}")
    parser.add_argument("--on", metavar="DATE", required=True, help="the first day on which it counts")
    parser.add_argument("--why", metavar="TEXT", required=True, help="the reason")
    parser.add_argument("--by", metavar="NAME", help="who says so; go-on needs a clinician")
    parser.add_argument("--days", metavar="N", type=int, help="hold: so many days longer")
    parser.add_argument("--times", metavar="N", type=int, help="slow: each step so many times as long")
    parser.add_argument("--missed-from", metavar="DATE", help="gap: the first day without its dose")
    parser.add_argument("--hours", metavar="H", type=float, help="gap: from the last dose taken to the next one")
    parser.add_argument(
        "--medicine", metavar="NAME", action="append", help="medicine-started, medicine-stopped: which; repeat it"
    )
    parser.add_argument("--person", metavar="FILE", help="told: the person as known now, as person.json")
    parser.add_argument("--dose", metavar="DOSE", help='go-on: the dose a day, such as "50 mg" (default: the last one)')
    parser.add_argument("--planned", metavar="DATE", help="session: the day on which it was planned")
    parser.add_argument("--given", metavar="DATE", help="session: the day on which it is given; without it, it is left out")
    parser.add_argument("--decision", metavar="WORD", help="review: continue, another or stop")
    parser.add_argument("--out", metavar="FILE", help="where the new version is written")
    args = parser.parse_args(arguments)
    if args.kind not in KINDS and args.kind not in _WORDS:
        known = ", ".join((*KINDS, *sorted(_WORDS)))
        raise BadInput(Problem("KIND", f"{shown(args.kind)} is no change.", f"Write one of {known}."))
    file = read_plan(args.plan)
    found = change(file, _change(file, args))
    waits = "It holds at once." if args.kind == STOP else "It is followed once a clinician has confirmed it."
    tell(found, args, f"A new version. {waits}")
    return 0


def _change(file: PlanFile, args: argparse.Namespace) -> Change:
    data: dict[str, object] = {}
    for name in ("days", "times", "hours", "dose", "decision"):
        if getattr(args, name) is not None:
            data[name] = getattr(args, name)
    for name in ("missed_from", "planned", "given"):
        day = read_day(getattr(args, name), f"--{name.replace('_', '-')}")
        if day is not None:
            data[name] = day.isoformat()
    kind = args.kind
    if kind in _WORDS or kind == "told":
        data, kind = {"person": person_document(_person(file, args))}, "told"
    return Change(kind, require_day(args.on, "--on"), args.why, args.by, data)


def _person(file: PlanFile, args: argparse.Namespace) -> Person:
    """The person as told from now on."""
    if args.kind == "told":
        if args.person is None:
            raise BadInput(Problem("--person", "what is known now is needed.", "Write person.json anew, and name it here."))
        return parse_person(*json_text(args.person))
    if not args.medicine:
        raise BadInput(Problem("--medicine", "which one is needed.", "Write its international name."))
    person = state_of(file).at(require_day(args.on, "--on"))
    if person.medicines is None:
        how = "Use told with --person, and list everything that is taken."
        raise BadInput(Problem("--medicine", "nobody told yet what else is taken.", how))
    if args.kind == "medicine-started":
        added = tuple(TakenMedicine(name, started_days_ago=0) for name in args.medicine)
        return person._replace(medicines=(*person.medicines, *added))
    return person._replace(medicines=tuple(_stopped(person.medicines, args.medicine)))


def _stopped(taken: Sequence[TakenMedicine], names: Sequence[str]) -> Iterator[TakenMedicine]:
    """What is taken, with those that are stopped marked as such from this day on."""
    stopped = {_called(name) for name in names}
    running = [each for each in taken if each.stopped_days_ago is None]
    unknown = stopped - {_called(each.name) for each in running}
    if unknown:
        known = ", ".join(each.name for each in running) or "none"
        raise BadInput(
            Problem("--medicine", f"{', '.join(sorted(unknown))} is none that is taken.", f"Taken, as told: {known}.")
        )
    for each in taken:
        yield each._replace(stopped_days_ago=0.0) if each in running and _called(each.name) in stopped else each


def _called(name: str) -> str:
    """What a name stands for, so that a brand and a generic name are one."""
    found = resolve(name)
    return name.casefold() if found is None else found.id
