"""`cleardays demo`: the whole job on one diary, from the file to the pages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import cleardays
from cleardays.cli.files import load_diary, save_bytes
from cleardays.cli.options import Parser, require_day
from cleardays.cli.output import ascii_only, print_json
from cleardays.cli.pages import page_writers
from cleardays.problems import BadInput, Problem
from cleardays.report.page import compose
from cleardays.report.text import render_text
from cleardays.trial.review import review

_CASES = {"real": "kostecki_dillon_55.csv"}


def run(arguments: list[str], *, prog: str) -> int:
    """Read, review, write the pages, print the answer; on a terminal also show the page."""
    parser = Parser(prog, "Do the whole job on one person's diary: read it, fit it, answer, and write the pages.")
    parser.add_argument("--case", default="real", choices=tuple(_CASES), help="whose diary (default real)")
    parser.add_argument(
        "--out", default="cleardays-demo", metavar="DIR", help="where to write the pages (default cleardays-demo)"
    )
    parser.add_argument("--no-serve", action="store_true", help="do not show the page on a local address")
    args = parser.parse_args(arguments)
    diary = load_diary(str(_example(_CASES[args.case])))
    reviewed = review(diary, diary.about["treatment"], require_day(diary.about["start"], "start"))
    page = compose(reviewed)
    written = _write(args.out, page_writers(page))
    if args.json:
        print_json({"case": args.case, "pages": written, "response": reviewed.document()})
        return 0
    print(render_text(page, ascii_only=ascii_only()))
    print("The same answer as a page:", *written, sep="\n  ")
    if sys.stdout.isatty() and sys.stdin.isatty() and not args.no_serve:
        from cleardays.web.local_page import serve_page

        serve_page(page_writers(page)[".html"](), page_writers(page)[".pdf"](), say=print)
    return 0


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


def _write(folder: str, writers: dict[str, Callable[[], bytes]]) -> list[str]:
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(Problem("--out", f"{folder} cannot be made ({error.strerror}).", "Name another folder.")) from None
    written = []
    for ending, write in writers.items():
        path = target / f"answer{ending}"
        save_bytes(write(), str(path))
        written.append(str(path))
    return written
