"""`cleardays plan follow`: what stands against a dose, what is due and what is open on one day, from a plan and its diary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cleardays.cli.commands.plan_files import read_plan
from cleardays.cli.commands.plan_running import standing_in_words
from cleardays.cli.commands.plan_words import alert_in_words, dose_in_words, step_in_words
from cleardays.cli.files import STDIN, load_diary
from cleardays.cli.marks import reasoned, sourced
from cleardays.cli.options import Parser, read_day
from cleardays.cli.output import print_json
from cleardays.plan.alerts import grave
from cleardays.plan.confirmation import lapsed
from cleardays.plan.day_of_plan import ASK, EARLIER, STOPPED, Today
from cleardays.plan.follow_up import FollowUp, follow_up
from cleardays.plan.journal import PlanFile
from cleardays.plan.plan import PlanAlert
from cleardays.plan.steps import plain
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason

_GRAVE = "major"


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
        print_json({**standing, **found.document()})
    else:
        print("\n".join(_lines(file, found, reasons)))
    return 0


def _lines(file: PlanFile, found: FollowUp, reasons: tuple[Reason, ...]) -> Iterator[str]:
    """What stands against a dose first, then the dose, then what is open."""
    yield f"{file.plan.treatment} on {found.on}: {standing_in_words(file)}"
    yield from _alerts(file, found)
    if found.today.kind != STOPPED:
        yield from (f"NOT TO BE FOLLOWED: {reason.because}" for reason in reasons)
    yield ""
    yield from _today(found, is_held=bool(reasons))
    gate = found.next_step
    if gate is not None:
        rows = [*map(reasoned, gate.open)] or ["Nothing is open."]
        rows += [sourced(f"On that day: {check.what}. {check.action}", check.source, check.confidence) for check in gate.checks]
        yield from _section(f"Before the next step, {step_in_words(gate.step)}", rows)
    asked = [question.question for question in found.findings.asked]
    yield from _section("Told in the diary, and to be asked about", asked)
    yield from _section("The diary shows", [f"{flag.on}: {flag.shown} {flag.do}" for flag in found.seen])
    due = [sourced(f"{each.what}, {each.at}. {each.action}", each.source, each.confidence) for each in found.checks]
    yield from _section("Due within a week", due)
    late = [
        sourced(f"{each.event.term}, {each.days} days: {each.says}", each.source, each.confidence) for each in found.overdue
    ]
    yield from _section("Should have gone by now", late)
    yield from _section("Did it help?", [f"{event.date}, {event.term}: {event.action}" for event in found.unanswered])
    care = [f"{each.part.what}: came {each.came} of {each.due} times, {each.unlogged} not logged" for each in found.care]
    yield from _section("Other care", care)


def _alerts(file: PlanFile, found: FollowUp) -> Iterator[str]:
    """Of what was told since it began all, of the plan those that it does not answer; the gravest first."""
    accepted = {} if file.confirmation is None else file.confirmation.accepted
    yield from (f"TOLD on {each.event.date}: {each.event.term}" for each in found.findings.told)
    told = [PlanAlert(alert, answered=False) for alert in found.findings.alerts]
    own = [each for each in found.alerts if not each.answered]
    for each in sorted((*told, *own), key=lambda each: grave(each.alert.severity)):
        yield alert_in_words(each)
        if each.alert.code in accepted and each in own:
            yield f"  It goes on in spite of it, because: {accepted[each.alert.code]}"


def _today(found: FollowUp, *, is_held: bool) -> Iterator[str]:
    """Whether a dose is due today and how much, by whose word; never one to go on with after a stop."""
    now, holds = found.today, found.standing
    by = "" if holds.confirmed is None else f"as {holds.confirmed.by} confirmed it on {str(holds.confirmed.data['at'])[:10]}"
    if now.kind == STOPPED:
        yield f"Today: no dose. It was stopped from {holds.until} on, and is not taken further."
    elif holds.confirmed is None:
        yield "Today: no dose by this plan; nobody confirmed it. Whoever takes it already asks before the next dose."
    elif now.kind == ASK:
        yield "Today: call the clinician before the next dose. The change that waits has less for today, or stands against it."
        yield f"  For today it had, {by}: {_dose(now)}"
    elif now.due is None:
        yield "Today: nothing before somebody has looked at what stands above."
        yield f"  For today the plan has no more than: {_dose(now)}"
    else:
        if any(grave(alert.severity) <= grave(_GRAVE) for alert in found.findings.alerts):
            yield "First do what stands above."
        ask = " Ask the clinician whether it still holds." if is_held and now.kind != EARLIER else ""
        yield f"Today: {_dose(now)}{f' That is {by}.' if now.kind == EARLIER else ''}{ask}"
    yield from (f"  Waits for a clinician: {entry.kind} from {entry.on} on: {entry.why}" for entry in holds.waiting)
    if now.kind != STOPPED and holds.confirmed is not None:
        yield from _held_back(now)
        yield from _visit(now)


def _dose(now: Today) -> str:
    if now.visit is not None and now.next_on is None and now.released.step is None:
        return "a session, see below." if now.visit.on == now.on else "no session."
    step, coming = now.released.step, "" if now.next_on is None else f" The next one is on {now.next_on}"
    if now.amounts and step is not None:
        needed = ", only if needed" if step.if_needed else ""
        when = f", {step.when}" if step.when else ""
        taken = f"{' + '.join(f'{plain(each)}' for each in now.amounts)} {step.unit}"
        often = f", {len(now.amounts)} times, {plain(sum(now.amounts, start=now.amounts[0] * 0))} {step.unit} in all"
        return f"{taken}{often if len(now.amounts) > 1 else ''}{when}{needed} (the step has {dose_in_words(step)})."
    if step is not None and any(step.amounts):
        return f"no dose.{coming}: the step has {dose_in_words(step)}." if coming else "no dose."
    return f"no dose.{coming}." if coming else "no dose."


def _held_back(today: Today) -> Iterator[str]:
    """That it is not what the plan has for the day; the gate says why."""
    now = today.released
    if now.waits is not None:
        until = "; why stands below" if now.due is None else f" before {now.due}"
        yield f"  The step up to {dose_in_words(now.waits)}, planned for {now.waits.first}, is not taken{until}."
    elif now.behind:
        yield f"  It was held back and is taken since {now.since}, later than planned. Have the plan changed (hold)."


def _visit(now: Today) -> Iterator[str]:
    visit = now.visit
    if visit is None:
        return
    amount = "amount and rate: the clinician's" if visit.amount is None else f"{visit.amount:g} {visit.unit}"
    when = "Session today" if visit.on == now.on else f"Next session on {visit.on}"
    yield f"{when}: {visit.route}, {amount}; by the clinician."


def _section(head: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield f"\n{head}:"
        yield from (f"  - {row}" for row in rows)
