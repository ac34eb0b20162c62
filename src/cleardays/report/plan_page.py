"""The plan on one page, composed once in plain words; the renderers only lay it out.

Only a proposal has doses on its page. What nobody confirmed says so on top, whatever else is on it. No name of the
person is stored anywhere: there is a line to write it on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cleardays import __version__
from cleardays.catalogue.treatments import load_treatment
from cleardays.clock import say_day
from cleardays.plan.alerts import Alert, grave
from cleardays.plan.journal import CONFIRMED as WAS_CONFIRMED
from cleardays.plan.journal import PlanFile
from cleardays.plan.plan import PROPOSAL, REFUSED, Plan
from cleardays.plan.toxin_sites import Site
from cleardays.report.plan_doses import DoseRow, dose_rows, said, weekday
from cleardays.report.plan_page_parts import (
    also_part,
    checks_said,
    missed_said,
    prepare_said,
    review_said,
    session_rows,
    stopping_said,
)
from cleardays.report.plan_watch import Watch, how_sure, other_emergencies, three_things
from cleardays.report.treatment_page_words import capital, lay, own_words, plain_mark, sentence, word
from cleardays.sources import Reason, all_sources, source_keys

DRAFT, CONFIRMED, NO_PLAN, OPEN = "draft", "confirmed", "refused", "incomplete"
_AMOUNT = re.compile(r"\d+(?:\.\d+)? ?(?:mg|g|U|units?|micrograms?|mL)\b(?! ?/? ?min)", re.IGNORECASE)
_SAID_SMALL = ("dose.taken-as-usual", "care.lacking", "steps.open")
_MOST_OPTIONAL = 6
_REFUSED_SAID = (
    "This treatment is not right for you as things stand. Do not start it. If you take it already, call your clinician today "
    "and do what stands below."
)
_RUNNING_SAID = (
    "If you take this treatment already, call your clinic today. Do not stop by yourself, unless a sign in the box below "
    "says stop."
)
_ENDING_SAID = "It ends the treatment. Call your clinic today."
_OPEN_SAID = "There is no plan yet. The questions below must be answered first. Do not start the treatment before that."


class Band(NamedTuple):
    """What stands on top: how the plan stands, and what follows from it. `sign` asks for name, date and signature."""

    kind: str
    head: str
    text: str
    sign: bool


class Notice(NamedTuple):
    """Something that stands in the way: what, why, and what to do."""

    what: str
    why: str
    do: str


class PlanPage(NamedTuple):
    """Everything on the page, in reading order; what is empty is not there."""

    file: PlanFile
    band: Band
    title: str
    what_for: str
    over: str = ""
    doses: tuple[DoseRow, ...] = ()
    sessions: tuple[DoseRow, ...] = ()
    prepare: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    watches: tuple[Watch, ...] = ()
    emergencies: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    stopping: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    review_day: str = ""
    review: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    to_weigh: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    questions: tuple[str, ...] = ()
    more_questions: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    small_print: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    @property
    def has_doses(self) -> bool:
        """Whether anybody could take something because of this page."""
        return bool(self.doses or self.sessions)


def compose_plan(file: PlanFile, lapsed: Sequence[Reason] = ()) -> PlanPage:
    """Put a plan into words.

    Args:
        file: the plan.
        lapsed: why its confirmation holds no longer, as of the day on which the page is made; empty where it holds.
    """
    plan = file.plan
    name = own_words(plan.treatment)["name"]
    bare = PlanPage(
        file, _band(file, lapsed), f"Plan: {name}", f"for {_indication(plan)}, from {weekday(plan.start, year=True)}"
    )
    if plan.status == PROPOSAL:
        return _with_doses(bare, _from_now_on(file))
    questions, more = (tuple(each.question for each in plan.unknown if each.required is need) for need in (True, False))
    return bare._replace(
        notices=_notices(plan), questions=questions if plan.status != REFUSED else (),
        more_questions=more[:_MOST_OPTIONAL] if plan.status != REFUSED else (), small_print=_small_print(file),
        sources=_sources({key for found in plan.alerts for key in found.alert.source} if plan.status == REFUSED else set()),
    )  # fmt: skip


def _from_now_on(file: PlanFile) -> Plan:
    """Without the doses and watches that were over before the plan was last changed."""
    plan, since = file.plan, file.last_change_on
    return plan._replace(
        steps=tuple(step for step in plan.steps if step.last is None or step.last >= since),
        sessions=tuple(session for session in plan.sessions if session.on >= since) or plan.sessions,
        monitoring=tuple(check for check in plan.monitoring if check.until is None or check.until >= since),
    )


def _is_over(plan: Plan) -> bool:
    """Whether nothing is left to take."""
    return bool(plan.steps) and not any(any(step.amounts) for step in plan.steps)


def _indication(plan: Plan) -> str:
    own = said("indication", plan.indication)
    return own if own != plan.indication.replace("-", " ") else word("indication", plan.indication)


def _band(file: PlanFile, lapsed: Sequence[Reason]) -> Band:
    if file.plan.status == REFUSED:
        return Band(NO_PLAN, "NO PLAN", _REFUSED_SAID, False)
    if file.plan.status != PROPOSAL:
        return Band(OPEN, "NOT READY", _OPEN_SAID, False)
    confirmed = file.confirmation
    if confirmed is None or lapsed:
        why = (
            [f"It was confirmed before, but that no longer holds: {' '.join(each.because for each in lapsed)}"]
            if confirmed
            else []
        )
        if any(entry.kind == WAS_CONFIRMED for entry in file.entries):
            why.append(_ENDING_SAID if _is_over(_from_now_on(file)) else _RUNNING_SAID)
        text = " ".join(["Do not follow this plan until a clinician has confirmed it.", *why])
        return Band(DRAFT, "DRAFT", text, True)
    text = f"By {confirmed.by} on {weekday(confirmed.at.date(), year=True)}. Version {file.version} of the plan."
    return Band(CONFIRMED, "CONFIRMED", text, False)


def _with_doses(bare: PlanPage, plan: Plan) -> PlanPage:
    watches = three_things(plan)
    over = len(plan.steps) < len(bare.file.plan.steps)
    review_day, review = review_said(plan)
    return bare._replace(
        doses=dose_rows(plan), over=f"What came before {weekday(bare.file.last_change_on)} is over." if over else "",
        sessions=session_rows(plan), prepare=prepare_said(plan),
        sites=plan.sessions[0].sites if plan.sessions else (), watches=watches,
        emergencies=other_emergencies(plan, watches), missed=() if _is_over(plan) else missed_said(plan),
        stopping=stopping_said(plan, watches), checks=checks_said(plan, watches), review_day=review_day, review=review,
        also=also_part(plan), to_weigh=_to_weigh(bare, plan),
        reasons=plan.reasons, small_print=_small_print(bare.file, watches), sources=_sources(_cited(plan, watches)),
    )  # fmt: skip


def _to_weigh(bare: PlanPage, plan: Plan) -> tuple[str, ...]:
    """For the clinician: what is left to weigh, or why it goes on in spite of that."""
    accepted = {} if bare.file.confirmation is None else bare.file.confirmation.accepted
    return tuple(
        f"{capital(alert.subject)}{plain_mark(alert.confidence)}: "
        + (f"goes on because {accepted[alert.code]}" if alert.code in accepted else alert.because)
        for alert in _left_to_weigh(plan)
    )


def _left_to_weigh(plan: Plan) -> list[Alert]:
    """Grave alerts that the plan itself does not answer."""
    return [found.alert for found in plan.alerts if not found.answered and grave(found.alert.severity) <= grave("major")]


def _notices(plan: Plan) -> tuple[Notice, ...]:
    """What forbids it; a sentence that names an amount is left out, since there is nothing to take."""
    if plan.status != REFUSED:
        return ()
    found = [each.alert for each in plan.alerts if grave(each.alert.severity) <= grave("contraindicated")]
    return tuple(
        Notice(
            f"{capital(without_amounts(lay(alert.subject)))}{plain_mark(alert.confidence)}",
            without_amounts(sentence(alert.because)),
            without_amounts(sentence(alert.action)),
        )
        for alert in found
    )


def without_amounts(text: str) -> str:
    """The sentences of a text that name no amount of a medicine.

    >>> without_amounts("Renal failure. At most 5 mg a day, if at all. Do not start.")
    'Renal failure. Do not start.'
    """
    return " ".join(each for each in re.split(r"(?<=\.) (?=[A-Z])", text) if not _AMOUNT.search(each))


def _small_print(file: PlanFile, watches: Sequence[Watch] = ()) -> tuple[str, ...]:
    plan = file.plan
    lines = [f"{each.because}{plain_mark(each.confidence)}" for each in plan.reasons if each.rule in _SAID_SMALL]
    lines += [each for each in [how_sure(watches)] if each]
    if plan.status == PROPOSAL:
        lines += _schedule(plan)
    where = "of all places, the strictest kept" if plan.jurisdiction == "any" else f"of {plan.jurisdiction.upper()}"
    lines.append(
        f"This page informs; it is no prescription. Rules {where}. Catalogue {plan.catalogue_version}. Plan version "
        f"{file.version}, of {say_day(file.entries[-1].on)}. cleardays {__version__}."
    )
    return tuple(lines)


def _schedule(plan: Plan) -> list[str]:
    """By which schedule it was drafted and how sure that is, and whether the treatment is approved for this."""
    treatment = load_treatment(plan.treatment)
    lines = [] if plan.protocol is None else [f"Schedule {plan.protocol}{plain_mark(plan.confidence)}."]
    standing = [row for row in treatment.facts("status") if row["indication"] == plan.indication]
    if standing and all(row["standing"] == "off-label" for row in standing):
        lines.append("It is not approved for this use (off-label).")
    return lines


def _cited(plan: Plan, watches: Sequence[Watch]) -> set[str]:
    """The sources of everything that is said."""
    reasons = [step.reason for step in plan.steps] + [session.reason for session in plan.sessions]
    reasons += [each for each in (plan.restart, None if plan.review is None else plan.review.reason) if each is not None]
    reasons += [step.reason for step in plan.taper[:1]]
    keys = {key for reason in reasons for key in reason.source} | {key for watch in watches for key in watch.source}
    keys |= {key for alert in _left_to_weigh(plan) for key in alert.source}
    keys |= {*source_keys(*load_treatment(plan.treatment).facts("missed"))}
    return keys | (set() if plan.stop_rule is None else set(plan.stop_rule.source))


def _sources(keys: set[str]) -> tuple[tuple[str, str], ...]:
    known = all_sources()
    return tuple((key, known[key].citation) for key in sorted(keys) if key in known)
