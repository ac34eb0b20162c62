"""`cleardays screen`: may this person try this treatment; what must be adjusted, watched, asked?"""

from __future__ import annotations

from cleardays.cli.files import load_diary, read_bytes, text_lines
from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.plan.alerts import Alert
from cleardays.plan.diary_facts import with_diary
from cleardays.plan.person_reading import parse_person
from cleardays.plan.screening import INDICATIONS, JURISDICTIONS, Screening, screen

_VERDICTS = {
    "proceed": "PROCEED: nothing found that stands against it. A clinician confirms before the first dose.",
    "ask": "ASK: not before a clinician has answered what stands below.",
    "refuse": "REFUSE: not for this person as told.",
}
# How a doubtful statement is marked wherever it is shown.
_MARKS = {
    "unconfirmed": " [not confirmed]",
    "secondary": " [second hand]",
    "derived": " [worked out]",
    "design": " [our choice]",
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
    parser.add_argument("--jurisdiction", choices=JURISDICTIONS, help="whose rules; without it all, the strictest kept")
    parser.add_argument(
        "--diary", metavar="DIARY", help="a diary: days with headache and acute medicines of its last four weeks"
    )
    args = parser.parse_args(arguments)
    raw, name = read_bytes(args.person)
    person = parse_person(text_lines(raw, name).getvalue(), name)
    if args.diary is not None:
        person = with_diary(person, load_diary(args.diary))
    found = screen(args.treatment, person, indication=args.indication, jurisdiction=args.jurisdiction)
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
        f"\n  {alert.code}, from {', '.join(alert.source)}{_MARKS.get(alert.confidence, '')}"
    )
