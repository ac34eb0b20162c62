"""From a draft to a plan that may be followed: a clinician's name and time, and what makes it lapse.

Drafting is possible for a person alone; following is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import uuid4

from cleardays.catalogue.planning import policy
from cleardays.catalogue.treatments import catalogue_version
from cleardays.plan.alerts import Alert, grave
from cleardays.plan.confirmed import Confirmation
from cleardays.plan.journal import CONFIRMED, DRAFTED, STOP, PlanFile
from cleardays.plan.plan import PROPOSAL
from cleardays.plan.redrafting import drafts_the_same
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason
from cleardays.texts import clean

_LONGEST_NAME = 120
_GRAVE = "major"


def confirm(
    file: PlanFile, *, by: str, at: datetime, accepted: Mapping[str, str] | None = None, diary_until: date | None = None
) -> PlanFile:
    """The plan with a clinician's word.

    Args:
        file: a plan whose present version nobody confirmed yet.
        by: the clinician's name.
        at: when, with a time zone.
        accepted: why to go on, by the code of each major alert that the plan does not answer.
        diary_until: the last day of the diary that was looked at.

    Raises:
        BadInput: no name, no zone, no plan to confirm, a first dose too far back, an alert that is not answered for.
    """
    reasons = dict(accepted or {})
    problems = [*_of_the_name(by), *_of_the_time(at, file), *_of_the_plan(file), *_of_the_alerts(file, reasons)]
    problems += _of_the_diary(at, diary_until)
    if problems:
        raise BadInput(problems)
    name = clean(by, _LONGEST_NAME)
    said = Confirmation(name, at, file.version + 1, catalogue_version(), reasons, diary_until)
    found = file.with_entry(file.plan, CONFIRMED, max(file.last_change_on, at.date()), "Confirmed.", name, said.document())
    return found._replace(confirmation=said, calendar_id=file.calendar_id or str(uuid4()))


def _of_the_name(by: str) -> list[Problem]:
    if sum(letter.isalpha() for letter in by) < 2 or len(by) > _LONGEST_NAME:
        how = 'Write who confirms it, for example "Dr Ada Field, neurology".'
        return [Problem("--by", "there is no name of a clinician.", how)]
    return []


def _of_the_time(at: datetime, file: PlanFile) -> list[Problem]:
    if at.tzinfo is None:
        return [Problem("--at", "the time has no zone.", "Write it with one, for example 2026-03-01T09:30+01:00.")]
    first, grace = file.plan.start, policy().grace
    if len(file.entries) == 1 and at.date() - first > grace:
        what = f"the first dose lies on {first}, more than {grace.days} days before the confirmation."
        how = (
            "Draft it anew from the day on which it begins. A trial that runs already stays a draft, and can be judged as one."
        )
        return [Problem("start", what, how)]
    return []


def _of_the_plan(file: PlanFile) -> list[Problem]:
    problems = []
    if file.plan.status != PROPOSAL:
        what = f"the plan is {file.plan.status}; only a proposal can be confirmed."
        problems.append(Problem("status", what, "Answer what stands under unknown, or see the alerts, and draft it anew."))
    if file.confirmation is not None:
        what = f"{file.confirmation.by} confirmed this version already, on {file.confirmation.at.date()}."
        problems.append(Problem("confirmed", what, "Change the plan first, if it is to change."))
    if not drafts_the_same(file):
        what = "the catalogue has changed since the draft, and would draft it otherwise."
        problems.append(Problem("catalogue_version", what, "Draft it anew and compare."))
    return problems


def _of_the_alerts(file: PlanFile, reasons: Mapping[str, str]) -> list[Problem]:
    open_ = {found.alert.code for found in file.plan.alerts if _is_grave(found.alert) and not found.answered}
    told = {code for code, why in reasons.items() if any(letter.isalpha() for letter in why)}
    problems = [
        Problem("--accept", f"the plan does not answer {code}.", f'Say why it goes on: --accept {code}="...".')
        for code in sorted(open_ - told)
    ]
    surplus = sorted(set(reasons) - {found.alert.code for found in file.plan.alerts})
    return [*problems, *(Problem("--accept", f"{code} is no alert of this plan.", "Leave it out.") for code in surplus)]


def _is_grave(alert: Alert) -> bool:
    return grave(alert.severity) <= grave(_GRAVE)


def _of_the_diary(at: datetime, until: date | None) -> list[Problem]:
    if until is not None and at.date() - until > policy().fresh:
        what = f"the diary ends on {until}, more than {policy().fresh.days} days before the confirmation."
        return [Problem("--diary", what, "Have the diary kept up to now, or confirm without it.")]
    return []


def lapsed(file: PlanFile, today: date, diary_until: date | None = None) -> tuple[Reason, ...]:
    """Why a confirmation holds no longer; empty while it does. A plan that nobody confirmed has lapsed too.

    Args:
        file: the plan.
        today: the day on which somebody wants to follow it.
        diary_until: the last day of the diary as it is now.
    """
    said = file.confirmation
    if said is None:
        why = "Nobody confirmed it." if file.entries[-1].kind == DRAFTED else "It changed, and nobody confirmed the change."
        return (Reason("confirmation.missing", why),)
    return tuple(_moved_on(file, said, today, diary_until))


def _ends(file: PlanFile) -> bool:
    """Whether it was decided to end: the way down is followed, and there is nothing more to judge."""
    decided = any(entry.kind == STOP or entry.data.get("decision") == "stop" for entry in file.entries)
    return decided or (bool(file.plan.steps) and not any(file.plan.steps[-1].amounts))


def _moved_on(file: PlanFile, said: Confirmation, today: date, diary_until: date | None) -> list[Reason]:
    found, fresh = [], policy().fresh
    if not drafts_the_same(file):
        found.append(Reason("confirmation.catalogue", "The catalogue has changed, and would draft it otherwise."))
    seen = None if diary_until is None or said.diary_until is None else diary_until - said.diary_until
    if seen is not None and seen > fresh and today <= file.plan.start:
        because = f"The diary has gone on for more than {fresh.days} days since it was looked at, and nothing was taken yet."
        found.append(Reason("confirmation.diary", because))
    if file.plan.start - said.at.date() > fresh and today <= file.plan.start:
        found.append(Reason("confirmation.early", f"It was confirmed more than {fresh.days} days before the first dose."))
    review = file.plan.review
    if review is not None and today - review.on > fresh and not _ends(file):
        found.append(Reason("confirmation.review", f"The review was due on {review.on} and has not been entered."))
    return found
