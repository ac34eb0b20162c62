"""A plan in words, for a terminal: what forbids it and what is open first, then the doses, the days, the way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from cleardays.catalogue.treatments import load_treatment
from cleardays.cli.marks import mark, reasoned, sourced
from cleardays.plan.alerts import grave
from cleardays.plan.judging import StopRule
from cleardays.plan.monitoring import Check
from cleardays.plan.plan import Plan, PlanAlert
from cleardays.plan.sessions import Session
from cleardays.plan.steps import Step, plain
from cleardays.quantities import Dose

STATUS = {
    "proposal": "A DRAFT. Not to be followed before a clinician confirms it.",
    "refused": "REFUSED: not as it stands; see the first alert. Nothing is drafted.",
    "incomplete": "INCOMPLETE: not before the questions below are answered.",
}
_FORBIDS = "contraindicated"
_OFTEN = {1: "once", 2: "twice", 3: "three times"}
_EACH = {2: "every other day", 7: "once a week"}
_WEEK, _DAY_H = 7, 24
_COUNTED = {
    "headache_day": "headache days", "migraine_day": "migraine days", "aura_day": "days with aura", "use_day": "days of use",
    "mod_sev_headache_day": "days with a moderate or severe headache", "acute_med_day": "days with acute medicine",
}  # fmt: skip


def print_plan(plan: Plan) -> None:
    """Everything a reader needs: the status, the alerts, the doses, the sessions, what to watch, the way back."""
    for line in lines(plan):
        print(line)


def lines(plan: Plan) -> Iterator[str]:
    """Line by line."""
    yield f"{about(plan)}: {STATUS[plan.status]}"
    yield from body(plan)


def about(plan: Plan) -> str:
    """Which plan it is."""
    return f"{plan.treatment} for {plan.indication}, from {plan.start}"


def body(plan: Plan) -> Iterator[str]:
    """What forbids it comes before what is open; the rest of the alerts after that."""
    forbidding = [found for found in plan.alerts if grave(found.alert.severity) <= grave(_FORBIDS)]
    yield from (alert_in_words(found) for found in forbidding)
    yield from _questions(plan, required=True)
    yield from (alert_in_words(found) for found in plan.alerts if found not in forbidding)
    yield from _drafted(plan)
    yield from _questions(plan, required=False)
    said = None if plan.review is None else plan.review.reason
    yield from _section("Why", [reasoned(reason) for reason in plan.reasons if reason != said])
    where = "of all jurisdictions, the strictest kept" if plan.jurisdiction == "any" else f"of {plan.jurisdiction.upper()}"
    yield f"\nInformation, no prescription. Texts {where}. Catalogue {plan.catalogue_version}."


def _drafted(plan: Plan) -> Iterator[str]:
    if plan.protocol:
        yield f"\nSchedule: {plan.protocol}{_aim(plan)}{_sureness(plan)}"
    if plan.others:
        yield f"Others, chosen with --protocol: {', '.join(plan.others)}"
    yield from _section("Steps", [step_in_words(step, plan.start) for step in plan.steps])
    yield from _section("Sessions", [line for session in plan.sessions for line in _session(session)])
    if plan.review and plan.stop_rule:
        on = f"on {plan.review.on}, {_when(plan.start, plan.review.on)}: {reasoned(plan.review.reason)}"
        yield from _section("Judged", [on, *_stop(plan.stop_rule)])
    yield from _section("The way down, as an example that begins on the day of the review", _taper(plan.taper))
    if plan.restart_after_gap_h is not None:
        days = plan.restart_after_gap_h / _DAY_H
        gap = f"{plan.restart_after_gap_h:g} hours" + (f" ({days:.2g} days)" if days > 1 else "")
        said = f"\nA gap of more than {gap} from dose to dose: do not simply take the next dose; call before it."
        yield said if plan.restart is None else sourced(said, plan.restart.source, plan.restart.confidence)
    yield from _section("Watch", list(_watched(plan.monitoring)))
    yield from _section(
        "Beside the medicine",
        [f"{part.what} ({part.kind}), every {part.every_days:g} days from {part.on}" for part in plan.parts],
    )


def _aim(plan: Plan) -> str:
    if plan.target is None:
        return ""
    last = plan.steps[-1] if plan.steps else None
    at_once = last is None or (last.every_days > 1 and sum(last.amounts) == plan.target.amount)
    return f", target {plan.target} {'each time' if at_once else 'a day'}"


def _sureness(plan: Plan) -> str:
    """Where the doses come from, and how sure they are."""
    rows = [*load_treatment(plan.treatment).facts("protocol"), *load_treatment(plan.treatment).facts("session")]
    row = next((row for row in rows if row["id"] == (plan.protocol or "").removeprefix(f"{plan.treatment}/")), None)
    row = next((row for row in rows if row["id"] == plan.protocol), row)
    return "" if row is None else sourced("", row["source"], row["confidence"])


def step_in_words(step: Step, start: date | None = None) -> str:
    """One step as a person reads it; with the first day of the plan also its weeks."""
    until = f"to {step.last}" if step.last else "on"
    span = "" if start is None else f" ({_span(start, step.first, step.last)})"
    if not any(step.amounts):
        return f"from {step.first} {until}{span}: none"
    when = f", {step.when}" if step.when else ""
    needed = ", only if needed" if step.if_needed else ""
    return f"from {step.first} {until}{span}: {dose_in_words(step)}{when}{needed}"


def dose_in_words(step: Step) -> str:
    """What is taken at once and how often; where it is not every day, never "once a day"."""
    mean = Dose(step.daily, step.unit)
    if step.last is not None and (step.last - step.first).days + 1 == step.every_days:
        return f"{_apart(step)} {step.unit}, one time"
    if step.every_days > 1:
        average = f" ({mean} a day on average)" if step.every_days == 2 else ""
        return f"{_apart(step)} {step.unit} {_EACH.get(step.every_days, f'every {step.every_days} days')}{average}"
    if len(set(step.amounts)) > 1:
        return f"{_apart(step)} {step.unit}, {mean} a day in all"
    often = _OFTEN.get(len(step.amounts), f"{len(step.amounts)} times")
    total = f" ({mean} a day)" if len(step.amounts) > 1 else ""
    return f"{plain(step.amounts[0])} {step.unit} {often} a day{total}"


def _apart(step: Step) -> str:
    return " + ".join(f"{plain(amount)}" for amount in step.amounts)


def _span(start: date, first: date, last: date | None) -> str:
    """Weeks where the days are whole weeks, else days, counted from 1."""
    one, end = (first - start).days, None if last is None else (last - start).days + 1
    unit, size = ("week", _WEEK) if one % _WEEK == 0 and (end or 0) % _WEEK == 0 else ("day", 1)
    begin = one // size + 1
    if end is None:
        return f"{unit} {begin} on"
    return f"{unit} {begin}" if end // size == begin else f"{unit}s {begin} to {end // size}"


def _when(start: date, day: date) -> str:
    days = (day - start).days
    return f"after {days // _WEEK} weeks" if days % _WEEK == 0 else f"after {days} days"


def _stop(rule: StopRule) -> Iterator[str]:
    counted = [_COUNTED.get(name, name) for name in rule.outcomes]
    first, last = rule.window
    also = f", and {', '.join(counted[1:])} by themselves" if counted[1:] else ""
    yield f"{counted[0]}{also}, in the days from {first} to {last} against those before the first dose"
    asked = f" Asked for by {rule.payer}." if rule.payer else ""
    yield sourced(f"{rule.says}{asked}", rule.source, rule.confidence)


def _taper(steps: Sequence[Step]) -> list[str]:
    if len(steps) == 1:
        return [f"{step_in_words(steps[0])}. {reasoned(steps[0].reason)}"]
    return [*map(step_in_words, steps), *(reasoned(step.reason) for step in steps[:1])]


def _session(session: Session) -> Iterator[str]:
    amount = "amount and rate: the clinician's" if session.amount is None else f"{plain(session.amount)} {session.unit}"
    sites = f" in {len(session.sites)} sites" if session.sites else ""
    observe = f", watched for at least {session.observe_min} minutes" if session.observe_min else ""
    units, many = Counter[str](), Counter[str]()
    for site in session.sites:
        units[site.muscle] += int(site.units)
        many[site.muscle] += 1
    yield f"{session.on}: {session.route}, {amount}{sites}{observe}; by the clinician"
    if session.sites:
        yield "  " + ", ".join(f"{muscle} {units[muscle]} {session.unit} ({many[muscle]})" for muscle in units)
    added = sum(int(site.units) for site in session.sites if site.added)
    if added:
        yield f"  of these {added} {session.unit} follow the pain: the clinician places them"


def _watched(checks: Sequence[Check]) -> Iterator[str]:
    """Each thing once with all of its days, those with the same days together."""
    days: dict[str, list[str]] = {}
    for check in checks:
        limit = f" ({check.threshold})" if check.threshold else ""
        said = sourced(f"{check.what}{limit}, {check.at}. {check.action}", check.source, check.confidence)
        days.setdefault(said, []).append(_days(check))
    together: dict[str, list[str]] = {}
    for what, told in days.items():
        together.setdefault(_in_one(told), []).append(what)
    for on, whats in together.items():
        yield f"{on}: {whats[0]}" if len(whats) == 1 else f"{on}:"
        yield from (f"  {what}" for what in whats if len(whats) > 1)


def _in_one(days: Sequence[str]) -> str:
    """Each stretch of days once; a day on which an open one begins is in it."""
    open_ = {day.removeprefix("from ").removesuffix(" on") for day in days if day.endswith(" on")}
    kept = dict.fromkeys(day for day in days if day not in open_)
    return ", ".join(sorted(kept, key=lambda day: not day.endswith(" on")))


def _days(check: Check) -> str:
    often = f", every {check.every_days} days" if check.every_days and check.every_days > 1 else ""
    if check.until is None:
        return f"from {check.on} on{often}"
    return f"{check.on}" if check.until == check.on else f"{check.on} to {check.until}{often}"


def alert_in_words(found: PlanAlert) -> str:
    """One alert: about what, why, what to do, from which source."""
    alert = found.alert
    answered = " The plan answers it." if found.answered else ""
    return (
        f"\n{alert.severity.upper()}: {alert.subject}\n  {alert.because}\n  Do: {alert.action}{answered}"
        f"\n  {alert.code}, from {', '.join(alert.source)}{mark(alert.confidence)}"
    )


def _questions(plan: Plan, *, required: bool) -> Iterator[str]:
    head = "Must be answered first" if required else "Not told, and could change this"
    yield from _section(head, [each.question for each in plan.unknown if each.required is required])


def _section(head: str, rows: list[str]) -> Iterator[str]:
    """A head with its rows; one that begins with blanks belongs to the row before it."""
    if rows:
        yield f"\n{head}:"
        yield from (f"    {row}" if row.startswith("  ") else f"  - {row}" for row in rows)
