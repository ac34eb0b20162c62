"""`cleardays trial whole` and `trial doses`: the whole plan of a person in one view, and the doses of a trial in a row."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from cleardays.cli.files import save_bytes, writer_for
from cleardays.cli.options import Parser, read_name
from cleardays.cli.output import print_json
from cleardays.cli.trials import add_day, add_person, day_of, known, opened
from cleardays.problems import BadInput, Problem

if TYPE_CHECKING:
    from cleardays.trial.story.story import Story

_PAPERS = ("a4", "letter")
Writers = dict[str, Callable[[], bytes]]


def run(arguments: list[str], *, prog: str) -> int:
    """Look, and change nothing."""
    return {"whole": _whole, "doses": _doses}[prog.rpartition(" ")[2]](arguments, prog)


def _whole(arguments: list[str], prog: str) -> int:
    says = "Everything that a person does at once, on a day: what to take, what comes when, and what cannot be told apart."
    args = _read(Parser(prog, says), arguments)
    on = day_of(args, ahead=True)
    story = _story(args, on)
    from cleardays.report.whole_page import whole_html, whole_json, whole_pdf, whole_text
    from cleardays.trial.whole import whole_plan

    found = whole_plan(story, on)
    writers: Writers = {
        ".html": lambda: whole_html(found).encode("utf-8"),
        ".pdf": lambda: whole_pdf(found, paper=args.paper),
        ".txt": lambda: whole_text(found).encode("utf-8"),
        ".json": lambda: whole_json(found).encode("utf-8"),
    }
    return _say(args, writers, found.document, on)


def _doses(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "The doses of a trial one after the other: its days at each, side effects, and why it was left.")
    parser.add_argument("--trial", required=True, metavar="ID", help="which trial")
    args = _read(parser, arguments)
    on = day_of(args)
    story = _story(args, on)
    from cleardays.report.dose_page import dose_html, dose_json, dose_pdf, dose_svg, dose_text
    from cleardays.trial.dose_response import dose_response

    found = dose_response(story, args.trial, on)
    writers: Writers = {
        ".html": lambda: dose_html(found).encode("utf-8"),
        ".pdf": lambda: dose_pdf(found, paper=args.paper),
        ".svg": lambda: dose_svg(found).encode("utf-8"),
        ".txt": lambda: dose_text(found).encode("utf-8"),
        ".json": lambda: dose_json(found).encode("utf-8"),
    }
    return _say(args, writers, found.document, on)


def _read(parser: Parser, arguments: list[str]) -> argparse.Namespace:
    add_person(parser)
    add_day(parser)
    parser.add_argument("--out", metavar="FILE", help="write a page: .html, .pdf, .txt or .json (default: print it as text)")
    parser.add_argument("--paper", default=_PAPERS[0], choices=_PAPERS, help=f"paper of the PDF (default {_PAPERS[0]})")
    return parser.parse_args(arguments)


def _story(args: argparse.Namespace, on: date) -> Story:
    """The story as it was on the evening of the day."""
    evening = datetime.combine(on, time.max).astimezone()
    with opened(args) as store:
        return store.story(known(store, read_name(args.person, "--person")), until=evening)


def _say(args: argparse.Namespace, writers: Writers, document: Callable[[], dict[str, object]], on: date) -> int:
    """Save the page, or print it as text; as JSON what stands behind it.

    Raises:
        BadInput: an ending that is not offered.
    """
    if args.out is not None:
        if not Path(args.out).suffix:
            raise BadInput(Problem("--out", f"{args.out} has no ending.", f"Use one of {', '.join(writers)}."))
        content = writer_for(args.out, writers)()
        save_bytes(content, args.out)
        if args.json:
            print_json({"written": args.out, "on": on.isoformat(), "bytes": len(content)})
        else:
            print(f"Written to {args.out} ({len(content):,} bytes).")
        return 0
    if args.json:
        print_json(document())
        return 0
    print(writers[".txt"]().decode("utf-8"), end="")
    return 0
