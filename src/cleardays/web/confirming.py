"""A clinician's word for a plan, from a form: who they are, and why to go on in spite of each alert that needs an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleardays.catalogue.planning import policy
from cleardays.plan.confirmation import confirm
from cleardays.plan.confirmed import to_answer_for
from cleardays.plan.journal import PlanFile
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.steps import planning
from cleardays.web.plan_shown import diary_ends, whole_page
from cleardays.web.trials import called

if TYPE_CHECKING:
    from cleardays.plan.alerts import Alert
    from cleardays.trial.story.events import Event
    from cleardays.trial.story.trial_record import Trial
    from cleardays.web.asked import Asked
    from cleardays.web.forms import Form

_ACCEPT = "accept-"  # before the code of an alert, in the name of its field
_LONGEST_QUALIFICATION = 60


def to_answer(file: PlanFile) -> list[tuple[str, Alert]]:
    """The alerts that the form asks about, each with the name of its field; the gravest first."""
    needed = to_answer_for(file.plan)
    return [(_ACCEPT + each.alert.code, each.alert) for each in file.plan.alerts if each.alert.code in needed]


def confirm_values(asked: Asked, trial: Trial, form: Form, *, named: str | None) -> dict[str, Any]:
    """What the page shows; `named` is the clinician who signed in, None where nobody did."""
    plan = trial.plan
    assert plan is not None  # whoever asks has looked
    file = plan.file
    whole = whole_page(file, asked.today, diary_ends(asked.story))
    return {
        **whole,
        "form": form,
        "trial": trial,
        "name": called(trial.treatment),
        "file": file,
        "alerts": to_answer(file),
        "named": named,
        "noted": [each.alert for each in file.plan.alerts if each.alert.code not in to_answer_for(file.plan)],
    }


def confirmed(asked: Asked, trial: Trial, *, named: str | None) -> list[Event]:
    """The event of a confirmation.

    Raises:
        BadInput: with what is missing, each at its field.
    """
    plan, problems = trial.plan, list[Problem]()
    if plan is None:
        raise BadInput(Problem("plan", "there is no plan to confirm.", "Draft one first."))
    file = plan.file
    if asked.field("version") != str(file.version):
        problems.append(Problem("plan", "it has changed since this page was opened.", "Read it as it is now, then confirm."))
    name, qualification = named or asked.field("clinician"), asked.field("qualification")
    if not name:
        problems.append(Problem("clinician", "there is no name.", "Write your name, as on a prescription."))
    if not 0 < len(qualification) <= _LONGEST_QUALIFICATION:
        how = f'Write it in at most {_LONGEST_QUALIFICATION} letters, such as "neurologist".'
        problems.append(Problem("qualification", "it is not said what you are.", how))
    for field, alert in to_answer(file):
        if not asked.field(field):
            problems.append(Problem(field, f"{alert.subject}: there is no answer.", "Say why it goes on, or do not confirm."))
    if asked.field("seen") != "yes":
        problems.append(Problem("seen", "it is not said that you have read the plan.", "Read it, and tick this."))
    if problems:
        raise BadInput(problems)
    accepted = {field.removeprefix(_ACCEPT): asked.field(field) for field, _ in to_answer(file)}
    return [planning(trial.id, _signed(asked, file, f"{name}, {qualification}", accepted), at=asked.now, by=asked.by)]


def _signed(asked: Asked, file: PlanFile, by: str, accepted: dict[str, str]) -> PlanFile:
    """The plan with the word; an old diary was not looked at, and is not said to have been."""
    here, until = asked.now.astimezone(asked.zone), diary_ends(asked.story)
    if until is not None and here.date() - until > policy().fresh:
        until = None
    return confirm(file, by=by, at=here, accepted=accepted, diary_until=until, now=here)
