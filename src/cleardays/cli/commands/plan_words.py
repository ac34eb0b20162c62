"""A plan in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleardays.cli.marks import mark
from cleardays.plan.monitoring import Check
from cleardays.plan.plan import Plan, PlanAlert
from cleardays.plan.steps import Step, plain

_STATUS = {
    "proposal": "A DRAFT. Not to be followed before a clinician confirms it.",
    "refused": "REFUSED: not as it stands; see the first alert. Nothing is drafted.",
    "incomplete": "INCOMPLETE: not before the questions below are answered.",
}


def print_plan(plan: Plan) -> None:
    """Everything a reader needs: the status, the doses, the sessions, what to watch, the way back, the alerts."""
    for line in lines(plan):
        print(line)


def lines(plan: Plan) -> Iterator[str]:
    """Line by line."""
    yield f"{plan.treatment} for {plan.indication}, from {plan.start}: {_STATUS[plan.status]}"
    if plan.protocol:
        yield f"Schedule: {plan.protocol}" + (f", target {plan.target} a day" if plan.target else "")
    yield from _section("Steps", [step_in_words(step) for step in plan.steps])
    yield from _section("Sessions", list(_sessions(plan)))
    if plan.review and plan.stop_rule:
        yield from _section("Judged", [f"on {plan.review.on}: {plan.review.reason.because}", plan.stop_rule.says])
    yield from _section("Taper, if it is stopped then", [step_in_words(step) for step in plan.taper])
    if plan.restart_after_gap_h is not None:
        yield f"\nA gap of more than {plan.restart_after_gap_h:g} hours from dose to dose: call before the next dose."
    yield from _section("Watch", list(_watched(plan.monitoring)))
    for alert in plan.alerts:
        yield _alert(alert)
    for required, head in ((True, "Must be answered first"), (False, "Not told, and could change this")):
        yield from _section(head, [each.question for each in plan.unknown if each.required is required])
    yield from _section("Why", [f"{reason.because}{_source(reason.source)}" for reason in plan.reasons])
    yield f"\nInformation, no prescription. Catalogue {plan.catalogue_version}."


def step_in_words(step: Step) -> str:
    """One step as a person reads it."""
    until = f"to {step.last}" if step.last else "on"
    if not any(step.amounts):
        return f"from {step.first} {until}: none"
    each = " and ".join(f"{plain(amount)}" for amount in dict.fromkeys(step.amounts))
    often = {1: "once", 2: "twice", 3: "three times"}.get(len(step.amounts), f"{len(step.amounts)} times")
    at_once = f"{each} {step.unit} {often} a day" if len(set(step.amounts)) == 1 else f"{_apart(step)} {step.unit} a day"
    days = "" if step.every_days == 1 else f", every {step.every_days} days"
    when = f", {step.when}" if step.when else ""
    needed = ", only if needed" if step.if_needed else ""
    return f"from {step.first} {until}: {at_once}{days}{when}{needed}"


def _apart(step: Step) -> str:
    return " + ".join(f"{plain(amount)}" for amount in step.amounts)


def _sessions(plan: Plan) -> Iterator[str]:
    for session in plan.sessions:
        amount = "amount and rate: the clinician's" if session.amount is None else f"{plain(session.amount)} {session.unit}"
        sites = f", {len(session.sites)} sites" if session.sites else ""
        observe = f", watched for at least {session.observe_min} minutes" if session.observe_min else ""
        yield f"{session.on}: {session.route}, {amount}{sites}{observe}; supervised"


def _watched(checks: Sequence[Check]) -> Iterator[str]:
    """Each thing once, with all of its days."""
    days: dict[str, list[str]] = {}
    for check in checks:
        limit = f" ({check.threshold})" if check.threshold else ""
        days.setdefault(f"{check.what}{limit}, {check.at}. {check.action}", []).append(_days(check))
    yield from (f"{', '.join(days)}: {what}" for what, days in days.items())


def _days(check: Check) -> str:
    if check.until is None:
        return f"from {check.on}"
    return f"{check.on}" if check.until == check.on else f"{check.on} to {check.until}"


def _alert(found: PlanAlert) -> str:
    alert = found.alert
    answered = " The plan answers it." if found.answered else ""
    return (
        f"\n{alert.severity.upper()}: {alert.subject}\n  {alert.because}\n  Do: {alert.action}{answered}"
        f"\n  {alert.code}, from {', '.join(alert.source)}{mark(alert.confidence)}"
    )


def _source(source: tuple[str, ...]) -> str:
    return f" [{', '.join(source)}]" if source else ""


def _section(head: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield f"\n{head}:"
        yield from (f"  - {row}" for row in rows)
