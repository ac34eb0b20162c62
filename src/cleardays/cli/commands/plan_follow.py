"""`cleardays plan follow`: what is due and what is open, from a plan and its diary."""

from __future__ import annotations

from datetime import date

from cleardays.cli.commands.plan_files import read_plan
from cleardays.cli.commands.plan_words import step_in_words
from cleardays.cli.files import STDIN, load_diary
from cleardays.cli.options import Parser, read_day
from cleardays.cli.output import print_json
from cleardays.plan.confirmation import lapsed
from cleardays.plan.follow_up import FollowUp, follow_up
from cleardays.plan.journal import PlanFile
from cleardays.plan.steps import step_on
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason


def run(arguments: list[str], *, prog: str) -> int:
    """Look and print."""
    parser = Parser(prog, "A running plan against its diary: today's dose, checks that are due, effects that should have gone.")
    parser.add_argument("plan", metavar="PLAN", help="a plan file, or - for standard input")
    parser.add_argument("--diary", metavar="DIARY", required=True, help="the diary with its events")
    parser.add_argument("--on", metavar="DATE", help="the day (default: today)")
    args = parser.parse_args(arguments)
    if args.plan == STDIN and args.diary == STDIN:
        raise BadInput(Problem("--diary", "standard input can give only one of the two.", "Write the other as a file."))
    file, on = read_plan(args.plan), read_day(args.on, "--on") or date.today()
    diary = load_diary(args.diary)
    until = diary.records[-1].date if diary.records else None
    found, reasons = follow_up(file, diary, on), lapsed(file, on, until)
    if args.json:
        standing = {"followed": not reasons, "not_followed_because": [reason.document() for reason in reasons]}
        step = step_on(file.plan.steps, on)
        print_json({**standing, "step": None if step is None else step.document(), **found.document()})
    else:
        _print(file, found, reasons)
    return 0


def _print(file: PlanFile, found: FollowUp, reasons: tuple[Reason, ...]) -> None:
    print(f"{file.plan.treatment} on {found.on}")
    for reason in reasons:
        print(f"NOT TO BE FOLLOWED: {reason.because}")
    step = step_on(file.plan.steps, found.on)
    if step is not None and not reasons:
        print(f"Today: {step_in_words(step)}")
    if found.next_step is not None:
        gate = found.next_step
        _section(
            f"Before the next step, {step_in_words(gate.step)}",
            [reason.because for reason in gate.open] or ["Nothing is open."],
        )
    _section("Due within a week", [f"{check.what}, {check.at}. {check.action}" for check in found.checks])
    _section("Should have gone by now", [f"{each.event.term}, {each.days} days: {each.says}" for each in found.overdue])
    _section("Did it help?", [f"{event.date}, {event.term}: {event.action}" for event in found.unanswered])
    care = [f"{each.part.what}: came {each.came} of {each.due} times, {each.unlogged} not logged" for each in found.care]
    _section("Other care", care)


def _section(head: str, rows: list[str]) -> None:
    if rows:
        print(f"\n{head}:")
        print("\n".join(f"  - {row}" for row in rows))
