"""What `report` needs for the clinician's page: its own options, the account, and which ending is written by which renderer."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date

from cleardays.cli.asking import Asked, read_asked
from cleardays.cli.files import writer_for
from cleardays.cli.options import Parser, read_name
from cleardays.diary.records import Diary
from cleardays.problems import BadInput, Problem, shown
from cleardays.report.visit import Visit
from cleardays.report.visit_document import render_visit_json
from cleardays.report.visit_html import render_visit_html
from cleardays.report.visit_pdf import ALONE, WITH, WITHOUT, render_visit_pdf
from cleardays.report.visit_text import render_visit_text
from cleardays.texts import clean
from cleardays.trial.account.account import Account
from cleardays.trial.account.making import account, first_known
from cleardays.trial.account.who import Own, Who

ENDINGS = (".pdf", ".html", ".txt", ".json")
_LONGEST_WORDS = 10_000
_FIRST_BIRTH_YEAR = 1900


def add_visit_options(parser: Parser) -> None:
    """Who it is, and what they say."""
    parser.add_argument(
        "--name", metavar="NAME", help="name or initials on the page (default: what the diary calls the person)"
    )
    parser.add_argument("--birth-year", metavar="YEAR", help="birth year on the page")
    parser.add_argument("--words", metavar="TEXT", help="the person's own sentence for this visit")
    parser.add_argument("--annex", metavar="FILE", help="write the audit annex to a file of its own, not after the page")


def make_account(args: argparse.Namespace) -> Account:
    """Read the options and the diary; a diary that says nothing still gives an account, unless an outcome was asked for.

    Raises:
        BadInput: with what cannot be used.
    """
    return account_asked(args, read_asked(args))


def account_asked(args: argparse.Namespace, asked: Asked) -> Account:
    """The account of a diary that was read already.

    Raises:
        BadInput: as `make_account`.
    """
    as_of = asked.as_of or _last_day(asked.diary) or date.today()
    who, own = read_who(args, as_of, asked.diary.about.get("person")), Own(read_sentence(args))
    asked_for = args.outcome is not None
    review, problem = (asked.review(None), None) if asked_for else first_known(asked.review, asked.plan)
    return account(
        asked.diary,
        asked.treatment,
        asked.start,
        as_of if review is None else review.series.last_day,
        review=review,
        nothing_known=problem,
        plan=asked.plan,
        also=asked.also,
        who=who,
        own=own,
    )


def visit_writers(page: Visit, *, paper: str, annex: str) -> dict[str, Callable[[], bytes]]:
    """The renderers by file ending; nothing is rendered until asked. `annex` is "with", "without" or "alone"."""
    return {
        ".html": lambda: render_visit_html(page, annex=annex).encode("utf-8"),
        ".pdf": lambda: render_visit_pdf(page, paper=paper, annex=annex),
        ".txt": lambda: render_visit_text(page, annex=annex).encode("utf-8"),
        ".json": lambda: render_visit_json(page, annex=annex).encode("utf-8"),
    }


def _last_day(diary: Diary) -> date | None:
    days = [*(record.date for record in diary.records), *(attack.date for attack in diary.beside.attacks)]
    return max(days, default=None)


def rendered(page: Visit, args: argparse.Namespace) -> dict[str, bytes]:
    """What is to be written into which file.

    Raises:
        BadInput: the page and its annex would be one file.
    """
    if args.annex is not None and args.annex == args.out:
        raise BadInput(Problem("--annex", "it names the same file as --out.", "Name another file."))
    asked = {args.out: WITH} if args.annex is None else {args.out: WITHOUT, args.annex: ALONE}
    return {path: writer_for(path, visit_writers(page, paper=args.paper, annex=part))() for path, part in asked.items()}


def read_who(args: argparse.Namespace, as_of: date, code: str | None) -> Who:
    """Who it is, as far as it was told; `code` is what the diary or the store calls them.

    Raises:
        BadInput: a name or a year that cannot be one.
    """
    name = None if args.name is None else read_name(args.name, "--name")
    return Who(name, _birth_year(args.birth_year, as_of), code)


def _birth_year(text: str | None, as_of: date) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not _FIRST_BIRTH_YEAR <= int(text) <= as_of.year:
        how = f"Use a year from {_FIRST_BIRTH_YEAR} to {as_of.year}."
        raise BadInput(Problem("--birth-year", f"{shown(text)} is no birth year.", how))
    return int(text)


def read_sentence(args: argparse.Namespace) -> str | None:
    """What the person says for this visit.

    Raises:
        BadInput: it is longer than anything that is told.
    """
    if args.words is None:
        return None
    if len(args.words) > _LONGEST_WORDS:
        what = f"it has {len(args.words):,} characters."
        raise BadInput(Problem("--words", what, f"Say it in at most {_LONGEST_WORDS:,}."))
    return clean(args.words, _LONGEST_WORDS) or None
