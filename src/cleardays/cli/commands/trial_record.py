"""`cleardays trial record`, `trial bring-in` and `trial bring-out`: events and whole diaries into a story and out of it."""

from __future__ import annotations

import json
from typing import Any

from cleardays.cli.files import load_diary, read_bytes, save_diary, text_lines
from cleardays.cli.options import Parser, read_name
from cleardays.cli.output import print_json
from cleardays.cli.trials import add_person, add_teller, introduce, known, now, opened, tell, teller
from cleardays.problems import BadInput, Problem, enough
from cleardays.trial.story.diary_told import ABOUT_TOLD, DAY_TOLD, told_by
from cleardays.trial.story.events import Event, read_event
from cleardays.trial.story.story import Story, fold

Told = tuple[str, dict[str, Any]]


def run(arguments: list[str], *, prog: str) -> int:
    """Keep all of it, or nothing."""
    return {"record": _record, "bring-in": _bring_in, "bring-out": _bring_out}[prog.rpartition(" ")[2]](arguments, prog)


def _record(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "Keep events in a person's story: one JSON object a line, all of them or none.")
    add_person(parser)
    parser.add_argument("events", metavar="EVENTS.jsonl", help="a file, or - for standard input")
    args = parser.parse_args(arguments)
    events = _read(args.events)
    with opened(args, create=True) as store:
        person = read_name(args.person, "--person")
        introduce(store, person, events)
        return tell(store, person, events, args, lambda story: f"{len(events)} told; the story has {story.seq} events.")


def _read(path: str) -> list[Event]:
    """Every line that is an event.

    Raises:
        BadInput: with every line that is none.
    """
    found, problems = [], list[Problem]()
    lines = text_lines(*read_bytes(path), needs="It needs one JSON object a line.")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(read_event(json.loads(line), f"line {number}"))
        except (ValueError, RecursionError):
            problems.append(
                Problem(f"line {number}", "it is no JSON.", 'Write {"kind": ..., "at": ..., "by": ..., "body": ...}.')
            )
        except BadInput as bad:
            problems += bad.problems
        enough(problems, path)
    if problems:
        raise BadInput(problems)
    return found


def _bring_in(arguments: list[str], prog: str) -> int:
    parser = Parser(
        prog, "Bring a diary into a person's story; what the story has already in the same words is not told twice."
    )
    add_person(parser)
    parser.add_argument("diary", metavar="DIARY", help="days.csv, a diary zip, or -")
    parser.add_argument(
        "--replace", action="store_true", help="where it tells a day otherwise than the story, take it as a correction"
    )
    add_teller(parser)
    args = parser.parse_args(arguments)
    diary, person = load_diary(args.diary), read_name(args.person, "--person")
    by, at = teller(args), now()
    with opened(args, create=True) as store:
        told = told_by(diary)
        story = store.story(person) if person in store.people() else fold(person, ())
        new = _new(story, told, replace=args.replace)
        there = len(told) - len(new)
        events = [Event(kind, at, by, body) for kind, body in new]
        introduce(store, person, events)
        return tell(store, person, events, args, lambda _: f"{len(new)} entries brought in, {there} were there already.")


def _new(story: Story, told: tuple[Told, ...], *, replace: bool) -> list[Told]:
    """What the story does not have yet.

    Raises:
        BadInput: it tells days otherwise than the story, and nobody said that it is right.
    """
    new, otherwise = list[Told](), list[Problem]()
    for kind, body in told:
        if kind == ABOUT_TOLD:
            if body["about"].items() - story.diary.about.items():
                new.append((kind, body))
            continue
        name = body["cells"]["date"] if kind == DAY_TOLD else body["entry"]
        standing = story.entries.get((kind, name))
        if standing is not None and standing.cells == body["cells"]:
            continue
        if standing is not None and not replace:
            how = "Correct the file, or take it as a correction with --replace; what the story says now is kept either way."
            otherwise.append(Problem(f"{kind} {name}", "the story tells it otherwise.", how))
        new.append((kind, body))
    if otherwise:
        raise BadInput(otherwise)
    return new


def _bring_out(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "Write the diary of a story as days.csv or as a diary zip, which any other program can read.")
    add_person(parser)
    parser.add_argument("--out", required=True, metavar="FILE", help="a .csv file of the days, or a .zip of everything told")
    args = parser.parse_args(arguments)
    with opened(args) as store:
        diary = store.story(known(store, read_name(args.person, "--person"))).diary
    save_diary(diary, args.out)
    if args.json:
        print_json({"out": args.out, "days": len(diary.records)})
    else:
        print(f"{len(diary.records)} days written to {args.out}.")
    return 0
