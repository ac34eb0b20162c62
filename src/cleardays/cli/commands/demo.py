"""`cleardays demo`: the whole job on one diary, from the file to the pages; or a whole simulated trial."""

from __future__ import annotations

import argparse
from pathlib import Path

import cleardays
from cleardays.cli.files import load_diary, save_all
from cleardays.cli.options import Parser, require_day
from cleardays.cli.output import ascii_only, print_json
from cleardays.cli.pages import page_writers, show_page
from cleardays.problems import BadInput, Problem, shown
from cleardays.report.page import compose
from cleardays.report.sheet import PAPERS
from cleardays.report.text import render_text
from cleardays.trial.review import review

_REAL, _DIARY, _FOLDER = "real", "kostecki_dillon_55.csv", "cleardays-demo"


def run(arguments: list[str], *, prog: str) -> int:
    """Read, review, write the pages, print the answer; on a terminal also show the page."""
    parser = Parser(
        prog,
        "Do the whole job on one person's diary: read it, fit it, answer, and write the pages. Or a whole simulated trial, "
        "from the intake to its end, with the truth behind it told last.",
    )
    parser.add_argument("--case", default=_REAL, metavar="NAME", help=f"whose diary: {_REAL} (default), or a simulated trial")
    parser.add_argument(
        "--out", metavar="DIR", help=f"where to write the pages (default {_FOLDER}; a simulated trial in a folder of its own)"
    )
    parser.add_argument("--no-serve", action="store_true", help="do not show the page on a local address")
    parser.add_argument("--paper", default="a4", choices=tuple(PAPERS), help="paper of the PDF (default a4)")
    parser.add_argument("--seed", metavar="N", help="a simulated trial: another life of the same person")
    parser.add_argument("--store", metavar="PLACE", help="a simulated trial: also keep its story in this store")
    args = parser.parse_args(arguments)
    if args.case != _REAL:
        from cleardays.cli.demonstration import demonstrate  # with all that simulating needs

        return demonstrate(_case(args.case), _seed(args.seed), args.out or str(Path(_FOLDER) / args.case), args)
    for name in ("seed", "store"):
        if getattr(args, name) is not None:
            raise BadInput(Problem(f"--{name}", "the real diary takes none.", "Name a simulated trial with --case."))
    return _real(args)


def _real(args: argparse.Namespace) -> int:
    diary = load_diary(str(_example(_DIARY)))
    reviewed = review(diary, diary.about["treatment"], require_day(diary.about["start"], "start"))
    page = compose(reviewed)
    writers = page_writers(page, paper=args.paper)
    written = save_all(args.out or _FOLDER, {f"answer{ending}": write for ending, write in writers.items()})
    if args.json:
        print_json({"case": args.case, "pages": written, "response": reviewed.document()})
        return 0
    print(render_text(page, ascii_only=ascii_only()))
    print("The same answer as a page:", *written, sep="\n  ")
    print(f"Five simulated trials: cleardays demo --case {' | '.join(_simulated())}")
    show_page(writers, serve=not args.no_serve)
    return 0


def _simulated() -> tuple[str, ...]:
    from cleardays.trial.demonstration.truth import case_names

    return case_names()


def _case(name: str) -> str:
    if name not in _simulated():
        known = ", ".join((_REAL, *_simulated()))
        raise BadInput(Problem("--case", f"{shown(name)} is no demonstration.", f"Use one of {known}."))
    return name


def _seed(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or int(text) >= 2**32:
        raise BadInput(Problem("--seed", f"{shown(text)} is no seed.", "Write a whole number from 0 to 4294967295."))
    return int(text)


def _example(name: str) -> Path:
    """The example diary: in the source tree this program runs from, or in the folder one stands in."""
    places = (Path(cleardays.__file__).resolve().parents[2] / "examples", Path.cwd() / "examples")
    for place in places:
        if (place / name).is_file():
            return place / name
    raise BadInput(
        Problem(
            "demo", f"the example diary {name} is not in the installed package, for its licence is another one.",
            "Run the demo from a checkout of the source repository.",
        )
    )  # fmt: skip
