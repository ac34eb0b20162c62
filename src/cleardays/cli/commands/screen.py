"""`cleardays screen`: may this person try this treatment; what must be adjusted, watched, asked?"""

from __future__ import annotations

from cleardays.cli.files import STDIN, json_text, load_diary
from cleardays.cli.marks import mark
from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.plan.alerts import Alert
from cleardays.plan.person_reading import parse_person
from cleardays.plan.screening import INDICATIONS, JURISDICTIONS, Screening, screen
from cleardays.problems import BadInput, Problem

_VERDICTS = {
    "proceed": "PROCEED: nothing that was told stands against it. A clinician confirms before the first dose.",
    "ask": "ASK: not before a clinician has answered what stands below.",
    "refuse": "REFUSE: not as it stands; see the first alert.",
}


def run(arguments: list[str], *, prog: str) -> int:
    """Screen and print."""
    parser = Parser(
        prog, "Screen a person for a treatment: alerts with sources, and what is not known. It never says that it is safe."
    )
    parser.add_argument("treatment", metavar="TREATMENT", help="any name of a medicine, preventive or acute")
    parser.add_argument("--person", metavar="FILE", required=True, help="person.json, or - for standard input")
    parser.add_argument(
        "--indication", metavar="ID", help=f"what it is for: {', '.join(INDICATIONS[:4])}, or alcohol-recovery and the like"
    )
    parser.add_argument(
        "--jurisdiction", choices=JURISDICTIONS, type=str.lower, help="whose rules; without it all, the strictest kept"
    )
    parser.add_argument(
        "--diary", metavar="DIARY", help="a diary: days with headache and acute medicines of its last four weeks"
    )
    args = parser.parse_args(arguments)
    if args.person == STDIN and args.diary == STDIN:
        raise BadInput(Problem("--diary", "standard input can give only one of the two.", "Write the other as a file."))
    person = parse_person(*json_text(args.person))
    diary = None if args.diary is None else load_diary(args.diary)
    found = screen(args.treatment, person, indication=args.indication, jurisdiction=args.jurisdiction, diary=diary)
    if args.json:
        print_json(found.document())
    else:
        _print(found)
    return 0


def _print(found: Screening) -> None:
    print(f"{found.treatment}: {_VERDICTS[found.verdict]}")
    for alert in found.alerts:
        print(_in_words(alert))
    if not found.alerts:
        print("\nNo alert from what was told.")
    for required, head in ((True, "Must be answered first"), (False, "Not told, and could change this")):
        questions = [question for question in found.unknown if question.required is required]
        if questions:
            print(f"\n{head}:")
            print("\n".join(f"  - {question.question}" for question in questions))
    read = [f"{name} as {what}" for name, what in found.read_as if name.casefold() != what.casefold()]
    if read:
        print(f"\nRead {', '.join(read)}.")
    print(f"\nInformation, no advice: it never says that a treatment is safe. Catalogue {found.catalogue_version}.")


def _in_words(alert: Alert) -> str:
    where = f" ({', '.join(each.upper() for each in alert.jurisdiction)})" if alert.jurisdiction else ""
    return (
        f"\n{alert.severity.upper()}{where}: {alert.subject}\n  {alert.because}\n  Do: {alert.action}"
        f"\n  {alert.code}, from {', '.join(alert.source)}{mark(alert.confidence)}"
    )
