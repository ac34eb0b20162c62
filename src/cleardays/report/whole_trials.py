"""Of the whole plan: what to take today, what comes when, and each trial by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.clock import say_day
from cleardays.plan.day_of_plan import ASK, DRAFT, EARLIER, STOPPED, Visit
from cleardays.plan.plan import PROPOSAL
from cleardays.plan.steps import exact
from cleardays.quantities import counted
from cleardays.report.plan_doses import amount_said, interval_said, once_said, plan_words, weekday
from cleardays.report.plan_watch import check_said
from cleardays.report.sections import Lines, Row, Rows, Section, quoted, section, told
from cleardays.report.treatment_page_words import capital, listed, own_words, sentence, word
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.whole import WholePlan
from cleardays.trial.whole_trial import OpenTrial

_MOST = 16
_DAY = timedelta(days=1)
_PHASES = {
    "screening": "being screened; nothing is taken", "baseline": "a diary is kept before it begins",
    "titration": "the dose is being found", "maintenance": "it goes on at its dose", "review": "it is being reviewed",
    "decision": "a decision is due", "taper": "on the way down",
}  # fmt: skip
_ASK = "Ask your clinician before the next dose."


def name_of(treatment: str) -> str:
    """A treatment as it is called on a page."""
    return own_words(treatment)["name"] if treatment in treatment_ids() else capital(told(treatment, 200))


# ---- today


def today_section(whole: WholePlan) -> Section | None:
    """What to take on the day, or that nothing is, or that somebody has to be asked before."""
    return section("Today", Rows(tuple(_today(each, whole.on) for each in whole.trials)))


def _today(trial: OpenTrial, on: date) -> Row:
    lead = name_of(trial.trial.treatment)
    if trial.follow is None:
        return Row(lead, "Nothing is to be taken.", "There is no plan yet.")
    if not trial.begun and trial.file is not None and trial.file.plan.status != PROPOSAL:
        return Row(lead, "Nothing is to be taken.", f"The plan is {trial.file.plan.status}: there is nothing in it to follow.")
    if trial.stands_still:
        return Row(lead, _ASK, " ".join(each.because for each in trial.stands_still))
    today, standing = trial.follow.today, trial.follow.standing
    if today.due is None:
        return Row(lead, *_asked(trial))
    if today.due:
        beside = "By the version that was confirmed; a later change waits for a clinician." if standing.kind == EARLIER else ""
        return Row(lead, capital(_dose_said(trial)), beside)
    if today.visit is not None and today.visit.on == on:
        return Row(lead, f"A session: {visit_said(today.visit)}.", "At the clinic.")
    if standing.kind == STOPPED:
        return Row(lead, "Nothing.", "It was stopped.")
    return Row(lead, "Nothing today.", _next_said(trial))


def _asked(trial: OpenTrial) -> tuple[str, str]:
    assert trial.follow is not None  # was looked at
    follow = trial.follow
    if follow.findings.alerts:
        alert = follow.findings.alerts[0]
        return _ASK, sentence(alert.action)
    if follow.standing.kind == DRAFT:
        return "Nothing yet.", "No clinician has confirmed the plan."
    if follow.standing.kind == ASK:
        return _ASK, "A change of the plan waits for a clinician's word."
    return _ASK, ""


def _dose_said(trial: OpenTrial) -> str:
    """The amounts of the day, in tablets where the catalogue knows them."""
    assert trial.follow is not None  # was looked at
    assert trial.file is not None  # as well
    today, plan = trial.follow.today, trial.file.plan
    step = today.released.step
    unit, treatment = "" if step is None else step.unit, load_treatment(plan.treatment)
    each = [once_said(amount, unit, treatment, plan.variant) for amount in today.amounts]
    often = {1: "once", 2: "twice"}.get(len(each), f"{len(each)} times")
    said = f"{each[0]} {often}" if len(set(each)) == 1 else f"{len(each)} times: {', then '.join(each)}"
    when = "" if step is None or step.when is None else f", {step.when}"
    needed = ", if it is needed" if step is not None and step.if_needed else ""
    return f"{said}{when}{needed}."


def _next_said(trial: OpenTrial) -> str:
    assert trial.follow is not None  # was looked at
    today = trial.follow.today
    if today.next_on is not None:
        return f"The next dose is on {weekday(today.next_on)}."
    if today.visit is not None:
        return f"The next session is on {weekday(today.visit.on)}."
    return "Nothing more is planned."


def visit_said(visit: Visit) -> str:
    """What is given in a session, as it is planned."""
    way: str = plan_words()["route"].get(visit.route, visit.route)
    if visit.amount is None or visit.unit is None:
        return f"{way}, the amount is the clinician's" if way else "the amount is the clinician's"
    return f"{amount_said(exact(visit.amount), visit.unit)} {way}".rstrip()


# ---- what comes when


def coming_section(whole: WholePlan) -> Section | None:
    """Steps, sessions, checks and reviews by their day."""
    found = sorted(each for trial in whole.trials for each in _coming(trial, whole.on))
    rows = tuple(Row(weekday(day, year=day.year != whole.on.year), what) for day, what in found[:_MOST])
    more = len(found) - len(rows)
    until = f"{more} more after that, up to {say_day(found[-1][0])}." if more else ""
    return section(
        "What comes when",
        Rows(rows),
        Lines((until,) if until else (), listed=False),
        Lines(("Whether earlier checks were done is not kept here.",) if rows else (), listed=False),
    )


def _coming(trial: OpenTrial, on: date) -> Iterator[tuple[date, str]]:
    name = name_of(trial.trial.treatment)
    if trial.file is not None and not trial.begun and trial.file.plan.start >= on:
        yield trial.file.plan.start, f"{name}: the first day of the plan."
    step = None if trial.follow is None else trial.follow.next_step
    if step is not None and step.step.first >= on:
        waits = "; not before it is settled what holds it back" if step.open else ""
        yield step.step.first, f"{name}: next step, {_step_said(trial)}{waits}."
    for visit in trial.sessions:
        yield visit.on, f"{name}: session, {visit_said(visit)}."
    review = trial.trial.review_on
    if review is not None and review >= on:
        yield review, f"{name}: review. Before it nobody can tell if it helps."
    by_day: dict[date, list[str]] = {}
    for due in trial.checks:
        for day in due.days:
            by_day.setdefault(day, []).append(check_said(due.check.what))
    for day, whats in by_day.items():
        yield day, f"{name}: {listed(whats)}."


def _step_said(trial: OpenTrial) -> str:
    assert trial.follow is not None  # was looked at
    assert trial.follow.next_step is not None  # as well
    step = trial.follow.next_step.step
    often = "a day" if step.every_days == 1 else interval_said(step.every_days)
    return f"{amount_said(sum(step.amounts, exact(0)), step.unit)} {often}"


# ---- each trial


def trial_sections(whole: WholePlan) -> Iterator[Section | None]:
    """One section for each open trial."""
    for each in whole.trials:
        trial = each.trial
        head = f"{name_of(trial.treatment)} for {told(word('indication', trial.indication), 200)}"
        yield section(head, Rows(tuple(_about(each, whole.on))), Lines(tuple(_open(each))))


def _about(trial: OpenTrial, on: date) -> Iterator[Row]:
    of = trial.trial
    yield Row("Why", quoted(of.why))
    since = f"Day {(on - of.begun_on).days + 1}, since {say_day(of.begun_on)}." if of.begun_on and of.begun_on <= on else ""
    yield Row("Phase", f"{capital(of.phase)}: {_PHASES.get(of.phase, of.phase)}.", since)
    if trial.file is not None:
        yield Row("Plan", _version_said(trial))
    if trial.follow is not None and trial.follow.next_step is not None:
        gate = trial.follow.next_step
        held = " ".join(f"Held back. {reason.because}" for reason in gate.open)
        yield Row("Next step", f"{_step_said(trial)}, planned for {weekday(gate.step.first)}.", held)
    if of.review_on is not None:
        late = " It is overdue." if of.review_on < on else ""
        yield Row("Next review", f"{weekday(of.review_on, year=True)}.{late}")
    standing = listed(dict.fromkeys(check_said(due.check.what) for due in trial.checks if not due.days))
    if standing:
        yield Row("Watch all the time", "", f"{capital(standing)}.")


def _version_said(trial: OpenTrial) -> str:
    assert trial.file is not None  # was looked at
    assert trial.follow is not None  # as well
    confirmed, version = trial.file.confirmation, trial.file.version
    if confirmed is not None:
        return f"Version {version}, confirmed by {told(confirmed.by)} on {say_day(confirmed.at.date())}."
    before = trial.follow.standing.confirmed
    if before is None:
        return f"Version {version}, a draft that nobody confirmed."
    return f"Version {version} waits for a clinician; version {before.version} was confirmed by {told(before.by or '')}."


def _open(trial: OpenTrial) -> Iterator[str]:
    """Effects that should be over, and actions of which nobody said whether they helped."""
    if trial.follow is None:
        return
    for each in trial.follow.overdue:
        since = each.event.since or each.event.date
        yield f"{capital(told(each.event.term))}: for {counted(each.days, 'day')} since {say_day(since)}. {sentence(each.says)}"
    for event in trial.follow.unanswered:
        yield f"Did it help? {told(event.action or '')}, for {told(event.term)} ({say_day(event.date)})."
    for question in trial.follow.findings.asked:
        yield f"To be answered: {told(question.question)}"


def ended_section(whole: WholePlan) -> Section | None:
    """Trials that are over, in short."""
    return section("Trials that ended", Rows(tuple(_ended(each) for each in whole.ended)))


def _ended(trial: Trial) -> Row:
    days = [say_day(day) for day in (trial.begun_on, trial.ended_on) if day is not None]
    return Row(
        " to ".join(days) or "Never begun", f"{name_of(trial.treatment)}: {trial.ending}.", told(trial.reason_ended or "")
    )
