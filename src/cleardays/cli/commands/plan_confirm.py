"""`cleardays plan confirm`: a clinician's name and time on a draft; only then may it be followed."""

from __future__ import annotations

from datetime import datetime

from cleardays.cli.commands.plan_files import read_plan, tell
from cleardays.cli.files import load_diary
from cleardays.cli.options import Parser
from cleardays.plan.confirmation import confirm
from cleardays.problems import BadInput, Problem, shown


def run(arguments: list[str], *, prog: str) -> int:
    """Confirm, write and print."""
    parser = Parser(prog, "Confirm a plan: done by the clinician who answers for it. A change of the plan is confirmed anew.")
    parser.add_argument("plan", metavar="PLAN", help="a plan file, or - for standard input")
    parser.add_argument("--by", metavar="NAME", required=True, help='the clinician, such as "Dr Ada Field, neurology"')
    parser.add_argument("--at", metavar="TIME", help="when, with its zone, such as 2026-03-01T09:30+01:00 (default: now)")
    parser.add_argument(
        "--accept", metavar="CODE=WHY", action="append", default=[], help="why it goes on in spite of this alert; repeat it"
    )
    parser.add_argument("--diary", metavar="DIARY", help="the diary that was looked at")
    parser.add_argument("--out", metavar="FILE", help="where the confirmed plan is written")
    args = parser.parse_args(arguments)
    now = datetime.now().astimezone().replace(microsecond=0)
    found = confirm(
        read_plan(args.plan),
        by=args.by,
        at=now if args.at is None else _time(args.at),
        accepted=dict(_accepted(each) for each in args.accept),
        diary_until=None if args.diary is None else load_diary(args.diary).records[-1].date,
        now=now,
    )
    tell(found, args, f"Confirmed by {found.confirmation.by}." if found.confirmation else "")
    return 0


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        how = "Write it like 2026-03-01T09:30+01:00."
        raise BadInput(Problem("--at", f"{shown(text)} is no time.", how)) from None


def _accepted(text: str) -> tuple[str, str]:
    code, equals, why = text.partition("=")
    if not equals:
        raise BadInput(
            Problem("--accept", f"{shown(text)} names no reason.", 'Write the code of the alert and why: CODE="...".')
        )
    return code.strip(), why.strip()
