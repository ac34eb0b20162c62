"""The parts of the one-page plan beside doses and signs: sessions, missed doses, the way back, tests, the review."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleardays.catalogue.treatments import load_treatment
from cleardays.clock import say_day
from cleardays.plan.monitoring import Check
from cleardays.plan.plan import Plan
from cleardays.plan.sessions import Session
from cleardays.plan.toxin_sites import total_units
from cleardays.quantities import percent
from cleardays.report.plan_doses import DoseRow, amount_said, days_named, interval_said, plan_words, said, weekday
from cleardays.report.plan_watch import Watch, check_said, is_of_staff
from cleardays.report.titration_lanes import single_checks, watch_time
from cleardays.report.treatment_page_words import Row, capital, listed, plain_mark, sentence, word
from cleardays.sources import MARKS, least_sure

_DAY_H = 24
_MANY_DAYS = 2
_STOP = re.compile(r"(?:^|[.:;,] )(?:stop|take no)\b", re.IGNORECASE)  # not "do not stop"
_MOST_CHECKS = 6
_UPPER = "upper (systolic) "


def session_rows(plan: Plan) -> tuple[DoseRow, ...]:
    """Every session: its day, what is given, and for how long somebody watches."""
    return tuple(_session(session, plan) for session in plan.sessions)


def _session(session: Session, plan: Plan) -> DoseRow:
    way = plan_words()["route"].get(session.route, session.route)
    if session.amount is None or session.unit is None:
        given, beside = "One session", ["The clinician sets the amount and how fast it is given."]
    else:
        given, beside = f"{amount_said(session.amount, session.unit)} {way}", list[str]()
    if session.sites:
        given = amount_said(total_units(session.sites), session.unit or "")
        added = sum(site.added for site in session.sites)
        given += f" {way}, in {len(session.sites)} places"
        beside += [f"{added} of them are added where the pain is; the clinician moves them there."] if added else []
    if session.observe_min is not None:
        beside.append(f"Staff watch you for at least {watch_time(session.observe_min)}.")
    return DoseRow(weekday(session.on, year=session.on.year != plan.start.year), given, " ".join(beside))


def prepare_said(plan: Plan) -> tuple[str, ...]:
    """What the person has to do around a session."""
    told = dict.fromkeys(word("needs", each) for session in plan.sessions for each in session.prepare)
    return tuple(sentence(each) for each in told if each.startswith(("you ", "someone ")))


def missed_said(plan: Plan) -> tuple[str, ...]:
    """What to do after a missed dose or session, and after a gap that is too long to go on."""
    treatment, gap = load_treatment(plan.treatment), plan.restart_after_gap_h
    begun_anew = any("half_life_h" in row for row in treatment.facts("restart"))
    if plan.sessions and not treatment.facts("missed"):
        return ("If you cannot come, call and make a new date.",)
    if gap is None:
        rows = treatment.facts("missed")
        return tuple(_marked(row) for row in rows) or ("We found no rule for it. Call your clinic or pharmacy and ask.",)
    since = f"More than {gap_said(gap, None if plan.restart is None else plan.restart.confidence)} since your last dose?"
    if begun_anew:
        return (
            "Go on with the dose of the day. Do not make up for the one you missed.",
            f"{since} Take none. Call your clinic first: you may have to begin again with the first step.",
        )
    short = [_marked(row) for row in treatment.facts("missed")]
    return (
        *short,
        f"{since} Call at once, and get an answer the same day. Do not go back to the full dose on your own.",
    )


def _marked(row: Row) -> str:
    return f"{sentence(row['says'])}{plain_mark(row['confidence'])}"


def gap_said(hours: float, confidence: str | None = None) -> str:
    """A gap in hours, in days where it is longer than two, and how sure it is where that is doubtful.

    >>> gap_said(127, "derived"), gap_said(24, "unconfirmed"), gap_said(24)
    ('127 hours (5 days and 7 hours; worked out)', '24 hours (not confirmed)', '24 hours')
    """
    days, rest = divmod(round(hours), _DAY_H)
    beside = [f"{days} days{f' and {rest} hours' if rest else ''}"] if days >= _MANY_DAYS else []
    beside += [MARKS[confidence]] if confidence in MARKS else []
    return f"{hours:g} hours ({'; '.join(beside)})" if beside else f"{hours:g} hours"


def stopping_said(plan: Plan, watches: Sequence[Watch]) -> tuple[str, ...]:
    """That it goes down in steps, where it does; unless a sign above says stop."""
    steps = [step for step in plan.taper if any(step.amounts)]
    if not steps or steps[-1].last is None:
        return ()
    days = (steps[-1].last - steps[0].first).days + 1
    in_steps = "one step" if len(steps) == 1 else f"{len(steps)} steps"
    unless = any(_STOP.search(each.action) for each in watches)
    return (
        f"Do not stop it all at once{', unless a sign in the box above says stop' if unless else ''}.",
        f"To end it, the dose goes down in {in_steps} over {days} days{plain_mark(steps[0].reason.confidence)}. Plan that with "
        "your clinic.",
    )


def checks_said(plan: Plan, watches: Sequence[Watch]) -> tuple[str, ...]:
    """Tests and checks by their days, then what goes on for a while and stands in no box above."""
    by_what: dict[str, list[Check]] = {}
    for check in single_checks(plan):
        by_what.setdefault(check_said(check.what), []).append(check)
    by_days: dict[str, list[Check]] = {}
    for checks in sorted(by_what.values(), key=lambda each: min(check.on for check in each)):
        by_days.setdefault(days_named(sorted({check.on for check in checks})), []).extend(checks)
    boxed = " ".join(each.signs for each in watches).lower()
    for check in plan.monitoring:
        if _goes_on(check) and check_said(check.what).lower() not in boxed:
            by_days.setdefault(_stretch(check), []).append(check)
    return tuple(_checked(days, checks) for days, checks in list(by_days.items())[:_MOST_CHECKS])


def _checked(days: str, checks: Sequence[Check]) -> str:
    """What is checked on these days, marked as the least sure of it."""
    sure = least_sure(check.confidence for check in checks)
    return f"{days}: {listed(_each_once([check_said(check.what) for check in checks]))}{plain_mark(sure)}"


def _each_once(whats: Sequence[str]) -> list[str]:
    """Without what another one names as well: heart rate beside heart rate and blood pressure."""
    short = list(dict.fromkeys(what.removeprefix(_UPPER) for what in whats))
    return [what for what in short if not any(what != other and what in other for other in short)]


def _goes_on(check: Check) -> bool:
    """Over more than a day, by others than staff; without an end only what is measured."""
    if is_of_staff(check) or check.until == check.on or check.at.startswith("if "):
        return False
    return check.until is not None or check.action.startswith("Measure")


def _stretch(check: Check) -> str:
    yearly = f", {interval_said(check.every_days)}" if check.every_days is not None and check.every_days > 1 else ""
    if check.until is None:
        return f"From {weekday(check.on, year=bool(yearly))} on{yearly}"
    return f"{weekday(check.on)} to {weekday(check.until)}"


def review_said(plan: Plan) -> tuple[str, tuple[str, ...]]:
    """The day of the review, and what is decided then by which rule."""
    if plan.review is None or plan.stop_rule is None:
        return "", ()
    rule = plan.stop_rule
    first, last = rule.window
    outcomes = listed((said("outcome", each) for each in rule.outcomes), "and")
    lines = [
        f"Keep your diary every day. Before this day nobody can tell if it helps{plain_mark(plan.review.reason.confidence)}.",
        f"We count your {outcomes} from {say_day(first, year=False)} to {say_day(last)}, and look if they fell by "
        f"{percent(rule.threshold)} or more.",
        f"{sentence(rule.says)}{plain_mark(rule.confidence)}",
    ]
    return weekday(plan.review.on, year=True), tuple(lines)


def also_part(plan: Plan) -> tuple[str, ...]:
    """What else belongs to the plan."""
    return tuple(f"{capital(part.what)}, {_often(part.every_days)}." for part in plan.parts)


def _often(days: float) -> str:
    return "every day" if days == 1 else interval_said(int(days)) if days == int(days) else f"every {days:g} days"
