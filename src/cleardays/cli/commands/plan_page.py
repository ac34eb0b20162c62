"""`cleardays plan page`: a plan on one page, to print or to read, or its picture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from cleardays.cli.commands.plan_files import read_plan
from cleardays.cli.files import save_bytes, writer_for
from cleardays.cli.options import Parser, read_day
from cleardays.cli.output import print_json
from cleardays.plan.confirmation import lapsed
from cleardays.plan.journal import PlanFile
from cleardays.problems import BadInput, Problem
from cleardays.report.plan_page import PlanPage, compose_plan
from cleardays.report.plan_render import plan_html, plan_pdf, plan_svg, plan_text
from cleardays.report.sheet import PAPERS

_FORMATS = ("html", "pdf", "txt", "svg")


def run(arguments: list[str], *, prog: str) -> int:
    """Compose, render, save or print."""
    parser = Parser(
        prog, "A plan on one page in large letters: what to take when, what to watch, whom to call. Or its picture."
    )
    parser.add_argument("plan", metavar="PLAN", help="a plan file, or - for standard input")
    parser.add_argument(
        "--format", choices=_FORMATS, help="html, pdf, txt or svg, the picture (default: the ending of --out, or txt)"
    )
    parser.add_argument("--out", metavar="FILE", help="where to write it (default: print it; a PDF needs a file)")
    parser.add_argument("--paper", default="a4", choices=tuple(PAPERS), help="paper of the PDF (default a4)")
    parser.add_argument(
        "--on", metavar="DATE", help="the day for which it is made: does the confirmation still hold? (default: today)"
    )
    args = parser.parse_args(arguments)
    file, on = read_plan(args.plan), read_day(args.on, "--on") or date.today()
    page = compose_plan(file, lapsed(file, on))
    writers = _writers(file, page, args.paper)
    kind = args.format or (None if args.out is None else Path(args.out).suffix.lower().removeprefix(".")) or "txt"
    content = (
        writers[f".{args.format}"] if args.format else writer_for(f"plan.{kind}" if args.out is None else args.out, writers)
    )()
    if args.out is not None:
        save_bytes(content, args.out)
    elif kind == "pdf":
        raise BadInput(Problem("--out", "a PDF is not for a terminal.", "Say where it goes: --out plan.pdf."))
    about = {"written": args.out, "format": kind, "status": file.plan.status, "page": page.band.kind}
    if args.json:
        print_json(about if args.out else {**about, "content": content.decode("utf-8")})
    elif args.out is None:
        print(content.decode("utf-8"), end="")
    else:
        print(f"{page.band.head}. Written to {args.out} ({len(content):,} bytes).")
    return 0


def _writers(file: PlanFile, page: PlanPage, paper: str) -> dict[str, Callable[[], bytes]]:
    """The renderers by file ending; nothing is rendered until asked."""
    not_confirmed = page.band.kind != "confirmed"
    return {
        ".html": lambda: plan_html(page).encode("utf-8"),
        ".pdf": lambda: plan_pdf(page, paper=paper),
        ".txt": lambda: plan_text(page).encode("utf-8"),
        ".svg": lambda: plan_svg(file, lapsed=not_confirmed).encode("utf-8"),
    }
