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
from cleardays.cli.payer_options import add_payer_options, asks_for_list
from cleardays.cli.visits import ENDINGS, add_visit_options, make_account, rendered
from cleardays.problems import BadInput, Problem
from cleardays.report.page import compose
from cleardays.report.sheet import PAPERS
from cleardays.report.visit import compose_visit
from cleardays.trial.review import Review

CLINICIAN, ANSWER, PAYER, PERSON = "clinician", "answer", "payer", "person"
# Which pages take an option that not every page takes.
_BELONGS = {
    "name": (CLINICIAN, PAYER),
    "birth_year": (CLINICIAN, PAYER),
    "words": (CLINICIAN, PERSON),
    "annex": (CLINICIAN,),
    "payer": (PAYER,),
    "tried": (PAYER,),
    "said": (PAYER,),
}
Made = tuple[Review | None, dict[str, int], dict[str, object]]


def run(arguments: list[str], *, prog: str) -> int:
    """Review, render, save."""
    if asks_for_list(arguments):
        from cleardays.cli.payers import list_packs  # with the rules of payers, which one page needs

        return list_packs(as_json="--json" in arguments)
    parser = Parser(prog, "Write a page of the trial. The ending of --out decides: .pdf, .html, .txt or .json.")
    add_review_options(parser)
    parser.add_argument("--out", required=True, metavar="FILE", help="a .pdf, .html, .txt or .json file")
    which = "; ".join(f"{name}: {says}" for name, (says, _) in _PAGES.items())
    parser.add_argument("--page", default=CLINICIAN, choices=tuple(_PAGES), help=which)
    parser.add_argument("--paper", default="a4", choices=tuple(PAPERS), help="paper of the PDF (default a4)")
    add_visit_options(parser)
    add_payer_options(parser)
    args = parser.parse_args(arguments)
    for path in (args.out, args.annex):
        if path is not None:  # before the work, not after
            writer_for(path, dict.fromkeys(ENDINGS, bytes))
    _require_page(args)
    review, written, more = _PAGES[args.page][1](args)
    if args.json:
        response = None if review is None else review.document()
        head = {"out": args.out, "annex": args.annex, "page": args.page, "paper": args.paper}
        print_json({**head, "response": response, **more})
    else:
        for path, size in written.items():
            print(f"Written to {Path(path)} ({size:,} bytes).")
    return 0


def _require_page(args: argparse.Namespace) -> None:
    """Refuse an option that the page would leave aside."""
    for name, pages in _BELONGS.items():
        if getattr(args, name) and args.page not in pages:
            what = f"it goes with --page {' or '.join(pages)} only."
            raise BadInput(Problem(f"--{name.replace('_', '-')}", what, "Leave it out, or ask for that page."))


def _clinician(args: argparse.Namespace) -> Made:
    account = make_account(args)
    return account.review, _saved(rendered(compose_visit(account), args)), {}


def _answer(args: argparse.Namespace) -> Made:
    review = make_review(args)
    return review, _saved({args.out: writer_for(args.out, page_writers(compose(review), paper=args.paper))()}), {}


def _payer(args: argparse.Namespace) -> Made:
    from cleardays.cli.payers import payer_page  # as above
    from cleardays.report.payer_render import payer_writers

    review, page = payer_page(args)
    written = _saved({args.out: writer_for(args.out, payer_writers(page, paper=args.paper))()})
    return review, written, {"payer": page.document}


def _person(args: argparse.Namespace) -> Made:
    from cleardays.report.person_page import compose_person  # as above
    from cleardays.report.person_render import person_writers

    account = make_account(args)
    page = compose_person(account)
    return account.review, _saved({args.out: writer_for(args.out, person_writers(page, paper=args.paper))()}), {}


def _saved(made: dict[str, bytes]) -> dict[str, int]:
    for path, content in made.items():
        save_bytes(content, path)
    return {path: len(content) for path, content in made.items()}


_PAGES: dict[str, tuple[str, Callable[[argparse.Namespace], Made]]] = {
    CLINICIAN: ("the page for a visit (default)", _clinician),
    ANSWER: ("the answer alone", _answer),
    PERSON: ("one sentence and one picture for the person", _person),
    PAYER: ("what a payer or a guideline asks for, with --payer", _payer),
}
