"""`cleardays report`: the answer as a page in a file."""

from __future__ import annotations

from pathlib import Path

from cleardays.cli.asking import add_review_options, make_review
from cleardays.cli.files import save_bytes, writer_for
from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.cli.pages import page_writers
from cleardays.report.page import compose
from cleardays.report.sheet import PAPERS


def run(arguments: list[str], *, prog: str) -> int:
    """Review, render, save."""
    parser = Parser(prog, "Write the answer as one page. The ending of --out decides: .pdf, .html, .txt or .json.")
    add_review_options(parser)
    parser.add_argument("--out", required=True, metavar="FILE", help="a .pdf, .html, .txt or .json file")
    parser.add_argument("--page", default="clinician", choices=("clinician",), help="which page (default clinician)")
    parser.add_argument("--paper", default="a4", choices=tuple(PAPERS), help="paper of the PDF (default a4)")
    args = parser.parse_args(arguments)
    writer_for(args.out, dict.fromkeys((".pdf", ".html", ".txt", ".json"), bytes))  # before the work, not after
    review = make_review(args)
    content = writer_for(args.out, page_writers(compose(review), paper=args.paper))()
    save_bytes(content, args.out)
    if args.json:
        print_json({"out": args.out, "page": args.page, "paper": args.paper, "response": review.document()})
    else:
        print(f"Written to {Path(args.out)} ({len(content):,} bytes).")
    return 0
