"""A plan as a careful clinician would write it: screened first, then low and slow, watched, and with the way back.

A draft is never to be followed; a clinician confirms it (see `confirmation`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from cleardays.catalogue.resolving import resolve
from cleardays.catalogue.treatments import Treatment, catalogue_version, find_treatment
from cleardays.plan.alerts import grave
from cleardays.plan.caps import Caps, caps_of
from cleardays.plan.care import ASKED, Part, is_lacking, lack
from cleardays.plan.case import Case, case_of
from cleardays.plan.judging import review_of, stop_rule_of
from cleardays.plan.kinetic_variant import kinetics_of
from cleardays.plan.ladder import Ladder, ladder
from cleardays.plan.monitoring import Course, monitoring
from cleardays.plan.person import Person
from cleardays.plan.plan import INCOMPLETE, PROPOSAL, REFUSED, Plan, PlanAlert
from cleardays.plan.protocol_choice import Choice, choose
from cleardays.plan.scaling import Scale, scale_of
from cleardays.plan.screening import ANY, Question, Screening, question_of, screen
from cleardays.plan.sessions import infusions, is_given_in_sessions, session_days, sessions_of
from cleardays.plan.steps import Step, lay_out
from cleardays.plan.tablets import Strengths
from cleardays.plan.taper import pace_of, taper
from cleardays.plan.units import unit_of
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.sources import Reason

EXTENDED = "extended-release"
# Only what may be measured later is taken as usual for a dose; who somebody is and what is taken never is.
_MEASURED = frozenset({"egfr_ml_min", "dialysis", "liver", "ascites", "genotypes", "labs"})


class Wish(NamedTuple):
    """What somebody wants drafted. `target` and `at_most` (the clinician's own limit) are doses, None is the protocol's."""

    treatment: str
    indication: str
    start: date
    target: Dose | None = None
    at_most: Dose | None = None
    protocol: str | None = None
    jurisdiction: str | None = None
    parts: tuple[Part, ...] = ()


class Known(NamedTuple):
    """A wish with everything that was looked up for it."""

    wish: Wish
    treatment: Treatment
    person: Person
    case: Case
    where: str


def draft(wish: Wish, person: Person) -> Plan:
    """Draft a plan for one person.

    Args:
        wish: the treatment, what it is for, the first day, and what is asked beyond that.
        person: what was told; what is proposed there does not count, the draft itself is the proposal.

    Raises:
        BadInput: a name is not known, or the target cannot be drafted.
    """
    known = look_up(wish, person)
    found = screen(known.treatment.id, known.person, indication=wish.indication, jurisdiction=wish.jurisdiction)
    plan = _blank(known, found)
    if plan.status == REFUSED or wish.indication not in known.treatment.indications:
        return plan
    drafted = _with_sessions(known, plan) if is_given_in_sessions(known.treatment) else _with_doses(known, plan)
    return judged(known, drafted)


def look_up(wish: Wish, person: Person) -> Known:
    """Find the treatment and read every name of the person.

    Raises:
        BadInput: a name is not known, or a dose is in a unit that the treatment is not drafted in.
    """
    treatment = find_treatment(wish.treatment)
    told = person._replace(proposed=None)
    itself = resolve(treatment.id)
    assert itself is not None  # every treatment has its name in the table
    target, at_most = _in_unit(wish.target, treatment, "--target"), _in_unit(wish.at_most, treatment, "--at-most")
    wish = wish._replace(target=target, at_most=at_most)
    return Known(wish, treatment, told, case_of(itself, told, wish.indication), wish.jurisdiction or ANY)


def _blank(known: Known, found: Screening) -> Plan:
    """What the screen says, and nothing drafted yet."""
    refused = any(grave(alert.severity) <= grave("contraindicated") for alert in found.alerts)
    open_ = any(question.required for question in found.unknown)
    lacking = is_lacking(known.wish.indication, known.wish.parts)
    unknown = (*found.unknown, Question("care", ASKED, False)) if lacking else found.unknown
    status = REFUSED if refused else INCOMPLETE if open_ else PROPOSAL
    head = (status, known.treatment.id, known.wish.indication, known.where, known.wish.start, catalogue_version())
    alerts = tuple(PlanAlert(alert, answered=False) for alert in found.alerts)
    return Plan(*head, alerts, unknown, parts=known.wish.parts, reasons=(lack(),) if lacking else ())


def _in_unit(dose: Dose | None, treatment: Treatment, where: str) -> Dose | None:
    """A dose as written, in the unit in which the treatment is drafted.

    Raises:
        BadInput: another unit, or no dose at all.
    """
    if dose is None or is_given_in_sessions(treatment):
        return dose
    unit = treatment.facts("protocol")[0]["unit"]
    written = unit_of(dose.unit)
    if written != unit or dose.amount <= 0:
        raise BadInput(Problem(where, f"{dose} is no dose of {treatment.id}.", f'Write it in {unit}, like "100 {unit}".'))
    return Dose(dose.amount, unit)


def _with_sessions(known: Known, plan: Plan) -> Plan:
    sessions = sessions_of(known.treatment, known.where, known.wish.start, known.wish.target)
    row, first = known.treatment.facts("session")[0], sessions[0]
    target = None if first.amount is None or first.unit is None else Dose(first.amount, first.unit)
    return plan._replace(
        protocol=f"{known.treatment.id}/{row['id']}", confidence=row["confidence"], target=target,
        target_from=known.wish.start, sessions=sessions, reasons=(*plan.reasons, sessions[0].reason),
    )  # fmt: skip


def _with_doses(known: Known, plan: Plan) -> Plan:
    """The schedule; where an open answer may change a dose, the plan is incomplete and has no doses."""
    wish, treatment, case = known.wish, known.treatment, known.case
    target = None if wish.target is None else wish.target.amount
    choice = choose(treatment, case, wish.indication, known.where, target, wish.protocol)
    if choice is None:
        question = (
            f"The catalogue holds no schedule of {treatment.id} for {wish.indication}: which one does the clinician take?"
        )
        return plan._replace(status=INCOMPLETE, unknown=(*plan.unknown, Question("protocol", question, True)))
    scale, caps = scale_of(treatment, case, known.where), caps_of(choice.protocol, treatment, case, known.where, wish.at_most)
    open_ = _open(choice, scale, caps)
    needed = (choice.open_names | (open_ - _MEASURED)) - {question.name for question in plan.unknown if not question.required}
    asked = {question.name for question in plan.unknown}
    unknown = (*plan.unknown, *(Question(name, question_of(name), True) for name in sorted(needed - asked)))
    strengths = Strengths.of(treatment.facts("form"), choice.protocol["unit"], extended=choice.protocol["variant"] == EXTENDED)
    found = ladder(choice.protocol, strengths, scale, caps, wish.target)
    plan = plan._replace(
        status=INCOMPLETE if any(question.required for question in unknown) else plan.status,
        unknown=unknown, protocol=choice.protocol["id"], confidence=choice.protocol["confidence"],
        variant=choice.protocol["variant"], others=choice.others,
        alerts=_answered(plan, choice, scale, caps, found), reasons=(*choice.reasons, *found.reasons, *plan.reasons),
    )  # fmt: skip
    undecided = {question.name for question in unknown if question.required} & open_
    if undecided or _unread(plan):
        said = Reason("steps.open", "No dose is drafted before the open questions are answered: an answer may change it.")
        return plan._replace(reasons=(said, *plan.reasons))
    return _laid_out(known, plan, choice, found, open_)


def _open(choice: Choice, scale: Scale, caps: Caps) -> frozenset[str]:
    """Names of answers that may change a dose."""
    return choice.open_names | scale.open_names | caps.open_names


def _unread(plan: Plan) -> bool:
    """Whether a medicine or an illness was told that is not known here: it may change any dose."""
    return any(q.required and q.name.partition(".")[0] in ("medicines", "conditions", "treatment") for q in plan.unknown)


def _answered(plan: Plan, choice: Choice, scale: Scale, caps: Caps, found: Ladder) -> tuple[PlanAlert, ...]:
    lowered = caps.lowest is not None and caps.lowest.of_person
    by = {"variant": choice.answers, "dose": scale.reason is not None, "ceiling": lowered and bool(found.rungs)}
    return tuple(PlanAlert(each.alert, by.get(each.alert.answered_by or "", False)) for each in plan.alerts)


def _laid_out(known: Known, plan: Plan, choice: Choice, found: Ladder, open_: frozenset[str]) -> Plan:
    steps = lay_out(found.rungs, known.wish.start, choice.protocol["unit"])
    kinetics = kinetics_of(known.treatment.id, person=known.person)
    reasons = list(plan.reasons)
    if open_:
        names = ", ".join(sorted(open_))
        reasons.append(
            Reason("dose.taken-as-usual", f"Not told, and taken as usual for the dose: {names}. Tell it where it is not.")
        )
    days = session_days(known.treatment, known.where, known.wish.start) if known.treatment.facts("interval") else ()
    last = steps[-1]
    sessions = infusions(known.treatment, days, last.amount, last.unit)
    return plan._replace(
        target=found.target, target_from=_first_at_target(steps), steps=steps, sessions=sessions,
        restart_after_gap_h=kinetics.restart_after_gap_h, restart=kinetics.restart, reasons=tuple(reasons),
    )  # fmt: skip


def _first_at_target(steps: tuple[Step, ...]) -> date:
    """The first day at the last dose; a last step that is taken only if needed does not count."""
    planned = [step for step in steps if not step.if_needed] or list(steps)
    return planned[-1].first


def judged(known: Known, plan: Plan, since: date | None = None) -> Plan:
    """The review, the stop rule, the taper from the day of the review, and what is watched.

    `since` is the day on which a titration began anew: what is watched by days counts from there.
    """
    if plan.target_from is None:
        return plan
    treatment, where, start = known.treatment, known.where, since or known.wish.start
    review = review_of(treatment, plan.variant, where, start, plan.target_from)
    stop_rule = stop_rule_of(treatment, known.wish.indication, known.person, where, review.on)
    down = taper_from(known, plan, review.on)
    coming = [step for step in plan.steps if step.first >= start]
    sessions = tuple(session.on for session in plan.sessions if session.on >= start)
    rises = tuple(step.first for step in coming) if plan.steps else sessions
    reductions = tuple(step.first for before, step in pairwise(plan.steps) if step.daily < before.daily and step.first >= start)
    course = Course(start, rises, sessions, reductions, tuple(step.first for step in coming))
    return plan._replace(
        review=review, stop_rule=stop_rule, taper=down, monitoring=monitoring(treatment, known.case, where, course)
    )


def taper_from(known: Known, plan: Plan, on: date) -> tuple[Step, ...]:
    """The way back from the dose that is planned on a day; empty where nothing is taken day by day."""
    pace = pace_of(known.treatment, known.where)
    planned = [step for step in plan.steps if step.first <= on and any(step.amounts)]
    if pace is None or not planned:
        return ()
    return taper(planned[-1], pace, on, strengths_for(known, plan))


def most_of(known: Known, plan: Plan) -> Decimal | None:
    """The lowest of all limits of a drafted schedule: protocol, ceilings, factor, the clinician's, and the target asked for."""
    row = next((row for row in known.treatment.facts("protocol") if row["id"] == plan.protocol), None)
    if row is None:
        return None
    limits = [cap.most for cap in caps_of(row, known.treatment, known.case, known.where, known.wish.at_most).all]
    scale = scale_of(known.treatment, known.case, known.where)
    limits += [limit * scale.factor for limit in limits if scale.reason is not None]
    limits += [known.wish.target.amount] if known.wish.target is not None else []
    return min(limits, default=None)


def strengths_for(known: Known, plan: Plan) -> Strengths:
    """The tablets of the kind of release of a plan."""
    unit = plan.steps[0].unit
    return Strengths.of(known.treatment.facts("form"), unit, extended=plan.variant == EXTENDED)
