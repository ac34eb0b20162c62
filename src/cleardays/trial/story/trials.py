"""One trial as its events make it: screened, planned, begun, reviewed, decided. Pure functions; a store keeps the events."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cleardays.catalogue.names import find_medicine
from cleardays.clock import parse_day
from cleardays.diary.outcomes import OUTCOMES as COUNTED
from cleardays.plan.confirmation import lapsed
from cleardays.plan.plan_reading import parse_plan
from cleardays.plan.spoken import clean_name, clean_reason
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.ledger.tried import ONGOING, OUTCOMES
from cleardays.trial.story import phases
from cleardays.trial.story.baseline import read_baseline
from cleardays.trial.story.events import Event
from cleardays.trial.story.goals_told import GoalAnswer, read_answers
from cleardays.trial.story.trial_record import Answered, Decision, PlanTold, Screened, Trial

VERDICTS = ("proceed", "ask", "refuse")
ENDED_AS = tuple(word for word in OUTCOMES if word != ONGOING)


def open_trial(event: Event, known: Mapping[str, Trial], where: str) -> Trial:
    """A new trial.

    Raises:
        BadInput: no name, a name that is taken, no treatment, indication or day.
    """
    body = event.body
    if not event.trial:
        raise BadInput(Problem(f"{where}, trial", "a trial needs a name.", "Use small letters, figures and hyphens."))
    if event.trial in known:
        raise BadInput(Problem(f"{where}, trial", f"{event.trial} was opened already.", "Choose another name."))
    named, outcome = _text(body, "treatment", where), body.get("outcome")
    if outcome is not None and outcome not in COUNTED:
        how = f"Use one of {', '.join(COUNTED)}, or leave it out."
        raise BadInput(Problem(f"{where}, outcome", f"{shown(str(outcome))} is nothing that a diary counts.", how))
    medicine = find_medicine(named)
    return Trial(
        event.trial,
        named.strip().lower() if medicine is None else medicine.id,
        _text(body, "indication", where),
        clean_reason(_text(body, "why", where), f"{where}, why"),
        _day(body, "on", where),
        phases.SCREENING,
        outcome=outcome,
    )


def step(trial: Trial, event: Event, where: str) -> Trial:
    """The trial after one more event.

    Raises:
        BadInput: the step does not lead out of this phase, is not for this role, or its body cannot be read.
    """
    if event.by.role not in phases.WHO[event.kind]:
        who = " or ".join(phases.WHO[event.kind])
        what = f"{event.kind} is for a {who}, and {event.by.name} told it as {event.by.role}."
        raise BadInput(Problem(f"{where}, by.role", what, f"Have a {who} do it."))
    changed, word = _READ[event.kind](trial, event, where)
    return changed._replace(phase=phases.next_phase(trial.phase, event.kind, word, where))


def _screened(trial: Trial, event: Event, where: str) -> tuple[Trial, str]:
    body = event.body
    verdict = body.get("verdict")
    if verdict not in VERDICTS:
        how = f"Use one of {', '.join(VERDICTS)}."
        raise BadInput(Problem(f"{where}, verdict", f"{shown(str(verdict))} is no verdict.", how))
    alerts = body.get("alerts", [])
    if not isinstance(alerts, list) or not all(isinstance(alert, dict) and "code" in alert for alert in alerts):
        how = "Give those of cleardays screen --json, each with its code."
        raise BadInput(Problem(f"{where}, alerts", "they are no alerts of a screening.", how))
    codes = tuple(str(alert["code"]) for alert in alerts)
    found = Screened(_day(body, "on", where), verdict, codes, str(body.get("catalogue_version", "")))
    return trial._replace(screened=(*trial.screened, found)), verdict


def _planned(trial: Trial, event: Event, where: str) -> tuple[Trial, None]:
    plan = _plan(trial, event, where)
    return trial._replace(plans=(*trial.plans, plan), review_on=plan.review_on or trial.review_on), None


def _confirmed(trial: Trial, event: Event, where: str) -> tuple[Trial, None]:
    plan = _plan(trial, event, where)
    if plan.confirmed_by is None:
        raise BadInput(Problem(f"{where}, plan", "nobody confirmed this version.", "Confirm it with plan confirm."))
    if plan.confirmed_by != clean_name(event.by.name):
        what = f"{plan.confirmed_by} confirmed it, and {event.by.name} tells of it."
        raise BadInput(Problem(f"{where}, by.name", what, "Give the name of the clinician who confirmed it."))
    return trial._replace(plans=(*trial.plans, plan), review_on=plan.review_on or trial.review_on), None


def require_plan(event: Event, where: str) -> None:
    """Refuse a plan that does not hold together; of what is stored already, this was found out when it came.

    Raises:
        BadInput: as `parse_plan`.
    """
    parse_plan(json.dumps(event.body.get("plan")), f"{where}, plan")


def require_standing(trial: Trial | None, event: Event, where: str) -> None:
    """Refuse to begin by a plan whose confirmation has lapsed by that day.

    Raises:
        BadInput: with every reason why it holds no longer.
    """
    if trial is None or trial.plan is None or trial.plan.confirmed_by is None:
        return  # the step itself says what is missing
    how = "Have it confirmed anew, or drafted anew where it has changed."
    reasons = lapsed(trial.plan.file, _day(event.body, "on", where))
    if reasons:
        raise BadInput(Problem(f"{where}, plan", reason.because, how) for reason in reasons)


def _plan(trial: Trial, event: Event, where: str) -> PlanTold:
    document = event.body.get("plan")
    if not isinstance(document, dict) or not {"treatment", "start", "history"} <= document.keys():
        raise BadInput(Problem(f"{where}, plan", "it is no plan.", "Draft one with cleardays plan draft --json."))
    if document["treatment"] != trial.treatment:
        what = f"the plan is for {document['treatment']}, the trial is of {trial.treatment}."
        raise BadInput(Problem(f"{where}, plan", what, "Give the plan of this trial, or open a trial for that treatment."))
    before = trial.plan
    if trial.begun_on is not None and before is not None:
        past = before.document["history"]
        if document["history"][: len(past)] != past:
            what = "it is no later version of the plan that was followed."
            raise BadInput(Problem(f"{where}, plan", what, "Change the plan with plan change, so that its past stays."))
    confirmed, review = document.get("confirmed"), document.get("review_on")
    return PlanTold(
        document,
        document["treatment"],
        date.fromisoformat(document["start"]),
        None if review is None else date.fromisoformat(review),
        None if confirmed is None else str(confirmed["by"]),
    )


def _begun(trial: Trial, event: Event, where: str) -> tuple[Trial, None]:
    on = _day(event.body, "on", where)
    plan = trial.plan
    if plan is None or plan.confirmed_by is None:
        how = "A clinician confirms it first; nothing is begun by a draft."
        raise BadInput(Problem(where, "no confirmed plan stands.", how))
    if on != plan.start:
        what = f"the plan begins on {plan.start}, not on {on}."
        raise BadInput(Problem(f"{where}, on", what, "Draft and confirm it anew for the other day."))
    baseline = event.body.get("baseline")
    fixed = read_baseline(baseline, f"{where}, baseline") if isinstance(baseline, dict) else None
    if fixed is None or fixed.last >= on:
        what = "there is no baseline, or it runs into the treatment."
        raise BadInput(Problem(f"{where}, baseline", what, "Fix it with fix_baseline; one without a known day is one too."))
    return trial._replace(begun_on=on, baseline=fixed), None


def _review_opened(trial: Trial, event: Event, where: str) -> tuple[Trial, None]:
    _day(event.body, "on", where)
    return trial, None


def _answered(trial: Trial, event: Event, where: str) -> tuple[Trial, None]:
    answer = event.body.get("answer")
    if not isinstance(answer, dict) or "verdict" not in answer:
        how = "Give the document of cleardays response --json."
        raise BadInput(Problem(f"{where}, answer", "it is no answer.", how))
    goals = read_answers(event.body.get("goals"), f"{where}, goals")
    found = Answered(_day(event.body, "as_of", where), answer, goals)
    return trial._replace(answers=(*trial.answers, found)), None


def _decided(trial: Trial, event: Event, where: str) -> tuple[Trial, str]:
    body = event.body
    word = body.get("decision")
    if word not in phases.DECISIONS:
        how = f"Use one of {', '.join(phases.DECISIONS)}."
        raise BadInput(Problem(f"{where}, decision", f"{shown(str(word))} is no decision.", how))
    told = body.get("reasons")
    reasons = tuple(clean_reason(str(why), f"{where}, reasons") for why in told) if isinstance(told, list) else ()
    if not reasons:
        raise BadInput(Problem(f"{where}, reasons", "it has no reason.", "Say at least one in words."))
    again = _day(body, "next_review_on", where) if body.get("next_review_on") is not None else None
    on = _day(body, "on", where)
    if word != phases.STOP and again is None:
        how = "Say when it is looked at again: next_review_on."
        raise BadInput(Problem(f"{where}, next_review_on", "it is missing.", how))
    if again is not None and again <= on:
        raise BadInput(Problem(f"{where}, next_review_on", f"{again} is not after {on}.", "Name a later day."))
    rests_on = trial.answers[-1] if trial.answers and trial.phase == phases.DECISION else None
    outcome = _outcome(body, where)
    goals = _goals(body, rests_on, where)
    found = Decision(word, on, clean_name(event.by.name), reasons, again, rests_on, outcome, goals)
    turned_out = outcome or trial.outcome_told
    return trial._replace(decisions=(*trial.decisions, found), review_on=again, outcome_told=turned_out), word


def _ended(trial: Trial, event: Event, where: str) -> tuple[Trial, str]:
    ending = str(event.body.get("ending"))
    why = clean_reason(_text(event.body, "why", where), f"{where}, why")
    on = _day(event.body, "on", where)
    turned_out = _outcome(event.body, where) or trial.outcome_told
    return trial._replace(ended_on=on, ending=ending, reason_ended=why, review_on=None, outcome_told=turned_out), ending


_READ: Mapping[str, Callable[[Trial, Event, str], tuple[Trial, str | None]]] = {
    phases.SCREENED: _screened,
    phases.PLANNED: _planned,
    phases.CONFIRMED: _confirmed,
    phases.BEGUN: _begun,
    phases.REVIEW_OPENED: _review_opened,
    phases.ANSWERED: _answered,
    phases.DECIDED: _decided,
    phases.END: _ended,
}


def _goals(body: Mapping[str, Any], rests_on: Answered | None, where: str) -> tuple[GoalAnswer, ...]:
    """What the review and the decision say of the person's goals; the decision has the last word."""
    of_review = () if rests_on is None else rests_on.goals
    said_now = read_answers(body.get("goals"), f"{where}, goals")
    return tuple({each.entry: each for each in (*of_review, *said_now)}.values())


def _outcome(body: Mapping[str, Any], where: str) -> str | None:
    """How it turned out in a word of the ledger, where that is told."""
    word = body.get("outcome")
    if word is not None and word not in ENDED_AS:
        how = f"Use one of {', '.join(ENDED_AS)}, or leave it out."
        raise BadInput(Problem(f"{where}, outcome", f"{shown(str(word))} is no outcome.", how))
    return word


def _text(body: Mapping[str, Any], key: str, where: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(Problem(f"{where}, {key}", "it is missing.", "Write it in words."))
    return value


def _day(body: Mapping[str, Any], key: str, where: str) -> date:
    value = body.get(key)
    day = parse_day(value) if isinstance(value, str) else None
    if day is None:
        raise BadInput(Problem(f"{where}, {key}", f"{shown(str(value))} is no day.", "Write it as 2026-03-04."))
    return day
