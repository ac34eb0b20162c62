"""`cleardays report`: a page of the trial in a file."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from cleardays.cli.asking import add_review_options, make_review
from cleardays.cli.files import save_bytes, writer_for
from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.cli.pages import page_writers
from cleardays.cli.visits import add_visit_options, make_account, visit_writers
from cleardays.problems import BadInput, Problem
from cleardays.report.page import compose
from cleardays.report.sheet import PAPERS
from cleardays.report.visit import compose_visit
from cleardays.report.visit_pdf import ALONE, WITH, WITHOUT
from cleardays.trial.review import Review

_ENDINGS = (".pdf", ".html", ".txt", ".json")
CLINICIAN, ANSWER = "clinician", "answer"
Writers = dict[str, Callable[[], bytes]]


def run(arguments: list[str], *, prog: str) -> int:
    """Review, render, save."""
    parser = Parser(prog, "Write a page of the trial. The ending of --out decides: .pdf, .html, .txt or .json.")
    add_review_options(parser)
    parser.add_argument("--out", required=True, metavar="FILE", help="a .pdf, .html, .txt or .json file")
    which = "clinician: the page for a visit (default); answer: the answer alone"
    parser.add_argument("--page", default=CLINICIAN, choices=(CLINICIAN, ANSWER), help=which)
    parser.add_argument("--paper", default="a4", choices=tuple(PAPERS), help="paper of the PDF (default a4)")
    add_visit_options(parser)
    args = parser.parse_args(arguments)
    for path in (args.out, args.annex):
        if path is not None:  # before the work, not after
            writer_for(path, dict.fromkeys(_ENDINGS, bytes))
    review, written = (_clinician if args.page == CLINICIAN else _answer)(args)
    if args.json:
        response = None if review is None else review.document()
        print_json({"out": args.out, "annex": args.annex, "page": args.page, "paper": args.paper, "response": response})
    else:
        for path, size in written.items():
            print(f"Written to {Path(path)} ({size:,} bytes).")
    return 0


def _clinician(args: argparse.Namespace) -> tuple[Review | None, dict[str, int]]:
    account = make_account(args)
    page = compose_visit(account)
    asked = {args.out: WITH} if args.annex is None else {args.out: WITHOUT, args.annex: ALONE}
    if args.annex == args.out:
        raise BadInput(Problem("--annex", "it names the same file as --out.", "Name another file."))
    made = {path: writer_for(path, visit_writers(page, paper=args.paper, annex=part))() for path, part in asked.items()}
    return account.review, _saved(made)


def _answer(args: argparse.Namespace) -> tuple[Review | None, dict[str, int]]:
    given = [name for name in ("name", "birth_year", "words", "annex") if getattr(args, name) is not None]
    if given:
        option = f"--{given[0].replace('_', '-')}"
        raise BadInput(Problem(option, "it goes with --page clinician only.", "Leave it out, or ask for that page."))
    review = make_review(args)
    return review, _saved({args.out: writer_for(args.out, page_writers(compose(review), paper=args.paper))()})


def _saved(made: dict[str, bytes]) -> dict[str, int]:
    for path, content in made.items():
        save_bytes(content, path)
    return {path: len(content) for path, content in made.items()}
