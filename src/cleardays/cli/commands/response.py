"""`cleardays response`: the answer of one diary about one treatment."""

from __future__ import annotations

from cleardays.cli.asking import add_review_options, make_review
from cleardays.cli.options import Parser
from cleardays.cli.output import ascii_only, print_json


def run(arguments: list[str], *, prog: str) -> int:
    """Review and print."""
    parser = Parser(
        prog,
        "Did the treatment help this person? Fits a model of the one diary and prints probabilities, intervals "
        "and a forecast. It informs; it never prescribes.",
    )
    add_review_options(parser)
    args = parser.parse_args(arguments)
    review = make_review(args)
    if args.json:
        print_json(review.document())
        return 0
    from cleardays.report.page import compose
    from cleardays.report.text import render_text

    print(render_text(compose(review), ascii_only=ascii_only()), end="")
    return 0
