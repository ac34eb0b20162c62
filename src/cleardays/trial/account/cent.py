"""The CENT checklist filled from the trial's own data; what nobody told is "not told", never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from cleardays.clock import say_day
from cleardays.packaged import PACKAGE, read_toml
from cleardays.plan.journal import DRAFTED
from cleardays.quantities import counted, percent
from cleardays.response.fit import BASELINE_DAYS
from cleardays.trial.account.account import Account
from cleardays.trial.account.standing import is_silent

NOT_TOLD = "Not told."


class CentItem(NamedTuple):
    """One item: its number in the checklist (empty where that was not read), its topic, what the trial's data say."""

    number: str
    topic: str
    says: str
    source: tuple[str, ...]

    @property
    def told(self) -> bool:
        """Whether the data answer it."""
        return self.says != NOT_TOLD

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "source": list(self.source), "told": self.told}


def cent_items(account: Account) -> tuple[CentItem, ...]:
    """Every item of the checklist, in its order."""
    table = read_toml(PACKAGE / "trial" / "account" / "data" / "cent.toml")
    source = tuple(table["source"])
    return tuple(CentItem(row["number"], row["topic"], _says(row, account) or NOT_TOLD, source) for row in table["item"])


def _says(row: Mapping[str, str], account: Account) -> str:
    found = _SAYS.get(row["id"])
    return row.get("says", "") if found is None else found(account)


def _why(account: Account) -> str:
    return "" if account.why is None else f"{account.why}"


def _question(account: Account) -> str:
    review = account.review
    if review is None:
        return ""
    question = review.response.question
    return (
        f"Does {account.treatment} bring {review.response.outcome} down by at least {percent(question.threshold)}? Estimated: "
        f"the rate in 28 days now against the rate had it not been started. Judged from {say_day(question.judge_on)}."
    )


def _design(account: Account) -> str:
    before = account.span.before
    baseline = "no known day before the start" if before is None else f"baseline {_period(*before)}"
    if account.start is None:
        return f"Baseline first; the treatment has not begun ({baseline})."
    judged = account.course.decide_on
    until = "" if judged is None else f", judged from {say_day(judged)}"
    return f"Two periods: {baseline}; treatment from {say_day(account.start)}{until}. No washout, no period repeated."


def _changes(account: Account) -> str:
    if account.plan is None:
        return ""
    later = [entry for entry in account.plan.entries if entry.kind != DRAFTED]
    said = [f"{say_day(entry.on)}: {entry.kind}, {entry.why}" for entry in later]
    return " ".join(each if each.endswith(".") else f"{each}." for each in said) or "None."


def _participant(account: Account) -> str:
    person = _person(account)
    told = [f"Treated for {account.indication}." if account.indication else ""]
    for key in ("conditions", "medicines"):
        if isinstance(person.get(key), list):
            named = [str(each["name"] if isinstance(each, dict) else each) for each in person[key]]
            told.append(f"{key.capitalize()}: {', '.join(named) or 'none'}.")
    criteria = "Days are classified by ICHD-3 criteria, profile leiden." if account.headache else ""
    return " ".join(part for part in (*told, criteria) if part)


def _person(account: Account) -> Mapping[str, Any]:
    """As it was told when the plan was drafted last."""
    if account.plan is None:
        return {}
    told = [entry.data.get("person") for entry in account.plan.entries]
    return next((dict(each) for each in reversed(told) if isinstance(each, dict)), {})


def _setting(account: Account) -> str:
    by = "the diary does not say by whom" if account.origin is None else "each event of the story names who told it"
    return f"Kept at home, day by day; {by}." if account.coverage.known else ""


def _treatment(account: Account) -> str:
    course, said = account.course, list[str]()
    said += [f"{dose.daily or 'nothing'} a day from {say_day(dose.first)}" for dose in course.doses]
    if course.sessions:
        said.append(f"sessions on {', '.join(say_day(held.on) for held in course.sessions)}")
    if not said:
        return "" if account.start is None else f"{account.treatment} from {say_day(account.start)}; the dose was not told."
    taken = "" if account.review is None else _taken(account)
    return f"{'; '.join(said)}.{taken}"


def _taken(account: Account) -> str:
    assert account.review is not None  # asked before
    plan = account.review.response.provenance.get("plan")
    if not isinstance(plan, dict) or not plan.get("doses"):
        return " What was taken was not told."
    return f" Of {plan['doses']} doses due, {plan['assumed']} count as taken though nothing was told of them."


def _outcomes(account: Account) -> str:
    if account.review is None:
        return ""
    chosen = "chosen by the plan" if account.plan is not None else "the usual one, as no plan chose"
    return f"{account.review.response.outcome}, days in 28 over known days ({chosen}). Also counted: " + ", ".join(
        number.label.lower() for number in account.numbers if not number.judged
    ) + "."  # fmt: skip


def _goals(account: Account) -> str:
    return " ".join(f"{goal.text} ({goal.reached or 'not answered yet'})." for goal in account.own.goals)


def _stopping(account: Account) -> str:
    plan = account.plan
    if plan is None or plan.plan.stop_rule is None:
        return ""
    by = "nobody has confirmed it" if plan.confirmation is None else f"confirmed by {plan.confirmation.by}"
    looks = counted(len(account.decisions), "decision")
    return f"{plan.plan.stop_rule.says} ({by}). {looks} so far."


def _analysis(account: Account) -> str:
    if account.review is None:
        return ""
    response = account.review.response
    return (
        f"Model {response.provenance['model']}: a day depends on the day before, a weekly level drifts and returns, the "
        f"treatment comes on slowly. The prior carries {percent(response.prior_share)} of the answer. Unknown days are left "
        f"out, never counted as days without; the baseline is at most the last {BASELINE_DAYS} known days."
    )


def _flow(account: Account) -> str:
    if not account.all_days:
        return ""
    said = []
    start = account.start
    periods = [("Before", None, start), ("On treatment", start, None)] if start is not None else [("So far", None, None)]
    for name, first, end in periods:
        days = [d for d in account.all_days if (first is None or d.date >= first) and (end is None or d.date < end)]
        unknown, late = sum(day.level == "unknown" for day in days), sum(day.recalled for day in days)
        said.append(f"{name}: {counted(len(days), 'day')}, {unknown} unknown, {late} written down from memory.")
    return " ".join(said)


def _ended(account: Account) -> str:
    rows = [row for row in account.ledger if row.judged and row.last is not None]
    if rows and rows[0].last is not None:
        return f"Ended on {say_day(rows[0].last)}: {rows[0].reason_stopped or 'the reason was not told'}."
    return "" if account.start is None else f"Begun on {say_day(account.start)}; it goes on."


def _baseline(account: Account) -> str:
    fixed = account.baseline
    if fixed is not None:
        return (
            f"Fixed on {say_day(fixed.fixed_at.date())}: {fixed.known} known of {counted(fixed.days, 'day')}, {fixed.method}."
        )
    judged = next((number for number in account.numbers if number.judged and number.before is not None), None)
    if judged is None or judged.before is None:
        return ""
    before = judged.before
    return f"{before.tally} of {counted(before.known, 'known day')} ({_period(before.first, before.last)})."


def _results(account: Account) -> str:
    if account.review is None:
        return ""
    response = account.review.response
    if is_silent(account.review):
        return f"{response.verdict.replace('_', ' ').capitalize()}: no rate is given. {response.reasons[0].because}"
    now, without = response.current, response.untreated
    return (
        f"{response.verdict.replace('_', ' ').capitalize()}: {now.estimate:.1f} in 28 days now (90 % interval "
        f"{now.lower:.1f} to {now.upper:.1f}), without it {without.estimate:.1f} ({without.lower:.1f} to {without.upper:.1f})."
    )


def _harms(account: Account) -> str:
    safety = account.safety
    told = [f"{say_day(each.on)}: {each.term}" for each in safety.effects]
    told += [f"{say_day(flag.on)}: {flag.code.replace('_', ' ')}" for flag in safety.findings]
    return (
        f"{'; '.join(told)}."
        if told
        else "No severe effect and no finding in the diary; effects that nobody wrote down are not known."
    )


def _decision(account: Account) -> str:
    said = [f"{say_day(each.on)}, {each.by}: {each.decision} ({'; '.join(each.reasons)})." for each in account.decisions]
    return " ".join(said)


def _versions(account: Account) -> str:
    plan = "no plan" if account.plan is None else f"plan version {account.plan.version}"
    return f"cleardays {account.version}, catalogue {account.catalogue_version}, {plan}. Registration: not told."


def _period(first: date, last: date) -> str:
    return f"{say_day(first)} to {say_day(last)}"


_SAYS: Mapping[str, Callable[[Account], str]] = {
    "why": _why,
    "question": _question,
    "design": _design,
    "changes": _changes,
    "participant": _participant,
    "setting": _setting,
    "treatment": _treatment,
    "outcomes": _outcomes,
    "goals": _goals,
    "stopping": _stopping,
    "analysis": _analysis,
    "flow": _flow,
    "ended": _ended,
    "baseline": _baseline,
    "results": _results,
    "harms": _harms,
    "decision": _decision,
    "versions": _versions,
}
