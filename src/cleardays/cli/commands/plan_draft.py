"""`cleardays plan draft`: a plan as a draft: steps, sessions, what is watched, the way back, when it is judged."""

from __future__ import annotations

from cleardays.cli.commands.plan_words import print_plan
from cleardays.cli.files import STDIN, json_text
from cleardays.cli.options import Parser, require_day
from cleardays.cli.output import print_json
from cleardays.plan.draft import Wish, draft
from cleardays.plan.journal import begin
from cleardays.plan.parts_reading import parse_parts
from cleardays.plan.person_reading import parse_person
from cleardays.plan.screening import INDICATIONS, JURISDICTIONS
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose


def run(arguments: list[str], *, prog: str) -> int:
    """Draft and print."""
    parser = Parser(
        prog, "Draft a plan for a person. It is no prescription, and not to be followed before a clinician confirms it."
    )
    parser.add_argument("treatment", metavar="TREATMENT", help="any name of a treatment of the catalogue")
    parser.add_argument("--person", metavar="FILE", required=True, help="person.json, or - for standard input")
    parser.add_argument(
        "--indication", metavar="ID", required=True, help=f"what it is for: {', '.join(INDICATIONS[:4])} and the like"
    )
    parser.add_argument(
        "--start", metavar="DATE", required=True, help="the first day; a trial that runs already may lie in the past"
    )
    parser.add_argument("--target", metavar="DOSE", help='the dose to reach, such as "100 mg", or units of a session, "155 U"')
    parser.add_argument("--at-most", metavar="DOSE", help="the clinician's own limit")
    parser.add_argument("--protocol", metavar="NAME", help="another schedule of the treatment, by its name")
    parser.add_argument(
        "--jurisdiction", choices=JURISDICTIONS, type=str.lower, help="whose texts; without it all, the strictest kept"
    )
    parser.add_argument("--parts", metavar="FILE", help="what else belongs to the plan (therapy, groups, exercise), as JSON")
    args = parser.parse_args(arguments)
    if args.person == STDIN and args.parts == STDIN:
        raise BadInput(Problem("--parts", "standard input can give only one of the two.", "Write the other as a file."))
    start = require_day(args.start, "--start")
    wish = Wish(
        args.treatment, args.indication, start, _dose(args.target, "--target"), _dose(args.at_most, "--at-most"),
        args.protocol, args.jurisdiction, () if args.parts is None else parse_parts(*json_text(args.parts), start),
    )  # fmt: skip
    person = parse_person(*json_text(args.person))
    found = begin(wish, person, draft(wish, person))
    if args.json:
        print_json(found.document())
    else:
        print_plan(found.plan)
    return 0


def _dose(text: str | None, option: str) -> Dose | None:
    """A dose given on the command line."""
    if text is None:
        return None
    try:
        return Dose.parse(text)
    except BadInput as bad:
        raise BadInput([problem._replace(where=option) for problem in bad.problems]) from None
