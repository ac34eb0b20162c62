"""From a draft to a plan that may be followed: a clinician's name and time, and what makes it lapse.

Drafting is possible for a person alone; following is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import uuid4

from cleardays.catalogue.planning import policy
from cleardays.catalogue.treatments import catalogue_version
from cleardays.plan.confirmed import Confirmation, read_confirmation, to_answer_for
from cleardays.plan.journal import CONFIRMED, DRAFTED, STOP, TOLD, PlanFile
from cleardays.plan.plan import PROPOSAL
from cleardays.plan.redrafting import CATALOGUE, HAND, difference
from cleardays.plan.spoken import clean_name, clean_reason
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason
from cleardays.texts import clean

_LONGEST_CODE = 80
_DIFFERS = {
    CATALOGUE: ("catalogue_version", "the catalogue has changed since the draft, and would draft it otherwise.",
                "Draft it anew and compare."),
    HAND: ("the plan", "it was changed by hand: it is not what its history makes.", "Take the file as cleardays wrote it."),
}  # fmt: skip
_LAPSES = {
    CATALOGUE: Reason("confirmation.catalogue", "The catalogue has changed, and would draft it otherwise."),
    HAND: Reason("confirmation.edited", "It was changed by hand: it is not what its history makes."),
}


def confirm(
    file: PlanFile,
    *,
    by: str,
    at: datetime,
    accepted: Mapping[str, str] | None = None,
    diary_until: date | None = None,
    now: datetime | None = None,
) -> PlanFile:
    """The plan with a clinician's word.

    Args:
        file: a plan whose present version nobody confirmed yet, or not so that it could be followed.
        by: the clinician's name.
        at: when, with a time zone.
        accepted: why to go on, by the code of each major alert that the plan does not answer.
        diary_until: the last day of the diary that was looked at.
        now: with a time zone; nobody confirms later than that.

    Raises:
        BadInput: no name, no zone, a time to come, no plan to confirm, one that its history does not make, a first
            dose too far back, an alert that is not answered for.
    """
    problems = list[Problem]()
    name = _name(by, problems)
    reasons = _reasons(file, accepted or {}, problems)
    problems += [*_of_the_time(at, now), *_of_the_plan(file, at, diary_until), *_of_the_diary(at, diary_until)]
    if problems:
        raise BadInput(problems)
    said = Confirmation(name, at, file.version + 1, catalogue_version(), reasons, diary_until)
    found = file.with_entry(file.plan, CONFIRMED, max(file.last_change_on, at.date()), "Confirmed.", name, said.document())
    return found._replace(confirmation=said, calendar_id=file.calendar_id or str(uuid4()))


def _name(by: str, problems: list[Problem]) -> str:
    try:
        return clean_name(by)
    except BadInput as bad:
        problems += bad.problems
        return ""


def _reasons(file: PlanFile, accepted: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    """Why it goes on, by alert; each as it is kept."""
    kept, known = dict[str, str](), {found.alert.code for found in file.plan.alerts}
    for code, why in sorted(accepted.items()):
        if code not in known:
            problems.append(Problem("--accept", f"{clean(code, _LONGEST_CODE)} is no alert of this plan.", "Leave it out."))
            continue
        try:
            kept[code] = clean_reason(why, f"--accept {code}")
        except BadInput as bad:
            problems += bad.problems
    for code in sorted(to_answer_for(file.plan) - set(accepted)):
        how = f'Say why it goes on: --accept {code}="...".'
        problems.append(Problem("--accept", f"the plan does not answer {code}.", how))
    return kept


def _of_the_time(at: datetime, now: datetime | None) -> list[Problem]:
    if at.tzinfo is None:
        return [Problem("--at", "the time has no zone.", "Write it with one, for example 2026-03-01T09:30+01:00.")]
    if now is not None and at > now:
        return [Problem("--at", f"{at.isoformat()} is still to come.", "Write when it was confirmed, or leave --at out.")]
    return []


def _of_the_plan(file: PlanFile, at: datetime, diary_until: date | None) -> list[Problem]:
    problems, first, grace = [], file.plan.start, policy().grace
    if at.date() - first > grace and not _was_begun(file):
        what = f"the first dose lies on {first}, more than {grace.days} days before the confirmation."
        how = (
            "Draft it anew from the day on which it begins. A trial that runs already stays a draft, and can be judged as one."
        )
        problems.append(Problem("start", what, how))
    if file.plan.status != PROPOSAL:
        what = f"the plan is {file.plan.status}; only a proposal can be confirmed."
        problems.append(Problem("status", what, "Answer what stands under unknown, or see the alerts, and draft it anew."))
    said = file.confirmation
    if said is not None and not (_too_soon(file, said, diary_until) and not _is_early(file, at)):
        what = f"{said.by} confirmed this version already, on {said.at.date()}."
        problems.append(Problem("confirmed", what, "Change the plan first, if it is to change."))
    differs = difference(file)
    return problems if differs is None else [*problems, Problem(*_DIFFERS[differs])]


def _was_begun(file: PlanFile) -> bool:
    """Whether somebody confirmed it so that the first dose could be taken."""
    said = (read_confirmation(entry.data) for entry in file.entries if entry.kind == CONFIRMED)
    return any(not _is_early(file, each.at) for each in said)


def _is_early(file: PlanFile, at: datetime) -> bool:
    return file.plan.start - at.date() > policy().fresh


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
    differs = difference(file)
    found = [] if differs is None else [_LAPSES[differs]]
    return (*found, *_too_soon(file, said, diary_until), *_review_is_due(file, today))


def _too_soon(file: PlanFile, said: Confirmation, diary_until: date | None) -> list[Reason]:
    """What a confirmation far before the first dose rests on is old by then; waiting does not make it valid again."""
    found, fresh = [], policy().fresh
    if diary_until is not None and said.diary_until is not None:
        before_it = min(diary_until, file.plan.start) - said.diary_until
        if before_it > fresh:
            because = f"The diary went on for more than {fresh.days} days between the day it was looked at and the first dose."
            found.append(Reason("confirmation.diary", because))
    if _is_early(file, said.at):
        found.append(Reason("confirmation.early", f"It was confirmed more than {fresh.days} days before the first dose."))
    return found


def _review_is_due(file: PlanFile, today: date) -> list[Reason]:
    review, fresh = file.plan.review, policy().fresh
    if review is None or today - review.on <= fresh or _ends(file):
        return []
    return [Reason("confirmation.review", f"The review was due on {review.on} and has not been entered.")]


def _ends(file: PlanFile) -> bool:
    """Whether it was decided to end: the way down is followed, and there is nothing more to judge."""
    if file.plan.steps:
        return not any(file.plan.steps[-1].amounts)
    changes = [entry for entry in file.entries if entry.kind not in (CONFIRMED, TOLD)]
    return changes[-1].kind == STOP or changes[-1].data.get("decision") == "stop"
