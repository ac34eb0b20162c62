"""The options of a payer's page; what they need is read only when one is asked for."""

from __future__ import annotations

from cleardays.cli.options import Parser

LIST = "list"


def add_payer_options(parser: Parser) -> None:
    """Which payer, and what a diary does not tell."""
    add_said(parser)
    parser.add_argument(
        "--tried", metavar="FILE", help="of --page payer: preventives that were tried before, a JSON list (docs/how-to)"
    )


def add_said(parser: Parser) -> None:
    """Which payer, and the clinician's answers."""
    parser.add_argument("--payer", metavar="NAME", help="of --page payer: whose rules, or list to see which there are")
    parser.add_argument(
        "--said",
        action="append",
        default=[],
        metavar="RULE=yes|no",
        help="of --page payer: the clinician's answer to a question of the rules; repeat it for more",
    )


def asks_for_list(arguments: list[str]) -> bool:
    """Whether only the list of packs is wanted, for which no diary is needed."""
    return "--payer=list" in arguments or ["--payer", LIST] in [arguments[at : at + 2] for at in range(len(arguments))]
